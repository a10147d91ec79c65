#pragma once

// A plant's memory at work: journal, archive and snapshots as a server has them, under a load of counters that a thread hands to the
// engine. What is asked goes the way that sessions go.

#include <atomic>
#include <compare>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <penstock/operations.hpp>

#include "core/base/clock.hpp"
#include "core/engine/engine.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_memory.hpp"
#include "core/sessions/history_services.hpp"

namespace penstock::server::testing {

// Tags t0, t1 ... of a simulated device, each counting up every 20 ms, and the memory tag `setpoint`; all archived on change.
void write_counter_site(const std::filesystem::path& folder, std::uint32_t tags);

// Samples of one tag as asked for.
struct Row {
    std::int64_t time;
    std::uint64_t word;
    bool is_bad;
    std::string cause;
    auto operator<=>(const Row&) const = default;
};
[[nodiscard]] Row row_of(const SampleColumns& columns, std::size_t row);
// All samples before `to`, over as many pages as it takes.
[[nodiscard]] std::vector<Row> rows_of(sessions::HistoryServices& services, const tags::TagCatalog& catalog,
                                       const std::string& tag, UtcTime to);
// Oldest first.
[[nodiscard]] std::vector<Event> events_of(sessions::HistoryServices& services);
[[nodiscard]] Result<JournalReply> journal_of(sessions::HistoryServices& services, bool verify);
[[nodiscard]] Result<BackupReply> back_up(sessions::HistoryServices& services, const std::filesystem::path& file);

class LoadedPlant {
public:
    static constexpr Duration kTick = 20ms;

    LoadedPlant(const std::filesystem::path& data, const std::filesystem::path& site, std::uint32_t tags);
    ~LoadedPlant();

    // 50 values of each tag a second, until the end.
    void start_load();
    // Writes the memory tag and returns when that is durable.
    [[nodiscard]] WriteResult write_setpoint(double value);
    // From a tick's values being applied to their being durable, for all ticks since the last call; ms, sorted.
    [[nodiscard]] std::vector<double> take_delays();

    [[nodiscard]] sessions::HistoryServices& services() { return *memory_->services(); }
    [[nodiscard]] PlantMemory& memory() noexcept { return *memory_; }
    [[nodiscard]] const tags::TagCatalog& catalog() const noexcept { return *catalog_; }

private:
    void run();
    void note_durable();

    base::SystemClock clock_;
    guests::PluginRegistry plugins_;
    std::unique_ptr<DataFolder> data_;
    std::shared_ptr<const tags::TagCatalog> catalog_;
    std::unique_ptr<PlantMemory> memory_;
    std::unique_ptr<engine::Engine> engine_;
    engine::Producer* producer_ = nullptr;
    std::uint32_t tags_;
    std::atomic<bool> is_loaded_{false}, is_stopping_{false};
    std::mutex mutex_;  // guards what follows
    std::deque<Now> ticks_;  // applied, not durable yet
    std::vector<double> delays_;
    std::thread thread_;
};

}  // namespace penstock::server::testing
