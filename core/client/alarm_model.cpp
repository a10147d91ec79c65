#include "core/client/alarm_model.hpp"

#include <algorithm>
#include <utility>

namespace penstock::client {

bool is_unacknowledged(AlarmStateCode state) noexcept {
    return state == AlarmStateCode::unacknowledged || state == AlarmStateCode::returned_unacknowledged
           || state == AlarmStateCode::latched_unacknowledged;
}

bool calls_somebody(const AlarmInfo& alarm) noexcept { return is_unacknowledged(alarm.state) && !alarm.is_silenced; }

namespace {

// Done to one occurrence; the rest is done to the alarm, whatever its occurrence.
bool is_of_occurrence(AlarmEvent action) {
    return action == AlarmEvent::acknowledged || action == AlarmEvent::confirmed || action == AlarmEvent::reset
           || action == AlarmEvent::silenced || action == AlarmEvent::commented;
}

}  // namespace

AlarmModel::AlarmModel(Session& session)
    : session_(&session), explainer_(session), self_(std::make_shared<AlarmModel*>(this)) {}
AlarmModel::~AlarmModel() { *self_ = nullptr; }

const ShownAlarms& AlarmModel::look_at(AlarmList list, MonotonicTime now) {
    const auto [found, is_new] = lists_.try_emplace(list);
    if (is_new) {
        found->second.due = now;
        ++version_;  // poll() has something to do
    }
    return found->second.shown;
}

const AlarmPriority* AlarmModel::style(std::uint8_t priority) const noexcept {
    for (const auto& [list, entry] : lists_) {
        const auto& styles = entry.shown.reply.priorities;
        const auto found = std::ranges::find(styles, priority, &AlarmPriority::priority);
        if (found != styles.end()) return &*found;
    }
    return nullptr;
}

std::uint8_t AlarmModel::sounding() const noexcept {
    const auto standing = lists_.find(AlarmList::standing);
    if (standing == lists_.end()) return 0;
    const auto& reply = standing->second.shown.reply;
    const auto is_heard = [&](std::uint8_t priority) {
        const auto style = std::ranges::find(reply.priorities, priority, &AlarmPriority::priority);
        return style != reply.priorities.end() && !style->sound.empty();
    };
    std::uint8_t most = 0;
    for (const auto& info : reply.alarms) {
        if (!calls_somebody(info) || !is_heard(info.priority)) continue;
        if (most == 0 || info.priority < most) most = info.priority;
    }
    return most;
}

std::optional<MonotonicTime> AlarmModel::poll(MonotonicTime now) {
    if (session_->link().state != LinkState::connected) return std::nullopt;
    auto next = explainer_.poll(now);
    for (auto& [list, entry] : lists_) {
        if (entry.is_asked || !entry.is_stale) continue;
        if (entry.due <= now) {
            ask(list, entry, now);
            continue;
        }
        next = next ? std::min(*next, entry.due) : entry.due;
    }
    return next;
}

void AlarmModel::ask(AlarmList list, Entry& entry, MonotonicTime now) {
    AlarmsRequest request;
    request.list = list;
    request.limit = kMostAlarms;
    request.language = language_;
    entry.is_asked = true;
    entry.is_stale = false;
    const bool is_burst = entry.pause > Duration{} && now < entry.due + kRefresh;
    entry.pause = is_burst ? std::min(2 * entry.pause, kLongestRefresh) : kRefresh;
    entry.due = now + entry.pause;
    session_->call(request, [self = self_, round = round_, list](Result<AlarmsReply> reply) {
        auto* model = *self;
        if (model != nullptr && model->round_ == round) model->take(list, std::move(reply));
    });
}

void AlarmModel::take(AlarmList list, Result<AlarmsReply> reply) {
    auto& entry = lists_[list];
    entry.is_asked = false;
    ++version_;
    if (!reply) {
        entry.shown.fault = reply.error().text();
        entry.shown.is_old = entry.shown.is_known;  // where nothing is listed, nothing is old
        entry.is_stale = reply.error().retryable();
        return;
    }
    entry.shown = {*std::move(reply), true, false, {}};
    // Steps that came while it was on its way are perhaps not in it.
    if (entry.shown.reply.durable < seen_) entry.is_stale = true;
    follow(entry.shown.reply.durable);
}

void AlarmModel::follow(std::uint64_t from) {
    if (steps_) return;
    SubscribeEventsRequest request;
    request.from = from;
    request.kinds = {EventKind::alarm};
    Session::EventsHandler handler;
    handler.on_start = [self = self_](const Result<SubscribeEventsReply>& reply) {
        auto* model = *self;
        if (model == nullptr || reply) return;
        model->notice_ = "alarms are not kept up to date: " + reply.error().text();
        ++model->version_;
    };
    handler.on_update = [self = self_](const EventsUpdate& update) {
        if (auto* model = *self) model->take(update);
    };
    steps_ = session_->subscribe_events(std::move(request), std::move(handler));
}

void AlarmModel::take(const EventsUpdate& update) {
    if (update.events.empty() && update.missing.empty()) return;
    seen_ = update.next;
    for (auto& [list, entry] : lists_)
        if (entry.shown.reply.durable < seen_ || !update.missing.empty()) entry.is_stale = true;
    for (const auto& event : update.events) explainer_.stepped(event.object);
    if (!update.missing.empty()) explainer_.stepped({});
    ++version_;
}

bool AlarmModel::is_asked(const AlarmInfo& info) const {
    return asked_alarms_.contains(info.alarm) || (info.id != 0 && asked_.contains(info.id));
}

// An alarm without an occurrence can be commented on by its name, and that alone.
void AlarmModel::act(AlarmAct act) {
    const auto request = [&act] {
        AlarmActionRequest made;
        made.action = act.action;
        made.comment = act.comment;
        made.shelve_for = act.shelve_for;
        return made;
    };
    auto by_id = request(), by_name = request();
    const bool wants_id = is_of_occurrence(act.action);
    for (auto& [id, alarm] : act.alarms) {
        if (wants_id && id != 0)
            by_id.ids.push_back(id);
        else if ((!wants_id || act.action == AlarmEvent::commented) && !alarm.empty())
            by_name.alarms.push_back(std::move(alarm));
    }
    if (by_id.ids.empty() && by_name.alarms.empty()) return;
    ++version_;
    notice_.clear();
    if (session_->link().state != LinkState::connected) {
        notice_ = "the server is not reached: nothing was done";
        return;
    }
    if (!by_id.ids.empty()) ask(std::move(by_id));
    if (!by_name.alarms.empty()) ask(std::move(by_name));
}

void AlarmModel::ask(AlarmActionRequest request) {
    asked_.insert(request.ids.begin(), request.ids.end());
    asked_alarms_.insert(request.alarms.begin(), request.alarms.end());
    session_->call(request, [self = self_, request](const Result<AlarmActionReply>& reply) {
        if (auto* model = *self) model->take(request, reply);
    });
}

void AlarmModel::take(const AlarmActionRequest& asked, const Result<AlarmActionReply>& reply) {
    for (const auto id : asked.ids) asked_.erase(id);
    for (const auto& alarm : asked.alarms) asked_alarms_.erase(alarm);
    for (auto& [list, entry] : lists_) entry.due = {};  // what somebody did is shown at once, also in a flood
    ++version_;
    if (!reply) {
        notice_ = reply.error().text();
        return;
    }
    const auto refused = [](const AlarmActionItem& item) { return item.code != ErrorCode{}; };
    const auto first = std::ranges::find_if(reply->items, refused);
    if (first == reply->items.end()) return;
    notice_ = first->alarm + ": " + first->reason;
    if (const auto others = std::count_if(first + 1, reply->items.end(), refused); others > 0)
        notice_ += " (and " + std::to_string(others) + " more)";
}

void AlarmModel::link_lost() {
    explainer_.link_lost();
    for (auto& [list, entry] : lists_) entry.shown.is_old = true;
    ++version_;
}

// Another server may be there: everything is asked for again. The stream of steps goes on by itself.
void AlarmModel::connected_anew() {
    explainer_.connected_anew();
    seen_ = 0;
    for (auto& [list, entry] : lists_) entry.shown.is_old = true;
    ask_all_again();
}

// What is shown stays until the other texts are there.
void AlarmModel::set_language(std::string language) {
    if (language == language_) return;
    language_ = std::move(language);
    explainer_.set_language(language_);
    ask_all_again();
}

void AlarmModel::ask_all_again() {
    ++round_;
    for (auto& [list, entry] : lists_) {
        entry.is_asked = false;
        entry.is_stale = true;
        entry.due = {};
    }
    ++version_;
}

}  // namespace penstock::client
