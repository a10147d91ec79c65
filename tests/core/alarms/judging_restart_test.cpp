// A server that ends without a word and begins again: from a snapshot, perhaps an old one, and the records since.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/core/alarms/judged_plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;
using penstock::testing::is_nightly;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::JudgedPlant;
using testing::PolicyConduct;

class JudgingRestartTest : public ::testing::Test {
protected:
    static constexpr AlarmId kAlarms = 4;

    // Alarm n watches tag n, above 80, back below 78.
    void build(AlarmId alarms = kAlarms) {
        const auto policy = plant_.plan.add_policy(plant_.make_policy(conduct_));
        for (AlarmId alarm = 0; alarm < alarms; ++alarm) {
            plant_.rules.set(alarm, {.on_delay = delay_, .off_delay = delay_});
            const PointParameter parameters[] = {{.number = 80}};
            const PointOutput outputs[] = {PointOutput::raises(alarm)};
            plant_.plan.add_point(policy, {.tag = alarm}, parameters, outputs);
        }
    }
    void start() {
        for (tags::TagId tag = 0; tag < kAlarms; ++tag) plant_.set(tag, 50);
        build();
        plant_.start();
    }
    auto restart(const JudgedPlant::Saved& saved) {
        return plant_.restart(saved, [this] { build(); });
    }
    void set_and_run(tags::TagId tag, double number) {
        plant_.set(tag, number);
        plant_.cycle();
    }

    JudgedPlant plant_{kAlarms};
    PolicyConduct conduct_;
    Duration delay_{};
};

TEST_F(JudgingRestartTest, WhatHysteresisKeepsIsKeptAlsoFromASnapshotBeforeIt) {
    start();
    const auto before = plant_.save();
    set_and_run(0, 81);
    set_and_run(0, 79);
    EXPECT_THAT(restart(before), IsEmpty());
    EXPECT_EQ(plant_.text(), "raised 0") << "79 keeps it; the policy's own state is older";
    set_and_run(0, 77);
    EXPECT_EQ(plant_.text(), "raised 0 returned 0");
    const auto after = plant_.save();
    EXPECT_THAT(restart(after), IsEmpty());
    EXPECT_EQ(plant_.text(), "raised 0 returned 0");
}

TEST_F(JudgingRestartTest, ADelayThatRanInTheSnapshotGoesOn) {
    delay_ = 10s;
    start();
    plant_.set(0, 81);
    plant_.later(4s);
    restart(plant_.save());
    plant_.later(5s);
    EXPECT_EQ(plant_.text(), "");
    plant_.later(1s);
    EXPECT_EQ(plant_.text(), "raised 0");
}

TEST_F(JudgingRestartTest, ADelayWhoseConditionWentAwayMeanwhileRaisesNothing) {
    delay_ = 10s;
    start();
    plant_.set(0, 81);
    plant_.later(4s);
    const auto saved = plant_.save();
    set_and_run(0, 50);
    restart(saved);
    plant_.later(60s);
    EXPECT_EQ(plant_.text(), "");
}

TEST_F(JudgingRestartTest, APolicyWhoseStateIsOfOtherPointsBeginsAnewAndSaysSo) {
    start();
    set_and_run(0, 81);
    const auto saved = plant_.save();
    const auto found = plant_.restart(saved, [this] { build(kAlarms - 1); });
    EXPECT_THAT(found, ElementsAre("alarm_policy.high judges other points than before, so it begins anew"));
    EXPECT_EQ(plant_.text(), "raised 0");
}

TEST_F(JudgingRestartTest, DamagedStatesBeginAnewAndSaySo) {
    start();
    auto saved = plant_.save();
    saved.policies.resize(saved.policies.size() - 1);
    EXPECT_THAT(restart(saved), ElementsAre(HasSubstr("is damaged, so they begin anew")));
    saved.policies.clear();
    EXPECT_THAT(restart(saved), ElementsAre(HasSubstr("is damaged")));
}

TEST_F(JudgingRestartTest, ARuleThatTheSiteNoLongerHasLetsGo) {
    plant_.set(3, 81);
    const auto with_rule = [this] {
        build();
        const PointParameter parameters[] = {{.number = 80}};
        const PointOutput outputs[] = {PointOutput::suppresses(kFirstRule)};
        plant_.plan.add_point(0, {.tag = 3}, parameters, outputs);
        const AlarmId targets[] = {0};
        plant_.plan.add_rule(kFirstRule, targets);
        plant_.plan.enable_by(1, kAlarms);
    };
    plant_.set(kAlarms, 0);
    with_rule();
    plant_.start();
    EXPECT_THAT(plant_.alarms->suppressions(), ElementsAre(std::pair(0U, kFirstRule), std::pair(1U, kDisabled)));
    plant_.restart(plant_.save(), with_rule);
    EXPECT_EQ(plant_.alarms->suppressions().size(), 2U) << "it still has them";
    restart(plant_.save());
    EXPECT_THAT(plant_.alarms->suppressions(), IsEmpty());
}

// Random values, snapshots and ends of the server, against a model that knows nothing of restarts.
TEST_F(JudgingRestartTest, NoTransitionIsLostOrDoubledHoweverOftenItEnds) {
    start();
    std::mt19937 random(5);
    std::vector<double> value(kAlarms, 50);
    std::vector<bool> holds(kAlarms, false);
    std::vector<std::size_t> changes(kAlarms, 0);
    auto saved = plant_.save();
    std::size_t ends = 0;
    for (int step = 0, steps = is_nightly() ? 200'000 : 5'000; step < steps; ++step) {
        const auto tag = static_cast<tags::TagId>(random() % kAlarms);
        value[tag] = 76 + static_cast<double>(random() % 8);
        set_and_run(tag, value[tag]);
        const bool now_holds = value[tag] > (holds[tag] ? 78 : 80);
        if (now_holds != holds[tag]) ++changes[tag];
        holds[tag] = now_holds;
        if (random() % 10 == 0) saved = plant_.save();
        if (random() % 10 == 0) {
            restart(saved);
            ++ends;
        }
        for (AlarmId alarm = 0; alarm < kAlarms; ++alarm)
            ASSERT_EQ(plant_.alarms->state(alarm).holds, holds[alarm]) << "alarm " << alarm << ", step " << step;
    }
    std::vector<std::size_t> written(kAlarms, 0);
    for (const auto& [transition, at] : plant_.records.written) ++written[transition.alarm];
    EXPECT_EQ(written, changes);
    std::printf("%zu ends, %zu transitions\n", ends, plant_.records.written.size());
}

}  // namespace
}  // namespace penstock::alarms
