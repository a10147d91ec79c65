#include "core/client/alarm_explainer.hpp"

#include <algorithm>
#include <utility>

namespace penstock::client {

AlarmExplainer::AlarmExplainer(Session& session) : session_(&session), self_(std::make_shared<AlarmExplainer*>(this)) {}
AlarmExplainer::~AlarmExplainer() { *self_ = nullptr; }

const ExplainedAlarm& AlarmExplainer::look_at(std::string_view alarm, MonotonicTime now) {
    auto found = alarms_.find(alarm);
    if (found == alarms_.end()) {
        found = alarms_.emplace(alarm, Entry{}).first;
        found->second.due = now;
        ++version_;  // poll() has something to do
    }
    found->second.looked = now;
    return found->second.shown;
}

void AlarmExplainer::set_language(std::string language) {
    if (language == language_) return;
    language_ = std::move(language);
    connected_anew();
}

void AlarmExplainer::stepped(std::string_view alarm) {
    for (auto& [name, entry] : alarms_) {
        if (!alarm.empty() && name != alarm) continue;
        entry.is_stepped = true;
        entry.due = std::min(entry.due, entry.asked + kAfterStep);
    }
}

std::optional<MonotonicTime> AlarmExplainer::poll(MonotonicTime now) {
    if (session_->link().state != LinkState::connected) return std::nullopt;
    std::erase_if(alarms_, [now](const auto& each) { return !each.second.is_asked && now - each.second.looked > kForget; });
    std::optional<MonotonicTime> next;
    for (auto& [alarm, entry] : alarms_) {
        if (entry.is_asked) continue;
        if (entry.due <= now) {
            ask(alarm, entry, now);
            continue;
        }
        next = next ? std::min(*next, entry.due) : entry.due;
    }
    return next;
}

void AlarmExplainer::ask(const std::string& alarm, Entry& entry, MonotonicTime now) {
    entry.is_asked = true;
    entry.is_stepped = false;
    entry.asked = now;
    entry.due = now + kRefresh;
    ExplainAlarmRequest request;
    request.alarm = alarm;
    request.language = language_;
    session_->call(request, [self = self_, round = round_, alarm](Result<ExplainAlarmReply> reply) {
        auto* explainer = *self;
        if (explainer != nullptr && explainer->round_ == round) explainer->take(alarm, std::move(reply));
    });
}

void AlarmExplainer::take(const std::string& alarm, Result<ExplainAlarmReply> reply) {
    const auto found = alarms_.find(alarm);
    if (found == alarms_.end()) return;
    auto& entry = found->second;
    entry.is_asked = false;
    // It took a step while the answer was on its way.
    if (entry.is_stepped) entry.due = entry.asked + kAfterStep;
    ++version_;
    if (reply) {
        entry.shown = {*std::move(reply), true, false, {}};
        return;
    }
    entry.shown.fault = reply.error().text();
    entry.shown.is_old = entry.shown.is_known;
}

void AlarmExplainer::link_lost() {
    for (auto& [alarm, entry] : alarms_) entry.shown.is_old = true;
    ++version_;
}

void AlarmExplainer::connected_anew() {
    ++round_;
    for (auto& [alarm, entry] : alarms_) {
        entry.shown.is_old = true;
        entry.is_asked = false;
        entry.due = {};
    }
    ++version_;
}

}  // namespace penstock::client
