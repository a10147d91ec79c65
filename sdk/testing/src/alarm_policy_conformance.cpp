#include <penstock/testing/alarm_policy_conformance.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>

namespace penstock::testing {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kSteps = 400;

bool is_same(const JudgedRow& a, const JudgedRow& b) {
    const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    return a.holds == b.holds && equal(a.quiet_low, b.quiet_low) && equal(a.quiet_high, b.quiet_high)
           && a.look_at_ns == b.look_at_ns;
}

}  // namespace

void PrintTo(const AlarmPolicyKit& kit, std::ostream* out) { *out << kit.settings << ", " << kit.values.size() << " values"; }

AlarmPolicyKit checked_kit(AlarmPolicyKit kit, DriverRig::Factory factory) {
    if (kit.values.size() < 2) throw std::invalid_argument("an alarm policy kit wants two values or more");
    if (kit.qualities.empty()) throw std::invalid_argument("an alarm policy kit wants a quality");
    kit.factory = factory;
    return kit;
}

std::unique_ptr<AlarmPolicyRig> AlarmPolicyConformance::make(std::size_t points) const {
    auto rig = std::make_unique<AlarmPolicyRig>(GetParam().factory, GetParam().settings, points);
    for (PointId point = 0; point < points; ++point)
        for (const auto& [name, value] : GetParam().parameters) rig->set(point, name, value);
    return rig;
}

AlarmPolicyRig::Input AlarmPolicyConformance::input(PointId point, std::size_t number, std::int64_t now_ns) const {
    const auto& kit = GetParam();
    return {point, kit.values[number % kit.values.size()], kit.qualities[number / kit.values.size() % kit.qualities.size()],
            now_ns};
}

// A program that uses the rig alone has none.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AlarmPolicyConformance);

TEST_P(AlarmPolicyConformance, NamesItsOutputsAndParametersOnce) {
    const auto rig = make(1);
    const auto& shape = rig->shape();
    ASSERT_GE(shape.outputs.size(), 1U);
    EXPECT_LE(shape.outputs.size(), kMaxPolicyOutputs);
    EXPECT_LE(shape.parameters.size(), kMaxPolicyParameters);
    for (const auto& names : {shape.outputs, shape.parameters}) {
        EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
        for (const auto& name : names)
            EXPECT_TRUE(!name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos)
                << name;
    }
}

TEST_P(AlarmPolicyConformance, HoldsForSomeOfTheKitsValuesAndNotForOthers) {
    const auto rig = make(1);
    std::set<std::string> seen;
    for (std::size_t n = 0; n < kSteps; ++n) {
        rig->now_ns += kSecond;
        seen.insert(rig->judge({input(0, n, rig->now_ns)}).front().holds);
    }
    EXPECT_GE(seen.size(), 2U);
    for (const auto& holds : seen) EXPECT_EQ(holds.find("does not have"), std::string::npos) << holds;
}

TEST_P(AlarmPolicyConformance, PointsKnowNothingOfEachOther) {
    const auto together = make(3);
    const auto alone = make(1);
    std::mt19937 random(5);
    for (std::size_t n = 0; n < kSteps; ++n) {
        together->now_ns += kSecond;
        alone->now_ns = together->now_ns;
        const auto number = random() % 1'000;
        const auto rows = together->judge({input(2, random() % 1'000, together->now_ns), input(1, number, together->now_ns),
                                           input(0, random() % 1'000, together->now_ns)});
        const auto row = alone->judge({input(0, number, alone->now_ns)}).front();
        ASSERT_TRUE(is_same(rows[1], row)) << "step " << n << ": " << rows[1].holds << " beside others, " << row.holds
                                           << " alone";
    }
}

// One point a call, or all in one, in any order, with parameters that change while it runs: each verdict is of its own row alone.
TEST_P(AlarmPolicyConformance, WhatBelongsToARowComesWithIt) {
    constexpr PointId kPoints = 5;
    constexpr double kFactors[] = {1, 0.5, 2, 0, std::numeric_limits<double>::quiet_NaN()};
    const auto together = make(kPoints);
    const auto one_by_one = make(kPoints);
    std::mt19937 random(7);
    std::vector<PointId> order(kPoints);
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t n = 0; n < kSteps; ++n) {
        together->now_ns += kSecond;
        one_by_one->now_ns = together->now_ns;
        if (n % 10 == 9) {
            const auto point = static_cast<PointId>(random() % kPoints);
            for (const auto& [name, value] : GetParam().parameters) {
                const auto changed = value * kFactors[random() % std::size(kFactors)];
                together->set(point, name, changed);
                one_by_one->set(point, name, changed);
            }
        }
        std::ranges::shuffle(order, random);
        std::vector<AlarmPolicyRig::Input> inputs;
        for (const auto point : order) inputs.push_back(input(point, random() % 1'000, together->now_ns));
        const auto rows = together->judge(inputs);
        for (std::size_t i = kPoints; i-- > 0;) {
            const auto row = one_by_one->judge({inputs[i]}).front();
            ASSERT_TRUE(is_same(rows[i], row)) << "step " << n << ", point " << inputs[i].point << ": " << rows[i].holds
                                               << " in one call with others, " << row.holds << " in a call of its own";
        }
    }
}

// A tag says it, and the plant runs: what was handed over first is not kept.
TEST_P(AlarmPolicyConformance, AParameterThatChangesCountsFromThenOn) {
    for (const auto& [name, value] : GetParam().parameters) {
        const auto changed = make(1);
        const auto as_before = make(1);
        bool is_another = false;
        for (std::size_t n = 0; n < kSteps; ++n) {
            changed->now_ns += kSecond;
            as_before->now_ns = changed->now_ns;
            if (n == kSteps / 4) changed->set(0, name, std::numeric_limits<double>::quiet_NaN());
            const auto next = input(0, n, changed->now_ns);
            is_another |= !is_same(changed->judge({next}).front(), as_before->judge({next}).front());
        }
        EXPECT_TRUE(is_another) << "without \"" << name << "\" it judges as with it";
    }
}

// The engine does not ask for values inside: then they must not matter. One that never says so is right, and slow.
TEST_P(AlarmPolicyConformance, InTheQuietBandNothingChanges) {
    const auto asked = make(1);
    const auto left_alone = make(1);
    std::mt19937 random(6);
    JudgedRow last;
    bool has_last = false;
    std::uint16_t quality = 0;
    for (std::size_t n = 0; n < kSteps; ++n) {
        asked->now_ns += kSecond;
        left_alone->now_ns = asked->now_ns;
        const auto next = input(0, random() % 1'000, asked->now_ns);
        const auto row = asked->judge({next}).front();
        const bool is_quiet = has_last && next.number >= last.quiet_low && next.number <= last.quiet_high
                              && static_cast<std::uint16_t>(next.quality) == quality
                              && (last.look_at_ns == 0 || last.look_at_ns > asked->now_ns);
        if (is_quiet) {
            ASSERT_EQ(row.holds, last.holds) << "step " << n << ": " << next.number << " lies in the quiet band";
            continue;
        }
        last = left_alone->judge({next}).front();
        has_last = true;
        quality = static_cast<std::uint16_t>(next.quality);
        ASSERT_EQ(last.holds, row.holds) << "step " << n << ": not having been asked made a difference";
    }
}

TEST_P(AlarmPolicyConformance, GoesOnAfterARestart) {
    const auto first = make(2);
    for (std::size_t n = 0; n < kSteps; ++n) {
        first->now_ns += kSecond;
        (void)first->judge({input(0, n, first->now_ns), input(1, n * 7, first->now_ns)});
        if (n % 50 != 49) continue;
        const auto second = make(2);
        second->now_ns = first->now_ns;
        const auto state = first->save();
        if (state.empty()) return;  // it remembers nothing
        ASSERT_EQ(second->restore(state), "");
        const std::vector inputs{input(0, n * 3, first->now_ns), input(1, n * 11, first->now_ns)};
        const auto before = first->judge(inputs);
        const auto after = second->judge(inputs);
        for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(after[i].holds, before[i].holds) << "point " << i << ", step " << n;
    }
}

// The alarms may know of a condition what the policy, with an older state, does not; also of outputs that nobody uses.
TEST_P(AlarmPolicyConformance, StandsWhateverIsRecalled) {
    for (unsigned holds = 0; holds < 256; ++holds) {
        const auto rig = make(2);
        rig->recall(1, static_cast<std::uint8_t>(holds));
        const auto rows = rig->judge({input(0, holds, rig->now_ns), input(1, holds, rig->now_ns)});
        const auto untold = make(1)->judge({input(0, holds, rig->now_ns)}).front();
        ASSERT_TRUE(is_same(rows[0], untold)) << "what was recalled of another point made a difference";
        ASSERT_EQ(rows[1].holds.find("does not have"), std::string::npos) << rows[1].holds;
    }
}

TEST_P(AlarmPolicyConformance, RefusesAStateThatMakesNoSense) {
    const auto rig = make(2);
    const auto state = rig->save();
    if (state.empty()) return;
    EXPECT_NE(rig->restore(state + "more"), "");
    EXPECT_NE(rig->restore(state.substr(0, state.size() / 2)), "");
}

TEST_P(AlarmPolicyConformance, StandsAnyNumber) {
    const auto rig = make(1);
    constexpr double kNumbers[] = {0.0,    -0.0,      1e308,      -1e308,
                                   5e-324, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()};
    for (const auto number : kNumbers) {
        rig->now_ns += kSecond;
        (void)rig->judge(0, number);
    }
    for (const auto& name : rig->shape().parameters)
        for (const auto number : kNumbers) {
            rig->set(0, name, number);
            rig->now_ns += kSecond;
            (void)rig->judge(0, 1.0);
        }
}

TEST_P(AlarmPolicyConformance, WithoutItsParametersNothingBreaks) {
    AlarmPolicyRig rig(GetParam().factory, GetParam().settings, 1);
    for (const auto value : GetParam().values) (void)rig.judge(0, value);
    EXPECT_TRUE(rig.judge(std::vector<AlarmPolicyRig::Input>{}).empty());
}

}  // namespace penstock::testing
