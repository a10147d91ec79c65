#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file_system.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_reader.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/program.hpp"

namespace penstock::journal {
namespace {

base::FileSystem& disk() { return base::real_file_system(); }

TEST(Lane, HandsOutWhatWasAppendedOnceItIsDurable) {
    const penstock::testing::ScratchFolder folder;
    const auto lane = open_lane(disk(), small_lane(folder / "events"));
    append_some(*lane, 10);
    EXPECT_EQ(expect_records(*lane, 0), 0U);
    ASSERT_TRUE(lane->commit());
    EXPECT_EQ(lane->durable(), 10U);
    EXPECT_EQ(expect_records(*lane, 0), 10U);
    EXPECT_EQ(expect_records(*lane, 7), 3U);
}

TEST(Lane, GoesOnAfterARestart) {
    const penstock::testing::ScratchFolder folder;
    const auto options = small_lane(folder / "events");
    for (Position round = 0; round < 4; ++round) {
        const auto lane = open_lane(disk(), options);
        EXPECT_EQ(lane->recovery().end, round * 300);
        EXPECT_EQ(lane->recovery().cut_bytes, 0U);
        EXPECT_TRUE(lane->recovery().findings.empty()) << lane->recovery().findings.front();
        if (round > 0) {
            EXPECT_EQ(lane->recovery().last_time.utc, time_of(round * 300 - 1).utc);
        }
        append_some(*lane, 300);
        ASSERT_TRUE(lane->commit());
        EXPECT_EQ(expect_records(*lane, 0), (round + 1) * 300);
    }
}

TEST(Lane, SpreadsAGroupOverSegments) {
    const penstock::testing::ScratchFolder folder;
    const auto lane = open_lane(disk(), small_lane(folder / "values", LaneKind::values));
    append_some(*lane, 1'000);
    ASSERT_TRUE(lane->commit());
    EXPECT_GT(lane->status().segments, 3U);
    EXPECT_EQ(expect_records(*lane, 0), 1'000U);
    EXPECT_EQ(expect_records(*lane, 555), 445U);
}

TEST(Lane, TakesARecordThatIsLongerThanASegment) {
    const penstock::testing::ScratchFolder folder;
    const auto options = small_lane(folder / "values", LaneKind::values);
    const std::string big(300'000, 'x');
    {
        const auto lane = open_lane(disk(), options);
        append_some(*lane, 3);
        ASSERT_TRUE(lane->append(RecordType::values, bytes_of(big), time_of(3)));
        ASSERT_TRUE(lane->commit());
    }
    const auto lane = open_lane(disk(), options);
    const auto reader = lane->reader(3);
    Record record;
    const auto found = reader->next(record);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(text_of(record.body), big);
}

TEST(Lane, OneReaderFollowsThroughSegments) {
    const penstock::testing::ScratchFolder folder;
    const auto lane = open_lane(disk(), small_lane(folder / "events"));
    const auto reader = lane->reader(0);
    Position expected = 0;
    Record record;
    for (int round = 0; round < 100; ++round) {
        append_some(*lane, 20);
        ASSERT_TRUE(lane->commit());
        for (;;) {
            const auto found = reader->next(record);
            ASSERT_TRUE(found) << found.error().text();
            if (!*found) break;
            ASSERT_EQ(record.sequence, expected);
            ASSERT_EQ(text_of(record.body), body_of(expected));
            ++expected;
        }
        ASSERT_EQ(expected, lane->durable());
        ASSERT_EQ(reader->position(), expected);
    }
    EXPECT_GT(lane->status().segments, 5U);
    const auto skip = reader->take_skip();
    EXPECT_EQ(skip.from, skip.to);
}

TEST(Lane, TrimsWholeSegmentsAndTellsAReaderWhatIsGone) {
    const penstock::testing::ScratchFolder folder;
    const auto options = small_lane(folder / "events");
    auto lane = open_lane(disk(), options);
    append_some(*lane, 1'000);
    ASSERT_TRUE(lane->commit());
    const auto early = lane->reader(0);
    Record record;
    ASSERT_TRUE(early->next(record));
    ASSERT_TRUE(lane->trim(600));
    const auto first = lane->first();
    EXPECT_GT(first, 300U);
    EXPECT_LE(first, 600U);
    EXPECT_EQ(expect_records(*lane, first), 1'000 - first);
    const auto late = lane->reader(0);
    EXPECT_EQ(late->position(), first);
    const auto skip = late->take_skip();
    EXPECT_EQ(skip.from, 0U);
    EXPECT_EQ(skip.to, first);
    EXPECT_NE(skip.cause.find("trimmed"), std::string::npos);
    // What the early reader had open goes on; what lies between is told.
    Position last = 0;
    while (*early->next(record)) last = record.sequence;
    EXPECT_EQ(last, 999U);
    lane = open_lane(disk(), options);
    EXPECT_EQ(lane->first(), first);
    EXPECT_EQ(lane->durable(), 1'000U);
}

TEST(Lane, ReleasesWhoWaitsInOrderOfPosition) {
    const penstock::testing::ScratchFolder folder;
    const auto lane = open_lane(disk(), small_lane(folder / "events"));
    std::vector<int> order;
    append_some(*lane, 5);
    lane->when_durable(4, [&](Result<void> done) { order.push_back(done ? 4 : -4); });
    lane->when_durable(2, [&](Result<void> done) { order.push_back(done ? 2 : -2); });
    lane->when_durable(6, [&](Result<void> done) { order.push_back(done ? 6 : -6); });
    int advances = 0;
    lane->on_advance([&] { ++advances; });
    EXPECT_TRUE(order.empty());
    ASSERT_TRUE(lane->commit());
    EXPECT_EQ(order, (std::vector<int>{2, 4}));
    EXPECT_EQ(advances, 1);
    lane->when_durable(5, [&](Result<void> done) { order.push_back(done ? 5 : -5); });
    EXPECT_EQ(order.back(), 5);
    append_some(*lane, 1);
    ASSERT_TRUE(lane->commit());
    EXPECT_EQ(order.back(), 6);
}

TEST(Lane, RefusesTheLaneOfAnotherServer) {
    const penstock::testing::ScratchFolder folder;
    auto options = small_lane(folder / "events");
    open_lane(disk(), options);
    options.server_id = "another";
    const auto lane = Lane::open(disk(), options);
    ASSERT_FALSE(lane);
    EXPECT_EQ(lane.error().code(), ErrorCode::invalid_config);
    EXPECT_NE(lane.error().text().find("\"test-server\"; this one is \"another\""), std::string::npos) << lane.error().text();
}

TEST(Lane, RefusesAGroupOutsideItsBounds) {
    const penstock::testing::ScratchFolder folder;
    auto options = small_lane(folder / "events");
    options.group = 101ms;
    const auto lane = Lane::open(disk(), options);
    ASSERT_FALSE(lane);
    EXPECT_NE(lane.error().text().find("101000 us is outside its bounds, 1000 us to 100000 us"), std::string::npos)
        << lane.error().text();
}

TEST(Lane, KeepsOldSegmentsOfAnEarlierEpochAndStartsANewOne) {
    const penstock::testing::ScratchFolder folder;
    auto options = small_lane(folder / "events");
    {
        const auto lane = open_lane(disk(), options);
        append_some(*lane, 5);
        ASSERT_TRUE(lane->commit());
    }
    options.epoch = 2;
    const auto lane = open_lane(disk(), options);
    append_some(*lane, 5);
    ASSERT_TRUE(lane->commit());
    EXPECT_EQ(lane->status().segments, 2U);
    EXPECT_EQ(expect_records(*lane, 0), 10U);
}

TEST(Lane, TakesAPositionBehindItsEndBackAndSaysSo) {
    const penstock::testing::ScratchFolder folder;
    const auto lane = open_lane(disk(), small_lane(folder / "events"));
    append_some(*lane, 5);
    ASSERT_TRUE(lane->commit());
    const auto reader = lane->reader(9);
    EXPECT_EQ(reader->position(), 5U);
    const auto skip = reader->take_skip();
    EXPECT_EQ(skip.from, 9U);
    EXPECT_EQ(skip.to, 5U);
    EXPECT_FALSE(skip.cause.empty());
}

}  // namespace
}  // namespace penstock::journal
