#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/core/alarms/judged_plant.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::JudgedPlant;
using testing::PolicyConduct;

class JudgingTest : public ::testing::Test {
protected:
    static constexpr std::size_t kTags = 4;
    static constexpr tags::TagId kRunning = kTags;  // a bool

    // Alarm n watches tag n, above 80.
    PointNumber watch(AlarmId alarm, const AlarmRules& rules = {}, PointParameter high = {.number = 80}) {
        if (!policy_) policy_ = plant_.plan.add_policy(plant_.make_policy(conduct_));
        plant_.rules.set(alarm, rules);
        const PointParameter parameters[] = {high};
        const PointOutput outputs[] = {PointOutput::raises(alarm)};
        return plant_.plan.add_point(*policy_, {.tag = alarm}, parameters, outputs);
    }
    void set(tags::TagId tag, double number, QualityCode quality = QualityCode::good) { plant_.set(tag, number, quality); }
    void set_and_run(tags::TagId tag, double number, QualityCode quality = QualityCode::good) {
        set(tag, number, quality);
        plant_.cycle();
    }
    [[nodiscard]] ShownState shown_of(AlarmId alarm) { return shown(plant_.alarms->state(alarm)); }

    JudgedPlant plant_{kTags};
    PolicyConduct conduct_;
    std::optional<PolicyNumber> policy_;
};

// The figure of the issue.
#ifdef PENSTOCK_LIMITS_POLICY
TEST_F(JudgingTest, Limit80Hysteresis2OnDelay2s) {
    const auto limits = plant_.plan.add_policy(JudgedPlant::load_policy(PENSTOCK_LIMITS_POLICY, "alarm_policy.limits"));
    plant_.rules.set(0, {.on_delay = 2s});
    const PointParameter parameters[] = {{}, {}, {.number = 80}, {}, {.number = 2}};
    const PointOutput outputs[] = {{}, {}, PointOutput::raises(0)};
    plant_.plan.add_point(limits, {.tag = 0}, parameters, outputs);
    set(0, 50);
    plant_.start();

    set(0, 81);
    plant_.later(1s);
    set(0, 77);
    plant_.later(10s);
    EXPECT_EQ(plant_.text(), "") << "81 for 1 s raises nothing";
    set(0, 81);
    plant_.later(3s);
    EXPECT_EQ(plant_.text(), "raised 0") << "81 for 3 s raises once";
    EXPECT_EQ(double_of(plant_.records.last().judged.word), 81);
    EXPECT_EQ(plant_.records.last().judged.limit, 80);
    set(0, 79);
    plant_.later(10s);
    EXPECT_EQ(plant_.text(), "raised 0") << "79 keeps it";
    set(0, 77);
    plant_.later(10s);
    EXPECT_EQ(plant_.text(), "raised 0 returned 0") << "77 returns it";
    EXPECT_EQ(double_of(plant_.records.last().judged.word), 77);
}
#endif

TEST_F(JudgingTest, ATransitionSaysValueLimitQualityAndTime) {
    watch(0);
    plant_.start();
    set_and_run(0, 81.5, QualityCode::uncertain_sub_normal);
    const auto& judged = plant_.records.last().judged;
    EXPECT_EQ(double_of(judged.word), 81.5);
    EXPECT_EQ(judged.limit, 80);
    EXPECT_EQ(judged.quality, QualityCode::uncertain_sub_normal);
    EXPECT_EQ(judged.time, to_ns(plant_.now.utc));
}

TEST_F(JudgingTest, InsideTheQuietBandNobodyIsAsked) {
    watch(0);
    set(0, 50);
    plant_.start();
    const auto asked = conduct_.rows;
    for (double number = 0; number < 80; ++number) set_and_run(0, number);
    EXPECT_EQ(conduct_.rows, asked);
    set_and_run(0, 81);
    set_and_run(0, 200);
    EXPECT_EQ(conduct_.rows, asked + 1);
    EXPECT_EQ(plant_.band(0).second, kInfinity);
}

TEST_F(JudgingTest, OfSeveralPointsOfATagTheBandIsWhatAllAllow) {
    watch(0);
    const PointParameter above_60[] = {{.number = 60}};
    const PointOutput second[] = {PointOutput::raises(1)};
    plant_.rules.set(1, {});
    plant_.plan.add_point(*policy_, {.tag = 0}, above_60, second);
    set(0, 50);
    plant_.start();
    EXPECT_EQ(plant_.band(0), std::pair(-kInfinity, 60.0));
    set_and_run(0, 70);
    EXPECT_EQ(plant_.band(0), std::pair(std::nextafter(58.0, kInfinity), 80.0));
    set_and_run(0, 90);
    EXPECT_EQ(plant_.text(), "raised 1 raised 0");
}

TEST_F(JudgingTest, ATagThatACalculationNeedsIsNeverQuiet) {
    watch(0);
    plant_.start();
    plant_.judging->never_quiet(0);
    set_and_run(0, 81);
    EXPECT_TRUE(std::isnan(plant_.band(0).first));
}

TEST_F(JudgingTest, ABadInputFollowsTheAlarmsRule) {
    watch(0, {.bad_input = BadInput::hold});
    watch(1, {.bad_input = BadInput::raise});
    watch(2, {.bad_input = BadInput::suppress});
    for (const tags::TagId tag : {0U, 1U, 2U}) set(tag, 50);
    plant_.start();
    for (const tags::TagId tag : {0U, 1U, 2U}) set_and_run(tag, 0, QualityCode::bad_timeout);
    EXPECT_EQ(plant_.text(), "raised 1 suppressed 2");
    EXPECT_EQ(plant_.records.written[0].transition.judged.quality, QualityCode::bad_timeout);
    for (const AlarmId alarm : {0U, 1U, 2U}) EXPECT_TRUE(plant_.alarms->is_uncertain(alarm));
    for (const tags::TagId tag : {0U, 1U, 2U}) set_and_run(tag, 50);
    EXPECT_EQ(plant_.text(), "raised 1 suppressed 2 returned 1 unsuppressed 2");
    for (const AlarmId alarm : {0U, 1U, 2U}) EXPECT_FALSE(plant_.alarms->is_uncertain(alarm));
}

TEST_F(JudgingTest, ANumberThatIsNoneIsABadInputWhateverItsQualitySays) {
    watch(0, {.bad_input = BadInput::raise});
    set(0, 50);
    plant_.start();
    set_and_run(0, std::nan(""));
    EXPECT_TRUE(plant_.alarms->is_uncertain(0));
    EXPECT_EQ(plant_.text(), "raised 0");
}

TEST_F(JudgingTest, BeforeADeviceIsHeardAnAlarmIsUncertainAndNobodyIsCalled) {
    watch(0, {.bad_input = BadInput::raise});
    plant_.start();
    EXPECT_TRUE(plant_.alarms->is_uncertain(0));
    EXPECT_EQ(plant_.text(), "");
    set_and_run(0, 0, QualityCode::bad_no_communication);
    EXPECT_EQ(plant_.text(), "raised 0") << "now it is known that nothing comes";
}

TEST_F(JudgingTest, APolicyThatWantsBadInputsGetsThem) {
    conduct_.shape.wants_bad = true;
    conduct_.evaluate = [](const PolicyInputs& in, PolicyVerdicts& out) {
        out.holds[0] = is_bad(static_cast<QualityCode>(in.quality[0])) ? 1 : 0;
    };
    watch(0);
    set(0, 50);
    plant_.start();
    set_and_run(0, 0, QualityCode::bad_timeout);
    EXPECT_EQ(plant_.text(), "raised 0");
    EXPECT_FALSE(plant_.alarms->is_uncertain(0));
}

TEST_F(JudgingTest, ALimitMayBeATag) {
    watch(0, {}, {.tag = 3});
    set(0, 50);
    set(3, 80);
    plant_.start();
    set_and_run(3, 40);
    EXPECT_EQ(plant_.text(), "raised 0");
    EXPECT_EQ(plant_.records.last().judged.limit, 40);

    set_and_run(3, 0, QualityCode::bad_timeout);
    EXPECT_TRUE(plant_.alarms->is_uncertain(0)) << "it is judged by what may no more be so";
    set_and_run(0, 30);
    EXPECT_EQ(plant_.text(), "raised 0 returned 0") << "the last good limit goes on";
    EXPECT_TRUE(plant_.alarms->is_uncertain(0));
    set_and_run(3, 20);
    EXPECT_FALSE(plant_.alarms->is_uncertain(0));
    EXPECT_EQ(plant_.text(), "raised 0 returned 0 raised 0");
}

TEST_F(JudgingTest, ADelayMayBeATag) {
    watch(0, {.on_delay = 60s});
    plant_.plan.delay_by(0, true, 3);
    set(0, 50);
    set(3, 2.5);
    plant_.start();
    set(0, 81);
    plant_.later(2s);
    EXPECT_EQ(plant_.text(), "");
    plant_.later(500ms);
    EXPECT_EQ(plant_.text(), "raised 0");
    set_and_run(0, 50);

    set_and_run(3, 0, QualityCode::bad_timeout);
    EXPECT_TRUE(plant_.alarms->is_uncertain(0));
    set(0, 81);
    plant_.later(2500ms);
    EXPECT_EQ(plant_.text(), "raised 0 returned 0 raised 0") << "the last good number goes on";
    set_and_run(0, 50);
    for (const double number : {-3.0, 0.0}) {
        set_and_run(3, number);
        EXPECT_FALSE(plant_.alarms->is_uncertain(0));
        set_and_run(0, 81);
        EXPECT_EQ(plant_.records.last().event, AlarmEvent::raised) << "at once";
        set_and_run(0, 50);
    }
}

TEST_F(JudgingTest, AnAlarmIsSuppressedWhileItIsNotEnabled) {
    watch(0);
    plant_.plan.enable_by(0, kRunning);
    set(0, 81);
    set(kRunning, 0);
    plant_.start();
    EXPECT_EQ(shown_of(0), ShownState::suppressed);
    EXPECT_EQ(plant_.text(), "suppressed 0 raised 0") << "followed, and nobody is called";
    set_and_run(kRunning, 0, QualityCode::bad_timeout);
    EXPECT_EQ(shown_of(0), ShownState::suppressed) << "the last good state stays";
    set_and_run(kRunning, 1);
    EXPECT_EQ(shown_of(0), ShownState::unacknowledged);
    EXPECT_EQ(plant_.records.last().rule, kDisabled);
}

// A point whose input is an alarm, and whose output suppresses: eclipse.
TEST_F(JudgingTest, AnAlarmHidesAnother) {
    watch(0, {.on_delay = 2s});
    watch(1);
    const PointParameter above_half[] = {{.number = 0.5}};
    const PointOutput hides[] = {PointOutput::suppresses(kFirstRule)};
    // Without hysteresis: 0 and 1 lie closer together.
    conduct_.evaluate = [](const PolicyInputs& in, PolicyVerdicts& out) {
        for (std::size_t row = 0; row < in.size(); ++row)
            out.holds[row] = in.number[row] > (in.point[row] == 2 ? 0.5 : 80) ? 1 : 0;
    };
    plant_.plan.add_point(*policy_, {.alarm = 0}, above_half, hides);
    const AlarmId targets[] = {1};
    plant_.plan.add_rule(kFirstRule, targets);
    set(0, 50);
    set(1, 50);
    plant_.start();
    set_and_run(0, 81);
    set_and_run(1, 81);
    EXPECT_EQ(plant_.text(), "raised 1") << "the delay of the other runs";
    plant_.later(2s);
    EXPECT_EQ(plant_.text(), "raised 1 raised 0 suppressed 1");
    set_and_run(0, 50);
    EXPECT_EQ(plant_.text(), "raised 1 raised 0 suppressed 1 returned 0 unsuppressed 1");
    EXPECT_EQ(shown_of(1), ShownState::unacknowledged) << "called anew";
}

// What stops a pump makes it alarm-free in the same cycle, before its flow is judged.
TEST_F(JudgingTest, WhatSuppressesComesFirst) {
    watch(0);
    const PointParameter above_zero[] = {{.number = 0}};
    const PointOutput suppresses[] = {PointOutput::suppresses(kFirstRule)};
    plant_.plan.add_point(*policy_, {.tag = kRunning}, above_zero, suppresses);
    const AlarmId targets[] = {0};
    plant_.plan.add_rule(kFirstRule, targets);
    set(0, 50);
    set(kRunning, 0);
    plant_.start();
    set(0, 81);
    set(kRunning, 1);
    plant_.cycle();
    EXPECT_EQ(plant_.text(), "suppressed 0 raised 0");
}

TEST_F(JudgingTest, ACircleOfAlarmsDoesNotHoldTheCycle) {
    plant_.rules.set(0, {});
    conduct_.evaluate = [](const PolicyInputs& in, PolicyVerdicts& out) { out.holds[0] = in.number[0] > 0 ? 0 : 1; };
    policy_ = plant_.plan.add_policy(plant_.make_policy(conduct_));
    const PointOutput outputs[] = {PointOutput::raises(0)};
    plant_.plan.add_point(*policy_, {.alarm = 0}, {}, outputs);  // it holds when it does not
    plant_.start();
    EXPECT_EQ(conduct_.rows, static_cast<std::size_t>(Judging::kMostRounds));
    EXPECT_LE(plant_.judging->due(), plant_.now.monotonic) << "it goes on in the next cycle";
}

TEST_F(JudgingTest, APolicyIsLookedAtWhenItAskedForIt) {
    std::vector<std::int64_t> changed;
    conduct_.evaluate = [&](const PolicyInputs& in, PolicyVerdicts& out) {
        changed.push_back(in.time[0]);
        if (in.now < monotonic_from_ns(in.time[0]) + 10s)
            out.look_again(0, monotonic_from_ns(in.time[0]) + 10s);
        else
            out.holds[0] = 1;
    };
    watch(0);
    set(0, 1);
    plant_.start();
    const auto began = to_ns(plant_.now.monotonic);
    EXPECT_EQ(plant_.judging->due(), plant_.now.monotonic + 10s);
    plant_.later(9s);
    EXPECT_EQ(plant_.text(), "");
    plant_.later(1s);
    EXPECT_EQ(plant_.text(), "raised 0");
    EXPECT_EQ(changed, (std::vector{began, began})) << "it did not change in between";
    EXPECT_EQ(plant_.judging->due(), MonotonicTime::max());
}

TEST_F(JudgingTest, APolicyThatFailsMakesItsAlarmsUncertainAndThePlantGoesOn) {
    watch(0, {.bad_input = BadInput::raise});
    watch(1, {.bad_input = BadInput::hold});
    PolicyConduct other;
    const auto second = plant_.plan.add_policy(plant_.make_policy(other, "alarm_policy.other"));
    plant_.rules.set(2, {});
    const PointParameter above_80[] = {{.number = 80}};
    const PointOutput outputs[] = {PointOutput::raises(2)};
    plant_.plan.add_point(second, {.tag = 2}, above_80, outputs);
    for (const tags::TagId tag : {0U, 1U, 2U}) set(tag, 50);
    plant_.start();
    ASSERT_TRUE(plant_.failures.empty());

    conduct_.evaluate = [](const PolicyInputs&, PolicyVerdicts&) { throw std::runtime_error("I cannot count"); };
    set_and_run(0, 81);
    ASSERT_EQ(plant_.failures.size(), 1U);
    EXPECT_THAT(plant_.failures[0].text(), HasSubstr("I cannot count"));
    EXPECT_EQ(plant_.text(), "raised 0");
    EXPECT_EQ(plant_.records.last().judged.quality, QualityCode::bad_internal);
    EXPECT_TRUE(plant_.alarms->is_uncertain(0) && plant_.alarms->is_uncertain(1));
    EXPECT_FALSE(plant_.alarms->is_uncertain(2));

    const auto asked = conduct_.rows;
    set_and_run(0, 20);
    set_and_run(1, 90);
    EXPECT_EQ(conduct_.rows, asked) << "it is called again";
    set_and_run(2, 81);
    EXPECT_EQ(plant_.text(), "raised 0 raised 2");
    EXPECT_EQ(plant_.failures.size(), 1U) << "told once";
}

TEST_F(JudgingTest, WhatAFailedPolicySuppressedIsLetGo) {
    plant_.rules.set(0, {});
    policy_ = plant_.plan.add_policy(plant_.make_policy(conduct_));
    const PointParameter above_80[] = {{.number = 80}};
    const PointOutput outputs[] = {PointOutput::suppresses(kFirstRule)};
    plant_.plan.add_point(*policy_, {.tag = 0}, above_80, outputs);
    const AlarmId targets[] = {0};
    plant_.plan.add_rule(kFirstRule, targets);
    set(0, 81);
    plant_.start();
    EXPECT_EQ(shown_of(0), ShownState::suppressed);
    conduct_.cpu = 200ms;
    set_and_run(0, 50);
    ASSERT_EQ(plant_.failures.size(), 1U);
    EXPECT_THAT(plant_.failures[0].text(), HasSubstr("it took 200.0 ms"));
    EXPECT_EQ(shown_of(0), ShownState::normal);
}

TEST_F(JudgingTest, MorePointsThanACallTakes) {
    JudgedPlant plant(1);
    const auto policy = plant.plan.add_policy(plant.make_policy(conduct_));
    const auto count = static_cast<AlarmId>(2 * guests::PolicyInstance::kMostRows + 7);
    for (AlarmId alarm = 0; alarm < count; ++alarm) {
        plant.rules.set(alarm, {});
        const PointParameter parameters[] = {{.number = static_cast<double>(alarm)}};
        const PointOutput outputs[] = {PointOutput::raises(alarm)};
        plant.plan.add_point(policy, {.tag = 0}, parameters, outputs);
    }
    plant.set(0, 100.5);
    plant.start();
    EXPECT_EQ(plant.records.written.size(), 101U);
    EXPECT_EQ(conduct_.rows, count);
}

}  // namespace
}  // namespace penstock::alarms
