// A snapshot and the transitions after it are the table, at any cut: random conditions, actions, rules and time on a few alarms.

#include <optional>
#include <random>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "core/alarms/alarm_table.hpp"
#include "tests/core/alarms/records.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;
using penstock::testing::is_nightly;
using testing::Records;

constexpr AlarmId kAlarms = 24;

enum class Input : std::uint8_t { unknown, no, yes, bad };

class RandomPlant final {
public:
    RandomPlant(std::uint32_t seed, bool with_delays) : random_(seed) {
        for (AlarmId alarm = 0; alarm < kAlarms; ++alarm) rules_.set(alarm, any_rules(with_delays));
        table_.emplace(rules_, records_);
        snapshots_.push_back(snapshot());
    }

    void step() {
        const auto alarm = static_cast<AlarmId>(random_() % kAlarms);
        switch (random_() % 8) {
            case 0:
            case 1:
            case 2: input(*table_, alarm, inputs_[alarm] = any_input()); break;
            case 3: table_->suppress(alarm, any_rule(), random_() % 2 == 0, now_); break;
            case 4: later(100ms * (random_() % 20)); break;
            default: act(alarm); break;
        }
        if (random_() % 40 == 0) snapshots_.push_back(snapshot());
    }

    // From any snapshot, the records after it: is it what the table is now? `leave_out`: the control.
    [[nodiscard]] std::string recovered_differently(bool leave_out = false) {
        const auto& from = snapshots_[random_() % snapshots_.size()];
        Records none;
        AlarmTable again(rules_, none);
        if (!again.restore(from.bytes, now_)) return "the snapshot is refused";
        for (auto n = from.records; n < records_.written.size(); ++n) {
            if (leave_out && n + 1 == records_.written.size()) continue;
            again.apply(records_.written[n].transition, records_.written[n].at.utc, now_);
        }
        // What no record says, the process says anew.
        for (AlarmId alarm = 0; alarm < kAlarms; ++alarm) input(again, alarm, inputs_[alarm]);
        if (!none.written.empty()) return "a transition is written twice: " + none.text(true);
        return difference(again);
    }

    // A snapshot of this very moment is the table to the last bit.
    [[nodiscard]] bool is_saved_whole() {
        AlarmTable again(rules_, records_);
        if (!again.restore(snapshot().bytes, now_)) return false;
        wire::Buffer bytes;
        again.save(now_, bytes);
        return bytes == snapshot().bytes && again.due() == table_->due();
    }

    [[nodiscard]] const Records& records() const { return records_; }

private:
    struct Snapshot {
        wire::Buffer bytes;
        std::size_t records;
    };

    AlarmRules any_rules(bool with_delays) {
        const auto delay = [&]() -> Duration { return 500ms * (with_delays ? random_() % 3 : 0); };
        return {.life = {.needs_acknowledge = random_() % 5 != 0,
                         .needs_confirm = random_() % 3 == 0,
                         .latches = random_() % 4 == 0},
                .on_delay = delay(),
                .off_delay = delay(),
                .bad_input = static_cast<BadInput>(random_() % 3),
                .longest_shelf = 1h};
    }
    Input any_input() { return static_cast<Input>(1 + random_() % 3); }
    RuleId any_rule() {
        constexpr RuleId kRules[] = {kDisabled, kFirstRule, kFirstRule + 1};
        return kRules[random_() % 3];
    }

    void input(AlarmTable& table, AlarmId alarm, Input what) {
        const Judged judged{.word = 4711, .limit = 80, .quality = QualityCode::good, .time = to_ns(now_.utc)};
        if (what == Input::bad) table.judge_bad(alarm, judged, now_);
        if (what == Input::yes || what == Input::no) table.judge(alarm, what == Input::yes, judged, now_);
    }

    void act(AlarmId alarm) {
        constexpr AlarmEvent kActions[] = {AlarmEvent::acknowledged, AlarmEvent::confirmed, AlarmEvent::reset,
                                           AlarmEvent::silenced,     AlarmEvent::shelved,   AlarmEvent::shelved_once,
                                           AlarmEvent::unshelved,    AlarmEvent::taken_out, AlarmEvent::put_back,
                                           AlarmEvent::commented};
        const char* const users[] = {"mueller", "meier", ""};
        const Who who{users[random_() % 3], random_() % 2 == 0 ? "st1" : "st2"};
        (void)table_->act(alarm, kActions[random_() % std::size(kActions)], who, {"why not", 100ms * (1 + random_() % 50)},
                          now_);
    }

    void later(Duration by) {
        now_.monotonic += by;
        now_.utc += by;
        table_->run_timers(now_);
    }

    Snapshot snapshot() {
        Snapshot taken{{}, records_.written.size()};
        table_->save(now_, taken.bytes);
        return taken;
    }

    static bool is_delayed(const AlarmTable& table, AlarmId alarm) { return table.delay_ends(alarm) != MonotonicTime::max(); }

    std::string difference(const AlarmTable& again) const {
        std::ostringstream out;
        for (AlarmId n = 0; n < kAlarms; ++n) {
            const auto differ = [&](const char* what, bool is_so) {
                if (is_so) out << what << " of alarm " << n << "; ";
            };
            differ("state", again.state(n) != table_->state(n));
            differ("occurrence", again.occurrence(n) != table_->occurrence(n));
            differ("uncertain", again.is_uncertain(n) != table_->is_uncertain(n));
            // A condition whose delay began after the snapshot, and whose input is bad now: neither record nor process knows it.
            if (inputs_[n] == Input::bad && rules_[n].bad_input != BadInput::raise) continue;
            differ("condition", again.condition(n) != table_->condition(n));
            // A delay that began after the snapshot begins anew, and never ends sooner.
            differ("delay", is_delayed(again, n) != is_delayed(*table_, n));
        }
        if (again.suppressions() != table_->suppressions()) out << "rules that suppress; ";
        return out.str() + deeds_and_shelves(again);
    }

    // Where nothing is delayed the two are equal in all that is saved: also who did what, and what is left of a shelf.
    std::string deeds_and_shelves(const AlarmTable& again) const {
        for (AlarmId n = 0; n < kAlarms; ++n)
            if (is_delayed(*table_, n) || is_delayed(again, n) || again.condition(n) != table_->condition(n)) return {};
        wire::Buffer one, other;
        table_->save(now_, one);
        again.save(now_, other);
        if (one != other) return "something that is saved";
        return again.due() == table_->due() ? "" : "when a shelf ends";
    }

    std::mt19937 random_;
    Now now_{utc_from_ns(1'700'000'000'000'000'000), MonotonicTime(1h)};
    RuleBook rules_;
    Records records_;
    std::optional<AlarmTable> table_;
    std::vector<Snapshot> snapshots_;
    std::vector<Input> inputs_ = std::vector<Input>(kAlarms, Input::unknown);
};

class AlarmRecovery : public ::testing::TestWithParam<bool> {};

TEST_P(AlarmRecovery, ASnapshotAndTheRecordsAfterItAreTheTableAtAnyCut) {
    const std::uint32_t plants = is_nightly() ? 2'000 : 25;
    std::size_t written = 0, cuts = 0;
    for (std::uint32_t seed = 0; seed < plants; ++seed) {
        RandomPlant plant(seed, GetParam());
        for (int step = 0; step < 1'000; ++step) {
            plant.step();
            if (step % 5 != 0) continue;
            ++cuts;
            ASSERT_EQ(plant.recovered_differently(), "") << "plant " << seed << ", step " << step;
            ASSERT_TRUE(plant.is_saved_whole()) << "plant " << seed << ", step " << step;
        }
        written += plant.records().written.size();
    }
    EXPECT_GT(written, plants * 200);
    std::printf("%zu cuts, %zu transitions\n", cuts, written);
}

// Every record is the step that the life of its alarm allows after the one before: none is lost, none is doubled.
TEST_P(AlarmRecovery, TheRecordsOfAnAlarmAreAChain) {
    RandomPlant plant(99, GetParam());
    for (int step = 0; step < 5'000; ++step) plant.step();
    AlarmState last[kAlarms];
    std::set<journal::Position> occurrences;
    for (const auto& [transition, at] : plant.records().written) {
        auto& state = last[transition.alarm];
        const bool follows = transition.event == AlarmEvent::commented || transition.event == AlarmEvent::suppressed
                             || transition.event == AlarmEvent::unsuppressed || transition.to != state;
        EXPECT_TRUE(follows) << to_string(transition.event) << " of alarm " << transition.alarm << " changes nothing";
        if (transition.event == AlarmEvent::raised) EXPECT_FALSE(state.holds);
        if (transition.event == AlarmEvent::returned) EXPECT_TRUE(state.holds);
        const bool begins = sounds(transition.to) && !sounds(state) && transition.event != AlarmEvent::returned;
        if (begins) EXPECT_TRUE(occurrences.insert(transition.occurrence).second) << "an occurrence has begun twice";
        state = transition.to;
    }
}

INSTANTIATE_TEST_SUITE_P(Delays, AlarmRecovery, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Delayed" : "AtOnce"; });

TEST(AlarmRecoveryControl, ARecordLessIsSeen) {
    RandomPlant plant(3, false);
    int seen = 0;
    for (int step = 0; step < 1'000; ++step) {
        plant.step();
        if (plant.recovered_differently(true) != "") ++seen;
    }
    EXPECT_GT(seen, 500);
}

TEST(AlarmTableState, DamagedBytesAreRefusedAndLeaveTheTableAsNew) {
    Records records;
    RuleBook rules;
    rules.set(3, {.on_delay = 2s});
    const Now now{utc_from_ns(1'700'000'000'000'000'000), MonotonicTime(1h)};
    AlarmTable table(rules, records);
    table.judge(2, true, {}, now);
    table.judge(3, true, {}, now);
    table.suppress(1, kFirstRule, true, now);
    ASSERT_TRUE(table.act(2, AlarmEvent::acknowledged, {"mueller", "st1"}, {}, now));
    wire::Buffer whole, nothing;
    table.save(now, whole);
    AlarmTable(rules, records).save(now, nothing);
    EXPECT_EQ(nothing.size(), 1U) << "alarms that are as new take no room";
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        AlarmTable again(rules, records);
        again.set_hiding_rules({kFirstRule});
        const auto restored = again.restore(wire::Bytes(whole).first(cut), now);
        if (restored) continue;
        wire::Buffer after;
        again.save(now, after);
        EXPECT_EQ(after, nothing) << "cut at " << cut;
        EXPECT_EQ(again.due(), MonotonicTime::max()) << "cut at " << cut;
        again.judge(1, true, {}, now);
        again.suppress(1, kDisabled, true, now);
        EXPECT_FALSE(again.hides_others(1)) << "cut at " << cut;
    }
    std::mt19937 random(1);
    for (int n = 0; n < 20'000; ++n) {  // nothing but an answer is expected
        auto bent = whole;
        bent[random() % bent.size()] = static_cast<std::byte>(random());
        (void)AlarmTable(rules, records).restore(bent, now);
    }
    AlarmTable smaller((RuleBook(2)), records);
    EXPECT_TRUE(smaller.restore(whole, now)) << "alarms that the site no longer has are left out";
    EXPECT_TRUE(smaller.is_suppressed_by(1, kFirstRule));
}

}  // namespace
}  // namespace penstock::alarms
