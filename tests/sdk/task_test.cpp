#include <penstock/task.hpp>

#include <cstring>
#include <stdexcept>
#include <string>

#include <unwind.h>

#include <gtest/gtest.h>

namespace penstock {
namespace {

// Something to wait for, ended by the test.
struct Gate {
    std::coroutine_handle<> waiter;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) noexcept { waiter = handle; }
    void await_resume() const noexcept {}
};

struct Tally {
    explicit Tally(int& count) : count_(&count) { ++*count_; }
    Tally(const Tally& other) : count_(other.count_) { ++*count_; }
    Tally& operator=(const Tally&) = delete;
    ~Tally() { --*count_; }
    int* count_;
};

Task<int> immediate(int value) { co_return value; }

Task<long> sum(int count) {
    long total = 0;
    for (int i = 0; i < count; ++i) {
        const auto value = co_await immediate(1);
        total += value;
    }
    co_return total;
}

Task<std::string> wait_at(Gate& gate, Tally tally) {
    co_await gate;
    co_return std::string(tally.count_ != nullptr ? "passed the gate" : "");
}

Task<std::string> wait_below(Gate& gate, Tally tally) {
    auto text = co_await wait_at(gate, tally);
    co_return text + " below";
}

Task<int> throwing() {
    throw std::runtime_error("as asked");
    co_return 1;
}

Task<void> throw_foreign() {
    static _Unwind_Exception exception;
    std::memset(&exception, 0, sizeof exception);
    std::memcpy(&exception.exception_class, "RUSTmozi", 8);
    _Unwind_RaiseException(&exception);
    co_return;
}

// Runs a task to its first real wait.
template <class T>
bool start(Task<T>& task) {
    return !(task.operator co_await().await_suspend(std::noop_coroutine()));
}
template <class T>
T result(Task<T>& task) {
    return task.operator co_await().await_resume();
}

TEST(Task, DoesNothingBeforeItIsAwaited) {
    int alive = 0;
    Gate gate;
    const auto task = wait_at(gate, Tally(alive));
    EXPECT_FALSE(gate.waiter);
}

TEST(Task, FinishesAtOnceWhereNothingHasToWait) {
    auto task = immediate(7);
    ASSERT_TRUE(start(task));
    EXPECT_EQ(result(task), 7);
}

TEST(Task, FiveMillionImmediateAwaitsDoNotGrowTheStack) {
    auto task = sum(5'000'000);
    ASSERT_TRUE(start(task));
    EXPECT_EQ(result(task), 5'000'000);
}

TEST(Task, ContinuesItsCallerWhenTheWaitIsOver) {
    int alive = 0;
    Gate gate;
    auto task = wait_below(gate, Tally(alive));
    ASSERT_FALSE(start(task));
    gate.waiter.resume();
    EXPECT_EQ(result(task), "passed the gate below");
}

TEST(Task, DestroysItsWholeChainWhenDroppedWhileWaiting) {
    int alive = 0;
    Gate gate;
    {
        auto task = wait_below(gate, Tally(alive));
        ASSERT_FALSE(start(task));
        EXPECT_GT(alive, 0);
    }
    EXPECT_EQ(alive, 0);
}

TEST(Task, HandsAnExceptionToItsAwaiter) {
    auto task = throwing();
    ASSERT_TRUE(start(task));
    EXPECT_THROW(result(task), std::runtime_error);
}

TEST(Task, NeverTakesAForeignExceptionForSuccess) {
    auto task = throw_foreign();
    ASSERT_TRUE(start(task));
    EXPECT_THROW(result(task), ForeignException);
}

}  // namespace
}  // namespace penstock
