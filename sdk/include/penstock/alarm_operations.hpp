#pragma once

// Requests and replies about alarms. Part of operations.hpp, which includes it.
//
// An alarm has a name, given by the site ("clear_tank.level.high"), and an id that the server gives once. Each time it is raised is an
// occurrence, named by the position of that event in the events lane: the number that people see and acknowledge. What is listed is
// durable: a state that the journal has not got yet is not shown.

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <penstock/alarm_event.hpp>
#include <penstock/fields.hpp>
#include <penstock/history_operations.hpp>
#include <penstock/operation_id.hpp>
#include <penstock/quality.hpp>
#include <penstock/result.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// --- alarms: one query for what stands, what was, what is shelved or suppressed -------------------------------------
struct AlarmInfo {
    std::uint64_t id = 0;  // of the occurrence; 0: it is shelved, suppressed or out of service without having been raised
    std::string alarm, tag, area, alarm_class;
    AlarmStateCode state{};
    bool holds = false;  // the condition, also under a shelf
    bool is_silenced = false, is_uncertain = false;  // uncertain: its input is bad, or its policy failed
    bool to_confirm = false;  // its class wants a confirmation behind the acknowledgement, and nobody has given it
    std::uint8_t priority = 0;  // 1 = the most urgent
    std::string text;  // placeholders filled
    Value value, limit;  // what it was raised by; limit without a value: it has none
    std::string unit;
    UtcTime since, raised, acknowledged;  // since: in this state
    std::string acknowledged_by, comment;
    UtcTime shelved_until;  // 0 = not by time
    std::string shelved_by, reason;  // of a shelf, a suppression (the rule), out of service
    std::string screen;  // where to look
    // Of history: what happened, by whom.
    AlarmEvent event{};
    std::string user, station;
    static constexpr auto fields() {
        return std::tuple(
            field("id", &AlarmInfo::id), field("alarm", &AlarmInfo::alarm), field("tag", &AlarmInfo::tag),
            field("area", &AlarmInfo::area), field("class", &AlarmInfo::alarm_class), field("state", &AlarmInfo::state),
            field("holds", &AlarmInfo::holds), field("silenced", &AlarmInfo::is_silenced),
            field("uncertain", &AlarmInfo::is_uncertain), field("priority", &AlarmInfo::priority),
            field("text", &AlarmInfo::text), field("value", &AlarmInfo::value), field("limit", &AlarmInfo::limit),
            field("unit", &AlarmInfo::unit), field("since", &AlarmInfo::since), field("raised", &AlarmInfo::raised),
            field("acknowledged", &AlarmInfo::acknowledged), field("acked_by", &AlarmInfo::acknowledged_by),
            field("comment", &AlarmInfo::comment), field("shelved_until", &AlarmInfo::shelved_until),
            field("shelved_by", &AlarmInfo::shelved_by), field("reason", &AlarmInfo::reason),
            field("screen", &AlarmInfo::screen), field("event", &AlarmInfo::event), field("user", &AlarmInfo::user),
            field("station", &AlarmInfo::station), field("to_confirm", &AlarmInfo::to_confirm));
    }
};
struct AlarmCount {
    std::string area;
    std::uint8_t priority = 0;
    std::uint32_t unacknowledged = 0, standing = 0, shelved = 0, suppressed = 0, out_of_service = 0;
    static constexpr auto fields() {
        return std::tuple(field("area", &AlarmCount::area), field("priority", &AlarmCount::priority),
                          field("unacknowledged", &AlarmCount::unacknowledged), field("standing", &AlarmCount::standing),
                          field("shelved", &AlarmCount::shelved), field("suppressed", &AlarmCount::suppressed),
                          field("out_of_service", &AlarmCount::out_of_service));
    }
};
// How a priority is shown and heard, as the site defines it.
struct AlarmPriority {
    std::uint8_t priority = 0;
    std::string name;
    std::string color;  // "#rrggbb"; "" = the station's own
    std::string sound;  // tones "HERTZ:MILLISECONDS HERTZ:MILLISECONDS ...", 0 Hz is silence; "" = none
    Duration
        repeat{};  // how long from one beginning of the sound to the next, until somebody acknowledges or silences; 0: heard once
    static constexpr auto fields() {
        return std::tuple(field("priority", &AlarmPriority::priority), field("name", &AlarmPriority::name),
                          field("color", &AlarmPriority::color), field("sound", &AlarmPriority::sound),
                          field("repeat", &AlarmPriority::repeat));
    }
};
struct AlarmsReply {
    std::vector<AlarmInfo> alarms;  // unacknowledged first, then the most urgent, then the newest; history: the newest first
    std::vector<AlarmCount>
        counts;  // of everything in the areas asked for, not of this page alone; those that are all 0 left out
    std::vector<AlarmPriority> priorities;  // of the site
    std::uint64_t next = 0;  // pass as `before`; 0 at the end
    std::uint64_t total = 0;  // that match; of history 0 (not counted)
    std::uint64_t durable = 0;  // of the events lane: subscribe to events from here on, and nothing is missed
    static constexpr auto fields() {
        return std::tuple(field("alarms", &AlarmsReply::alarms), field("counts", &AlarmsReply::counts),
                          field("priorities", &AlarmsReply::priorities), field("next", &AlarmsReply::next),
                          field("total", &AlarmsReply::total), field("durable", &AlarmsReply::durable));
    }
};
enum class AlarmList : std::uint8_t { standing = 0, shelved = 1, suppressed = 2, out_of_service = 3, history = 4 };
inline constexpr std::uint32_t kMaxAlarmRows = 10'000;
struct AlarmsRequest {
    using Reply = AlarmsReply;
    static constexpr OperationId kId = OperationId::alarms;
    static constexpr std::string_view kName = "alarms";
    AlarmList list = AlarmList::standing;
    std::string area;  // and below; "" = all
    std::vector<std::uint32_t> priorities;  // empty = all
    std::vector<AlarmStateCode> states;  // empty = all
    std::string text;  // contained in alarm, tag or text, any case
    UtcTime from, to;  // of history; to = 0: up to now
    std::uint64_t before = 0;  // of history: events before this position; of lists: rows to pass over
    std::uint32_t limit = 1'000;  // 1 to kMaxAlarmRows
    std::string language;  // of texts: one of HelloReply::languages; "" = the site's first
    static constexpr auto fields() {
        return std::tuple(field("list", &AlarmsRequest::list), field("area", &AlarmsRequest::area),
                          field("priorities", &AlarmsRequest::priorities), field("states", &AlarmsRequest::states),
                          field("text", &AlarmsRequest::text), field("from", &AlarmsRequest::from),
                          field("to", &AlarmsRequest::to), field("before", &AlarmsRequest::before),
                          field("limit", &AlarmsRequest::limit), field("language", &AlarmsRequest::language));
    }
};

// --- alarm_action: what an operator does to alarms --------------------------------------------------------------------
struct AlarmActionItem {
    std::string alarm;
    std::uint64_t id = 0;
    ErrorCode code{};  // 0: done
    std::string reason;  // "it is acknowledged already, by mueller at 2026-11-20T12:03:17Z"
    static constexpr auto fields() {
        return std::tuple(field("alarm", &AlarmActionItem::alarm), field("id", &AlarmActionItem::id),
                          field("code", &AlarmActionItem::code), field("reason", &AlarmActionItem::reason));
    }
};
struct AlarmActionReply {
    std::vector<AlarmActionItem> items;  // in the order asked; of an area: all that were acted on
    static constexpr auto fields() { return std::tuple(field("items", &AlarmActionReply::items)); }
};
// Names of alarms, ids of occurrences, or an area: exactly one of the three. A thousand at most; answered when it is durable.
struct AlarmActionRequest {
    using Reply = AlarmActionReply;
    static constexpr OperationId kId = OperationId::alarm_action;
    static constexpr std::string_view kName = "alarm_action";
    AlarmEvent
        action{};  // acknowledged, confirmed, reset, silenced, shelved, shelved_once, unshelved, taken_out, put_back, commented
    std::vector<std::uint64_t> ids;  // an id that is no longer the alarm's newest occurrence is refused in words
    std::vector<std::string> alarms;
    std::string area;  // all that stand there and below: acknowledged and silenced alone
    std::string comment;  // the reason of a shelf or of taking out, which want one
    Duration shelve_for{};
    static constexpr auto fields() {
        return std::tuple(field("action", &AlarmActionRequest::action), field("ids", &AlarmActionRequest::ids),
                          field("alarms", &AlarmActionRequest::alarms), field("area", &AlarmActionRequest::area),
                          field("comment", &AlarmActionRequest::comment), field("shelve_for", &AlarmActionRequest::shelve_for));
    }
};

// --- subscribe_events: every event from a position on, in order, none twice; a stream -----------------------------------
struct SubscribeEventsReply {
    std::uint64_t stream = 0;
    static constexpr auto fields() { return std::tuple(field("stream", &SubscribeEventsReply::stream)); }
};
struct SubscribeEventsRequest {
    using Reply = SubscribeEventsReply;
    static constexpr OperationId kId = OperationId::subscribe_events;
    static constexpr std::string_view kName = "subscribe_events";
    std::uint64_t from = 0;  // position of the first that is wanted; kEventsFromNow: what comes from now on
    std::vector<EventKind> kinds;  // empty = all
    std::string area;  // and below; "" = all
    static constexpr auto fields() {
        return std::tuple(field("from", &SubscribeEventsRequest::from), field("kinds", &SubscribeEventsRequest::kinds),
                          field("area", &SubscribeEventsRequest::area));
    }
};
inline constexpr std::uint64_t kEventsFromNow = ~std::uint64_t{0};
struct EventsUpdate {
    std::vector<Event> events;  // the oldest first
    std::uint64_t next = 0;  // position after the last that was looked at: where to go on after a cut
    std::string missing;  // a sentence: events before these could not be read any more; "" = none
    static constexpr auto fields() {
        return std::tuple(field("events", &EventsUpdate::events), field("next", &EventsUpdate::next),
                          field("missing", &EventsUpdate::missing));
    }
};

// --- explain_alarm: why it is there, what it means, what to do ------------------------------------------------------------
struct AlarmParameter {
    std::string name;  // "high", "on_delay", "enable"
    std::string value;  // as it is now, with its unit
    std::string tag;  // that it is bound to; "" = a number of the site
    static constexpr auto fields() {
        return std::tuple(field("name", &AlarmParameter::name), field("value", &AlarmParameter::value),
                          field("tag", &AlarmParameter::tag));
    }
};
struct ExplainAlarmReply {
    AlarmInfo info;
    std::string policy;  // "limits: high"
    std::string state_sentence;  // "unacknowledged since 12:03:17, because clear_tank.level was 4.7 m, above 4.5 m"
    std::string input;  // "clear_tank.level = 4.7 m, good"
    std::vector<AlarmParameter> parameters;
    std::vector<std::string> suppressed_by;  // rules that hold it back now
    std::vector<std::string> suppressed_if;  // rules that could
    std::string cause, consequence, response;
    Duration time_to_respond{};
    std::string origin;  // file:line:column
    std::vector<Event> last;  // of this alarm, the newest first, 10 at most
    static constexpr auto fields() {
        return std::tuple(
            field("info", &ExplainAlarmReply::info), field("policy", &ExplainAlarmReply::policy),
            field("state_sentence", &ExplainAlarmReply::state_sentence), field("input", &ExplainAlarmReply::input),
            field("parameters", &ExplainAlarmReply::parameters), field("suppressed_by", &ExplainAlarmReply::suppressed_by),
            field("suppressed_if", &ExplainAlarmReply::suppressed_if), field("cause", &ExplainAlarmReply::cause),
            field("consequence", &ExplainAlarmReply::consequence), field("response", &ExplainAlarmReply::response),
            field("time_to_respond", &ExplainAlarmReply::time_to_respond), field("origin", &ExplainAlarmReply::origin),
            field("last", &ExplainAlarmReply::last));
    }
};
struct ExplainAlarmRequest {
    using Reply = ExplainAlarmReply;
    static constexpr OperationId kId = OperationId::explain_alarm;
    static constexpr std::string_view kName = "explain_alarm";
    std::string alarm;
    std::string language;  // as AlarmsRequest::language
    static constexpr auto fields() {
        return std::tuple(field("alarm", &ExplainAlarmRequest::alarm), field("language", &ExplainAlarmRequest::language));
    }
};

// --- alarm_figures: how good the alarms are, after ISA-18.2 and EEMUA 191 ------------------------------------------------
struct AlarmFigure {
    std::string scope;  // "plant", "area works/intake", "class process", "operator mueller"
    std::string figure;  // "alarms_per_10min", as the tag's last name
    double value = 0;
    std::string unit;
    std::string recommended;  // "at most 1", "under 1 %"; "" = none
    bool is_beyond = false;  // of what is recommended
    std::string tag;  // that carries it; "" = none
    static constexpr auto fields() {
        return std::tuple(field("scope", &AlarmFigure::scope), field("figure", &AlarmFigure::figure),
                          field("value", &AlarmFigure::value), field("unit", &AlarmFigure::unit),
                          field("recommended", &AlarmFigure::recommended), field("beyond", &AlarmFigure::is_beyond),
                          field("tag", &AlarmFigure::tag));
    }
};
// An alarm that stands out, and how often.
struct AlarmOffender {
    std::string alarm, area, text;
    std::uint64_t count = 0;
    double share = 0;  // of all in the time, 0 to 1
    bool is_chattering = false, is_fleeting = false, is_stale = false;
    static constexpr auto fields() {
        return std::tuple(field("alarm", &AlarmOffender::alarm), field("area", &AlarmOffender::area),
                          field("text", &AlarmOffender::text), field("count", &AlarmOffender::count),
                          field("share", &AlarmOffender::share), field("chattering", &AlarmOffender::is_chattering),
                          field("fleeting", &AlarmOffender::is_fleeting), field("stale", &AlarmOffender::is_stale));
    }
};
struct AlarmFiguresReply {
    std::vector<AlarmFigure> figures;
    std::vector<AlarmOffender> top;  // the ten most frequent of the last 24 h, and all that chatter, are fleeting or stale
    UtcTime since;  // figures reach back to here, if the server has not run longer
    static constexpr auto fields() {
        return std::tuple(field("figures", &AlarmFiguresReply::figures), field("top", &AlarmFiguresReply::top),
                          field("since", &AlarmFiguresReply::since));
    }
};
struct AlarmFiguresRequest {
    using Reply = AlarmFiguresReply;
    static constexpr OperationId kId = OperationId::alarm_figures;
    static constexpr std::string_view kName = "alarm_figures";
    std::string area;  // and below; "" = the plant, and each area
    std::string language;  // as AlarmsRequest::language
    static constexpr auto fields() {
        return std::tuple(field("area", &AlarmFiguresRequest::area), field("language", &AlarmFiguresRequest::language));
    }
};

}  // namespace penstock
