// An alarm hides lesser ones while it is there to be seen itself: three of them, the first hides the second, the second the third.

#include <bit>

#include <gtest/gtest.h>

#include "tests/core/alarms/judged_plant.hpp"

namespace penstock::alarms {
namespace {

using testing::JudgedPlant;
using testing::PolicyConduct;
using testing::Records;

constexpr AlarmId kChain = 3;
// What may be so of each: a bit each, four an alarm.
enum Matter : unsigned { kHolds, kShelved, kOutOfService, kDisabled, kMatters };
constexpr unsigned kBits = kChain * kMatters;

class Eclipse : public ::testing::Test {
protected:
    Eclipse() {
        // 1 where the input is; of the points on alarms, too.
        conduct_.evaluate = [](const PolicyInputs& in, PolicyVerdicts& out) {
            for (std::size_t row = 0; row < in.size(); ++row) out.holds[row] = in.number[row] > 0.5 ? 1 : 0;
        };
        for (tags::TagId tag = 0; tag < 2 * kChain; ++tag) plant_.set(tag, tag < kChain ? 0 : 1);
        build();
        plant_.start();
        shadow_.set_hiding_rules({hides(0), hides(1)});
    }

    // Tag n is the condition of alarm n, tag 3 + n enables it.
    void build() {
        const auto policy = plant_.plan.add_policy(plant_.make_policy(conduct_));
        for (AlarmId alarm = 0; alarm < kChain; ++alarm) {
            plant_.rules.set(alarm, {.longest_shelf = 8h});
            const PointOutput raises[] = {PointOutput::raises(alarm)};
            plant_.plan.add_point(policy, {.tag = alarm}, {}, raises);
            plant_.plan.enable_by(alarm, kChain + alarm);
        }
        for (const AlarmId alarm : {0U, 1U}) {
            const PointOutput suppresses[] = {PointOutput::suppresses(hides(alarm))};
            plant_.plan.add_point(policy, {.alarm = alarm}, {}, suppresses);
            const AlarmId lesser[] = {alarm + 1};
            plant_.plan.add_rule(hides(alarm), lesser);
        }
    }
    static RuleId hides(AlarmId alarm) { return static_cast<RuleId>(kFirstRule + alarm); }

    [[nodiscard]] bool is(AlarmId alarm, Matter what) const { return (now_ >> (alarm * kMatters + what) & 1U) != 0; }
    void flip(AlarmId alarm, Matter what) {
        now_ ^= 1U << (alarm * kMatters + what);
        const bool is_so = is(alarm, what);
        const auto act = [&](AlarmEvent event) {
            ASSERT_TRUE(plant_.alarms->act(alarm, event, {"mueller", "st1"}, {"why not", 1h}, plant_.now));
        };
        switch (what) {
            case kHolds: plant_.set(alarm, is_so ? 1 : 0); break;
            case kDisabled: plant_.set(kChain + alarm, is_so ? 0 : 1); break;
            case kShelved: act(is_so ? AlarmEvent::shelved : AlarmEvent::unshelved); break;
            case kOutOfService: act(is_so ? AlarmEvent::taken_out : AlarmEvent::put_back); break;
            case kMatters: break;
        }
        plant_.cycle();
        for (; folded_ < plant_.records.written.size(); ++folded_) {
            const auto& [transition, at] = plant_.records.written[folded_];
            shadow_.apply(transition, at.utc, plant_.now);
        }
    }
    void flip(unsigned bit) { flip(bit / kMatters, static_cast<Matter>(bit % kMatters)); }

    [[nodiscard]] bool is_seen(AlarmId alarm) const {
        const auto& state = plant_.alarms->state(alarm);
        return state.holds && !state.is_held_back();
    }
    // As the site engineer is told.
    [[nodiscard]] bool should_hide(AlarmId alarm) const {
        return is(alarm, kHolds) && !is(alarm, kShelved) && !is(alarm, kOutOfService) && !is(alarm, kDisabled);
    }
    // "" if all is as it should be.
    [[nodiscard]] std::string fault() const {
        bool is_any_seen = false;
        for (AlarmId alarm = 0; alarm < kChain; ++alarm) {
            const auto& state = plant_.alarms->state(alarm);
            const bool is_hidden = alarm > 0 && should_hide(alarm - 1);
            const auto tell = [&](const char* what) { return "alarm " + std::to_string(alarm) + what; };
            if (state.holds != is(alarm, kHolds)) return tell(" does not follow its condition");
            if (state.is_suppressed != (is_hidden || is(alarm, kDisabled))) return tell(" is suppressed, or not, wrongly");
            if (plant_.alarms->hides_others(alarm) != should_hide(alarm)) return tell(" hides, or does not, wrongly");
            if (shadow_.state(alarm) != state) return tell(" is another after its records");
            if (shadow_.hides_others(alarm) != should_hide(alarm)) return tell(" hides otherwise after its records");
            is_any_seen = is_any_seen || is_seen(alarm);
            if (should_hide(alarm) && !is_any_seen) return tell(" holds, and nobody sees anything");
        }
        return {};
    }

    JudgedPlant plant_{2 * kChain};
    PolicyConduct conduct_{};
    Records nobody_;
    AlarmTable shadow_{RuleBook(kChain), nobody_};  // made of the records alone
    std::size_t folded_ = 0;
    unsigned now_ = 0;
};

TEST_F(Eclipse, AShelvedAlarmHidesNothing) {
    flip(1, kHolds);
    flip(2, kHolds);
    ASSERT_TRUE(is_seen(1) && !is_seen(2));
    flip(1, kShelved);
    EXPECT_TRUE(is_seen(2)) << "the operator would see neither";
    flip(1, kShelved);
    EXPECT_TRUE(is_seen(1) && !is_seen(2));
}

TEST_F(Eclipse, AnAlarmOutOfServiceOrNotEnabledHidesNothing) {
    flip(1, kHolds);
    flip(2, kHolds);
    for (const auto what : {kOutOfService, kDisabled}) {
        flip(1, what);
        EXPECT_TRUE(is_seen(2));
        flip(1, what);
        EXPECT_FALSE(is_seen(2));
    }
}

TEST_F(Eclipse, OneThatIsHiddenItselfStillHides) {
    for (AlarmId alarm = 0; alarm < kChain; ++alarm) flip(alarm, kHolds);
    EXPECT_TRUE(is_seen(0) && !is_seen(1) && !is_seen(2));
    flip(0, kShelved);
    EXPECT_TRUE(is_seen(1) && !is_seen(2));
    flip(1, kShelved);
    EXPECT_TRUE(is_seen(2));
}

TEST_F(Eclipse, AShelfWhoseTimeIsOverHidesAgain) {
    flip(1, kHolds);
    flip(2, kHolds);
    flip(1, kShelved);
    plant_.later(1h);
    EXPECT_TRUE(is_seen(1) && !is_seen(2));
}

// All states, and from each of them all that may happen, there and back.
TEST_F(Eclipse, InEachStateOfAChainWhatHoldsIsSeenOrHiddenByWhatIsSeen) {
    for (unsigned step = 1; step <= 1U << kBits; ++step) {
        for (unsigned bit = 0; bit < kBits; ++bit) {
            for (int back = 0; back < 2; ++back) {
                flip(bit);
                ASSERT_EQ(fault(), "") << "state " << now_ << ", bit " << bit;
            }
        }
        if (step < 1U << kBits) flip(static_cast<unsigned>(std::countr_zero(step)));  // Gray's code
        ASSERT_EQ(fault(), "") << "state " << now_;
    }
}

TEST_F(Eclipse, EachStateOfAChainIsTheSameAfterARestart) {
    constexpr unsigned kEach = 5;  // steps, of which the records tell
    auto saved = plant_.save();
    for (unsigned step = 1; step < 1U << kBits; ++step) {
        flip(static_cast<unsigned>(std::countr_zero(step)));
        const auto written = plant_.records.written.size();
        plant_.restart(saved, [this] { build(); });
        ASSERT_EQ(fault(), "") << "state " << now_;
        ASSERT_EQ(plant_.records.written.size(), written) << "state " << now_ << ": something is decided anew";
        if (step % kEach == 0) saved = plant_.save();
    }
}

}  // namespace
}  // namespace penstock::alarms
