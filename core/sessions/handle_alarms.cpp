// Requests about alarms: limits are checked here, the rest is the plant's.
#include <algorithm>

#include "core/sessions/alarm_services.hpp"
#include "core/sessions/handlers.hpp"
#include "core/sessions/history_services.hpp"

namespace penstock::sessions {
namespace {

constexpr std::size_t kMaxActions = 1'000;

using Fault = std::optional<Error>;

Fault refuse(std::string sentence) { return Error(ErrorCode::invalid_argument, std::move(sentence)); }

Fault check(const AlarmsRequest& request) {
    if (request.list > AlarmList::history)
        return refuse("list number " + std::to_string(static_cast<unsigned>(request.list)) + " is unknown");
    if (request.limit >= 1 && request.limit <= kMaxAlarmRows) return {};
    return refuse("limit is " + std::to_string(request.limit) + ", wanted 1 to " + std::to_string(kMaxAlarmRows));
}

Fault check(const AlarmActionRequest& request) {
    if (!right_of_action(request))
        return refuse("\"" + std::string(to_string(request.action)) + "\" is nothing that people do to alarms");
    const auto named = request.ids.size() + request.alarms.size();
    const int ways = (request.ids.empty() ? 0 : 1) + (request.alarms.empty() ? 0 : 1) + (request.area.empty() ? 0 : 1);
    if (ways != 1) return refuse("wanted ids, names of alarms or an area, and only one of them");
    if (named > kMaxActions) return refuse(std::to_string(named) + " alarms, at most " + std::to_string(kMaxActions));
    const bool suits_areas = request.action == AlarmEvent::acknowledged || request.action == AlarmEvent::silenced;
    if (!request.area.empty() && !suits_areas)
        return refuse("of an area, alarms are acknowledged or silenced; name the alarms");
    const bool wants_reason = request.action == AlarmEvent::shelved || request.action == AlarmEvent::shelved_once
                              || request.action == AlarmEvent::taken_out || request.action == AlarmEvent::commented;
    const bool is_blank = std::ranges::all_of(request.comment, [](char c) { return c == ' '; });
    if (wants_reason && is_blank) return refuse("this wants a reason or comment");
    if (request.comment.size() > 1'000) return refuse("a comment has at most 1000 bytes");
    return {};
}

Fault check(const ExplainAlarmRequest&) { return {}; }
Fault check(const AlarmFiguresRequest&) { return {}; }

// The plant's alarms if it has any and the request is sound; else null, and the answer is given.
template <class Request, class Reply>
AlarmServices* alarms_for(const Call& call, const Request& request, Answer<Reply>& answer) {
    auto* alarms = call.plant.alarms;
    auto fault = alarms == nullptr ? Error(ErrorCode::unavailable, "this plant has no alarms") : check(request);
    if (!fault) return alarms;
    answer(std::unexpected(*std::move(fault)));
    return nullptr;
}

AlarmServices::Asker asker(const Call& call) { return {call.user, call.station, call.grant}; }

}  // namespace

std::optional<Right> right_of_action(const AlarmActionRequest& request) {
    switch (request.action) {
        case AlarmEvent::acknowledged:
        case AlarmEvent::confirmed:
        case AlarmEvent::reset:
        case AlarmEvent::silenced:
        case AlarmEvent::commented: return Right::acknowledge_alarms;
        case AlarmEvent::shelved:
        case AlarmEvent::shelved_once:
        case AlarmEvent::unshelved: return Right::shelve_alarms;
        case AlarmEvent::taken_out:
        case AlarmEvent::put_back: return Right::take_out_alarms;
        case AlarmEvent::raised:
        case AlarmEvent::returned:
        case AlarmEvent::suppressed:
        case AlarmEvent::unsuppressed: break;  // the process's, and rules'
    }
    return std::nullopt;
}

void handle_alarms(const Call& call, AlarmsRequest request, Answer<AlarmsReply> answer) {
    if (auto* alarms = alarms_for(call, request, answer)) alarms->alarms(asker(call), std::move(request), std::move(answer));
}

void handle_alarm_action(const Call& call, AlarmActionRequest request, Answer<AlarmActionReply> answer) {
    if (auto* alarms = alarms_for(call, request, answer)) alarms->act(asker(call), std::move(request), std::move(answer));
}

void handle_explain_alarm(const Call& call, ExplainAlarmRequest request, Answer<ExplainAlarmReply> answer) {
    if (auto* alarms = alarms_for(call, request, answer)) alarms->explain(asker(call), std::move(request), std::move(answer));
}

void handle_alarm_figures(const Call& call, AlarmFiguresRequest request, Answer<AlarmFiguresReply> answer) {
    if (auto* alarms = alarms_for(call, request, answer)) alarms->figures(asker(call), std::move(request), std::move(answer));
}

void handle_subscribe_events(const Call& call, SubscribeEventsRequest request, Answer<SubscribeEventsReply> answer) {
    if (call.plant.history == nullptr) return answer(fail(ErrorCode::unavailable, "this plant keeps no history"));
    const auto stream = call.session->open_events(std::move(request), call.grant);
    if (!stream) return answer(std::unexpected(stream.error()));
    SubscribeEventsReply reply;
    reply.stream = *stream;
    answer(reply);
}

}  // namespace penstock::sessions
