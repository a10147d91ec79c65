// Row D5: how fast a server that was killed applies its journal when it is back. CI prints the figure, the nightly form judges it.

#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>

#include "core/engine/memory_record.hpp"
#include "core/engine/restore.hpp"
#include "core/journal/lane_reader.hpp"
#include "tests/core/engine/plant.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::engine {
namespace {

constexpr double kLeastPerSecond = 500'000;

// The effects of so many writes to a thousand memory tags, as the engine leaves them.
void fill(journal::Lane& lane, std::uint64_t records) {
    wire::Buffer body;
    for (std::uint64_t n = 0; n < records; ++n) {
        body.clear();
        encode_memory({static_cast<tags::TagId>(n % 1'000), Value(static_cast<double>(n)), n}, body);
        ASSERT_TRUE(lane.append(journal::RecordType::memory_value, body, journal::time_of(n)));
        if (n % 100'000 == 99'999) ASSERT_TRUE(lane.commit());
    }
    ASSERT_TRUE(lane.commit());
}

TEST(Replay, D5_AppliesHalfAMillionRecordsASecond) {
    const bool is_nightly = penstock::testing::is_nightly();
    const std::uint64_t records = is_nightly ? 5'000'000 : 50'000;
    const penstock::testing::TempFolder folder;
    auto options = journal::small_lane(folder.path() / "events");
    options.segment_bytes = 64 * 1024 * 1024;
    options.buffer_bytes = 256 * 1024 * 1024;
    fill(*journal::open_lane(base::real_file_system(), options), records);
    ASSERT_FALSE(HasFailure());

    std::vector<std::string> names;
    std::vector<tags::TagDefinition> definitions;
    for (int n = 0; n < 1'000; ++n) names.push_back("m" + std::to_string(n));
    for (const auto& name : names) definitions.push_back(memory_tag(name));
    Plant plant(definitions);

    const auto begin = std::chrono::steady_clock::now();
    const auto lane = journal::open_lane(base::real_file_system(), options);
    const auto report = plant.engine.restore(nullptr, *lane->reader(0), plant.now);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    EXPECT_EQ(report.records, records);
    for (tags::TagId tag = 0; tag < 1'000; ++tag)
        ASSERT_EQ(double_of(plant.reader.snapshot(tag).word), static_cast<double>(records - 1'000 + tag));
    const auto rate = static_cast<double>(records) / seconds;
    if (is_nightly) EXPECT_GE(rate, kLeastPerSecond);
    const auto what = "records replayed, none lost or out of order, opening and checking the lane included; "
                      + std::to_string(static_cast<std::uint64_t>(rate)) + " records/s";
    penstock::testing::report_row("D5", records, what.c_str());
}

}  // namespace
}  // namespace penstock::engine
