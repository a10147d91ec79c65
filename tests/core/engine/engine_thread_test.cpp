// The engine on its thread, with producers and sessions on others.

#include "core/engine/engine_thread.hpp"

#include <atomic>
#include <future>
#include <thread>

#include "core/base/clock.hpp"
#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

class Signal final : public Waker {
public:
    void wake() noexcept override {
        ++wakes_;
        wakes_.notify_all();
    }
    [[nodiscard]] int count() const { return wakes_; }
    // Until there were more than `known`.
    void wait(int known) const { wakes_.wait(known); }

private:
    std::atomic<int> wakes_{0};
};

TEST(EngineThread, PublishesWhatProducersSend) {
    Plant plant({device_tag("a")});
    base::SystemClock clock;
    Signal signal;
    plant.engine.add_waker(signal);
    EngineThread thread(plant.engine, clock);
    for (int i = 1; i <= 20; ++i) {
        const auto known = signal.count();
        SampleBatch batch;
        batch.add(0, i * 1.0);
        plant.producers[0]->publish(batch.columns(), clock.now());
        signal.wait(known);
        EXPECT_TRUE(plant.read("a").value().identical(Value(i * 1.0)));
    }
}

TEST(EngineThread, AnswersCommandsOfManyThreadsEachOnce) {
    Plant plant({memory_tag("a")}, {}, {.command_capacity = 100'000});
    base::SystemClock clock;
    std::atomic<int> answers{0};
    {
        EngineThread engine_thread(plant.engine, clock);
        std::vector<std::thread> sessions;
        for (int s = 0; s < 4; ++s) {
            sessions.emplace_back([&] {
                for (int i = 0; i < 500; ++i) {
                    EXPECT_TRUE(plant.engine.post({0, Value(i), [&](WriteAnswer a) {
                                                       EXPECT_EQ(a.outcome, WriteResult::done);
                                                       ++answers;
                                                   }}));
                }
            });
        }
        for (auto& session : sessions) session.join();
    }
    EXPECT_EQ(answers, 2000) << "also those that waited when it stopped";
    EXPECT_EQ(plant.engine.counters().commands, 2000U);
}

TEST(EngineThread, AnswersACommandThoughNoPeriodHasPassed) {
    Plant plant({memory_tag("a"), device_tag("b")});
    base::SystemClock clock;
    EngineThread thread(plant.engine, clock, 1h);
    SampleBatch batch;
    batch.add(0, 1.0);
    plant.producers[0]->publish(batch.columns(), clock.now());
    for (int i = 0; i < 10; ++i) {
        std::promise<WriteAnswer> answer;
        ASSERT_TRUE(plant.engine.post({plant.id("a"), Value(i), [&](WriteAnswer a) { answer.set_value(std::move(a)); }}));
        EXPECT_EQ(answer.get_future().get().outcome, WriteResult::done);
    }
}

TEST(EngineThread, StopsTwiceAndRefusesCommandsAfterwards) {
    Plant plant({memory_tag("a")});
    base::SystemClock clock;
    EngineThread thread(plant.engine, clock);
    thread.stop();
    thread.stop();
    const auto posted = plant.engine.post({0, Value(1.0), nullptr});
    ASSERT_FALSE(posted);
    EXPECT_EQ(posted.error().sentence(), "the server is stopping");
}

// Holds whoever asks for the time next, until commands are refused and a moment longer: so a stop falls between the engine's look
// at the time and its cycle.
class HoldingClock final : public base::Clock {
public:
    explicit HoldingClock(Engine& engine) : engine_(engine) {}
    void hold_next() { holds_next_ = true; }
    void wait_until_held() const { is_held_.wait(false); }
    [[nodiscard]] Now now() const noexcept override {
        if (holds_next_.exchange(false)) hold();
        return clock_.now();
    }

private:
    void hold() const {
        is_held_ = true;
        is_held_.notify_all();
        while (engine_.post({0, Value(1.0), nullptr})) std::this_thread::yield();
        for (int turn = 0; turn < 1'000; ++turn) std::this_thread::yield();
    }

    Engine& engine_;
    base::SystemClock clock_;
    mutable std::atomic<bool> holds_next_{false}, is_held_{false};
};

TEST(EngineThread, StopsWhenItIsAskedToAtTheBeginningOfACycle) {
    for (int round = 0; round < 20; ++round) {
        Plant plant({memory_tag("a"), device_tag("b")});
        HoldingClock clock(plant.engine);
        EngineThread thread(plant.engine, clock);
        clock.hold_next();
        ASSERT_TRUE(plant.engine.post({0, Value(1.0), nullptr}));
        clock.wait_until_held();
        auto stopped = std::async(std::launch::async, [&] { thread.stop(); });
        const bool is_in_time = stopped.wait_for(10s) == std::future_status::ready;
        SampleBatch batch;
        batch.add(0, 1.0);
        if (!is_in_time) plant.producers[0]->publish(batch.columns(), clock.now());  // wakes one that sleeps for good
        ASSERT_TRUE(is_in_time) << "round " << round << ": the stop was overheard, and nothing else came";
    }
}

// Each item counts up; merged or not, no reader may see it count down, and the last value must arrive.
TEST(EngineThread, KeepsOrderAndTheNewestUnderOverload) {
    constexpr int kItems = 50;
    constexpr int kRounds = 3000;
    std::vector<std::string> names;
    for (int i = 0; i < kItems; ++i) names.push_back("t" + std::to_string(i));
    std::vector<tags::TagDefinition> tags;
    for (const auto& name : names) tags.push_back(device_tag(name, ValueType::uint64));
    Plant plant(make_catalog(tags), {.capacity = 100}, {});
    base::SystemClock clock;
    std::atomic<bool> done{false};
    std::atomic<int> backwards{0};
    std::thread watcher([&] {
        std::vector<std::uint64_t> last(kItems, 0);
        while (!done) {
            for (tags::TagId tag = 0; tag < kItems; ++tag) {
                const auto now = plant.reader.snapshot(tag).word;
                if (now < last[tag]) ++backwards;
                last[tag] = now;
            }
        }
    });
    {
        EngineThread engine_thread(plant.engine, clock, 100us);
        for (std::uint64_t round = 1; round <= kRounds; ++round) {
            SampleBatch batch;
            for (ItemId item = 0; item < kItems; ++item) batch.add(item, round);
            plant.producers[0]->publish(batch.columns(), clock.now());
        }
    }
    done = true;
    watcher.join();
    plant.cycle();
    EXPECT_EQ(backwards, 0);
    for (const auto& name : names) EXPECT_TRUE(plant.read(name).value().identical(Value(std::uint64_t{kRounds}))) << name;
    const auto counters = plant.engine.counters().producers[0];
    EXPECT_EQ(counters.applied + counters.merged, counters.samples);
}

TEST(EngineThread, WakesWhenTheTimeOfACalculationIsOver) {
    tags::TagDefinition late;
    late.name = "late";
    late.type = ValueType::boolean;
    late.expression = "on_delay(on, 20ms)";
    const base::SystemClock clock;
    Plant plant({device_tag("on", ValueType::boolean), late});
    Signal signal;
    plant.engine.add_waker(signal);
    EngineThread thread(plant.engine, clock);
    SampleBatch batch;
    batch.add(0, true);
    plant.producers[0]->publish(batch.columns(), clock.now());
    // Nothing else comes: only the thread's own look at the clock can end this.
    for (auto known = signal.count(); plant.read("late").word == 0; known = signal.count()) signal.wait(known);
    EXPECT_TRUE(plant.read("late").value().identical(Value(true)));
}

}  // namespace
}  // namespace penstock::engine
