// What a snapshot costs the engine that goes on beside it. CI prints the figures, the nightly form has a million tags and judges them.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "core/engine/snapshot.hpp"
#include "tests/core/engine/plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::engine {
namespace {

using Steady = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr double kMostPauseMs = 5;
constexpr std::uint32_t kSamplesACycle = 1'000;

// The engine's cycles, one after the other, and how long each took in ms.
class Cycles {
public:
    Cycles(Plant& plant, std::uint32_t tags) : plant_(plant), tags_(tags) {}

    void run(const std::function<bool()>& goes_on) {
        while (goes_on()) {
            SampleBatch batch;
            for (std::uint32_t i = 0; i < kSamplesACycle; ++i, ++next_) batch.add(next_ % tags_, static_cast<double>(next_));
            plant_.publish(batch);
            plant_.advance(5ms);
            const auto begin = Steady::now();
            (void)plant_.cycle();
            took_.push_back(Milliseconds(Steady::now() - begin).count());
        }
    }
    [[nodiscard]] std::size_t count() const { return took_.size(); }
    // Not the very longest: another program may have had the processor then.
    [[nodiscard]] double longest() {
        std::ranges::sort(took_);
        return took_[took_.size() - 1 - took_.size() / 500];
    }

private:
    Plant& plant_;
    std::uint32_t tags_, next_ = 0;
    std::vector<double> took_;
};

TEST(SnapshotPause, D5_TheEngineDoesNotStopForASnapshotOfAllTags) {
    const bool is_nightly = penstock::testing::is_nightly();
    const std::uint32_t tags = is_nightly ? 1'000'000 : 20'000;
    std::vector<std::string> names;
    std::vector<tags::TagDefinition> definitions;
    for (std::uint32_t n = 0; n < tags; ++n) names.push_back("t" + std::to_string(n));
    for (const auto& name : names) definitions.push_back(device_tag(name));
    Plant plant(definitions);

    Cycles alone(plant, tags);
    alone.run([&] { return alone.count() < tags / kSamplesACycle * 2; });  // every tag has a value
    Cycles quiet(plant, tags), beside(plant, tags);
    quiet.run([&] { return quiet.count() < 2'000; });

    std::atomic<bool> is_done = false;
    std::vector<double> snapshots;
    std::size_t stored = 0;
    std::jthread snapshot_thread([&] {
        for (int i = 0; i < 5; ++i) {
            const auto begin = Steady::now();
            const auto snapshot = take_snapshot(plant.engine, {}, {utc_from_ns(kStartNs), monotonic_from_ns(0)});
            snapshots.push_back(Milliseconds(Steady::now() - begin).count());
            stored = snapshot.section("tags")->size();
        }
        is_done = true;
    });
    beside.run([&] { return !is_done || beside.count() < 2'000; });
    snapshot_thread.join();

    EXPECT_GT(stored, tags * 20U) << "of every tag its value";
    const auto usual = quiet.longest(), disturbed = beside.longest();
    if (is_nightly) EXPECT_LE(disturbed, usual + kMostPauseMs);
    char what[200];
    std::snprintf(what, sizeof what,
                  "tags in a snapshot taken in %.0f ms; cycles of the engine took %.2f ms at most beside it, %.2f ms without",
                  std::ranges::min(snapshots), disturbed, usual);
    penstock::testing::report_row("D5", tags, what);
}

}  // namespace
}  // namespace penstock::engine
