// Row D12 beyond the engine: the wall clock is set, drifts and repeats itself, and on the way of a value from the driver to the answer of
// a query nothing is lost, nothing changes its order, and nothing waits for it.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

#include "core/base/log.hpp"
#include "tests/core/engine/disturbed_wall.hpp"
#include "tests/core/history/clock/whole_plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::clock_test {
namespace {

using penstock::testing::DisturbedWall;
using penstock::testing::report_row;

using penstock::testing::is_nightly;

// wall: the control. The archiver is handed the wall's time as the monotonic one, as if one timer in it read the wrong clock.
enum class Timers { monotonic, wall };

Now seen_by(Timers timers, Now now) { return timers == Timers::wall ? Now{now.utc, monotonic_from_ns(to_ns(now.utc))} : now; }

struct Outcome {
    std::uint64_t steps = 0, samples = 0;
    bool is_paced_kept = false;  // what waited for the end of its interval, though the clock was set back meanwhile
    std::size_t steady_rows = 0;  // of a value that stood still for twelve seconds after that
};

// "": none.
std::string difference(const std::vector<Row>& found, const std::vector<Row>& wanted) {
    const auto [at, there] = std::ranges::mismatch(found, wanted);
    if (at == found.end() && there == wanted.end()) return "";
    const auto shown = [](const auto& row, const auto& rows) {
        return row == rows.end() ? "the end" : Value(row->value).text() + " at " + std::to_string(row->time) + " ns";
    };
    return "row " + std::to_string(at - found.begin()) + " of " + std::to_string(found.size()) + ": found " + shown(at, found)
           + ", wanted " + shown(there, wanted) + " of " + std::to_string(wanted.size());
}

class RandomHistory {
public:
    RandomHistory(const std::string& historian, std::uint32_t seed, Timers timers)
        : timers_(timers), random_(seed), wall_(seed, true, utc_from_ns(engine::kStartNs)), plant_(historian) {
        plant_.cycle();
    }

    Outcome play() {
        for (int step = 0; step < 40; ++step) {
            advance(kPauses[random_() % kPauses.size()]);
            act();
            cycle();
            if (random_() % 2 == 0) plant_.sync();
            if (random_() % 8 == 0) plant_.store();
            if (random_() % 8 == 0) look();
        }
        set_back_while_something_waits();
        look();
        outcome_.samples = levels_.size();
        EXPECT_EQ(plant_.clock_events(), outcome_.steps);
        return outcome_;
    }

private:
    static constexpr std::array<Duration, 6> kPauses{1ms, 20ms, 1s, 6s, 3min, 11min};

    void advance(Duration by) {
        wall_.advance(by);
        plant_.clock.advance(by);
        const auto expected = plant_.clock.now().utc;
        plant_.clock.set_utc(wall_.now().utc);
        if (std::chrono::abs(plant_.clock.now().utc - expected) >= 1s - by / 1000) ++outcome_.steps;
    }
    void cycle() { plant_.cycle(seen_by(timers_, plant_.clock.now())); }

    void act() {
        if (random_() % 3 == 0) plant_.write("limit", ++limit_);
        if (random_() % 2 == 0) plant_.publish("steady", {42});
        std::vector<double> numbers(random_() % 12);
        for (auto& number : numbers) number = ++level_;
        if (numbers.empty()) return;
        // A sample of 1970 to the millisecond has no time; the engine then gives it the next one.
        const auto time = to_ns(plant_.clock.now().utc);
        for (const auto number : numbers) levels_.push_back({time == 0 ? 1'000'000 : time, number});
        plant_.publish("level", numbers, random_() % 2 == 0);
    }

    // Everything, by time; equal times in the order in which it came.
    void look() {
        plant_.sync();
        auto wanted = levels_;
        std::ranges::sort(wanted, {}, [](const Row& row) { return std::pair(row.time, row.value); });  // values count up
        EXPECT_EQ(difference(plant_.rows("level"), wanted), "");
        const auto journalled = plant_.journalled("level");
        ASSERT_TRUE(std::ranges::is_sorted(journalled)) << "order is the journal's sequence";
        ASSERT_EQ(journalled.size(), levels_.size());
    }

    void set_back_while_something_waits() {
        plant_.publish("paced", {1});
        plant_.publish("steady", {42});
        cycle();
        plant_.clock.advance(100ms);
        plant_.publish("paced", {2});
        cycle();
        plant_.clock.set_utc(plant_.clock.now().utc - 24h);
        ++outcome_.steps;
        const auto before = plant_.journalled("steady").size();
        for (int second = 0; second < 12; ++second) {
            plant_.clock.advance(1s);
            plant_.publish("steady", {42});
            cycle();
            plant_.sync();
        }
        const auto paced = plant_.journalled("paced");
        outcome_.is_paced_kept = !paced.empty() && paced.back() == 2;
        outcome_.steady_rows = plant_.journalled("steady").size() - before;
        plant_.store();
    }

    Timers timers_;
    std::mt19937 random_;
    DisturbedWall wall_;
    WholePlant plant_;
    double level_ = 0, limit_ = 0;
    std::vector<Row> levels_;
    Outcome outcome_;
};

class ClockSteps : public ::testing::TestWithParam<std::string> {
protected:
    ClockSteps() { base::log::set_level(base::log::Level::off); }  // of each step a line
    ~ClockSteps() override { base::log::set_level(base::log::Level::info); }
};

TEST_P(ClockSteps, D12_NothingIsLostReorderedOrLateOnTheWayIntoTheArchive) {
    const std::uint32_t histories = is_nightly() ? 2'000 : 100;
    std::uint64_t steps = 0, samples = 0;
    for (std::uint32_t seed = 0; seed < histories; ++seed) {
        const auto outcome = RandomHistory(GetParam(), seed, Timers::monotonic).play();
        ASSERT_FALSE(HasFailure()) << "seed " << seed;
        ASSERT_TRUE(outcome.is_paced_kept) << "seed " << seed;
        ASSERT_GE(outcome.steady_rows, 2U) << "seed " << seed;
        steps += outcome.steps;
        samples += outcome.samples;
    }
    EXPECT_GT(steps, histories * 5U);
    const auto what = "steps of the wall clock in " + std::to_string(histories) + " histories into historian." + GetParam()
                      + ", of " + std::to_string(samples) + " samples none lost or out of order";
    report_row("D12", steps, what.c_str());
}

TEST_P(ClockSteps, D12_ControlATimerOnTheWallClockIsFound) {
    int found = 0;
    for (std::uint32_t seed = 0; seed < 10; ++seed) {
        const auto outcome = RandomHistory(GetParam(), seed, Timers::wall).play();
        found += outcome.is_paced_kept && outcome.steady_rows >= 2 ? 0 : 1;
    }
    EXPECT_EQ(found, 10);
}

INSTANTIATE_TEST_SUITE_P(All, ClockSteps, ::testing::Values(PENSTOCK_TEST_HISTORIAN_NAMES),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace penstock::clock_test
