// The engine fills while the archiver empties and the lane commits: nothing is lost, nothing doubled, each sample in order.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/core/history/archive_plant.hpp"

namespace penstock::history_test {
namespace {

TEST(ArchiverThreads, NothingIsLostOrDoubledWhileTheEngineGoesOn) {
    constexpr tags::TagId kTags = 50;
    constexpr std::int64_t kCycles = 400;
    ArchivePlant plant(std::vector<ArchivedTag>(kTags, {.rule = on_change()}), 64 * 1024 * 1024, 64);
    std::atomic<bool> is_done{false};
    std::thread engine([&] {
        for (std::int64_t ms = 0; ms < kCycles; ++ms) {
            plant.cycle(ms, [&] {
                for (tags::TagId tag = 0; tag < kTags; ++tag)
                    plant.add_ns(tag, kStart + ms * kMs, word_of(static_cast<double>(ms)));
            });
        }
        is_done = true;
    });
    for (std::int64_t ms = 0; !is_done; ++ms) {
        plant.gather(ms);
        ASSERT_TRUE(plant.lane->commit());
    }
    engine.join();
    plant.gather(kCycles);
    EXPECT_EQ(plant.capture.lost(), 0U);
    const auto series = plant.read().series;
    ASSERT_EQ(series.size(), kTags);
    for (const auto& [tag, rows] : series) {
        ASSERT_EQ(rows.size(), static_cast<std::size_t>(kCycles)) << tag;
        for (std::int64_t ms = 0; ms < kCycles; ++ms) ASSERT_EQ(rows[static_cast<std::size_t>(ms)].time, kStart + ms * kMs);
    }
}

}  // namespace
}  // namespace penstock::history_test
