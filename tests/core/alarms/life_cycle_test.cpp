// The figure of states of ISA-18.2, by hand: every state, every event, every kind of class.

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/alarms/life_cycle.hpp"

namespace penstock::alarms {

void PrintTo(const AlarmState& state, std::ostream* out) {
    *out << to_string(shown(state)) << (state.holds ? " holds" : "") << (state.to_confirm ? " to_confirm" : "")
         << (state.is_silenced ? " silenced" : "") << (state.is_shelved ? " shelved" : "") << (state.is_one_shot ? " once" : "")
         << (state.is_suppressed ? " suppressed" : "") << (state.is_out_of_service ? " out" : "");
}

namespace {

constexpr LifeRules kPlain{};
constexpr LifeRules kLatching{.latches = true};
constexpr LifeRules kConfirmed{.needs_confirm = true};
constexpr LifeRules kUncalled{.needs_acknowledge = false};
const std::vector<LifeRules> kAllRules = [] {
    std::vector<LifeRules> all;
    for (int bits = 0; bits < 8; ++bits) all.push_back({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0});
    return all;
}();

// A letter a state: A normal, B unacknowledged, C acknowledged, D returned_unacknowledged, E latched_unacknowledged,
// F latched_acknowledged, W returned_unconfirmed; b, c, d ... with a confirmation still to come.
AlarmState state_of(char letter) {
    static const std::string kLetters = "ABCDEFW";
    AlarmState state;
    const auto upper = static_cast<char>(std::toupper(letter));
    state.base = static_cast<Base>(kLetters.find(upper));
    state.holds = upper == 'B' || upper == 'C';
    state.to_confirm = upper != letter || upper == 'W';
    return state;
}

// What follows: a letter, or why nothing does: = already so, - not active, k acknowledged already, f first acknowledge, n nothing to
// confirm, l not latched, h still holds.
char letter_of(const std::expected<AlarmState, Refusal>& next) {
    if (!next) {
        static const std::string kRefusals = "=-kfnlh#";
        return kRefusals[static_cast<std::size_t>(next.error())];
    }
    for (const char letter : std::string("ABCDEFWbcdef"))
        if (state_of(letter) == *next) return letter;
    return '?';
}

struct Table {
    const char* name;
    LifeRules rules;
    // One line a state: the state, then raised returned acknowledged confirmed reset.
    std::vector<std::string> lines;
};

const std::vector<Table> kTables = {
    {"acknowledge", kPlain, {"A B=--l", "B =DCfl", "C =Aknl", "D B=Afl"}},
    {"latching", kLatching, {"A B=--l", "B =ECfh", "C =Fknh", "E B=Fff", "F B=knA"}},
    {"confirming", kConfirmed, {"A b=--l", "b =dcfl", "c =WkCl", "C =Aknl", "d b=Wfl", "W b=kAl"}},
    {"without a call", kUncalled, {"A C=--l", "C =Aknl"}},
};

TEST(AlarmLife, FollowsTheFigureOfTheStandard) {
    constexpr AlarmEvent kEvents[] = {AlarmEvent::raised, AlarmEvent::returned, AlarmEvent::acknowledged, AlarmEvent::confirmed,
                                      AlarmEvent::reset};
    for (const auto& table : kTables)
        for (const auto& line : table.lines) {
            std::string found = line.substr(0, 2);
            for (const auto event : kEvents) found += letter_of(after(state_of(line[0]), event, table.rules));
            EXPECT_EQ(found, line) << table.name;
        }
}

// All that can be reached from normal, by any events.
std::vector<AlarmState> reachable(const LifeRules& rules) {
    std::vector<AlarmState> known{AlarmState{}};
    for (std::size_t next = 0; next < known.size(); ++next)
        for (std::uint8_t event = 0; event < kLifeEvents; ++event) {
            const auto following = after(known[next], static_cast<AlarmEvent>(event), rules);
            if (following && std::ranges::find(known, *following) == known.end()) known.push_back(*following);
        }
    return known;
}

template <class Check>
void for_all(Check check) {
    for (const auto& rules : kAllRules)
        for (const auto& state : reachable(rules))
            for (std::uint8_t event = 0; event < kLifeEvents; ++event)
                check(rules, state, static_cast<AlarmEvent>(event), after(state, static_cast<AlarmEvent>(event), rules));
}

TEST(AlarmLife, HeldBackNobodyIsCalledAndTheConditionIsFollowed) {
    for_all([](const LifeRules&, const AlarmState& state, AlarmEvent event, const std::expected<AlarmState, Refusal>& next) {
        if (!next || !next->is_held_back()) return;
        EXPECT_EQ(next->base, Base::normal);
        EXPECT_FALSE(sounds(*next) || is_standing(*next) || next->to_confirm);
        const bool holds = event == AlarmEvent::raised || (event != AlarmEvent::returned && state.holds);
        EXPECT_EQ(next->holds, holds) << to_string(event);
    });
}

TEST(AlarmLife, WhatHoldsIsRaisedAnewWhenTheLastHindranceEnds) {
    for_all([](const LifeRules& rules, const AlarmState& state, AlarmEvent, const std::expected<AlarmState, Refusal>& next) {
        if (!next || !state.is_held_back() || next->is_held_back()) return;
        const auto wanted = !next->holds ? Base::normal : rules.needs_acknowledge ? Base::unacknowledged : Base::acknowledged;
        EXPECT_EQ(next->base, wanted);
        EXPECT_EQ(next->to_confirm, next->holds && rules.needs_confirm);
    });
}

TEST(AlarmLife, ARefusalOrAStepButNeverTheSameState) {
    for_all([](const LifeRules&, const AlarmState& state, AlarmEvent event, const std::expected<AlarmState, Refusal>& next) {
        if (next) EXPECT_EQ(*next == state, event == AlarmEvent::commented) << to_string(event);
    });
}

TEST(AlarmLife, TheConditionAloneDecidesWhatHolds) {
    for_all([](const LifeRules&, const AlarmState& state, AlarmEvent event, const std::expected<AlarmState, Refusal>& next) {
        const bool is_of_process = event == AlarmEvent::raised || event == AlarmEvent::returned;
        if (next && !is_of_process) EXPECT_EQ(next->holds, state.holds) << to_string(event);
        if (is_of_process) EXPECT_EQ(next.has_value(), state.holds != (event == AlarmEvent::raised));
    });
}

TEST(AlarmLife, AnActiveAlarmIsNeverLostFromTheListUnacknowledged) {
    for_all(
        [](const LifeRules& rules, const AlarmState& state, AlarmEvent event, const std::expected<AlarmState, Refusal>& next) {
            if (!next || next->is_held_back() || !rules.needs_acknowledge) return;
            const bool was_open = state.base == Base::unacknowledged || state.base == Base::returned_unacknowledged
                                  || state.base == Base::latched_unacknowledged;
            if (was_open && event != AlarmEvent::acknowledged)
                EXPECT_TRUE(sounds(*next) || next->is_silenced) << to_string(event);
        });
}

TEST(AlarmLife, OneShotShelvingEndsWithTheCondition) {
    AlarmState state;
    for (const auto event : {AlarmEvent::raised, AlarmEvent::shelved_once, AlarmEvent::returned})
        state = after(state, event, kPlain).value();
    EXPECT_EQ(state, AlarmState{});
    state = after(state, AlarmEvent::shelved_once, kPlain).value();
    state = after(state, AlarmEvent::raised, kPlain).value();
    EXPECT_EQ(shown(state), ShownState::shelved);
}

TEST(AlarmLife, ASilencedAlarmSoundsAgainWhenItIsRaisedAgain) {
    AlarmState state;
    for (const auto event : {AlarmEvent::raised, AlarmEvent::silenced}) state = after(state, event, kPlain).value();
    EXPECT_FALSE(sounds(state));
    EXPECT_TRUE(is_standing(state));
    for (const auto event : {AlarmEvent::returned, AlarmEvent::raised}) state = after(state, event, kPlain).value();
    EXPECT_TRUE(sounds(state));
}

}  // namespace
}  // namespace penstock::alarms
