#pragma once

// Private to the engine and its thread: what an Engine is made of.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/engine/alarm_path.hpp"
#include "core/engine/applier.hpp"
#include "core/engine/calculations.hpp"
#include "core/engine/clock_watch.hpp"
#include "core/engine/command_queue.hpp"
#include "core/engine/doorbell.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/figure_writer.hpp"
#include "core/engine/state_requests.hpp"
#include "core/engine/watch.hpp"
#include "core/engine/write_path.hpp"

namespace penstock::engine {

struct Engine::Source {
    Source(std::unique_ptr<Producer> p, std::size_t device) : producer(std::move(p)), device_index(device) {}
    void refill(MonotonicTime now);

    std::unique_ptr<Producer> producer;
    std::size_t device_index;
    std::int64_t tokens = 0;
    std::optional<MonotonicTime> refilled;
};

struct Engine::Parts {
    using Counter = std::atomic<std::uint64_t>;

    Parts(const Engine& whole, std::shared_ptr<const tags::TagCatalog> tags, const EngineOptions& options)
        : engine(whole),
          table(std::move(tags), options.started.utc, options.table),
          watch(table),
          applier(table, watch),
          calculations(table, applier, watch),
          command_capacity(options.command_capacity),
          commands(options.command_capacity),
          writes(table, applier, bell, options.command_capacity),
          samples_per_cycle(options.samples_per_cycle) {}

    [[nodiscard]] const tags::TagCatalog& catalog() const noexcept { return table.catalog(); }
    [[nodiscard]] MonotonicTime due() const noexcept;
    void watch_clock(Now now);
    void close_commands();
    void answer_state_requests(Now now);
    void carry_out_commands(Now now);
    [[nodiscard]] bool drain_producers(Now now);
    [[nodiscard]] std::optional<std::int64_t> drain_one(Source& source);
    // One writer, so no atomic addition is needed.
    static void count(Counter& counter, std::uint64_t more) noexcept {
        counter.store(counter.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }

    const Engine& engine;
    tags::TagTable table;
    Watch watch;
    Applier applier;
    Calculations calculations;
    std::unique_ptr<AlarmPath> alarms;  // null: the site has none
    std::unique_ptr<FigureWriter> figures;  // null: nobody counts
    std::vector<SnapshotPart*> snapshot_parts{&calculations};
    StateRequests state_requests;
    std::vector<StateRequests::Answer> states_wanted;
    Capture* capture = nullptr;
    Doorbell bell;
    ClockWatch clock_watch;
    journal::Lane* events = nullptr;
    std::size_t command_capacity;
    CommandQueue<WriteCommand> commands;
    std::vector<WriteCommand> taken;
    WritePath writes;
    std::vector<Waker*> wakers;
    std::int64_t samples_per_cycle;
    std::vector<Source> sources;
    std::size_t next_source = 0;
    Counter cycles{0}, samples{0}, changes{0}, commands_taken{0}, cycles_cut_short{0}, clock_steps{0};
};

}  // namespace penstock::engine
