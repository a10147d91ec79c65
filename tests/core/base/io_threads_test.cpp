#include "core/base/io_threads.hpp"

#include <algorithm>
#include <future>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

TEST(IoThreads, RunsJobsOfOnePosterInOrderOnTheThread) {
    const SystemClock clock;
    IoThread thread("io-test", clock);
    std::vector<int> order;
    std::promise<bool> all_on_thread;
    for (int i = 0; i < 100; ++i) thread.post([&order, i] { order.push_back(i); });
    thread.post([&] { all_on_thread.set_value(thread.is_current()); });
    EXPECT_TRUE(all_on_thread.get_future().get());
    EXPECT_FALSE(thread.is_current());
    ASSERT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(IoThreads, TakesJobsFromManyThreadsAtOnce) {
    const SystemClock clock;
    IoThread thread("io-test", clock);
    int count = 0;  // touched by the I/O thread only
    {
        std::vector<std::jthread> posters;
        for (int p = 0; p < 4; ++p) {
            posters.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) thread.post([&count] { ++count; });
            });
        }
    }
    std::promise<int> total;
    thread.post([&] { total.set_value(count); });
    EXPECT_EQ(total.get_future().get(), 4000);
}

TEST(IoThreads, HandsOutThreadsInTurn) {
    const SystemClock clock;
    IoThreads threads(3, clock);
    std::set<IoThread*> seen;
    for (int i = 0; i < 3; ++i) seen.insert(&threads.pick());
    EXPECT_EQ(seen.size(), 3U);
}

TEST(IoThreads, FiresTimersInOrderEvenIfAnEarlierOneIsArmedLater) {
    const SystemClock clock;
    IoThread thread("io-test", clock);
    std::vector<int> order;
    std::promise<void> fired;
    CallbackTimer late(thread, [&] {
        order.push_back(2);
        fired.set_value();
    });
    CallbackTimer early(thread, [&] { order.push_back(1); });
    thread.post([&] {
        const auto now = thread.now().monotonic;
        late.start(now + 30ms);
        early.start(now + 5ms);
    });
    fired.get_future().get();
    thread.stop();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(IoThreads, NeverFiresATimerBeforeItsTime) {
    const SystemClock clock;
    IoThread thread("io-test", clock);
    std::promise<Duration> early_by;
    MonotonicTime due;
    CallbackTimer timer(thread, [&] { early_by.set_value(due - thread.now().monotonic); });
    thread.post([&] {
        due = thread.now().monotonic + 7'300us;
        timer.start(due);
    });
    EXPECT_LE(early_by.get_future().get(), Duration::zero());
    thread.stop();
}

TEST(IoThreads, StopsInBoundedTimeWithTimersAndJobsLeft) {
    const SystemClock clock;
    auto thread = std::make_unique<IoThread>("io-test", clock);
    CallbackTimer never(*thread, [] {});
    std::promise<void> armed;
    thread->post([&] {
        never.start(MonotonicTime::max());
        armed.set_value();
    });
    armed.get_future().get();
    thread->stop();
    thread->stop();
    const auto left = std::make_shared<int>(1);
    thread->post([left] { ADD_FAILURE() << "ran after stop"; });
    never.cancel();
    thread.reset();
    EXPECT_EQ(left.use_count(), 1) << "a job that never ran is destroyed";
}

}  // namespace
}  // namespace penstock::base
