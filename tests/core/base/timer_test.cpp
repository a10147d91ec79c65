#include "core/base/timer.hpp"

#include <functional>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

class Recorder final : public Timer {
public:
    explicit Recorder(std::vector<Recorder*>& fired) : fired_(&fired) {}
    std::move_only_function<void()> then;

private:
    void on_timer() noexcept override {
        fired_->push_back(this);
        if (then) then();
    }
    std::vector<Recorder*>* fired_;
};

MonotonicTime at(Duration since_start) { return monotonic_from_ns(since_start.count()); }

TEST(TimerHeap, FiresWhatIsDueInOrderOfTime) {
    std::vector<Recorder*> fired;
    TimerHeap heap;
    Recorder first(fired), second(fired), third(fired);
    heap.arm(third, at(30ms));
    heap.arm(first, at(10ms));
    heap.arm(second, at(20ms));
    heap.fire(at(20ms));
    EXPECT_EQ(fired, (std::vector<Recorder*>{&first, &second}));
    EXPECT_EQ(heap.next_due(), at(30ms));
    heap.disarm(third);
}

TEST(TimerHeap, MovesATimerThatIsArmedAgain) {
    std::vector<Recorder*> fired;
    TimerHeap heap;
    Recorder timer(fired);
    heap.arm(timer, at(10ms));
    heap.arm(timer, at(50ms));
    heap.fire(at(20ms));
    EXPECT_TRUE(fired.empty());
    heap.arm(timer, at(5ms));
    heap.fire(at(20ms));
    EXPECT_EQ(fired.size(), 1U);
    EXPECT_FALSE(timer.is_armed());
}

TEST(TimerHeap, DoesNotFireATimerThatAnotherDisarmedInTheSameRound) {
    std::vector<Recorder*> fired;
    TimerHeap heap;
    Recorder first(fired), second(fired);
    heap.arm(first, at(1ms));
    heap.arm(second, at(2ms));
    first.then = [&] { heap.disarm(second); };
    heap.fire(at(10ms));
    EXPECT_EQ(fired, std::vector<Recorder*>{&first});
}

TEST(TimerHeap, LetsATimerThatReArmsItselfWaitForTheNextRound) {
    std::vector<Recorder*> fired;
    TimerHeap heap;
    Recorder timer(fired);
    timer.then = [&] { heap.arm(timer, at(0ms)); };
    heap.arm(timer, at(0ms));
    heap.fire(at(10ms));
    EXPECT_EQ(fired.size(), 1U);
    EXPECT_TRUE(timer.is_armed());
    heap.disarm(timer);
}

TEST(TimerHeap, KeepsItsOrderThroughManyRandomChanges) {
    std::mt19937 random(1);
    std::vector<Recorder*> fired;
    TimerHeap heap;
    std::vector<std::unique_ptr<Recorder>> timers;
    for (int i = 0; i < 200; ++i) timers.push_back(std::make_unique<Recorder>(fired));
    for (int i = 0; i < 20'000; ++i) {
        auto& timer = *timers[random() % timers.size()];
        if (random() % 3 == 0)
            heap.disarm(timer);
        else
            heap.arm(timer, at(Duration(random() % 1000)));
    }
    std::size_t armed = 0;
    for (const auto& timer : timers) armed += timer->is_armed() ? 1U : 0U;
    ASSERT_EQ(heap.size(), armed);
    heap.fire(at(1s));
    ASSERT_EQ(fired.size(), armed);
    for (std::size_t i = 1; i < fired.size(); ++i) EXPECT_LE(fired[i - 1]->due(), fired[i]->due());
}

}  // namespace
}  // namespace penstock::base
