// Whatever happened, and wherever the snapshot was taken: snapshot and journal give the state that was, and nothing happens twice.

#include <random>

#include "tests/core/engine/alarmed_plant.hpp"

namespace penstock::engine {
namespace {

using alarms::AlarmEvent;

constexpr const char* kAlarms[] = {"tank.high", "tank.high_high", "tank.half", "pump.tripped"};
constexpr AlarmEvent kActions[] = {AlarmEvent::acknowledged, AlarmEvent::silenced,  AlarmEvent::shelved,
                                   AlarmEvent::shelved_once, AlarmEvent::unshelved, AlarmEvent::taken_out,
                                   AlarmEvent::put_back,     AlarmEvent::reset};
constexpr double kLevels[] = {10, 55, 77, 79, 81, 97, 103};

class Story {
public:
    explicit Story(std::uint32_t seed) : random_(seed) {}

    void tell(AlarmedPlant& tank) {
        switch (pick(6)) {
            case 0: tank.level(kLevels[pick(std::size(kLevels))]); break;
            case 1: tank.plant().deliver(1, pick(2) == 0); break;
            case 2: tank.base.ask("pump.wanted", Value(pick(2) == 0)); break;
            case 3: tank.base.ask("tank.limit", Value(pick(2) == 0 ? 95.0 : 50.0)); break;
            case 4: tank.later(std::chrono::milliseconds(100 * pick(30))); break;
            default: (void)tank.act(kActions[pick(std::size(kActions))], kAlarms[pick(std::size(kAlarms))], "mueller"); break;
        }
        tank.base.settle();
    }
    [[nodiscard]] std::size_t pick(std::size_t below) { return random_() % below; }

private:
    std::mt19937 random_;
};

// How each alarm is, as people see it.
std::string all_states(const AlarmedPlant& tank) {
    std::string text;
    for (const auto* name : kAlarms) {
        const auto info = tank.live->info(tank.id(name));
        text += std::string(name) + ' ' + std::to_string(static_cast<int>(info.state)) + " #" + std::to_string(info.id)
                + (info.is_silenced ? " silent" : "") + ' ' + info.acknowledged_by + ' ' + info.shelved_by + '\n';
    }
    return text;
}

TEST(AlarmRestart, OfAnyStoryIsWhereItWasAndRepeatsNothing) {
    for (std::uint32_t seed = 1; seed <= 150; ++seed) {
        Story story(seed);
        AlarmedPlant before;
        before.level(10);
        before.plant().deliver(1, true);
        const auto steps = 5 + story.pick(40);
        const auto snapshot_at = story.pick(steps);
        std::optional<Snapshot> snapshot;
        for (std::size_t step = 0; step < steps; ++step) {
            if (step == snapshot_at) snapshot = take_snapshot(before.plant().engine, {}, before.plant().now);
            story.tell(before);
        }
        AlarmedPlant after;
        auto& plant = after.plant();
        plant.now = {before.plant().now.utc + 1s, monotonic_from_ns(5)};
        const auto reader = before.base.lane->reader(snapshot->head.events);
        const auto report = plant.engine.restore(&*snapshot, *reader, plant.now);
        ASSERT_EQ(report.findings, std::vector<std::string>()) << "seed " << seed;
        after.fill_journal(before.base.lane->appended());
        ASSERT_EQ(all_states(after), all_states(before)) << "seed " << seed;

        // What the device says is what it said.
        plant.deliver(0, double_of(before.plant().read("tank.level").word));
        plant.deliver(1, before.plant().read("pump.running").word != 0);
        after.base.sync();
        ASSERT_EQ(after.steps(), std::vector<std::string>()) << "seed " << seed;
        ASSERT_EQ(all_states(after), all_states(before)) << "seed " << seed;
    }
}

}  // namespace
}  // namespace penstock::engine
