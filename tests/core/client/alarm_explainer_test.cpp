#include "core/client/alarm_explainer.hpp"

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::client {
namespace {

using testing::FakeSession;

class Explainer : public ::testing::Test {
protected:
    const ExplainedAlarm& look(std::string_view alarm = "pump.trip") { return explainer.look_at(alarm, now); }
    void poll() {
        session.poll();
        next_tick = explainer.poll(now);
    }
    void answer(std::string response) {
        ExplainAlarmReply reply;
        reply.response = std::move(response);
        ASSERT_EQ(session.calls.size(), 1U);
        session.answer(AnyReply(reply));
        poll();
    }

    FakeSession session;
    AlarmExplainer explainer{session};
    MonotonicTime now = monotonic_from_ns(0);
    std::optional<MonotonicTime> next_tick;
};

TEST_F(Explainer, AsksOnceForWhatIsLookedAt) {
    EXPECT_FALSE(look().is_known);
    poll();
    (void)look();
    poll();
    ASSERT_EQ(session.calls.size(), 1U);
    EXPECT_EQ(session.next<ExplainAlarmRequest>().alarm, "pump.trip");
    answer("Stop the pump");
    EXPECT_TRUE(look().is_known);
    EXPECT_FALSE(look().is_old);
    EXPECT_EQ(look().reply.response, "Stop the pump");
    EXPECT_TRUE(session.calls.empty());
}

TEST_F(Explainer, AsksAgainSoonAfterAStepOfThatAlarmAndNotOfAnother) {
    (void)look();
    poll();
    answer("one");
    now += 1s;
    explainer.stepped("pump.other");
    poll();
    EXPECT_TRUE(session.calls.empty());
    explainer.stepped("pump.trip");
    poll();
    answer("two");
    EXPECT_EQ(look().reply.response, "two");
    for (int i = 0; i < 20; ++i) explainer.stepped("pump.trip");
    poll();
    EXPECT_TRUE(session.calls.empty()) << "a chattering alarm is not asked for at every step";
    EXPECT_EQ(next_tick, now + AlarmExplainer::kAfterStep);
}

TEST_F(Explainer, AStepWhileTheAnswerIsOnItsWayIsNotMissed) {
    (void)look();
    poll();
    explainer.stepped("pump.trip");
    answer("of before");
    EXPECT_EQ(next_tick, now + AlarmExplainer::kAfterStep);
}

TEST_F(Explainer, RenewsTheInputsValueNowAndThenAndForgetsWhatNobodyLooksAt) {
    (void)look();
    poll();
    answer("one");
    EXPECT_EQ(next_tick, now + AlarmExplainer::kRefresh);
    now += AlarmExplainer::kRefresh;
    (void)look();
    poll();
    answer("two");
    now += AlarmExplainer::kForget + 1ms;
    poll();
    EXPECT_TRUE(session.calls.empty());
    EXPECT_EQ(next_tick, std::nullopt);
    EXPECT_FALSE(look().is_known) << "forgotten";
}

TEST_F(Explainer, OverALostServerItIsOldAndAnAnswerOfBeforeIsNotTaken) {
    (void)look();
    poll();
    answer("one");
    now += AlarmExplainer::kRefresh;
    (void)look();
    poll();
    explainer.link_lost();
    EXPECT_TRUE(look().is_old);
    explainer.connected_anew();
    answer("of the server before");
    EXPECT_TRUE(look().is_old);
    EXPECT_EQ(look().reply.response, "one");
    answer("two");
    EXPECT_FALSE(look().is_old);
}

TEST_F(Explainer, SaysWhyNothingIsKnown) {
    (void)look("nothing");
    poll();
    session.answer(fail(ErrorCode::not_found, "there is no alarm \"nothing\""));
    poll();
    EXPECT_FALSE(look("nothing").is_known);
    EXPECT_NE(look("nothing").fault.find("there is no alarm"), std::string::npos);
}

TEST_F(Explainer, AnotherLanguageIsAskedForAnew) {
    (void)look();
    poll();
    answer("Stop the pump");
    explainer.set_language("de");
    poll();
    EXPECT_EQ(session.next<ExplainAlarmRequest>().language, "de");
    answer("Pumpe abstellen");
    EXPECT_EQ(look().reply.response, "Pumpe abstellen");
    explainer.set_language("de");
    poll();
    EXPECT_TRUE(session.calls.empty());
}

}  // namespace
}  // namespace penstock::client
