// Many who follow: what is shared, and who is slow or begins in the past.
#include <thread>

#include "core/history/event_stream.hpp"
#include "tests/core/history/follow/event_streams_fixture.hpp"

namespace penstock::history {
namespace {

// What nobody takes is not made: the lane's reader stands still until there is room.
TEST_F(EventStreamsTest, WhoTakesNothingHoldsAFewUpdatesAndGetsTheRestLater) {
    detail::EventTail tail(*lane);
    const auto total = 20 * EventStream::kMaxEvents;
    add_some(total);
    EventStream stream(from(0), lane->durable(), everywhere, [] {});
    std::size_t steps = 0;
    ASSERT_TRUE(stream.queue().begin_step(true));
    for (bool goes_on = true; goes_on; ++steps) goes_on = stream.queue().end_step(stream.step(tail));
    EXPECT_EQ(steps, EventStream::kMaxUpdates);
    EXPECT_FALSE(stream.queue().begin_step(true));

    Follower slow(*streams, from(0));
    Follower quick(*streams, from(0));
    quick.follow_to(total);
    EXPECT_EQ(quick.seen, range(0, total)) << "another one's slowness is nothing to it";
    add_some(100);
    slow.follow_to(total + 100);
    EXPECT_EQ(slow.seen, range(0, total + 100));
}

TEST_F(EventStreamsTest, ABeginInThePastMeetsTheTailWithoutAHoleOrADouble) {
    constexpr Position kTotal = 12'000;
    add_some(4'000);
    Follower tail(*streams, from(kEventsFromNow));
    (void)tail.next();
    std::thread writer([&] {
        while (lane->appended() < kTotal) {
            for (int i = 0; i < 40; ++i) add(event_of(EventKind::comment, "works"));
            commit();
        }
    });
    Follower past(*streams, from(0));
    Follower middle(*streams, from(2'345));
    past.follow_to(kTotal);
    middle.follow_to(kTotal);
    tail.follow_to(kTotal);
    writer.join();
    EXPECT_EQ(past.seen, range(0, kTotal));
    EXPECT_EQ(middle.seen, range(2'345, kTotal));
    EXPECT_EQ(tail.seen, range(4'000, kTotal));
}

// Far more than the shared tail keeps, while one stands still.
TEST_F(EventStreamsTest, WhoFellBehindTheSharedTailReadsForHimself) {
    Follower quick(*streams, from(0)), slow(*streams, from(0));
    (void)quick.next();
    (void)slow.next();
    const Position total = 2 * detail::EventTail::kMostEntries + 7;
    add_some(total);
    quick.follow_to(total);
    slow.follow_to(total);
    EXPECT_EQ(slow.seen, range(0, total));
    add_some(5);
    slow.follow_to(total + 5);
    quick.follow_to(total + 5);
    EXPECT_EQ(slow.seen, range(0, total + 5));
    EXPECT_EQ(quick.seen, slow.seen);
}

// A shared tail is read once, however many follow.
TEST_F(EventStreamsTest, WhatManyFollowAtTheEndIsDecodedOnce) {
    detail::EventTail tail(*lane);
    std::vector<std::unique_ptr<EventStream>> all;
    for (int i = 0; i < 5; ++i) {
        all.push_back(std::make_unique<EventStream>(from(0), lane->durable(), everywhere, [] {}));
        all.back()->step(tail);
    }
    add_some(1);
    Position position = 0;
    ASSERT_TRUE(tail.reaches(0));
    const auto entry = tail.next(position);
    ASSERT_TRUE(entry && *entry);
    for (int i = 0; i < 5; ++i) {
        Position again = 0;
        ASSERT_TRUE(tail.reaches(0));
        EXPECT_EQ(tail.next(again).value(), *entry) << "another object: it was decoded anew";
    }
}

}  // namespace
}  // namespace penstock::history
