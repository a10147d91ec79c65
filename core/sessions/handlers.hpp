#pragma once

// The handlers of the operation table. Each is called on its session's strand, after authorise(), and must not block.

#include <optional>

#include "core/sessions/operation.hpp"

namespace penstock::sessions {

// Limits of single requests, beside those of penstock/operations.hpp.
inline constexpr std::size_t kMaxBrowseTags = 1'000;
inline constexpr std::size_t kMaxReadTags = 10'000;
inline constexpr std::size_t kMaxWriteTags = 1'000;
inline constexpr std::size_t kMaxSubscribedTags = 100'000;
// Looking for the nearest name reads all names, so only the first unknown tags of a request get a hint.
inline constexpr std::size_t kMaxHints = 10;
// A write is answered after this time, with `unknown` for what no device has answered.
inline constexpr Duration kWriteAnswerWithin = std::chrono::seconds(10);

template <class Request>
void no_areas(const Plant&, const Request&, AreaList&) {}
void areas_of_read(const Plant& plant, const ReadRequest& request, AreaList& areas);
void areas_of_write(const Plant& plant, const WriteTagsRequest& request, AreaList& areas);
void areas_of_explain(const Plant& plant, const ExplainRequest& request, AreaList& areas);
void areas_of_definition(const Plant& plant, const DefinitionRequest& request, AreaList& areas);
void areas_of_subscribe(const Plant& plant, const SubscribeRequest& request, AreaList& areas);
void areas_of_history(const Plant& plant, const HistoryRequest& request, AreaList& areas);
void areas_of_trend(const Plant& plant, const TrendRequest& request, AreaList& areas);
void areas_of_series(const Plant& plant, const SubscribeSeriesRequest& request, AreaList& areas);
void areas_of_events(const Plant& plant, const EventsRequest& request, AreaList& areas);
// Of requests that name one area, or none.
template <class Request>
void named_area(const Plant&, const Request& request, AreaList& areas) {
    if (!request.area.empty()) areas.push_back(request.area);
}

// Nullopt: nothing that people do to alarms.
[[nodiscard]] std::optional<Right> right_of_action(const AlarmActionRequest& request);

void handle_hello(const Call& call, HelloRequest request, Answer<HelloReply> answer);
void handle_browse(const Call& call, BrowseRequest request, Answer<BrowseReply> answer);
void handle_read(const Call& call, ReadRequest request, Answer<ReadReply> answer);
void handle_write(const Call& call, WriteTagsRequest request, Answer<WriteReply> answer);
void handle_explain(const Call& call, ExplainRequest request, Answer<ExplainReply> answer);
void handle_status(const Call& call, StatusRequest request, Answer<StatusReply> answer);
void handle_definition(const Call& call, DefinitionRequest request, Answer<DefinitionReply> answer);
void handle_subscribe(const Call& call, SubscribeRequest request, Answer<SubscribeReply> answer);
void handle_unsubscribe(const Call& call, UnsubscribeRequest request, Answer<UnsubscribeReply> answer);
void handle_history(const Call& call, HistoryRequest request, Answer<HistoryReply> answer);
void handle_trend(const Call& call, TrendRequest request, Answer<TrendReply> answer);
void handle_subscribe_series(const Call& call, SubscribeSeriesRequest request, Answer<SubscribeSeriesReply> answer);
void handle_events(const Call& call, EventsRequest request, Answer<EventsReply> answer);
void handle_journal(const Call& call, JournalRequest request, Answer<JournalReply> answer);
void handle_backup(const Call& call, BackupRequest request, Answer<BackupReply> answer);
void handle_alarms(const Call& call, AlarmsRequest request, Answer<AlarmsReply> answer);
void handle_alarm_action(const Call& call, AlarmActionRequest request, Answer<AlarmActionReply> answer);
void handle_subscribe_events(const Call& call, SubscribeEventsRequest request, Answer<SubscribeEventsReply> answer);
void handle_explain_alarm(const Call& call, ExplainAlarmRequest request, Answer<ExplainAlarmReply> answer);
void handle_alarm_figures(const Call& call, AlarmFiguresRequest request, Answer<AlarmFiguresReply> answer);

}  // namespace penstock::sessions
