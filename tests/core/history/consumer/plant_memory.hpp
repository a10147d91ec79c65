#pragma once

// A values lane, a plant that appends to it, and consumers of it, with a clock that stands still until it is moved.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <penstock/detail/historian_adapter.hpp>

#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/history/historian_consumer.hpp"
#include "core/history/values_record.hpp"
#include "core/journal/lane.hpp"
#include "tests/plugins/historians/memory/memory_historian.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history_test {

using testing::MemoryDisk;

// Waits for what another thread does; real time, generous, so that a failure is a failure.
[[nodiscard]] inline bool eventually(const std::function<bool()>& is_so,
                                     std::chrono::seconds patience = std::chrono::seconds(30)) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

// Series 1 to `tags` count up: sample n of series s has the value s * 1'000'000 + n, and a time of its own.
class PlantMemory {
public:
    static constexpr std::int64_t kBegin = 1'700'000'000'000'000'000;
    static constexpr std::int64_t kStep = 100'000'000;  // between samples of a tag

    explicit PlantMemory(std::uint32_t tags = 10, std::uint64_t segment_bytes = 64 * 1024);

    // One record with one sample of each tag, or of those in `these`; not durable yet. Moves the clock by kStep.
    void append_record(const std::vector<SeriesId>& these = {});
    void commit() { ASSERT_TRUE(lane->commit()); }
    void append(std::uint64_t records);  // and commits them

    // A consumer of an in-memory historian on `disk`.
    [[nodiscard]] std::unique_ptr<history::HistorianConsumer> consumer(std::shared_ptr<MemoryDisk> disk,
                                                                       history::ConsumerOptions options = fast());
    [[nodiscard]] static guests::HistorianFactory factory(std::shared_ptr<MemoryDisk> disk);
    [[nodiscard]] history::WantedSeries wanted() const;
    [[nodiscard]] static history::ConsumerOptions fast();

    // Moves the clock and wakes, until it is so.
    [[nodiscard]] bool run_until(history::HistorianConsumer& consumer, const std::function<bool()>& is_so,
                                 Duration step = 200ms);

    // Times and words of a series as the disk has them, in order of (time, arrival); bad ones have the word 0.
    struct Stored {
        std::int64_t time;
        std::uint64_t word;
        bool is_bad;
        std::string cause;
        bool operator==(const Stored&) const = default;
    };
    [[nodiscard]] static std::vector<Stored> stored(const MemoryDisk& disk, SeriesId series);
    [[nodiscard]] const std::vector<Stored>& appended(SeriesId series) const { return appended_.at(series); }
    // Everything that was appended is stored, once, in order.
    void expect_all_stored(const MemoryDisk& disk) const;
    // How many of the appended samples the disk lacks, and how many it has twice or more, or out of order.
    struct Balance {
        std::uint64_t lost = 0, doubled = 0;
    };
    [[nodiscard]] Balance balance(const MemoryDisk& disk) const;

    [[nodiscard]] std::vector<Event> events() const;
    [[nodiscard]] std::uint64_t count_events(std::string_view text) const;

    base::ManualClock clock;
    const penstock::testing::TempFolder temporary;
    const std::filesystem::path& folder = temporary.path();
    std::unique_ptr<journal::Lane> lane;

private:
    std::uint32_t tags_;
    history::ValuesEncoder encoder_;
    std::vector<std::vector<Stored>> appended_;
    mutable std::mutex mutex_;  // guards events_
    std::vector<Event> events_;
};

}  // namespace penstock::history_test
