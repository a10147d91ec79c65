#pragma once

// Streams over a lane whose commits are the test's, and who follows them.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/history/event_streams.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history {

using journal::Position;
using Positions = std::vector<Position>;

inline bool everywhere(std::string_view) { return true; }

inline Event event_of(EventKind kind, std::string area, std::string text = "comment") {
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

}  // namespace penstock::history
