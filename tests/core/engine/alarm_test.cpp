// Alarms in the running engine: from a value to the list, from an action to its answer, and over a restart.

#include <thread>

#include "tests/core/engine/alarmed_plant.hpp"

namespace penstock::engine {
namespace {

using alarms::AlarmEvent;
using Names = std::vector<std::string>;

TEST(AlarmPath, FollowsALimitWithHysteresisAndDelay) {
    AlarmedPlant tank;
    tank.level(81);
    tank.later(1s);
    tank.level(70);
    tank.later(5s);
    EXPECT_EQ(tank.steps(), Names()) << "it was too short";
    tank.level(81);
    tank.later(3s);
    tank.level(82);
    tank.later(3s);
    EXPECT_EQ(tank.steps(), Names({"tank.high raised"}));
    EXPECT_EQ(tank.standing(), Names({"tank.high"}));
    tank.level(79);
    tank.later(3s);
    EXPECT_EQ(tank.steps(), Names({"tank.high raised"})) << "within the hysteresis";
    tank.level(77);
    tank.later(3s);
    EXPECT_EQ(tank.steps(), Names({"tank.high raised", "tank.high returned"}));
}

TEST(AlarmPath, WritesDownWithWhatItWasJudged) {
    AlarmedPlant tank;
    tank.level(97);
    tank.later(0s);
    const auto events = tank.base.events();
    const auto raised = std::ranges::find(events, "tank.high_high", &Event::object);
    ASSERT_NE(raised, events.end());
    EXPECT_EQ(raised->kind, EventKind::alarm);
    EXPECT_EQ(raised->area, "works");
    EXPECT_TRUE(raised->new_value.identical(Value(97.0)));
    EXPECT_EQ(raised->alarm->limit, 95.0);
    EXPECT_EQ(raised->alarm->occurrence, 0U) << "stands for the record itself";
    EXPECT_EQ(raised->parameters, Names({"tank.level is 97, limit 95"}));
}

TEST(AlarmPath, ShowsNothingBeforeItIsDurable) {
    AlarmedPlant tank;
    tank.level(97);
    EXPECT_EQ(tank.standing(), Names());
    tank.base.sync();
    EXPECT_EQ(tank.standing(), Names({"tank.high_high"}));
}

TEST(AlarmPath, LooksAtNothingInsideTheQuietBand) {
    AlarmedPlant tank;
    auto& cell = const_cast<tags::TagTable&>(tank.plant().engine.table()).cell(tank.plant().id("tank.percent"));
    tank.level(20);
    EXPECT_TRUE(Watch::is_quiet(cell, 49.9));
    EXPECT_FALSE(Watch::is_quiet(cell, 50.1));
    auto& level = const_cast<tags::TagTable&>(tank.plant().engine.table()).cell(tank.plant().id("tank.level"));
    EXPECT_FALSE(Watch::is_quiet(level, 20)) << "a calculation wants to know of each change";
}

TEST(AlarmPath, FollowsACalculatedTagInTheSameCycle) {
    AlarmedPlant tank;
    tank.level(60);
    EXPECT_EQ(tank.steps(), Names());
    tank.level(102);
    tank.base.sync();
    EXPECT_EQ(tank.steps(), Names({"tank.high_high raised", "tank.half raised"}));
}

TEST(AlarmPath, FollowsALimitThatSomebodyWrites) {
    AlarmedPlant tank;
    tank.level(70);
    tank.later(0s);
    tank.base.ask("tank.limit", Value(60.0));
    tank.base.settle();
    EXPECT_EQ(tank.steps(), Names({"tank.high_high raised"}));
    tank.base.ask("tank.limit", Value(90.0));
    tank.base.settle();
    EXPECT_EQ(tank.steps(), Names({"tank.high_high raised", "tank.high_high returned"}));
}

TEST(AlarmPath, IsSuppressedWhileItsEnablingTagIsFalse) {
    AlarmedPlant tank;
    tank.base.ask("pump.wanted", Value(false));
    tank.base.settle();
    tank.plant().deliver(1, false);
    tank.later(0s);
    EXPECT_EQ(tank.standing(), Names());
    tank.base.ask("pump.wanted", Value(true));
    tank.base.settle();
    EXPECT_EQ(tank.standing(), Names({"pump.tripped"}));
}

TEST(AlarmPath, OfTwoWhoAcknowledgeTheFirstWinsAndTheOtherIsToldWhoAndWhen) {
    AlarmedPlant tank;
    tank.level(97);
    tank.later(0s);
    const auto first = tank.act(AlarmEvent::acknowledged, "tank.high_high", "mueller");
    const auto second = tank.act(AlarmEvent::acknowledged, "tank.high_high", "schulz");
    tank.base.cycle();
    EXPECT_TRUE(first->empty()) << "not before it is durable";
    EXPECT_TRUE(second->empty()) << "nor a refusal because of it";
    tank.base.sync();
    ASSERT_EQ(first->size(), 1U);
    EXPECT_TRUE(first->front().done);
    ASSERT_EQ(second->size(), 1U);
    ASSERT_FALSE(second->front().done);
    EXPECT_EQ(second->front().done.error().code(), ErrorCode::denied);
    EXPECT_NE(second->front().done.error().sentence().find("mueller"), std::string::npos)
        << second->front().done.error().sentence();
    EXPECT_EQ(tank.steps(), Names({"tank.high_high raised", "tank.high_high acknowledged"}));
}

TEST(AlarmPath, ActsOnTheOccurrenceThatWasSeenAlone) {
    AlarmedPlant tank;
    tank.level(97);
    tank.later(0s);
    const auto seen = tank.live->occurrence(tank.id("tank.high_high"));
    (void)tank.act(AlarmEvent::acknowledged, "tank.high_high", "mueller", seen);
    tank.base.settle();
    tank.level(10);
    tank.level(98);
    tank.later(0s);
    ASSERT_NE(tank.live->occurrence(tank.id("tank.high_high")), seen);
    const auto late = tank.act(AlarmEvent::acknowledged, "tank.high_high", "schulz", seen);
    tank.base.settle();
    ASSERT_EQ(late->size(), 1U);
    ASSERT_FALSE(late->front().done);
    EXPECT_EQ(late->front().done.error().sentence(), "it has been raised anew since");
}

TEST(AlarmPath, RefusesAnAlarmThatIsGone) {
    AlarmedPlant tank;
    std::vector<alarms::AlarmOutcome> outcomes;
    alarms::AlarmCommand command;
    command.targets = {{4711, 0}};
    command.done = [&](std::vector<alarms::AlarmOutcome> all) { outcomes = std::move(all); };
    ASSERT_TRUE(tank.plant().engine.post_alarm(std::move(command)));
    tank.base.settle();
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes[0].done.error().code(), ErrorCode::not_found);
}

TEST(AlarmPath, AnswersWhatIsLeftWhenTheEngineGoesAway) {
    AlarmedPlant tank;
    const auto outcomes = tank.act(AlarmEvent::acknowledged, "tank.high", "mueller");
    tank.base.plant.reset();
    ASSERT_EQ(outcomes->size(), 1U);
    EXPECT_EQ(outcomes->front().done.error().sentence(), "the server is stopping");
}

TEST(AlarmPath, EndsAShelfWhenItsTimeIsOver) {
    AlarmedPlant tank;
    (void)tank.act(AlarmEvent::shelved, "tank.high_high", "mueller");
    tank.base.settle();
    tank.level(97);
    tank.later(59min);
    EXPECT_EQ(tank.steps(), Names({"tank.high_high shelved", "tank.high_high raised", "tank.high raised"}));
    EXPECT_EQ(tank.standing(), Names({"tank.high"})) << "it is followed, but calls nobody";
    tank.later(2min);
    EXPECT_EQ(tank.steps().back(), "tank.high_high unshelved");
    EXPECT_EQ(tank.standing(), Names({"tank.high", "tank.high_high"}));
}

TEST(Engine, WithoutAlarmsRefusesActionsInWords) {
    Plant plant({device_tag("a")});
    const auto posted = plant.engine.post_alarm({});
    ASSERT_FALSE(posted);
    EXPECT_EQ(posted.error().sentence(), "the site has no alarms");
}

// --- over a restart ---
// What was written after the snapshot comes from the journal.
class Revived {
public:
    Revived(AlarmedPlant& former, const Snapshot* snapshot) {
        auto& plant = after.plant();
        plant.now = {former.plant().now.utc + 1min, monotonic_from_ns(5)};
        const auto reader = former.base.lane->reader(snapshot == nullptr ? 0 : snapshot->head.events);
        report = plant.engine.restore(snapshot, *reader, plant.now);
        after.fill_journal(former.base.lane->appended());  // in truth it is the same lane
    }
    AlarmedPlant after;
    RestoreReport report;
};

TEST(AlarmRestart, BringsBackWhatStoodFromSnapshotAndJournal) {
    for (int snapshot_after = 0; snapshot_after <= 3; ++snapshot_after) {
        AlarmedPlant before;
        std::optional<Snapshot> snapshot;
        const auto take = [&](int step) {
            if (step == snapshot_after) snapshot = take_snapshot(before.plant().engine, {}, before.plant().now);
        };
        take(0);
        before.plant().deliver(1, false);
        before.level(97);
        before.later(3s);
        take(1);
        (void)before.act(AlarmEvent::acknowledged, "tank.high_high", "mueller");
        before.base.settle();
        take(2);
        (void)before.act(AlarmEvent::shelved, "pump.tripped", "schulz");
        before.base.settle();
        take(3);
        ASSERT_EQ(before.standing(), Names({"tank.high", "tank.high_high"}));
        const auto occurrence = before.live->occurrence(before.id("tank.high"));

        Revived revived(before, &*snapshot);
        auto& after = revived.after;
        EXPECT_EQ(revived.report.findings, Names()) << snapshot_after;
        after.plant().deliver(1, false);
        after.level(97);
        after.base.sync();
        EXPECT_EQ(after.steps(), Names()) << "nothing is decided anew: " << snapshot_after;
        const auto loser = after.act(AlarmEvent::acknowledged, "tank.high_high", "later");
        after.base.settle();
        ASSERT_EQ(loser->size(), 1U);
        ASSERT_FALSE(loser->front().done) << snapshot_after;
        EXPECT_NE(loser->front().done.error().sentence().find("mueller"), std::string::npos);
        EXPECT_EQ(after.standing(), Names({"tank.high", "tank.high_high"})) << snapshot_after;
        EXPECT_EQ(after.live->occurrence(after.id("tank.high")), occurrence) << snapshot_after;
        after.later(1h);
        EXPECT_EQ(after.steps(), Names({"pump.tripped unshelved"})) << snapshot_after;
    }
}

TEST(AlarmRestart, WithoutASnapshotReadsTheJournalAlone) {
    AlarmedPlant before;
    before.level(97);
    before.later(3s);
    Revived revived(before, nullptr);
    revived.after.level(97);
    revived.after.base.sync();
    EXPECT_EQ(revived.after.steps(), Names());
    EXPECT_EQ(revived.after.standing(), Names({"tank.high", "tank.high_high"}));
}

TEST(AlarmRestart, JudgesNothingByAValueOfTheSnapshot) {
    AlarmedPlant before;
    before.plant().deliver(1, false);
    const auto snapshot = take_snapshot(before.plant().engine, {}, before.plant().now);
    before.plant().deliver(1, true);
    (void)before.act(AlarmEvent::acknowledged, "pump.tripped", "mueller");
    before.base.settle();
    Revived revived(before, &snapshot);
    revived.after.later(1s);
    EXPECT_EQ(revived.after.steps(), Names()) << "the snapshot says that it stands still";
    revived.after.plant().deliver(1, false);
    revived.after.base.sync();
    EXPECT_EQ(revived.after.steps(), Names({"pump.tripped raised"}));
}

TEST(AlarmRestart, GoesOnWithADelayThatHadBegun) {
    AlarmedPlant before;
    before.level(81);
    before.later(1s);
    const auto snapshot = take_snapshot(before.plant().engine, {}, before.plant().now);
    Revived revived(before, &snapshot);
    revived.after.level(81);
    revived.after.later(900ms);
    EXPECT_EQ(revived.after.steps(), Names());
    revived.after.later(200ms);
    EXPECT_EQ(revived.after.steps(), Names({"tank.high raised"}));
}

// What is lost of a delay that began after the snapshot, or ran on after it: never more than the time between snapshot and crash, a
// minute in a server. And never is a delay shorter than its site wants.
TEST(AlarmRestart, ADelayLosesAtMostWhatPassedSinceTheSnapshot) {
    constexpr Duration kStep = 250ms, kBegins = 500ms, kDelay = 2s;
    Duration most_lost{};
    for (Duration snapshot_at{}; snapshot_at < kBegins + kDelay; snapshot_at += kStep) {
        for (auto crash_at = std::max(snapshot_at, kBegins); crash_at < kBegins + kDelay; crash_at += kStep) {
            AlarmedPlant before;
            std::optional<Snapshot> snapshot;
            for (Duration at{}; at <= crash_at; at += kStep) {
                if (at == kBegins) before.level(81);
                if (at == snapshot_at) snapshot = take_snapshot(before.plant().engine, {}, before.plant().now);
                if (at < crash_at) before.later(kStep);
            }
            ASSERT_EQ(before.steps(), Names());
            Revived revived(before, &*snapshot);
            revived.after.level(81);
            auto held = crash_at - kBegins;
            for (; revived.after.steps().empty() && held < 10s; held += kStep) revived.after.later(kStep);
            ASSERT_EQ(revived.after.steps(), Names({"tank.high raised"}));
            const auto lost = held - kDelay;
            EXPECT_GE(lost, 0s) << "raised too early";
            EXPECT_LE(lost, crash_at - snapshot_at);
            most_lost = std::max(most_lost, lost);
        }
    }
    EXPECT_GT(most_lost, 1s) << "the test has seen no loss";
}

// --- a journal that fails ---
TEST(AlarmPath, ShowsNothingThatTheJournalNeverMadeDurable) {
    AlarmedPlant tank;
    tank.level(97);
    tank.base.sync();
    ASSERT_EQ(tank.standing(), Names({"tank.high_high"}));
    const auto occurrence = tank.live->occurrence(tank.id("tank.high_high"));

    tank.plant().deliver(1, false);  // taken by the journal, and not durable when the disk breaks
    const auto asked = tank.act(AlarmEvent::acknowledged, "tank.high_high", "mueller");
    tank.base.cycle();
    tank.base.files.set_plan({.nth = 1, .for_good = true});
    EXPECT_FALSE(tank.base.lane->commit());
    ASSERT_EQ(asked->size(), 1U);
    EXPECT_EQ(asked->front().done.error().code(), ErrorCode::unavailable) << "it is not told as done";
    EXPECT_NE(asked->front().done.error().sentence().find("the journal failed"), std::string::npos);

    tank.level(10);  // refused by the journal: returned, as a step
    const auto later = tank.act(AlarmEvent::shelved, "tank.half", "schulz");
    tank.base.cycle();
    ASSERT_EQ(later->size(), 1U);
    EXPECT_EQ(later->front().done.error().code(), ErrorCode::unavailable);
    for (int n = 0; n < 5'000; ++n) tank.level(n % 2 == 0 ? 97 : 10);  // more than the list lets wait
    EXPECT_EQ(tank.standing(), Names({"tank.high_high"})) << "as it was when the disk broke";
    const auto info = tank.live->info(tank.id("tank.high_high"));
    EXPECT_EQ(info.state, AlarmStateCode::unacknowledged);
    EXPECT_EQ(info.id, occurrence);
    EXPECT_EQ(tank.live->info(tank.id("pump.tripped")).state, AlarmStateCode::normal);
    EXPECT_EQ(tank.live->info(tank.id("tank.half")).state, AlarmStateCode::normal);
}

TEST(AlarmPath, TheEngineDoesNotCopyTheListAndDoesNotWaitForWhoIsAnswered) {
    AlarmedPlant tank;
    tank.level(99);
    tank.later(1s);
    std::optional<EngineState> state;
    const auto everywhere = [&](std::string_view) {  // called while the list is looked through
        if (!state)
            std::thread([&] { state = tank.plant().engine.copy_state(tank.plant().now); }).join();  // would hang if it waited
        return true;
    };
    EXPECT_EQ(tank.live->list({}, everywhere).total, tank.standing().size());
    ASSERT_TRUE(state);
    const auto has_list = [](const auto& sections) {
        return std::ranges::any_of(sections, [](const auto& section) { return section.first == "alarm_list"; });
    };
    EXPECT_FALSE(has_list(state->sections));
    const auto snapshot = take_snapshot(tank.plant().engine, *std::move(state), {}, tank.plant().now);
    EXPECT_TRUE(has_list(snapshot.sections)) << "the snapshot's thread does";
}

TEST(AlarmPath, KeyFiguresAreTags) {
    AlarmedPlant tank;
    tank.level(0);
    tank.later(10s);
    const auto figure = [&](std::string_view name) { return tank.plant().read(name).value(); };
    EXPECT_TRUE(figure("alarms.plant.standing").identical(Value(0.0)));
    for (int i = 0; i < 11; ++i) {
        tank.level(99);
        tank.later(1s);
        tank.level(0);
        tank.later(1s);
    }
    tank.later(1s);
    EXPECT_TRUE(figure("alarms.area.works.starts").identical(Value(std::uint64_t{11})));
    EXPECT_TRUE(figure("alarms.area.works.flood").identical(Value(true)));
    EXPECT_TRUE(figure("alarms.plant.standing").identical(Value(1.0))) << "gone, and nobody has acknowledged it";
    tank.later(11min);
    EXPECT_TRUE(figure("alarms.area.works.flood").identical(Value(false)));
}

}  // namespace
}  // namespace penstock::engine
