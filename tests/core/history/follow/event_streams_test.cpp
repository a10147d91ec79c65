#include "core/history/event_streams.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/history/event_stream.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history {
namespace {

using journal::Position;
using Positions = std::vector<Position>;

bool everywhere(std::string_view) { return true; }

Event event_of(EventKind kind, std::string area, std::string text = "comment") {
    Event event;
    event.kind = kind;
    event.area = std::move(area);
    event.user = "anna";
    event.text = std::move(text);
    event.parameters = {"words"};
    return event;
}

// One who follows, and waits for what comes.
class Follower {
public:
    Follower(EventStreams& streams, SubscribeEventsRequest request, EventStreams::Covers covers = everywhere)
        : subscription_(streams.open(reinterpret_cast<std::uintptr_t>(this), std::move(request), std::move(covers), [this] {
              const std::lock_guard lock(mutex_);
              is_ready_ = true;
              bell_.notify_one();
          })) {}

    // The next update; fails the test if none comes.
    EventsUpdate next() {
        for (;;) {
            auto update = subscription_->take();
            EXPECT_TRUE(update) << update.error().text();
            if (!update) return {};
            if (*update) return **std::move(update);
            std::unique_lock lock(mutex_);
            const bool came = bell_.wait_for(lock, std::chrono::seconds(30), [&] { return std::exchange(is_ready_, false); });
            EXPECT_TRUE(came) << "no update came";
            if (!came) return {};
        }
    }
    // Takes updates until it stands at `position`; all that came is in `seen` and `missing`.
    void follow_to(Position position) {
        while (stands_at < position) {
            const auto update = next();
            if (::testing::Test::HasFailure()) return;
            EXPECT_GE(update.next, stands_at);
            stands_at = update.next;
            most_events = std::max(most_events, update.events.size());
            if (!update.missing.empty()) missing.push_back(update.missing);
            for (const auto& event : update.events) seen.push_back(event.position);
        }
    }
    // Whether there is nothing to take now.
    bool is_idle() {
        const auto update = subscription_->take();
        return update && !*update;
    }

    Position stands_at = 0;
    Positions seen;
    std::vector<std::string> missing;
    std::size_t most_events = 0;

private:
    std::mutex mutex_;
    std::condition_variable bell_;
    bool is_ready_ = false;
    std::unique_ptr<EventSubscription> subscription_;  // last: its callback uses the above
};

// A lane whose commits are the test's, and streams over it.
class EventStreamsTest : public ::testing::Test {
protected:
    EventStreamsTest() { open(); }
    void open() {
        streams.reset();
        lane = journal::open_lane(base::real_file_system(), options());
        streams = std::make_unique<EventStreams>(*lane);
        lane->on_advance([its = streams.get()] { its->wake(); });
    }
    journal::LaneOptions options() const { return journal::small_lane(folder.path() / "events"); }
    Position add(const Event& event) {
        const auto position = lane->appended();
        EXPECT_TRUE(journal::append_event(*lane, event, journal::time_of(position)));
        return position;
    }
    void add_some(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            add(event_of(EventKind::comment, "works"));
            if (i % 500 == 499) commit();  // the lane's buffer is small
        }
        commit();
    }
    void commit() { ASSERT_TRUE(lane->commit()); }
    static Positions range(Position from, Position to) {
        Positions all;
        for (; from < to; ++from) all.push_back(from);
        return all;
    }
    static SubscribeEventsRequest from(Position position) {
        SubscribeEventsRequest request;
        request.from = position;
        return request;
    }

    penstock::testing::TempFolder folder;
    std::unique_ptr<journal::Lane> lane;
    std::unique_ptr<EventStreams> streams;
};

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

TEST_F(EventStreamsTest, RecordsThatAreNoEventsArePassedOver) {
    const std::string word = "0123456789abcdef";
    ASSERT_TRUE(lane->append(journal::RecordType::memory_value, journal::bytes_of(word), journal::time_of(0)));
    const auto event = add(event_of(EventKind::comment, "works"));
    ASSERT_TRUE(lane->append(journal::RecordType::memory_value, journal::bytes_of(word), journal::time_of(2)));
    commit();
    Follower follower(*streams, from(0));
    follower.follow_to(2);
    EXPECT_EQ(follower.seen, (Positions{event}));
    EXPECT_TRUE(follower.missing.empty());
}

TEST_F(EventStreamsTest, APositionThatIsNotThereYetIsTakenBackAndSaid) {
    add_some(3);
    Follower follower(*streams, from(4711));
    const auto update = follower.next();
    EXPECT_NE(update.missing.find("were put back: they go on with position 3"), std::string::npos) << update.missing;
    EXPECT_EQ(update.next, 3U);
    add_some(1);
    follower.follow_to(4);
    EXPECT_EQ(follower.seen, range(3, 4));
}

TEST_F(EventStreamsTest, WhatWasTrimmedIsSaidBeforeWhatFollows) {
    add_some(3'000);  // several segments
    ASSERT_TRUE(lane->trim(2'000));
    const auto first = lane->first();
    ASSERT_GT(first, 0U);
    Follower follower(*streams, from(0));
    follower.follow_to(3'000);
    EXPECT_EQ(follower.seen, range(first, 3'000));
    ASSERT_EQ(follower.missing.size(), 1U);
    EXPECT_NE(follower.missing[0].find("events 0 to " + std::to_string(first - 1) + " cannot be read: removed"),
              std::string::npos)
        << follower.missing[0];
}

TEST_F(EventStreamsTest, ADamagedRecordIsSaidInItsPlaceToAll) {
    add_some(20);
    auto marked = event_of(EventKind::comment, "works", "damaged.here");
    const auto damaged = add(marked);
    add_some(20);
    streams.reset();
    ASSERT_TRUE(lane->seal());
    lane.reset();
    std::filesystem::path segment;
    for (const auto& entry : std::filesystem::directory_iterator(options().folder))
        if (entry.path().extension() == ".seg" && (segment.empty() || entry.path() < segment)) segment = entry.path();
    std::fstream file(segment, std::ios::binary | std::ios::in | std::ios::out);
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto place = bytes.find("damaged.here");
    ASSERT_NE(place, std::string::npos);
    file.clear();
    file.seekp(static_cast<std::streamoff>(place));
    file.put('X');
    file.close();
    open();

    Follower one(*streams, from(0)), other(*streams, from(5));
    for (auto* const each : {&one, &other}) {
        const auto before = each->next();
        EXPECT_TRUE(before.missing.empty());
        ASSERT_FALSE(before.events.empty());
        EXPECT_EQ(before.events.back().position, damaged - 1) << "what is missing is told before what follows it";
        EXPECT_EQ(before.next, damaged);
        const auto after = each->next();
        EXPECT_NE(after.missing.find("events 20 to 20 cannot be read"), std::string::npos) << after.missing;
        ASSERT_FALSE(after.events.empty());
        EXPECT_EQ(after.events.front().position, damaged + 1);
    }
}

TEST_F(EventStreamsTest, ARecordThatIsNoEventThoughItSaysSoIsMissing) {
    ASSERT_TRUE(lane->append(journal::RecordType::event, journal::bytes_of(std::string(64, char(0xFF))), journal::time_of(0)));
    add_some(1);
    Follower follower(*streams, from(0));
    follower.follow_to(2);
    ASSERT_EQ(follower.missing.size(), 1U);
    EXPECT_NE(follower.missing[0].find("event 0 makes no sense"), std::string::npos) << follower.missing[0];
    EXPECT_EQ(follower.seen, range(1, 2));
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
