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
        rules_ = {rules};
        table_.emplace(rules_, records_);
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
    std::vector<AlarmRules> rules_;
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
    EXPECT_EQ(second.error().sentence(), "it is acknowledged already, by mueller");
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

// Random events on many alarms: the records up to any cut give the state at that cut.
TEST_F(AlarmTableTest, RecordsGiveTheSameStateAtAnyCut) {
    std::mt19937 random(7);
    for (int n = 0; n < 64; ++n)
        rules_.push_back({.life = {.needs_acknowledge = n % 5 != 0, .needs_confirm = n % 3 == 0, .latches = n % 4 == 0},
                          .on_delay = n % 2 == 0 ? 0s : 2s,
                          .off_delay = n % 7 == 0 ? 1s : 0s,
                          .bad_input = static_cast<BadInput>(n % 3),
                          .longest_shelf = 1h});
    table_.emplace(rules_, records_);
    std::vector<std::vector<AlarmState>> states{std::vector<AlarmState>(rules_.size())};
    const auto remember = [&] {
        while (states.size() <= records_.written.size()) {
            auto next = states.back();
            const auto& transition = records_.written[states.size() - 1].transition;
            next[transition.alarm] = transition.to;
            states.push_back(std::move(next));
        }
        for (AlarmId alarm = 0; alarm < rules_.size(); ++alarm) ASSERT_EQ(states.back()[alarm], table_->state(alarm));
    };
    for (int round = 0; round < 20'000; ++round) {
        const auto alarm = static_cast<AlarmId>(random() % rules_.size());
        switch (random() % 5) {
            case 0:
            case 1: table_->judge(alarm, random() % 2 == 0, {}, now_); break;
            case 2: table_->judge_bad(alarm, {}, now_); break;
            case 3: table_->suppress(alarm, static_cast<RuleId>(kFirstRule + random() % 3), random() % 2 == 0, now_); break;
            default:
                (void)table_->act(alarm, static_cast<AlarmEvent>(2 + random() % 7), {"mueller", ""}, {"", 10s}, now_);
                break;
        }
        later(100ms);
        remember();
    }
    EXPECT_GT(records_.written.size(), 5'000U);
    for (const std::size_t cut : {std::size_t{0}, std::size_t{17}, std::size_t{4'711}, records_.written.size()}) {
        Records none;
        AlarmTable again(rules_, none);
        for (std::size_t n = 0; n < cut; ++n) {
            auto transition = records_.written[n].transition;
            if (transition.occurrence == 0) transition.occurrence = n + 1;
            again.apply(transition, records_.written[n].at.utc, now_);
        }
        for (AlarmId alarm = 0; alarm < rules_.size(); ++alarm) EXPECT_EQ(again.state(alarm), states[cut][alarm]) << cut;
        EXPECT_TRUE(none.written.empty());
    }
}

}  // namespace
}  // namespace penstock::alarms
