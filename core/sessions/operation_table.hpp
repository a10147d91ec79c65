#pragma once

// Everything anyone can do to a running plant, a row each: the right that it needs (or the rights, one of which a request needs), how to find the plant areas in a request,
// the handler. docs/operations.md is made from it. A request type without a row does not compile, nor does a row that lacks
// something (operation.hpp).

#include <tuple>

#include "core/sessions/handlers.hpp"
#include "core/sessions/operation.hpp"

namespace penstock::sessions {

inline constexpr std::tuple kOperations{
    Operation<HelloRequest>(Right::connect, &no_areas<HelloRequest>, &handle_hello,
                            "Opens the conversation: both sides say who they are and which protocol they speak."),
    Operation<BrowseRequest>(Right::browse, &no_areas<BrowseRequest>, &handle_browse,
                             "Lists the definitions of the tags whose names match a pattern, in pages."),
    Operation<ReadRequest>(Right::read, &areas_of_read, &handle_read,
                           "Reads the newest values of tags from the server's memory."),
    Operation<WriteTagsRequest>(Right::write, &areas_of_write, &handle_write,
                                "Writes a group of tags; answers per tag when the devices have answered."),
    Operation<ExplainRequest>(Right::explain, &areas_of_explain, &handle_explain,
                              "Says where a tag's value comes from and why it is as it is."),
    Operation<StatusRequest>(Right::status, &no_areas<StatusRequest>, &handle_status,
                             "Tells how the server and its devices are."),
    Operation<DefinitionRequest>(Right::definitions, &areas_of_definition, &handle_definition,
                                 "Fetches a screen, text table, station or the site by name and content hash."),
    Operation<SubscribeRequest>(Right::read, &areas_of_subscribe, &handle_subscribe,
                                "Opens a stream of the newest values of tags."),
    Operation<UnsubscribeRequest>(Right::connect, &no_areas<UnsubscribeRequest>, &handle_unsubscribe,
                                  "Ends a stream of the same session."),
    Operation<HistoryRequest>(Right::history, &areas_of_history, &handle_history,
                              "Fetches archived samples of a tag, or aggregates of them, in pages."),
    Operation<TrendRequest>(Right::history, &areas_of_trend, &handle_trend,
                            "Fetches what to draw of tags: one column a pixel, every extreme kept."),
    Operation<SubscribeSeriesRequest>(Right::history, &areas_of_series, &handle_subscribe_series,
                                      "Opens a stream of every archived sample of tags, from a time on and as they come."),
    Operation<EventsRequest>(Right::events, &areas_of_events, &handle_events,
                             "Lists what people and the server did, newest first, in pages."),
    Operation<JournalRequest>(Right::journal, &no_areas<JournalRequest>, &handle_journal,
                              "Tells how the plant's memory is, and checks on request that it is whole."),
    Operation<BackupRequest>(Right::administer, &no_areas<BackupRequest>, &handle_backup,
                             "Writes one consistent copy of everything that must survive."),
    Operation<AlarmsRequest>(Right::alarms, &named_area<AlarmsRequest>, &handle_alarms,
                             "Lists alarms: what stands, is shelved, suppressed or out of service, and what was."),
    Operation<AlarmActionRequest>(
        {{Right::take_out_alarms, Right::shelve_alarms, Right::acknowledge_alarms}, &right_of_action},
        &named_area<AlarmActionRequest>, &handle_alarm_action,
        "Acknowledges, confirms, resets, silences, shelves or comments alarms, or takes them out of service; answers "
        "per alarm."),
    Operation<SubscribeEventsRequest>(Right::events, &named_area<SubscribeEventsRequest>, &handle_subscribe_events,
                                      "Opens a stream of every event from a position on, in order, none twice."),
    Operation<ExplainAlarmRequest>(Right::alarms, &no_areas<ExplainAlarmRequest>, &handle_explain_alarm,
                                   "Says why an alarm is as it is, what it means and what to do."),
    Operation<AlarmFiguresRequest>(Right::alarms, &named_area<AlarmFiguresRequest>, &handle_alarm_figures,
                                   "Tells how good the alarms are, beside what ISA-18.2 and EEMUA 191 recommend."),
};

static_assert(covers_all_requests<std::remove_const_t<decltype(kOperations)>>,
              "every request of penstock/operations.hpp needs exactly one row, in the order of AnyRequest");

}  // namespace penstock::sessions
