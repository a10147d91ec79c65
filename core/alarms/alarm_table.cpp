#include "core/alarms/alarm_table.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/readable.hpp"

namespace penstock::alarms {
namespace {

// Somebody is called: an occurrence begins.
bool calls_anew(AlarmEvent event, const AlarmState& to) noexcept {
    const bool may_call = event == AlarmEvent::raised || event == AlarmEvent::unshelved || event == AlarmEvent::unsuppressed
                          || event == AlarmEvent::put_back;
    return may_call && to.holds && !to.is_held_back();
}

// Whose deed stands in the way of this one.
std::optional<DeedKind> deed_before(AlarmEvent event) noexcept {
    switch (event) {
        case AlarmEvent::acknowledged: return DeedKind::acknowledged;
        case AlarmEvent::shelved:
        case AlarmEvent::shelved_once: return DeedKind::shelved;
        case AlarmEvent::taken_out: return DeedKind::taken_out;
        case AlarmEvent::silenced: return DeedKind::silenced;
        default: return std::nullopt;
    }
}

// What an alarm is, of which somebody wants to make just that.
std::string_view already(AlarmEvent event) noexcept {
    switch (event) {
        case AlarmEvent::silenced: return "it is silenced already";
        case AlarmEvent::shelved:
        case AlarmEvent::shelved_once: return "it is shelved already";
        case AlarmEvent::unshelved: return "it is not shelved";
        case AlarmEvent::taken_out: return "it is out of service already";
        case AlarmEvent::put_back: return "it is in service";
        default: return to_string(Refusal::already_so);
    }
}

}  // namespace

AlarmTable::AlarmTable(RuleBook rules, TransitionSink& sink)
    : rules_(std::move(rules)), sink_(sink), cells_(rules_.size()), uncertain_(rules_.size()), shelves_(rules_.size()) {}

// --- the process ---
void AlarmTable::judge(AlarmId alarm, bool condition, const Judged& judged, Now now) {
    auto& cell = cells_[alarm];
    doubt(alarm, Doubt::input, false);
    if (cell.suppressions != 0) suppress(alarm, kBadInput, false, now);
    cell.condition = condition;
    follow(alarm, judged, now);
}

void AlarmTable::judge_bad(AlarmId alarm, const Judged& judged, Now now) {
    doubt(alarm, Doubt::input, true);
    // Nothing was heard yet, good or bad: a start is no burst of alarms. A device that stays away soon has a quality that says so.
    if (judged.quality == QualityCode::bad_waiting_for_initial) return;
    switch (rules_[alarm].bad_input) {
        case BadInput::hold: return;
        case BadInput::suppress: return suppress(alarm, kBadInput, true, now);
        case BadInput::raise: break;
    }
    cells_[alarm].condition = true;
    follow(alarm, judged, now);
}

void AlarmTable::set_delay(AlarmId alarm, bool is_on_delay, Duration delay) {
    set_delays_[std::uint64_t{alarm} << 1U | (is_on_delay ? 1U : 0U)] = delay;
}

Duration AlarmTable::delay(AlarmId alarm, bool is_on_delay) const {
    if (!set_delays_.empty()) {
        const auto known = set_delays_.find(std::uint64_t{alarm} << 1U | (is_on_delay ? 1U : 0U));
        if (known != set_delays_.end()) return known->second;
    }
    return is_on_delay ? rules_[alarm].on_delay : rules_[alarm].off_delay;
}

void AlarmTable::doubt(AlarmId alarm, Doubt what, bool is_so) {
    const auto bit = static_cast<unsigned>(what);
    auto& bits = uncertain_[alarm];
    const auto old = bits.load(std::memory_order_relaxed);
    const auto next = static_cast<std::uint8_t>(is_so ? old | bit : old & ~bit);
    if (next != old) bits.store(next, std::memory_order_relaxed);
}

// The state follows the condition, after its delay.
void AlarmTable::follow(AlarmId alarm, const Judged& judged, Now now) {
    const auto& cell = cells_[alarm];
    if (cell.condition == cell.state.holds) {
        (void)end_delay(alarm);  // it was too short
        return;
    }
    if (cell.pending != kNotPending) return;
    const auto wait = delay(alarm, cell.condition);
    if (wait > Duration::zero()) return begin_delay(alarm, judged, now.monotonic + wait);
    Transition transition;
    transition.judged = judged;
    (void)step(alarm, cell.condition ? AlarmEvent::raised : AlarmEvent::returned, std::move(transition), now);
}

void AlarmTable::begin_delay(AlarmId alarm, const Judged& judged, MonotonicTime at) {
    auto& cell = cells_[alarm];
    if (free_pending_.empty()) {
        cell.pending = static_cast<std::uint32_t>(pending_.size());
        pending_.push_back({judged, alarm});
        delays_.grow(pending_.size());
    } else {
        cell.pending = free_pending_.back();
        free_pending_.pop_back();
        pending_[cell.pending] = {judged, alarm};
    }
    delays_.set(cell.pending, at);
}

// What it waited with.
Judged AlarmTable::end_delay(AlarmId alarm) {
    const auto pending = std::exchange(cells_[alarm].pending, kNotPending);
    if (pending == kNotPending) return {};
    delays_.cancel(pending);
    free_pending_.push_back(pending);
    return pending_[pending].judged;
}

MonotonicTime AlarmTable::delay_ends(AlarmId alarm) const {
    const auto pending = cells_[alarm].pending;
    return pending != kNotPending ? delays_.at(pending) : MonotonicTime::max();
}

// --- suppression by design ---
void AlarmTable::suppress(AlarmId alarm, RuleId rule, bool is_so, Now now) {
    if (is_suppressed_by(alarm, rule) == is_so) return;
    const auto& cell = cells_[alarm];
    const bool is_suppressed = is_so || cell.suppressions > 1;
    Transition transition;
    transition.alarm = alarm;
    transition.event = is_so ? AlarmEvent::suppressed : AlarmEvent::unsuppressed;
    transition.rule = rule;
    // Where another rule does so too, the state stays, and the change is still written down.
    if (is_suppressed == cell.state.is_suppressed) return write(cell.state, std::move(transition), now);
    (void)step(alarm, transition.event, std::move(transition), now);
}

bool AlarmTable::is_suppressed_by(AlarmId alarm, RuleId rule) const {
    return cells_[alarm].suppressions != 0 && suppressed_by_.contains(key(alarm, rule));
}

std::vector<std::pair<AlarmId, RuleId>> AlarmTable::suppressions() const {
    std::vector<std::pair<AlarmId, RuleId>> all;
    all.reserve(suppressed_by_.size());
    for (const auto key : suppressed_by_)
        all.emplace_back(static_cast<AlarmId>(key >> 16U), static_cast<RuleId>(key & 0xFFFFU));
    std::ranges::sort(all);
    return all;
}

void AlarmTable::note_suppression(AlarmId alarm, RuleId rule, bool is_so) {
    const bool is_new = is_so ? suppressed_by_.insert(key(alarm, rule)).second : suppressed_by_.erase(key(alarm, rule)) != 0;
    if (!is_new) return;
    const auto step = [is_so](std::uint16_t& count) { count = static_cast<std::uint16_t>(is_so ? count + 1 : count - 1); };
    step(cells_[alarm].suppressions);
    if (!is_hiding_rule(rule)) return;
    auto& hidden = hidden_by_[alarm];
    step(hidden);
    if (hidden == 0) hidden_by_.erase(alarm);
}

// --- eclipse ---
bool AlarmTable::is_hiding_rule(RuleId rule) const { return std::ranges::binary_search(hiding_rules_, rule); }

void AlarmTable::set_hiding_rules(std::vector<RuleId> rules) {
    hiding_rules_ = std::move(rules);
    std::ranges::sort(hiding_rules_);
    hidden_by_.clear();
    for (const auto& [alarm, rule] : suppressions())
        if (is_hiding_rule(rule)) ++hidden_by_[alarm];
}

bool AlarmTable::hides_others(AlarmId alarm) const {
    const auto& cell = cells_[alarm];
    if (!cell.state.holds || cell.state.is_shelved || cell.state.is_out_of_service) return false;
    if (cell.suppressions == 0) return true;
    const auto hidden = hidden_by_.find(alarm);
    return hidden != hidden_by_.end() && hidden->second == cell.suppressions;
}

// --- people ---
Result<void> AlarmTable::act(AlarmId alarm, AlarmEvent event, const Who& who, const Remark& remark, Now now) {
    if (auto checked = check(alarm, event, remark); !checked) return checked;
    const auto next = after(cells_[alarm].state, event, rules_[alarm].life);
    if (!next) return std::unexpected(refusal(alarm, event, next.error(), now));
    Transition transition;
    transition.who = who;
    transition.comment = remark.comment;
    if (event == AlarmEvent::shelved) transition.shelved_until = now.utc + remark.shelve_for;
    (void)step(alarm, event, std::move(transition), now);
    return {};
}

// What does not depend on the state.
Result<void> AlarmTable::check(AlarmId alarm, AlarmEvent event, const Remark& remark) const {
    const auto longest = rules_[alarm].longest_shelf;
    if (event == AlarmEvent::commented && remark.comment.empty())
        return fail(ErrorCode::invalid_argument, "the comment is empty; wanted some words");
    const bool is_shelf = event == AlarmEvent::shelved || event == AlarmEvent::shelved_once;
    if (is_shelf && longest <= Duration::zero()) return fail(ErrorCode::denied, "its class does not allow it to be shelved");
    if (event == AlarmEvent::shelved && (remark.shelve_for <= Duration::zero() || remark.shelve_for > longest))
        return fail(ErrorCode::invalid_argument, "it may be shelved for up to " + base::readable(longest));
    return {};
}

Error AlarmTable::refusal(AlarmId alarm, AlarmEvent event, Refusal why, Now now) const {
    auto sentence = std::string(why == Refusal::already_so ? already(event) : to_string(why));
    const auto kind = deed_before(event);
    const auto deed = kind ? deeds_.find(alarm, *kind) : std::nullopt;
    const bool is_done = why == Refusal::already_acknowledged || why == Refusal::already_so;
    if (deed && is_done) sentence += ", by " + who_and_when(*deed, now.utc);
    // Gone in the moment between: the first has acknowledged it, and its condition had returned before.
    if (deed && event == AlarmEvent::acknowledged && why == Refusal::not_active)
        sentence += "; it was acknowledged by " + who_and_when(*deed, now.utc);
    return Error(ErrorCode::denied, std::move(sentence));
}

// --- one step: written down, then done ---
bool AlarmTable::step(AlarmId alarm, AlarmEvent event, Transition&& transition, Now now) {
    const auto next = after(cells_[alarm].state, event, rules_[alarm].life);
    if (!next) return false;
    transition.alarm = alarm;
    transition.event = event;
    write(*next, std::move(transition), now);
    return true;
}

void AlarmTable::write(const AlarmState& to, Transition&& transition, Now now) {
    const auto alarm = transition.alarm;
    const auto& cell = cells_[alarm];
    const bool hid = hides_others(alarm);
    const bool is_new = calls_anew(transition.event, to);
    transition.to = to;
    transition.occurrence = is_new ? 0 : cell.occurrence;
    const auto position = sink_.write(transition, now);
    if (is_new) transition.occurrence = position;
    apply(transition, now.utc, now);
    if (tell_hiding_ && hides_others(alarm) != hid) tell_hiding_(alarm);
}

void AlarmTable::apply(const Transition& transition, UtcTime time, Now now) {
    const auto alarm = transition.alarm;
    if (alarm >= cells_.size()) return;  // of a site that had it
    auto& cell = cells_[alarm];
    if (transition.occurrence != cell.occurrence) {
        deeds_.forget(alarm, DeedKind::acknowledged);
        deeds_.forget(alarm, DeedKind::silenced);
    }
    cell.state = transition.to;
    cell.occurrence = transition.occurrence;
    if (is_of_process(transition.event)) {
        cell.condition = cell.state.holds;
        (void)end_delay(alarm);
    }
    if (transition.event == AlarmEvent::suppressed || transition.event == AlarmEvent::unsuppressed)
        note_suppression(alarm, transition.rule, transition.event == AlarmEvent::suppressed);
    note_deed(transition, time);
    set_shelf(transition, now);
}

void AlarmTable::note_deed(const Transition& transition, UtcTime time) {
    const auto alarm = transition.alarm;
    switch (transition.event) {
        case AlarmEvent::acknowledged:
        case AlarmEvent::shelved:
        case AlarmEvent::shelved_once:
        case AlarmEvent::silenced:
        case AlarmEvent::taken_out: deeds_.set(alarm, *deed_before(transition.event), transition.who, time); break;
        case AlarmEvent::put_back: deeds_.forget(alarm, DeedKind::taken_out); break;
        default: break;
    }
    if (!transition.to.is_shelved) deeds_.forget(alarm, DeedKind::shelved);
}

void AlarmTable::set_shelf(const Transition& transition, Now now) {
    const auto alarm = transition.alarm;
    if (!transition.to.is_shelved || transition.event == AlarmEvent::shelved_once) {
        shelves_.cancel(alarm);
        shelved_until_.erase(alarm);
    }
    if (transition.event != AlarmEvent::shelved) return;
    // The wall clock says how much is left, the monotonic one when it is over: a clock that is set later changes nothing.
    shelves_.set(alarm, now.monotonic + std::max(transition.shelved_until - now.utc, Duration::zero()));
    shelved_until_[alarm] = transition.shelved_until;
}

// --- time ---
MonotonicTime AlarmTable::due() const noexcept { return std::min(delays_.due(), shelves_.due()); }

void AlarmTable::run_timers(Now now) {
    while (due() <= now.monotonic) {
        if (shelves_.due() < delays_.due()) {
            if (const auto alarm = shelves_.next(now.monotonic)) (void)step(*alarm, AlarmEvent::unshelved, {}, now);
        } else if (const auto pending = delays_.next(now.monotonic)) {
            end_next_delay(pending_[*pending].alarm, now);
        }
    }
}

void AlarmTable::end_next_delay(AlarmId alarm, Now now) {
    Transition transition;
    transition.judged = end_delay(alarm);
    (void)step(alarm, cells_[alarm].condition ? AlarmEvent::raised : AlarmEvent::returned, std::move(transition), now);
}

}  // namespace penstock::alarms
