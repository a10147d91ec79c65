#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/cli/verbs.hpp"
#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

using testing::noon;
using testing::Printed;
using testing::run_printing;
using testing::ScriptedSession;

Event write_of(std::uint64_t position) {
    Event event;
    event.position = position;
    event.time = noon() + std::chrono::seconds(position);
    event.kind = EventKind::write_asked;
    event.area = "works/intake";
    event.user = "anna";
    event.object = "intake.setpoint" + std::to_string(position);
    event.text = "write.asked";
    event.old_value = 1.5;
    event.new_value = 2.5;
    return event;
}

// A lane of `count` events, answered newest first in pages of at most `page`.
ScriptedSession::Answer lane_of(std::uint64_t count, std::uint32_t page) {
    return [=](const AnyRequest& any) -> Result<AnyReply> {
        const auto& request = std::get<EventsRequest>(any);
        EventsReply reply;
        reply.durable = count;
        auto position = request.before == 0 ? count : request.before;
        while (position > 0 && reply.events.size() < std::min(page, request.limit))
            reply.events.push_back(write_of(--position));
        reply.next = position;
        return AnyReply(reply);
    };
}

Printed logs(ScriptedSession& session, const LogsOptions& options, bool json = false) {
    GlobalOptions global;
    global.json = json;
    return run_printing([&] { return run_logs(session, global, options, noon()); });
}

TEST(CliLogs, NewestIsLast) {
    ScriptedSession session(lane_of(3, 100));
    const auto printed = logs(session, {});
    EXPECT_EQ(
        printed.out,
        "2026-03-01T12:00:00.000Z  write_asked  anna  intake.setpoint0  anna wants intake.setpoint0 to be 2.5; it was 1.5\n"
        "2026-03-01T12:00:01.000Z  write_asked  anna  intake.setpoint1  anna wants intake.setpoint1 to be 2.5; it was 1.5\n"
        "2026-03-01T12:00:02.000Z  write_asked  anna  intake.setpoint2  anna wants intake.setpoint2 to be 2.5; it was 1.5\n");
}

TEST(CliLogs, TheLimitTakesTheNewestOverAllPages) {
    ScriptedSession session(lane_of(50, 4));
    LogsOptions options;
    options.limit = 10;
    const auto rows = nlohmann::json::parse(logs(session, options, true).out);
    ASSERT_EQ(rows.size(), 10U);
    EXPECT_EQ(rows.front()["position"], 40);
    EXPECT_EQ(rows.back()["position"], 49);
    EXPECT_EQ(rows.back()["sentence"], "anna wants intake.setpoint49 to be 2.5; it was 1.5");
    EXPECT_EQ(session.requests.size(), 3U);
}

TEST(CliLogs, WhatIsAskedForGoesToTheServer) {
    ScriptedSession session(lane_of(0, 4));
    LogsOptions options;
    options.from = "-1h";
    options.area = "works/intake";
    options.user = "anna";
    options.object = "p1";
    options.text = "trip";
    options.kinds = {"write_asked", "device_state"};
    EXPECT_EQ(logs(session, options).out, "no events\n");
    const auto asked = session.asked<EventsRequest>().at(0);
    EXPECT_EQ(asked.from, noon() - 1h);
    EXPECT_EQ(asked.to, UtcTime());
    EXPECT_EQ(asked.area, "works/intake");
    EXPECT_EQ(asked.user, "anna");
    EXPECT_EQ(asked.object, "p1");
    EXPECT_EQ(asked.text, "trip");
    EXPECT_EQ(asked.kinds, (std::vector{EventKind::write_asked, EventKind::device_state}));
}

TEST(CliLogs, AnUnknownKindIsRefusedWithTheNearest) {
    ScriptedSession session(lane_of(0, 4));
    LogsOptions options;
    options.kinds = {"write_aked"};
    const auto printed = logs(session, options);
    EXPECT_EQ(printed.code, kUsage);
    EXPECT_NE(printed.err.find("did you mean \"write_asked\"?"), std::string::npos) << printed.err;
    EXPECT_TRUE(session.requests.empty());
}

// Follows a stream: each poll gives the next of these updates, and then the stream ends.
class FollowedSession final : public ScriptedSession {
public:
    FollowedSession(Answer answer, std::vector<EventsUpdate> updates)
        : ScriptedSession(std::move(answer)), updates_(std::move(updates)) {}
    std::size_t poll() override {
        const auto ran = FakeSession::poll();
        if (events.empty()) return ran;
        const auto handler = events.back()->handler;
        if (next_ == updates_.size()) {
            handler.on_start(fail(ErrorCode::unavailable, "the server is stopping"));
            return 1;
        }
        if (next_ == 0) handler.on_start(SubscribeEventsReply{});
        handler.on_update(updates_[next_++]);
        return 1;
    }

private:
    std::vector<EventsUpdate> updates_;
    std::size_t next_ = 0;
};

EventsUpdate update_of(std::vector<Event> events, std::string missing = {}) {
    EventsUpdate update;
    update.events = std::move(events);
    update.missing = std::move(missing);
    return update;
}

TEST(CliLogs, FollowingGoesOnWhereTheSearchEnded) {
    FollowedSession session(lane_of(3, 100), {update_of({write_of(3)}), update_of({write_of(4), write_of(5)})});
    LogsOptions options;
    options.follow = true;
    options.limit = 1;
    options.area = "works/intake";
    options.kinds = {"write_asked"};
    const auto printed = logs(session, options);
    std::vector<std::string> objects;
    std::istringstream lines(printed.out);
    for (std::string line; std::getline(lines, line);) objects.push_back(line.substr(line.find("setpoint"), 9));
    EXPECT_EQ(objects, (std::vector<std::string>{"setpoint2", "setpoint3", "setpoint4", "setpoint5"}));
    const auto asked = session.events.at(0)->request;
    EXPECT_EQ(asked.from, 3U) << "what came between the search and the stream is not left out";
    EXPECT_EQ(asked.area, "works/intake");
    EXPECT_EQ(asked.kinds, std::vector{EventKind::write_asked});
}

TEST(CliLogs, FollowingFiltersAsTheSearchDoes) {
    auto other = write_of(4);
    other.user = "bert";
    LogsOptions options;
    options.follow = true;
    options.user = "anna";
    options.text = "WANTS INTAKE.setpoint3";
    FollowedSession session(lane_of(0, 100), {update_of({write_of(2), write_of(3), other})});
    const auto printed = logs(session, options, true);
    EXPECT_EQ(nlohmann::json::parse(printed.out)["position"], 3);
}

TEST(CliLogs, FollowingSaysWhatIsMissingAndWhyItEnds) {
    LogsOptions options;
    options.follow = true;
    FollowedSession session(lane_of(0, 100), {update_of({}, "events 3 to 7 cannot be read: damaged")});
    const auto printed = logs(session, options);
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_EQ(printed.err, "penstock: events 3 to 7 cannot be read: damaged\npenstock: the server is stopping\n");
}

TEST(CliLogs, AServerThatTurnsInCirclesEndsInASentence) {
    ScriptedSession session([](const AnyRequest&) -> Result<AnyReply> {
        EventsReply reply;
        reply.events = {write_of(7)};
        reply.next = 7;
        return AnyReply(reply);
    });
    const auto printed = logs(session, {});
    EXPECT_EQ(printed.code, kRefused);
    EXPECT_NE(printed.err.find("do not go on"), std::string::npos);
}

}  // namespace
}  // namespace penstock::cli
