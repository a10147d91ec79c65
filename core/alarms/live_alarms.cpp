#include "core/alarms/live_alarms.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "core/alarms/alarm_filter.hpp"
#include "core/alarms/alarm_record.hpp"
#include "core/tags/area_path.hpp"

namespace penstock::alarms {
namespace {

constexpr std::size_t kMostWaiting = 4'096;  // that nobody asked for; then the engine does the work itself, for what is durable

constexpr std::size_t kMostEnded = 4'096;

bool is_listed(const AlarmState& state, AlarmList list) noexcept {
    switch (list) {
        case AlarmList::standing: return is_standing(state);
        case AlarmList::shelved: return state.is_shelved;
        case AlarmList::suppressed: return state.is_suppressed;
        case AlarmList::out_of_service: return state.is_out_of_service;
        case AlarmList::history: return false;
    }
    return false;
}

void count(AlarmCount& into, const AlarmState& state) {
    into.standing += is_standing(state) ? 1 : 0;
    into.unacknowledged += is_unacknowledged(state) ? 1 : 0;
    into.shelved += state.is_shelved ? 1 : 0;
    into.suppressed += state.is_suppressed ? 1 : 0;
    into.out_of_service += state.is_out_of_service ? 1 : 0;
}

}  // namespace

LiveAlarms::LiveAlarms(std::shared_ptr<const AlarmCatalog> alarms, std::shared_ptr<const tags::TagCatalog> tags,
                       std::function<journal::Position()> durable)
    : alarms_(std::move(alarms)), tags_(std::move(tags)), durable_(std::move(durable)) {}

// --- following ---
void LiveAlarms::note(const Transition& transition, journal::Position position, UtcTime time) {
    bool are_many = false;
    {
        const std::scoped_lock lock(waiting_mutex_);
        waiting_.push_back({transition, position, time});
        are_many = waiting_.size() % kMostWaiting == 0;
    }
    if (!are_many) return;
    if (const std::unique_lock lock(mutex_, std::try_to_lock); lock.owns_lock()) catch_up();
}

void LiveAlarms::take_waiting() {
    std::deque<Noted> taken;
    {
        const std::scoped_lock lock(waiting_mutex_);
        taken.swap(waiting_);
    }
    std::ranges::move(taken, std::back_inserter(noted_));
}

// What is durable is asked first: whatever is by then has been noted, or comes with the next question.
void LiveAlarms::catch_up() {
    const auto durable = durable_();
    take_waiting();
    for (; !noted_.empty() && noted_.front().position < durable; noted_.pop_front()) {
        const auto& noted = noted_.front();
        if (noted.position < position_) continue;  // a record that the snapshot holds already
        apply(noted);
        position_ = noted.position + 1;
    }
}

void LiveAlarms::apply(const Noted& noted) {
    const auto& [transition, position, time] = noted;
    if (!alarms_->exists(transition.alarm)) return;
    auto& entry = entries_[transition.alarm];
    const bool is_new = transition.occurrence != 0 && transition.occurrence != entry.occurrence;
    if (transition.to != entry.state || is_new) entry.since = time;
    entry.state = transition.to;
    if (is_new) {
        if (entry.occurrence != 0) of_occurrence_.erase(entry.occurrence);
        of_occurrence_[transition.occurrence] = transition.alarm;
        entry.occurrence = transition.occurrence;
        entry.raised = time;
        entry.acknowledged = {};
        entry.acknowledged_by.clear();
        entry.comment.clear();
    }
    if (is_of_process(transition.event)) entry.judged = transition.judged;
    switch (transition.event) {
        case AlarmEvent::acknowledged:
            entry.acknowledged = time;
            entry.acknowledged_by = transition.who.user;
            if (!transition.comment.empty()) entry.comment = transition.comment;
            break;
        case AlarmEvent::commented: entry.comment = transition.comment; break;
        case AlarmEvent::shelved:
        case AlarmEvent::shelved_once:
        case AlarmEvent::taken_out:
            entry.shelved_by = transition.who.user;
            entry.reason = transition.comment;
            entry.shelved_until = transition.shelved_until;
            break;
        case AlarmEvent::suppressed:
            if (std::ranges::find(entry.rules, transition.rule) == entry.rules.end()) entry.rules.push_back(transition.rule);
            break;
        case AlarmEvent::unsuppressed: std::erase(entry.rules, transition.rule); break;
        default: break;
    }
    if (entry.state == AlarmState{} && entry.rules.empty()) forget(transition.alarm);
}

void LiveAlarms::forget(AlarmId alarm) {
    ended_.push_back(entries_[alarm].occurrence);
    entries_.erase(alarm);
    if (ended_.size() <= kMostEnded) return;
    of_occurrence_.erase(ended_.front());
    ended_.pop_front();
}

// --- answering ---
AlarmInfo LiveAlarms::make_info(AlarmId alarm, const Entry& entry, std::size_t language) const {
    const auto view = alarms_->view(alarm);
    AlarmInfo info;
    info.id = entry.occurrence;
    info.alarm = view.name;
    info.area = view.area;
    info.alarm_class = alarms_->classes()[view.alarm_class].name;
    info.state = shown(entry.state);
    info.holds = entry.state.holds;
    info.is_silenced = entry.state.is_silenced;
    info.to_confirm = entry.state.to_confirm;
    info.priority = view.priority;
    info.screen = view.screen;
    info.value = judged_value(entry.judged, view, *tags_);
    if (!std::isnan(entry.judged.limit) && entry.raised != UtcTime{}) info.limit = Value(entry.judged.limit);
    info.text = shown_text(*alarms_, view, *tags_, info.value, entry.judged.limit, language);
    if (view.tag != tags::kNoTag) {
        const auto tag = tags_->view(view.tag);
        info.tag = tag.name;
        info.unit = tag.unit;
    }
    info.since = entry.since;
    info.raised = entry.raised;
    info.acknowledged = entry.acknowledged;
    info.acknowledged_by = entry.acknowledged_by;
    info.comment = entry.comment;
    if (entry.state.is_shelved || entry.state.is_out_of_service) {
        info.shelved_by = entry.shelved_by;
        info.shelved_until = entry.shelved_until;
        info.reason = entry.reason;
    } else if (entry.state.is_suppressed && !entry.rules.empty()) {
        info.reason = suppression_reason(*alarms_, entry.rules.front(), language);
    }
    return info;
}

AlarmsReply LiveAlarms::list(const AlarmsRequest& request, const Covers& covers, const IsUncertain& is_uncertain,
                             std::size_t language) {
    struct Row {
        AlarmId alarm;
        const Entry* entry;
        [[nodiscard]] auto rank(const AlarmCatalog& alarms) const {
            return std::tuple(!is_unacknowledged(entry->state), alarms.priority(alarm), -to_ns(entry->since), alarm);
        }
    };
    const AlarmFilter filter(request);
    AlarmsReply reply;
    std::map<std::pair<std::string_view, std::uint8_t>, AlarmCount> counts;
    std::vector<Row> rows;
    const std::scoped_lock lock(mutex_);
    catch_up();
    reply.durable = position_;
    for (const auto& [alarm, entry] : entries_) {
        const auto area = alarms_->area(alarm);
        if (!filter.has_area(area) || !covers(area)) continue;
        const auto priority = alarms_->priority(alarm);
        count(counts[{area, priority}], entry.state);
        if (!is_listed(entry.state, request.list) || !filter.has_priority(priority) || !filter.has_state(shown(entry.state)))
            continue;
        if (filter.has_text() && !filter.fits(make_info(alarm, entry, language))) continue;
        rows.push_back({alarm, &entry});
    }
    reply.total = rows.size();
    const auto first = std::min<std::uint64_t>(request.before, rows.size());
    const auto last = std::min<std::uint64_t>(first + request.limit, rows.size());
    std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(last),
                              [this](const Row& a, const Row& b) { return a.rank(*alarms_) < b.rank(*alarms_); });
    for (auto i = first; i < last; ++i) {
        auto& info = reply.alarms.emplace_back(make_info(rows[i].alarm, *rows[i].entry, language));
        info.is_uncertain = is_uncertain && is_uncertain(rows[i].alarm);
    }
    reply.next = last < rows.size() ? last : 0;
    for (auto& [key, counted] : counts) {
        if (counted.standing + counted.shelved + counted.suppressed + counted.out_of_service == 0) continue;
        counted.area = key.first;
        counted.priority = key.second;
        reply.counts.push_back(std::move(counted));
    }
    reply.priorities = priority_styles(*alarms_);
    return reply;
}

std::vector<AlarmPriority> priority_styles(const AlarmCatalog& alarms) {
    std::vector<AlarmPriority> all;
    for (const auto& style : alarms.priorities())
        all.push_back({static_cast<std::uint8_t>(all.size() + 1), style.name, style.color, style.sound, style.repeat});
    return all;
}

AlarmInfo LiveAlarms::info(AlarmId alarm, std::size_t language) {
    const std::scoped_lock lock(mutex_);
    catch_up();
    const auto found = entries_.find(alarm);
    return make_info(alarm, found == entries_.end() ? Entry{} : found->second, language);
}

journal::Position LiveAlarms::occurrence(AlarmId alarm) {
    const std::scoped_lock lock(mutex_);
    catch_up();
    const auto found = entries_.find(alarm);
    return found == entries_.end() ? 0 : found->second.occurrence;
}

std::optional<AlarmId> LiveAlarms::alarm_of(journal::Position occurrence) {
    const std::scoped_lock lock(mutex_);
    catch_up();
    const auto found = of_occurrence_.find(occurrence);
    if (occurrence == 0 || found == of_occurrence_.end()) return std::nullopt;
    return found->second;
}

std::vector<RuleId> LiveAlarms::suppressed_by(AlarmId alarm) {
    const std::scoped_lock lock(mutex_);
    catch_up();
    const auto found = entries_.find(alarm);
    return found == entries_.end() ? std::vector<RuleId>() : found->second.rules;
}

std::vector<AlarmId> LiveAlarms::standing(std::string_view area, const Covers& covers) {
    std::vector<AlarmId> found;
    const std::scoped_lock lock(mutex_);
    catch_up();
    for (const auto& [alarm, entry] : entries_) {
        const auto of = alarms_->area(alarm);
        if (is_standing(entry.state) && tags::is_inside(of, area) && covers(of)) found.push_back(alarm);
    }
    return found;
}

}  // namespace penstock::alarms
