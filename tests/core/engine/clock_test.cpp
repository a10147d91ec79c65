// The wall clock is set, and nothing in here notices but the times that people read.

#include "core/engine/clock_watch.hpp"

#include <array>
#include <cstdlib>
#include <random>

#include "core/base/log.hpp"
#include "core/engine/executed_commands.hpp"
#include "core/engine/write_path.hpp"
#include "tests/core/engine/disturbed_wall.hpp"
#include "tests/core/engine/journalled_plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::engine {
namespace {

constexpr auto kHour = 3600s;
constexpr auto kDay = 24 * kHour;

UtcTime at_second(std::int64_t second) { return utc_from_ns(second * 1'000'000'000); }

TEST(ClockWatch, ReportsAStepWithBothTimes) {
    ClockWatch watch;
    const Now now{at_second(1'700'000'000), monotonic_from_ns(5'000'000'000)};
    EXPECT_FALSE(watch.look(now));
    const auto step = watch.look({now.utc + 10s - kHour, now.monotonic + 10s});
    ASSERT_TRUE(step);
    EXPECT_EQ(step->expected, now.utc + 10s);
    EXPECT_EQ(step->found, now.utc + 10s - kHour);
    EXPECT_EQ(clock_event(*step).sentence(),
              "the clock was set from 2023-11-14T22:13:30.000Z to 2023-11-14T21:13:30.000Z, by -3600 s");
    EXPECT_FALSE(watch.look({now.utc + 11s - kHour, now.monotonic + 11s})) << "once";
}

TEST(ClockWatch, DoesNotReportDriftOrSmallCorrections) {
    ClockWatch watch;
    Now now{at_second(1'700'000'000), monotonic_from_ns(5'000'000'000)};
    for (const Duration pause : {Duration(1ms), Duration(5s), Duration(kHour), Duration(kDay)}) {
        EXPECT_FALSE(watch.look(now));
        now = {now.utc + pause + pause / 2000 + 99ms, now.monotonic + pause};
        EXPECT_FALSE(watch.look(now)) << pause.count();
    }
    EXPECT_TRUE(watch.look({now.utc + 102ms, now.monotonic}));
}

TEST(ClockWatch, AStepOverAllTimeThereIsIsNoOverflow) {
    ClockWatch watch;
    EXPECT_FALSE(watch.look({utc_from_ns(INT64_MIN), monotonic_from_ns(0)}));
    const auto step = watch.look({utc_from_ns(INT64_MAX), monotonic_from_ns(0)});
    ASSERT_TRUE(step);
    EXPECT_GT(step->by_ms, 18'000'000'000'000);
}

enum class Timers { monotonic, wall };  // wall: the control

struct Outcome {
    std::vector<std::string> log;  // all that must not depend on the wall clock
    std::uint64_t clock_events = 0, clock_steps = 0;
    bool operator==(const Outcome& other) const { return log == other.log; }
};

// One plant through one history. Its commands, samples and pauses follow from `seed` alone. It has a timer of each kind: a
// producer's rate, the time that a write may wait for the disk, the time that a command's outcome is known.
Outcome play(std::uint32_t seed, bool is_disturbed, Timers timers) {
    Outcome outcome;
    base::log::set_level(base::log::Level::off);  // of each step a line
    std::mt19937 random(seed);
    penstock::testing::DisturbedWall wall(seed, is_disturbed, utc_from_ns(kStartNs));
    JournalledPlant run({device_tag("level"), setpoint(), memory_tag("limit")}, {}, {.samples_per_second = 20});
    auto& plant = *run.plant;
    Capture capture(plant.engine.catalog().id_limit());
    plant.engine.set_capture(capture, [](tags::TagId) { return CaptureMode::all_samples; });
    std::vector<JournalledPlant::Answer> answers;
    static constexpr std::array<Duration, 6> kPauses{1ms, 20ms, 1s, 6s, 3min, 11min};

    const auto cycle = [&] {
        const auto now = wall.now();
        plant.now = now;
        // A timer that reads the wall clock, seen from inside: the monotonic time it is handed is the wall's.
        if (timers == Timers::wall) plant.now.monotonic = monotonic_from_ns(to_ns(now.utc));
        plant.cycle();
    };
    double value = 0;
    cycle();
    for (int step = 0; step < 40; ++step) {
        wall.advance(kPauses[random() % kPauses.size()]);
        switch (random() % 4) {
            case 0:
                for (int i = 0; i < 10; ++i) {
                    SampleBatch batch;
                    batch.add(0, value += 1);
                    plant.now = wall.now();
                    plant.publish(batch);
                }
                break;
            case 1: answers.push_back(run.ask("setpoint", Value(value), random() % 3)); break;
            case 2: answers.push_back(run.ask("limit", Value(value), random() % 3 + 10)); break;
            default: run.sync(); break;
        }
        cycle();
        while (!run.device.waiting.empty()) {
            run.device.waiting.back()(WriteOutcome::done());
            run.device.waiting.pop_back();
        }
        outcome.log.push_back("samples " + std::to_string(plant.engine.counters().samples));
    }
    for (int i = 0; i < 100; ++i) {  // what is left over
        wall.advance(1s);
        cycle();
        run.sync();
        cycle();
    }
    for (const auto& sent : run.device.values) outcome.log.push_back("sent " + sent.text());
    for (const auto& answer : answers) outcome.log.push_back(*answer ? "answer " + (*answer)->reason : "no answer");
    outcome.log.push_back("limit " + plant.read("limit").value().text());
    std::uint64_t last = 0;
    for (const auto& event : run.events()) {
        EXPECT_TRUE(event.position >= last) << "order is the journal's sequence";
        last = event.position;
        if (event.kind == EventKind::clock_stepped) {
            ++outcome.clock_events;
        } else {
            outcome.log.push_back(event.sentence());
        }
    }
    double expected = 0;
    while (auto* block = capture.pop()) {
        for (std::uint32_t row = 0; row < block->count; ++row) {
            EXPECT_NE(block->time[row], 0);
            if (block->tag[row] == plant.id("level")) EXPECT_EQ(double_of(block->word[row]), expected += 1);
        }
        capture.give_back(block);
    }
    EXPECT_EQ(expected, value) << "every sample, in the order in which it came";
    outcome.clock_steps = wall.steps();
    return outcome;
}

TEST(Clocks, D12_NothingDependsOnTheWallClockAndEachStepIsAnEvent) {
    const std::uint32_t histories = penstock::testing::is_nightly() ? 5'000 : 200;
    std::uint64_t steps = 0;
    for (std::uint32_t seed = 0; seed < histories; ++seed) {
        const auto undisturbed = play(seed, false, Timers::monotonic);
        const auto disturbed = play(seed, true, Timers::monotonic);
        ASSERT_EQ(disturbed.log, undisturbed.log) << "seed " << seed;
        EXPECT_EQ(undisturbed.clock_events, 0U);
        EXPECT_EQ(disturbed.clock_events, disturbed.clock_steps) << "seed " << seed;
        steps += disturbed.clock_steps;
    }
    EXPECT_GT(steps, histories * 5U);
    penstock::testing::report_row("D12", steps, "steps of the wall clock, in histories of 40 commands, samples and pauses");
}

TEST(Clocks, D12_ControlATimerOnTheWallClockIsFound) {
    int found = 0;
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        found += play(seed, true, Timers::wall) == play(seed, false, Timers::monotonic) ? 0 : 1;
    }
    EXPECT_GT(found, 15);
}

}  // namespace
}  // namespace penstock::engine
