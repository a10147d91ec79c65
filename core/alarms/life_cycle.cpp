#include "core/alarms/life_cycle.hpp"

namespace penstock::alarms {
namespace {

using Next = std::expected<AlarmState, Refusal>;

std::unexpected<Refusal> refuse(Refusal why) { return std::unexpected(why); }

// Somebody is called.
AlarmState annunciate(AlarmState state, const LifeRules& rules) {
    state.base = rules.needs_acknowledge ? Base::unacknowledged : Base::acknowledged;
    state.to_confirm = rules.needs_confirm;
    state.is_silenced = false;
    return state;
}

// Condition gone and acknowledged: what is left to do.
AlarmState settle(AlarmState state) {
    state.base = state.to_confirm ? Base::returned_unconfirmed : Base::normal;
    return state;
}

Next raised(AlarmState state, const LifeRules& rules) {
    if (state.holds) return refuse(Refusal::already_so);
    state.holds = true;
    return state.is_held_back() ? state : annunciate(state, rules);
}

Next returned(AlarmState state, const LifeRules& rules) {
    if (!state.holds) return refuse(Refusal::already_so);
    state.holds = false;
    if (state.is_one_shot) state.is_shelved = state.is_one_shot = false;
    if (state.base == Base::unacknowledged) {
        state.base = rules.latches ? Base::latched_unacknowledged : Base::returned_unacknowledged;
        return state;
    }
    if (state.base != Base::acknowledged) return state;  // held back
    if (!rules.latches) return settle(state);
    state.base = Base::latched_acknowledged;
    return state;
}

Next acknowledged(AlarmState state) {
    switch (state.base) {
        case Base::unacknowledged: state.base = Base::acknowledged; return state;
        case Base::returned_unacknowledged: return settle(state);
        case Base::latched_unacknowledged: state.base = Base::latched_acknowledged; return state;
        case Base::normal: return refuse(state.is_held_back() ? Refusal::held_back : Refusal::not_active);
        default: return refuse(Refusal::already_acknowledged);
    }
}

Next confirmed(AlarmState state) {
    switch (state.base) {
        case Base::normal: return refuse(state.is_held_back() ? Refusal::held_back : Refusal::not_active);
        case Base::unacknowledged:
        case Base::returned_unacknowledged:
        case Base::latched_unacknowledged: return refuse(Refusal::acknowledge_first);
        default: break;
    }
    if (!state.to_confirm) return refuse(Refusal::nothing_to_confirm);
    state.to_confirm = false;
    return state.base == Base::returned_unconfirmed ? settle(state) : state;
}

Next reset(AlarmState state, const LifeRules& rules) {
    switch (state.base) {
        case Base::latched_acknowledged: return settle(state);
        case Base::latched_unacknowledged: return refuse(Refusal::acknowledge_first);
        case Base::unacknowledged:
        case Base::acknowledged: return refuse(rules.latches ? Refusal::still_holds : Refusal::not_latched);
        default: return refuse(state.is_held_back() ? Refusal::held_back : Refusal::not_latched);
    }
}

Next silenced(AlarmState state) {
    if (state.is_held_back()) return refuse(Refusal::held_back);
    if (!sounds(state)) return refuse(state.is_silenced ? Refusal::already_so : Refusal::not_active);
    state.is_silenced = true;
    return state;
}

// Sets or ends one of the three that hold an alarm back.
Next hold_back(AlarmState state, bool AlarmState::* which, bool is_so, const LifeRules& rules) {
    if (state.*which == is_so) return refuse(Refusal::already_so);
    const bool was_held_back = state.is_held_back();
    state.*which = is_so;
    if (!state.is_shelved) state.is_one_shot = false;
    if (was_held_back == state.is_held_back()) return state;
    if (!was_held_back) {
        state.base = Base::normal;
        state.to_confirm = state.is_silenced = false;
        return state;
    }
    return state.holds ? annunciate(state, rules) : state;
}

Next shelved(AlarmState state, bool is_once, const LifeRules& rules) {
    if (state.is_shelved && state.is_one_shot != is_once) {
        state.is_one_shot = is_once;
        return state;
    }
    auto next = hold_back(state, &AlarmState::is_shelved, true, rules);
    // One whose condition does not hold waits until it has come and gone.
    if (next) next->is_one_shot = is_once;
    return next;
}

}  // namespace

std::expected<AlarmState, Refusal> after(AlarmState state, AlarmEvent event, const LifeRules& rules) {
    switch (event) {
        case AlarmEvent::raised: return raised(state, rules);
        case AlarmEvent::returned: return returned(state, rules);
        case AlarmEvent::acknowledged: return acknowledged(state);
        case AlarmEvent::confirmed: return confirmed(state);
        case AlarmEvent::reset: return reset(state, rules);
        case AlarmEvent::silenced: return silenced(state);
        case AlarmEvent::shelved: return shelved(state, false, rules);
        case AlarmEvent::shelved_once: return shelved(state, true, rules);
        case AlarmEvent::unshelved: return hold_back(state, &AlarmState::is_shelved, false, rules);
        case AlarmEvent::suppressed: return hold_back(state, &AlarmState::is_suppressed, true, rules);
        case AlarmEvent::unsuppressed: return hold_back(state, &AlarmState::is_suppressed, false, rules);
        case AlarmEvent::taken_out: return hold_back(state, &AlarmState::is_out_of_service, true, rules);
        case AlarmEvent::put_back: return hold_back(state, &AlarmState::is_out_of_service, false, rules);
        case AlarmEvent::commented: return state;
    }
    return refuse(Refusal::already_so);
}

ShownState shown(const AlarmState& state) noexcept {
    if (state.is_out_of_service) return ShownState::out_of_service;
    if (state.is_suppressed) return ShownState::suppressed;
    if (state.is_shelved) return ShownState::shelved;
    return static_cast<ShownState>(state.base);
}

bool is_standing(const AlarmState& state) noexcept { return !state.is_held_back() && state.base != Base::normal; }

bool is_unacknowledged(const AlarmState& state) noexcept {
    return !state.is_held_back()
           && (state.base == Base::unacknowledged || state.base == Base::latched_unacknowledged
               || state.base == Base::returned_unacknowledged);
}

bool sounds(const AlarmState& state) noexcept { return is_unacknowledged(state) && !state.is_silenced; }

std::string_view to_string(Refusal refusal) noexcept {
    switch (refusal) {
        case Refusal::already_so: return "it is so already";
        case Refusal::not_active: return "it is not active";
        case Refusal::already_acknowledged: return "it is acknowledged already";
        case Refusal::acknowledge_first: return "it has to be acknowledged first";
        case Refusal::nothing_to_confirm: return "there is nothing to confirm";
        case Refusal::not_latched: return "it does not latch";
        case Refusal::still_holds: return "its condition still holds";
        case Refusal::held_back: return "it is shelved, suppressed or out of service";
    }
    return "it cannot be done";
}

}  // namespace penstock::alarms
