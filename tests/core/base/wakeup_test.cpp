#include "core/base/wakeup.hpp"

#include <poll.h>

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

using namespace std::chrono_literals;

bool is_readable(const Wakeup& wakeup) {
    pollfd ready{wakeup.fd(), POLLIN, 0};
    return ::poll(&ready, 1, 0) == 1;
}

TEST(Wakeup, IsReadableFromTheFirstSignalUntilItIsCleared) {
    Wakeup wakeup;
    EXPECT_FALSE(is_readable(wakeup));
    wakeup.signal();
    wakeup.signal();
    EXPECT_TRUE(is_readable(wakeup));
    wakeup.clear();
    EXPECT_FALSE(is_readable(wakeup));
    wakeup.signal();
    EXPECT_TRUE(is_readable(wakeup));
}

// The other thread waits for each round to be answered: a signal that got lost would end this with the test's patience.
TEST(Wakeup, LosesNoSignalWatchedOrNot) {
    constexpr int kRounds = 20'000;
    Wakeup wakeup;
    std::atomic<int> asked = 0;
    std::atomic<int> answered = 0;
    std::thread asker([&] {
        for (int round = 1; round <= kRounds; ++round) {
            asked = round;
            wakeup.signal();
            if (round % 3 == 0) wakeup.signal();
            answered.wait(round - 1);
        }
    });
    while (answered < kRounds) {
        const auto begun = std::chrono::steady_clock::now();
        wakeup.wait(20s, answered % 2 == 0 ? 50us : 0us);
        ASSERT_LT(std::chrono::steady_clock::now() - begun, 10s) << "after " << answered << " rounds";
        wakeup.clear();
        answered = asked.load();
        answered.notify_one();
    }
    asker.join();
}

TEST(Watch, WhatIsSoIsSeenAtOnceAndWhatIsNotEndsTheWatch) {
    Watch watch;
    EXPECT_TRUE(watch.for_up_to(0ns, [] { return true; }));
    for (int n = 0; n < 100; ++n) EXPECT_FALSE(watch.for_up_to(1us, [] { return false; }));
    EXPECT_TRUE(watch.for_up_to(0ns, [] { return true; }));
}

TEST(Watch, InVainItLooksLessOften) {
    Watch watch;
    int looks = 0;
    for (int n = 0; n < 200; ++n) {
        const auto before = looks;
        (void)watch.for_up_to(1ns, [&] {
            ++looks;
            return false;
        });
        EXPECT_GE(looks, before + 1);
    }
    EXPECT_LT(looks, 200 + 20) << "one look a call, and a second one in few of them";
}

}  // namespace
}  // namespace penstock::base
