#include "core/alarms/alarm_table.hpp"

#include <algorithm>
#include <utility>

namespace penstock::alarms {
namespace {

// Somebody is called: an occurrence begins.
bool calls_anew(AlarmEvent event, const AlarmState& to) noexcept {
    const bool may_call = event == AlarmEvent::raised || event == AlarmEvent::unshelved || event == AlarmEvent::unsuppressed
                          || event == AlarmEvent::put_back;
    return may_call && to.holds && !to.is_held_back();
}

}  // namespace

AlarmTable::AlarmTable(std::span<const AlarmRules> rules, TransitionSink& sink)
    : rules_(rules), sink_(sink), cells_(rules.size()) {}

// --- the process ---
void AlarmTable::judge(AlarmId alarm, bool condition, const Judged& judged, Now now) {
    auto& cell = cells_[alarm];
    if (std::exchange(cell.is_uncertain, false) && rules_[alarm].bad_input == BadInput::suppress)
        suppress(alarm, kBadInput, false, now);
    cell.condition = condition;
    follow(alarm, judged, now);
}

void AlarmTable::judge_bad(AlarmId alarm, const Judged& judged, Now now) {
    auto& cell = cells_[alarm];
    cell.is_uncertain = true;
    switch (rules_[alarm].bad_input) {
        case BadInput::hold: return;
        case BadInput::suppress: return suppress(alarm, kBadInput, true, now);
        case BadInput::raise: break;
    }
    cell.condition = true;
    follow(alarm, judged, now);
}

// The state follows the condition, after its delay.
void AlarmTable::follow(AlarmId alarm, const Judged& judged, Now now) {
    const auto& cell = cells_[alarm];
    if (cell.condition == cell.state.holds) {
        timers_.cancel(alarm, TimerKind::delay);  // it was too short
        pending_.erase(alarm);
        return;
    }
    const auto delay = cell.condition ? rules_[alarm].on_delay : rules_[alarm].off_delay;
    if (delay == Duration::zero()) {
        Transition transition;
        transition.judged = judged;
        (void)step(alarm, cell.condition ? AlarmEvent::raised : AlarmEvent::returned, std::move(transition), now);
        return;
    }
    pending_.try_emplace(alarm, judged);
    if (!timers_.is_set(alarm, TimerKind::delay)) timers_.set(alarm, TimerKind::delay, now.monotonic + delay);
}

void AlarmTable::suppress(AlarmId alarm, RuleId rule, bool is_so, Now now) {
    auto& rules = suppressed_by_[alarm];
    const auto known = std::ranges::find(rules, rule);
    if ((known != rules.end()) == is_so) return;
    if (is_so)
        rules.push_back(rule);
    else
        rules.erase(known);
    const bool is_suppressed = !rules.empty();
    if (rules.empty()) suppressed_by_.erase(alarm);
    if (is_suppressed == cells_[alarm].state.is_suppressed) return;  // another rule does so, too
    Transition transition;
    transition.rule = rule;
    (void)step(alarm, is_suppressed ? AlarmEvent::suppressed : AlarmEvent::unsuppressed, std::move(transition), now);
}

// --- people ---
Result<void> AlarmTable::act(AlarmId alarm, AlarmEvent event, const Who& who, const Remark& remark, Now now) {
    const auto& rules = rules_[alarm];
    Transition transition;
    transition.who = who;
    transition.comment = remark.comment;
    if (event == AlarmEvent::shelved) {
        if (remark.shelve_for <= Duration::zero() || remark.shelve_for > rules.longest_shelf)
            return fail(
                ErrorCode::invalid_argument,
                "it may be shelved for up to " + std::to_string(rules.longest_shelf / std::chrono::minutes(1)) + " min");
        transition.shelved_until = now.utc + remark.shelve_for;
    }
    if (event == AlarmEvent::shelved_once && rules.longest_shelf == Duration::zero())
        return fail(ErrorCode::denied, "its class does not allow it to be shelved");
    const auto next = after(cells_[alarm].state, event, rules.life);
    if (!next) return std::unexpected(refusal(alarm, event, next.error()));
    (void)step(alarm, event, std::move(transition), now);
    return {};
}

Error AlarmTable::refusal(AlarmId alarm, AlarmEvent event, Refusal why) const {
    auto sentence = std::string(to_string(why));
    const auto& deeds = event == AlarmEvent::shelved || event == AlarmEvent::shelved_once ? shelved_ : acknowledged_;
    const bool is_done = why == Refusal::already_acknowledged || why == Refusal::already_so;
    if (const auto deed = deeds.find(alarm); is_done && deed != deeds.end()) sentence += ", by " + deed->second.user;
    return Error(ErrorCode::denied, std::move(sentence));
}

// --- one step: written down, then done ---
bool AlarmTable::step(AlarmId alarm, AlarmEvent event, Transition&& transition, Now now) {
    const auto next = after(cells_[alarm].state, event, rules_[alarm].life);
    if (!next) return false;
    const bool is_new = calls_anew(event, *next);
    transition.alarm = alarm;
    transition.event = event;
    transition.to = *next;
    transition.occurrence = is_new ? 0 : cells_[alarm].occurrence;
    const auto position = sink_.write(transition, now);
    if (is_new) transition.occurrence = position;
    apply(transition, now.utc, now);
    return true;
}

void AlarmTable::apply(const Transition& transition, UtcTime time, Now now) {
    const auto alarm = transition.alarm;
    auto& cell = cells_[alarm];
    cell.state = transition.to;
    cell.occurrence = transition.occurrence;
    switch (transition.event) {
        case AlarmEvent::raised:
        case AlarmEvent::returned:
            cell.condition = cell.state.holds;
            acknowledged_.erase(alarm);
            timers_.cancel(alarm, TimerKind::delay);
            pending_.erase(alarm);
            break;
        case AlarmEvent::acknowledged: acknowledged_[alarm] = {transition.who.user, transition.who.station, time}; break;
        case AlarmEvent::shelved:
        case AlarmEvent::shelved_once: shelved_[alarm] = {transition.who.user, transition.who.station, time}; break;
        default: break;
    }
    set_shelf(alarm, transition, now);
}

void AlarmTable::set_shelf(AlarmId alarm, const Transition& transition, Now now) {
    if (!transition.to.is_shelved) {
        shelved_.erase(alarm);
        return timers_.cancel(alarm, TimerKind::shelf);
    }
    // The wall clock says how much is left, the monotonic one when it is over: a clock that is set later changes nothing.
    if (transition.event == AlarmEvent::shelved)
        timers_.set(alarm, TimerKind::shelf, now.monotonic + std::max(transition.shelved_until - now.utc, Duration::zero()));
    if (transition.event == AlarmEvent::shelved_once) timers_.cancel(alarm, TimerKind::shelf);
}

// --- time ---
void AlarmTable::run_timers(Now now) {
    while (const auto due = timers_.next(now.monotonic)) {
        if (due->kind == TimerKind::shelf) {
            (void)step(due->alarm, AlarmEvent::unshelved, {}, now);
            continue;
        }
        Transition transition;
        if (const auto pending = pending_.extract(due->alarm)) transition.judged = pending.mapped();
        (void)step(due->alarm, cells_[due->alarm].condition ? AlarmEvent::raised : AlarmEvent::returned, std::move(transition),
                   now);
    }
}

}  // namespace penstock::alarms
