#pragma once

// The two lanes of a server's journal with their threads: where everything that must not be forgotten is written down.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <penstock/operations.hpp>
#include <penstock/result.hpp>

#include "core/journal/lane.hpp"
#include "core/journal/lane_thread.hpp"

namespace penstock::base {
class Clock;
}
namespace penstock::site {
struct JournalSettings;
}

namespace penstock::server {

class DataFolder;

class PlantJournal {
public:
    // Opens DATA/journal/events and DATA/journal/values, and recovers what is there. `clock` must outlive it. [worker]
    [[nodiscard]] static Result<std::unique_ptr<PlantJournal>> open(const DataFolder& data,
                                                                    const site::JournalSettings& settings,
                                                                    const base::Clock& clock);

    [[nodiscard]] journal::Lane& events() noexcept { return *events_; }
    [[nodiscard]] journal::Lane& values() noexcept { return *values_; }
    // Sentences: what recovery met, of both lanes. Empty after a proper end.
    [[nodiscard]] std::vector<std::string> findings() const;

    // `gather` runs on the values lane's thread before each commit (journal::LaneThread::Gather); `is_last` at the end.
    void start(std::function<Duration(Now, bool is_last)> gather);
    // Commits the values that are there; from then on none are taken. After the engine has stopped.
    void stop_values();
    // Commits the events that are there. Last of all.
    void stop_events();

    // Writes an event down. What cannot be written is logged. [any-thread]
    void note(Event event) noexcept;

private:
    PlantJournal(const base::Clock& clock, Duration values_group) : clock_(clock), values_group_(values_group) {}

    const base::Clock& clock_;
    Duration values_group_;
    std::unique_ptr<journal::Lane> events_, values_;
    std::atomic<bool> is_ending_{false};
    std::unique_ptr<journal::LaneThread> events_thread_, values_thread_;
};

// As `status` and `journal` show a lane. Reads its first record. [worker]
[[nodiscard]] LaneInfo describe(const journal::Lane& lane);

}  // namespace penstock::server
