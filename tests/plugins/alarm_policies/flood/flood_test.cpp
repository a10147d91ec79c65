#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "plugins/alarm_policies/flood/flood.hpp"

namespace penstock::flood {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// One area, with a clock in seconds.
class Area {
public:
    Area() { policy_.resize(1); }
    void set(double begins, double ends, double window_s) {
        parameters_[0] = begins;
        parameters_[1] = ends;
        parameters_[2] = window_s;
    }
    bool count(double counter, std::int64_t at_s) {
        const PointId point = 0;
        const std::uint16_t quality = 0;
        const std::int64_t time = at_s * kSecond;
        std::uint8_t holds = 0;
        double low = 0, high = 0;
        look_s = 0;
        const double* const columns[] = {&parameters_[0], &parameters_[1], &parameters_[2]};
        PolicyVerdicts out{{&holds, 1}, {&low, 1}, {&high, 1}, {&look_s, 1}};
        policy_.evaluate({{&point, 1}, {&counter, 1}, {&quality, 1}, {&time, 1}, monotonic_from_ns(time), columns}, out);
        look_s /= kSecond;
        return holds != 0;
    }
    [[nodiscard]] Flood& policy() { return policy_; }
    std::int64_t look_s = 0;  // 0: not asked for

private:
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    double parameters_[3] = {kNone, kNone, kNone};
    Flood policy_{Settings()};
};

TEST(Flood, BeginsAboveTenWithinTenMinutesAndEndsBelowFive) {
    Area area;
    EXPECT_FALSE(area.count(100, 1'000)) << "what was counted before concerns nobody";
    for (int n = 1; n <= 10; ++n) EXPECT_FALSE(area.count(100 + n, 1'000 + n));
    EXPECT_TRUE(area.count(111, 1'011));
    EXPECT_TRUE(area.count(115, 1'060)) << "15 in 60 s";
    // Of the 15 starts the 5th newest is that at 1,011 s; 10 minutes later 4 are left.
    EXPECT_EQ(area.look_s, 1'611);
    EXPECT_TRUE(area.count(115, 1'610));
    EXPECT_FALSE(area.count(115, 1'611));
    EXPECT_EQ(area.look_s, 0) << "nothing happens by itself any more";
}

TEST(Flood, SeveralStartsInOneStepCountEach) {
    Area area;
    EXPECT_FALSE(area.count(0, 10));
    EXPECT_TRUE(area.count(11, 11));
}

TEST(Flood, ACounterThatGoesBackCountsFromZero) {
    Area area;
    area.set(3, 1, 60);
    EXPECT_FALSE(area.count(500, 10));
    EXPECT_FALSE(area.count(0, 11)) << "the server was started anew";
    EXPECT_FALSE(area.count(3, 12));
    EXPECT_TRUE(area.count(4, 13));
}

TEST(Flood, ItsNumbersMayChangeWhileItRuns) {
    Area area;
    area.set(10, 5, 600);
    EXPECT_FALSE(area.count(0, 10));
    EXPECT_FALSE(area.count(8, 11));
    area.set(4, 2, 600);
    EXPECT_TRUE(area.count(8, 12)) << "what was counted is still known";
    area.set(4, 2, 5);
    EXPECT_FALSE(area.count(8, 16));
}

TEST(Flood, AnEndAboveTheBeginDoesNotFlutter) {
    Area area;
    area.set(2, 50, 100);
    EXPECT_FALSE(area.count(0, 10));
    EXPECT_TRUE(area.count(3, 11));
    EXPECT_TRUE(area.count(3, 12));
    EXPECT_FALSE(area.count(3, 111));
}

TEST(Flood, GoesOnAfterARestart) {
    Area area;
    area.set(3, 2, 100);
    EXPECT_FALSE(area.count(0, 1'000));
    EXPECT_TRUE(area.count(4, 1'050));
    const auto state = area.policy().save(monotonic_from_ns(1'060 * kSecond));
    Area again;
    again.set(3, 2, 100);
    again.policy().restore(state, monotonic_from_ns(20 * kSecond));  // 10 s after the four; another clock
    EXPECT_TRUE(again.count(4, 30));
    EXPECT_EQ(again.look_s, 110);
    EXPECT_FALSE(again.count(4, 110));
}

// Against all starts in a list.
TEST(Flood, IsACountOverAWindow) {
    std::mt19937 random(3);
    Area area;
    area.set(6, 3, 20);
    std::deque<std::int64_t> starts;
    double counter = 0;
    bool holds = false;
    int changes = 0;
    (void)area.count(counter, 0);
    for (std::int64_t now = 1; now < 20'000; ++now) {
        const auto more = now / 50 % 2 == 0 ? static_cast<int>(random() % 4 == 0) : static_cast<int>(random() % 2);
        counter += more;
        for (int n = 0; n < more; ++n) starts.push_back(now);
        while (!starts.empty() && now - starts.front() >= 20) starts.pop_front();
        const bool holds_now = starts.size() > 6 || (holds && starts.size() >= 3);
        changes += holds_now != holds ? 1 : 0;
        holds = holds_now;
        ASSERT_EQ(area.count(counter, now), holds) << "second " << now;
    }
    EXPECT_GT(changes, 100);
}

}  // namespace
}  // namespace penstock::flood
