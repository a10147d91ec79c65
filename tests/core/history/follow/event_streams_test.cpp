// What a follower gets: order, filters, bounds, an end.
#include <atomic>

#include "core/history/event_stream.hpp"
#include "tests/core/history/follow/event_streams_fixture.hpp"

namespace penstock::history {
namespace {

TEST_F(EventStreamsTest, GivesWhatIsThereInOrderThenWhatBecomesDurable) {
    add_some(3);
    Follower follower(*streams, from(1));
    follower.follow_to(3);
    EXPECT_EQ(follower.seen, range(1, 3));
    add_some(2);
    follower.follow_to(5);
    EXPECT_EQ(follower.seen, range(1, 5));
    EXPECT_TRUE(follower.missing.empty());
}

TEST_F(EventStreamsTest, GivesEventsAsTheyWereWritten) {
    const auto position = add(event_of(EventKind::comment, "works/intake"));
    commit();
    Follower follower(*streams, from(0));
    const auto update = follower.next();
    ASSERT_EQ(update.events.size(), 1U);
    EXPECT_EQ(update.events[0].sentence(), "anna: words");
    EXPECT_EQ(update.events[0].area, "works/intake");
    EXPECT_EQ(update.events[0].time, journal::time_of(position).utc);
    EXPECT_EQ(update.next, 1U);
}

TEST_F(EventStreamsTest, WhatIsNotDurableIsNotGiven) {
    Follower follower(*streams, from(0));
    EXPECT_EQ(follower.next().next, 0U);
    add(event_of(EventKind::comment, "works"));
    streams->wake();
    EXPECT_TRUE(follower.is_idle());
    commit();
    follower.follow_to(1);
    EXPECT_EQ(follower.seen, range(0, 1));
}

TEST_F(EventStreamsTest, FromNowOnTellsAtOnceWhereItStands) {
    add_some(7);
    Follower follower(*streams, from(kEventsFromNow));
    add_some(1);
    const auto first = follower.next();
    EXPECT_GE(first.next, 7U) << "after a cut it could not go on there";
    follower.stands_at = first.next;
    for (const auto& event : first.events) follower.seen.push_back(event.position);
    follower.follow_to(8);
    EXPECT_EQ(follower.seen, range(7, 8));
}

TEST_F(EventStreamsTest, FiltersByKindAreaAndWhatTheAskerMaySee) {
    const auto a = add(event_of(EventKind::comment, "works/intake"));
    const auto b = add(event_of(EventKind::alarm, "works/intake/pumps"));
    add(event_of(EventKind::alarm, "works/intake2"));
    const auto d = add(event_of(EventKind::alarm, "works/secret"));
    commit();
    const auto found = [&](SubscribeEventsRequest request, EventStreams::Covers covers = everywhere) {
        Follower follower(*streams, std::move(request), std::move(covers));
        follower.follow_to(4);
        return follower.seen;
    };
    auto intake = from(0);
    intake.area = "works/intake";
    EXPECT_EQ(found(intake), (Positions{a, b}));
    auto alarms = from(0);
    alarms.kinds = {EventKind::alarm};
    EXPECT_EQ(found(alarms), (Positions{1, 2, 3}));
    intake.kinds = {EventKind::alarm};
    EXPECT_EQ(found(intake), (Positions{b}));
    EXPECT_EQ(found(from(0), [](std::string_view area) { return area == "works/secret"; }), (Positions{d}));
    intake.area = "works/nowhere";
    EXPECT_EQ(found(intake), (Positions{})) << "and yet it moved over all of them";
}

TEST_F(EventStreamsTest, WhatTheFilterLeavesOutMovesTheSubscriberOnNowAndThen) {
    auto alarms = from(0);
    alarms.kinds = {EventKind::alarm};
    Follower follower(*streams, alarms);
    EXPECT_EQ(follower.next().next, 0U);
    add_some(10);
    EXPECT_TRUE(follower.is_idle()) << "not for every few";
    add_some(2 * EventStream::kTellEvery);
    const auto update = follower.next();
    EXPECT_TRUE(update.events.empty());
    EXPECT_GE(update.next, EventStream::kTellEvery);
}

TEST_F(EventStreamsTest, UpdatesAreBoundedByEventsAndByBytes) {
    add_some(3 * EventStream::kMaxEvents);
    Follower many(*streams, from(0));
    many.follow_to(3 * EventStream::kMaxEvents);
    EXPECT_EQ(many.seen, range(0, 3 * EventStream::kMaxEvents));
    EXPECT_EQ(many.most_events, EventStream::kMaxEvents);

    const auto begin = lane->durable();
    for (int i = 0; i < 20; ++i) {
        add(event_of(EventKind::comment, "works", std::string(40'000, 'x')));
        commit();
    }
    Follower big(*streams, from(begin));
    big.follow_to(begin + 20);
    EXPECT_EQ(big.seen, range(begin, begin + 20));
    EXPECT_LE(big.most_events, EventStream::kMaxBytes / 40'000 + 1);
}

TEST_F(EventStreamsTest, EndingOneWaitsForItsCallAndNoneComesAfter) {
    std::atomic<bool> is_over = false;
    for (int round = 0; round < 50; ++round) {
        is_over = false;
        auto subscription = streams->open(1, from(0), everywhere, [&] { EXPECT_FALSE(is_over); });
        add(event_of(EventKind::comment, "works"));
        commit();
        subscription.reset();
        is_over = true;
    }
}

}  // namespace
}  // namespace penstock::history
