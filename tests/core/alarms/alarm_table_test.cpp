#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "core/alarms/alarm_table.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;

class Records final : public TransitionSink {
public:
    struct Written {
        Transition transition;
        Now at;
    };
    journal::Position write(const Transition& transition, Now now) override {
        written.push_back({transition, now});
        return written.size();  // positions from 1: 0 is no occurrence
    }
    [[nodiscard]] std::string text() const {
        std::string words;
        for (const auto& each : written) words += (words.empty() ? "" : " ") + std::string(to_string(each.transition.event));
        return words;
    }
    std::vector<Written> written;
};

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

}  // namespace
}  // namespace penstock::alarms
