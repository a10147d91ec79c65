#include <random>

#include <gtest/gtest.h>

#include "plugins/alarm_policies/limits/limits.hpp"

namespace penstock::limits {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// One point.
class Point {
public:
    Point(double low_low, double low, double high, double high_high, double hysteresis)
        : parameters{low_low, low, high, high_high, hysteresis} {
        policy_.resize(1);
    }
    struct Verdict {
        std::string holds;  // "low low_low"
        double quiet_low, quiet_high;
    };
    Verdict judge(double value) {
        const PointId point = 0;
        const std::uint16_t quality = 0;
        const std::int64_t time = 0;
        std::uint8_t holds = 0;
        double low = 0;
        double high = 0;
        std::int64_t look_at = 0;
        const double* columns[5];
        for (std::size_t n = 0; n < 5; ++n) columns[n] = &parameters[n];
        PolicyVerdicts out{{&holds, 1}, {&low, 1}, {&high, 1}, {&look_at, 1}};
        policy_.evaluate({{&point, 1}, {&value, 1}, {&quality, 1}, {&time, 1}, MonotonicTime(), columns}, out);
        Verdict verdict{{}, low, high};
        const auto shape = policy_.shape();
        for (std::size_t n = 0; n < 4; ++n)
            if ((holds >> n & 1U) != 0) verdict.holds += (verdict.holds.empty() ? "" : " ") + shape.outputs[n];
        return verdict;
    }
    [[nodiscard]] Limits& policy() { return policy_; }

    double parameters[5];

private:
    Limits policy_{Settings()};
};

TEST(Limits, HoldBeyondALimitAndUntilItIsBackByTheHysteresis) {
    Point point(kNone, kNone, 80, kNone, 2);
    EXPECT_EQ(point.judge(80).holds, "");
    EXPECT_EQ(point.judge(81).holds, "high");
    EXPECT_EQ(point.judge(79).holds, "high");
    EXPECT_EQ(point.judge(78.5).holds, "high");
    EXPECT_EQ(point.judge(77).holds, "");
    EXPECT_EQ(point.judge(79).holds, "");
}

TEST(Limits, HaveOneConditionEach) {
    Point point(10, 20, 80, 90, 1);
    EXPECT_EQ(point.judge(95).holds, "high high_high");
    EXPECT_EQ(point.judge(85).holds, "high");
    EXPECT_EQ(point.judge(50).holds, "");
    EXPECT_EQ(point.judge(15).holds, "low");
    EXPECT_EQ(point.judge(5).holds, "low_low low");
}

TEST(Limits, ALimitThatMovesMovesTheCondition) {
    Point point(kNone, kNone, 80, kNone, 0);
    EXPECT_EQ(point.judge(85).holds, "high");
    point.parameters[2] = 90;
    EXPECT_EQ(point.judge(85).holds, "");
    point.parameters[2] = kNone;
    EXPECT_EQ(point.judge(1e300).holds, "");
}

// Whatever lies in the quiet band changes nothing, and what lies just outside does.
TEST(Limits, TheQuietBandIsExact) {
    std::mt19937 random(3);
    const auto number = [&] { return static_cast<double>(random() % 100); };
    for (int round = 0; round < 2'000; ++round) {
        Point point(number() / 5, 20 + number() / 5, 60 + number() / 5, 80 + number() / 5, number() / 20);
        for (int step = 0; step < 10; ++step) {
            const auto verdict = point.judge(number());
            ASSERT_LE(verdict.quiet_low, verdict.quiet_high);
            const auto state = point.policy().save({});
            for (const auto inside : {verdict.quiet_low, verdict.quiet_high, (verdict.quiet_low + verdict.quiet_high) / 2}) {
                if (!std::isfinite(inside)) continue;
                EXPECT_EQ(point.judge(inside).holds, verdict.holds);
                point.policy().restore(state, {});
            }
            for (const auto outside :
                 {std::nextafter(verdict.quiet_low, -kInfinity), std::nextafter(verdict.quiet_high, kInfinity)}) {
                if (!std::isfinite(outside)) continue;
                EXPECT_NE(point.judge(outside).holds, verdict.holds);
                point.policy().restore(state, {});
            }
        }
    }
}

TEST(Limits, RememberWhatHeldOverARestart) {
    Point before(kNone, kNone, 80, kNone, 5);
    (void)before.judge(81);
    Point after(kNone, kNone, 80, kNone, 5);
    after.policy().restore(before.policy().save({}), {});
    EXPECT_EQ(after.judge(77).holds, "high");
    EXPECT_THROW(after.policy().restore("two", {}), LinkError);
}

}  // namespace
}  // namespace penstock::limits
