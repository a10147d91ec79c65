#include <optional>

#include <gtest/gtest.h>

#include "core/alarms/alarm_table.hpp"
#include "tests/core/alarms/records.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;

using testing::Records;

class AlarmTableTest : public ::testing::Test {
protected:
    void make(AlarmRules rules) {
        RuleBook book;
        book.set(0, rules);
        table_.emplace(std::move(book), records_);
    }
    void judge(bool condition) { table_->judge(0, condition, {}, now_); }
    Result<void> act(AlarmEvent event, std::string user = "mueller", Remark remark = {}) {
        return table_->act(0, event, {std::move(user), "st1"}, remark, now_);
    }
    void later(Duration by) {
        now_.monotonic += by;
        now_.utc += by;
        table_->run_timers(now_);
    }
    Now now_{utc_from_ns(1'700'000'000'000'000'000), MonotonicTime(1h)};
    Records records_;
    std::optional<AlarmTable> table_;
};

TEST_F(AlarmTableTest, AConditionShorterThanItsDelayRaisesNothing) {
    make({.on_delay = 2s});
    judge(true);
    later(1s);
    judge(false);
    later(5s);
    EXPECT_EQ(records_.text(), "");
    judge(true);
    later(3s);
    EXPECT_EQ(records_.text(), "raised");
}

TEST_F(AlarmTableTest, ADelayRunsFromTheFirstMoment) {
    make({.on_delay = 2s, .off_delay = 3s});
    judge(true);
    later(1s);
    judge(true);
    EXPECT_EQ(table_->due(), MonotonicTime(1h + 2s));
    later(1s);
    EXPECT_EQ(records_.text(), "raised");
    judge(false);
    later(2s);
    judge(true);
    later(10s);
    EXPECT_EQ(records_.text(), "raised") << "gone for a shorter time than the off-delay";
    judge(false);
    later(3s);
    EXPECT_EQ(records_.text(), "raised returned");
}

TEST_F(AlarmTableTest, OfTwoWhoAcknowledgeOneWinsAndTheOtherIsToldWho) {
    make({});
    judge(true);
    EXPECT_TRUE(act(AlarmEvent::acknowledged, "mueller"));
    const auto second = act(AlarmEvent::acknowledged, "meier");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().sentence(), "it is acknowledged already, by mueller at 22:13:20 UTC");
    EXPECT_EQ(records_.text(), "raised acknowledged");
}

TEST_F(AlarmTableTest, AnOccurrenceIsTheRecordThatRaisedIt) {
    make({});
    judge(true);
    const auto first = table_->occurrence(0);
    ASSERT_TRUE(act(AlarmEvent::acknowledged));
    EXPECT_EQ(table_->occurrence(0), first);
    EXPECT_EQ(records_.written.back().transition.occurrence, first);
    judge(false);
    judge(true);
    EXPECT_GT(table_->occurrence(0), first);
}

TEST_F(AlarmTableTest, AShelfEndsByItsTimeAndThenItIsRaisedAnew) {
    make({.longest_shelf = 8h});
    judge(true);
    EXPECT_EQ(act(AlarmEvent::shelved, "mueller", {"sensor is cleaned", 9h}).error().code(), ErrorCode::invalid_argument);
    ASSERT_TRUE(act(AlarmEvent::shelved, "mueller", {"sensor is cleaned", 1h}));
    EXPECT_EQ(records_.written.back().transition.shelved_until, now_.utc + 1h);
    now_.utc -= 24h;  // somebody sets the clock
    later(59min);
    EXPECT_EQ(shown(table_->state(0)), ShownState::shelved);
    later(1min);
    EXPECT_EQ(shown(table_->state(0)), ShownState::unacknowledged);
    EXPECT_EQ(records_.text(), "raised shelved unshelved");
}

TEST_F(AlarmTableTest, ABadInputFollowsTheRuleAndIsNeverSilentlyNormal) {
    make({.bad_input = BadInput::hold});
    judge(true);
    table_->judge_bad(0, {}, now_);
    EXPECT_TRUE(table_->is_uncertain(0));
    EXPECT_EQ(shown(table_->state(0)), ShownState::unacknowledged);
    judge(true);
    EXPECT_FALSE(table_->is_uncertain(0));
    EXPECT_EQ(records_.text(), "raised");

    records_.written.clear();
    make({.bad_input = BadInput::raise});
    table_->judge_bad(0, {}, now_);
    EXPECT_EQ(records_.text(), "raised");

    records_.written.clear();
    make({.bad_input = BadInput::suppress});
    judge(true);
    table_->judge_bad(0, {}, now_);
    EXPECT_EQ(shown(table_->state(0)), ShownState::suppressed);
    judge(true);
    EXPECT_EQ(shown(table_->state(0)), ShownState::unacknowledged);
    EXPECT_EQ(records_.text(), "raised suppressed unsuppressed");
    EXPECT_EQ(records_.written[1].transition.rule, kBadInput);
}

TEST_F(AlarmTableTest, AnAlarmIsSuppressedUntilTheLastRuleLetsGo) {
    make({});
    table_->suppress(0, kFirstRule, true, now_);
    table_->suppress(0, kFirstRule + 1, true, now_);
    judge(true);
    table_->suppress(0, kFirstRule, false, now_);
    EXPECT_EQ(shown(table_->state(0)), ShownState::suppressed);
    table_->suppress(0, kFirstRule + 1, false, now_);
    EXPECT_EQ(shown(table_->state(0)), ShownState::unacknowledged);
}

// Recovery needs each rule, not only the first and the last.
TEST_F(AlarmTableTest, EveryChangeOfASuppressionIsWritten) {
    make({});
    for (const bool is_so : {true, false})
        for (const RuleId rule : {RuleId{kDisabled}, kFirstRule}) table_->suppress(0, rule, is_so, now_);
    EXPECT_EQ(records_.text(), "suppressed suppressed unsuppressed unsuppressed");
    EXPECT_EQ(records_.written[1].transition.rule, kFirstRule);
    EXPECT_EQ(records_.written[1].transition.to, records_.written[0].transition.to) << "the state stays";
    EXPECT_TRUE(records_.written[2].transition.to.is_suppressed);
    table_->suppress(0, kFirstRule, false, now_);
    EXPECT_EQ(records_.written.size(), 4U) << "nothing new";
}

TEST_F(AlarmTableTest, ACommentIsWrittenInAnyStateAndChangesNone) {
    make({});
    ASSERT_TRUE(act(AlarmEvent::commented, "mueller", {"the pump is new", {}}));
    judge(true);
    const auto before = table_->state(0);
    ASSERT_TRUE(act(AlarmEvent::commented, "mueller", {"I look after it", {}}));
    EXPECT_EQ(table_->state(0), before);
    EXPECT_EQ(records_.last().comment, "I look after it");
    EXPECT_EQ(records_.last().occurrence, table_->occurrence(0));
    EXPECT_EQ(act(AlarmEvent::commented).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(records_.text(), "commented raised commented");
}

TEST_F(AlarmTableTest, WhoComesTooLateIsToldWhoAndWhenWhateverHappenedBetween) {
    make({.longest_shelf = 8h});
    judge(true);
    judge(false);
    ASSERT_TRUE(act(AlarmEvent::acknowledged, "mueller"));
    EXPECT_EQ(act(AlarmEvent::acknowledged, "meier").error().sentence(),
              "it is not active; it was acknowledged by mueller at 22:13:20 UTC");
    later(24h);
    EXPECT_EQ(act(AlarmEvent::acknowledged, "meier").error().sentence(),
              "it is not active; it was acknowledged by mueller at 2023-11-14 22:13:20 UTC");
    judge(true);
    judge(false);
    ASSERT_TRUE(act(AlarmEvent::shelved, "mueller", {"", 1h}));
    EXPECT_EQ(act(AlarmEvent::shelved, "meier", {"", 1h}).error().sentence(),
              "it is shelved already, by mueller at 22:13:20 UTC");
    ASSERT_TRUE(act(AlarmEvent::unshelved, "meier"));
    EXPECT_EQ(act(AlarmEvent::unshelved, "meier").error().sentence(), "it is not shelved")
        << "and nothing of who did something else";
    ASSERT_TRUE(act(AlarmEvent::taken_out, "huber"));
    EXPECT_EQ(act(AlarmEvent::taken_out, "meier").error().sentence(), "it is out of service already, by huber at 22:13:20 UTC");
}

TEST_F(AlarmTableTest, WhatIsUncertainSaysSoUntilBothInputAndParametersAreGood) {
    make({});
    table_->doubt(0, AlarmTable::Doubt::parameter, true);
    table_->judge_bad(0, {}, now_);
    judge(false);
    EXPECT_TRUE(table_->is_uncertain(0));
    table_->doubt(0, AlarmTable::Doubt::parameter, false);
    EXPECT_FALSE(table_->is_uncertain(0));
    EXPECT_EQ(records_.text(), "");
}

TEST_F(AlarmTableTest, AShelfByTimeThatBecomesOneUntilItIsOverForgetsItsTime) {
    make({.longest_shelf = 8h});
    judge(true);
    ASSERT_TRUE(act(AlarmEvent::shelved, "mueller", {"why not", 1h}));
    ASSERT_TRUE(act(AlarmEvent::shelved_once, "mueller", {"why not", {}}));
    EXPECT_EQ(table_->due(), MonotonicTime::max());
    later(2h);
    EXPECT_TRUE(table_->state(0).is_shelved);
    judge(false);
    EXPECT_FALSE(table_->state(0).is_shelved);
}

TEST_F(AlarmTableTest, ShelvingThatTheClassDoesNotAllowIsRefused) {
    make({});
    for (const auto event : {AlarmEvent::shelved, AlarmEvent::shelved_once})
        EXPECT_EQ(act(event, "mueller", {"", 1h}).error().code(), ErrorCode::denied);
}

TEST_F(AlarmTableTest, ThoseWhoDependOnWhetherItHidesAreTold) {
    make({.on_delay = 2s, .longest_shelf = 8h});
    std::string told;
    table_->on_hiding([&](AlarmId alarm) { told += std::to_string(alarm) + (table_->hides_others(alarm) ? "+" : "-"); });
    judge(true);
    EXPECT_EQ(told, "") << "the delay runs";
    later(2s);
    ASSERT_TRUE(act(AlarmEvent::acknowledged));
    EXPECT_EQ(told, "0+");
    table_->suppress(0, kDisabled, true, now_);
    table_->suppress(0, kFirstRule, true, now_);
    table_->suppress(0, kDisabled, false, now_);
    table_->suppress(0, kFirstRule, false, now_);
    EXPECT_EQ(told, "0+0-0+");
    judge(false);
    EXPECT_EQ(told, "0+0-0+0-");
}

}  // namespace
}  // namespace penstock::alarms
