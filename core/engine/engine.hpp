#pragma once

// The one writer of all live values. Producers send batches, sessions send commands; run_cycle() takes the commands first,
// then the producers in turn, applies all of it to the tag table, calculates what depends on it, and publishes the changes. Time comes in with
// run_cycle(): nothing in here reads a clock or waits, so a test plays a day in a second.
//
//     Engine engine(catalog, {.started = clock.now()});
//     Producer& sink = engine.add_producer("plc1", device_index);   // before the engine runs
//     engine.set_writer(device_index, &link);
//     EngineThread thread(engine, clock);                           // engine_thread.hpp
//     tags::TagReader reader(engine.table());
//
// Setting up (add_*, set_*) and run_cycle(): one thread at a time, [engine]. post() and the const functions: [any-thread].

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/alarms/alarm_command.hpp"
#include "core/engine/capture.hpp"
#include "core/engine/counters.hpp"
#include "core/engine/executed_commands.hpp"
#include "core/engine/producer.hpp"
#include "core/engine/restore.hpp"
#include "core/engine/state_requests.hpp"
#include "core/engine/waker.hpp"
#include "core/engine/write_command.hpp"
#include "core/guests/write_target.hpp"
#include "core/journal/record.hpp"
#include "core/tags/tag_catalog.hpp"
#include "core/tags/tag_table.hpp"

namespace penstock::journal {
class Lane;
}

namespace penstock::engine {

struct EngineAlarms;
class SnapshotPart;

struct EngineOptions {
    Now started{};  // tags wait for their first value since then
    tags::TagTableOptions table;
    std::uint32_t command_capacity = 4096;
    // Samples of one cycle, all producers together: about 5 ms of work. What is left waits for the next cycle, first come
    // first.
    std::uint32_t samples_per_cycle = 100'000;
};

// What one cycle did, and what it left.
struct CycleReport {
    std::uint64_t changes = 0;
    bool work_left = false;  // run another cycle at the usual pace
    MonotonicTime due = MonotonicTime::max();  // and one then at the latest, though nothing may come; max: no need
};

class Engine final {
public:
    // Throws std::invalid_argument if an expression of the catalog is faulty, see calculations.hpp.
    explicit Engine(std::shared_ptr<const tags::TagCatalog> catalog, EngineOptions options = {});
    // Answers commands that were not taken up: refused, the server stops. No cycle may be running.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // The source of one device's samples; its item numbers are those of TagCatalog::tags_of_device. Lives as long as the
    // engine. At most one per device.
    Producer& add_producer(std::string name, std::size_t device_index, ProducerOptions options = {});
    // Who carries out writes to this device; null = nobody (writes are refused: the device is not running). It must outlive
    // the cycles that use it. Its callbacks may come after the engine is gone.
    void set_writer(std::size_t device_index, guests::WriteTarget* writer);
    // Where commands and what became of them are written down, before they take effect (write_path.hpp). It must outlive the engine.
    // Without one, commands are carried out at once and nothing of them is kept.
    void set_journal(journal::Lane& events);
    // The state that a snapshot (null: none) and the records after it give, see restore.hpp. Then the memory tags that are captured are
    // written down with what they are now, since their history ends where the server stopped. After set_capture(), before it runs.
    RestoreReport restore(const Snapshot* snapshot, journal::LaneReader& events, Now now);
    // The site's alarms (alarm_path.hpp). Once, after set_journal(), before restore().
    void set_alarms(EngineAlarms alarms);
    // What tags take over is written down there, for the archive (capture.hpp). It must outlive the engine's cycles.
    void set_capture(Capture& capture, const std::function<CaptureMode(tags::TagId)>& mode_of);
    // Gets into snapshots, and comes back from them (snapshot_part.hpp). Before restore(). It must outlive the engine's cycles.
    void add_part(SnapshotPart& part);
    // Must outlive the engine's cycles.
    void add_waker(Waker& waker);

    // Queues a command for the next cycle. Error unavailable (retryable): the queue is full or the engine has stopped;
    // `done` is then never called.
    [[nodiscard]] Result<void> post(WriteCommand command);

    // The same for actions on alarms; unsupported: the site has none.
    [[nodiscard]] Result<void> post_alarm(alarms::AlarmCommand command);
    // Its input or a parameter cannot be trusted. [any-thread]
    [[nodiscard]] bool is_alarm_uncertain(alarms::AlarmId alarm) const;

    // For the snapshot: a copy of the state's other parts, as they are at the end of the next cycle; `answer` is called there, and must
    // not block. It is dropped when the engine's thread stops. False: that has stopped, copy_state() is safe. [any-thread]
    [[nodiscard]] bool ask_state(StateRequests::Answer answer);
    [[nodiscard]] EngineState copy_state(Now now) const;
    // Adds the parts that need not be copied by the engine; to a state that it has answered. [any-thread]
    void copy_shared_state(EngineState& into, Now now) const;

    CycleReport run_cycle(Now now);

    [[nodiscard]] const tags::TagTable& table() const noexcept;  // for TagReader
    [[nodiscard]] const tags::TagCatalog& catalog() const noexcept;
    [[nodiscard]] EngineCounters counters() const;
    // For the snapshot: the records before this position are durable, and have their effect in table() and executed_commands().
    [[nodiscard]] journal::Position settled() const noexcept;
    [[nodiscard]] std::vector<ExecutedCommand> executed_commands(MonotonicTime now) const;

private:
    friend class EngineThread;
    struct Parts;
    struct Source;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::engine
