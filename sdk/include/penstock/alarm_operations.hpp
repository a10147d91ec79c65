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

#include <penstock/fields.hpp>
#include <penstock/history_operations.hpp>
#include <penstock/operation_id.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// The states of ISA-18.2, as they are shown. The numbers are stored and sent.
enum class AlarmStateCode : std::uint8_t {
    normal = 0,
    unacknowledged = 1,
    acknowledged = 2,
    returned_unacknowledged = 3,
    latched_unacknowledged = 4,
    latched_acknowledged = 5,
    returned_unconfirmed = 6,
    shelved = 7,
    suppressed = 8,
    out_of_service = 9,
};
[[nodiscard]] std::string_view to_string(AlarmStateCode state) noexcept;

// --- alarms: one query for what stands, what was, what is shelved or suppressed -------------------------------------
struct AlarmInfo {
    std::uint64_t occurrence = 0;  // 0: shelved, suppressed or out of service while normal
    std::string alarm, tag, area, alarm_class;
    AlarmStateCode state{};
    bool holds = false;  // the condition, also under a shelf
    bool is_silenced = false, is_uncertain = false;  // uncertain: its input is bad, or its policy failed
    std::uint8_t priority = 0;  // 1 = the most urgent, as the site numbers them
    std::string text;  // in the language of the session, placeholders filled
    Value value, limit;
    std::string unit;
    UtcTime since, raised, acknowledged;
    std::string acknowledged_by, comment;
    UtcTime shelved_until;  // 0 = not by time
    std::string shelved_by, reason;  // of a shelf, a suppression (the rule), out of service
    std::string screen;
    static constexpr auto fields() {
        return std::tuple(field("occurrence", &AlarmInfo::occurrence), field("alarm", &AlarmInfo::alarm),
                          field("tag", &AlarmInfo::tag), field("area", &AlarmInfo::area),
                          field("class", &AlarmInfo::alarm_class), field("state", &AlarmInfo::state),
                          field("holds", &AlarmInfo::holds), field("silenced", &AlarmInfo::is_silenced),
                          field("uncertain", &AlarmInfo::is_uncertain), field("priority", &AlarmInfo::priority),
                          field("text", &AlarmInfo::text), field("value", &AlarmInfo::value), field("limit", &AlarmInfo::limit),
                          field("unit", &AlarmInfo::unit), field("since", &AlarmInfo::since),
                          field("raised", &AlarmInfo::raised), field("acknowledged", &AlarmInfo::acknowledged),
                          field("acked_by", &AlarmInfo::acknowledged_by), field("comment", &AlarmInfo::comment),
                          field("shelved_until", &AlarmInfo::shelved_until), field("shelved_by", &AlarmInfo::shelved_by),
                          field("reason", &AlarmInfo::reason), field("screen", &AlarmInfo::screen));
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
struct AlarmsReply {
    std::vector<AlarmInfo> alarms;  // the most urgent first, then the newest; of history the newest first
    std::vector<AlarmCount> counts;  // of everything that the filter's areas hold, not of this page alone
    std::uint64_t next = 0;  // pass as `before`; 0 at the end
    std::uint64_t durable = 0;  // of the events lane: subscribe to events from here on, and nothing is missed
    static constexpr auto fields() {
        return std::tuple(field("alarms", &AlarmsReply::alarms), field("counts", &AlarmsReply::counts),
                          field("next", &AlarmsReply::next), field("durable", &AlarmsReply::durable));
    }
};
enum class AlarmList : std::uint8_t { standing = 0, shelved = 1, suppressed = 2, out_of_service = 3, history = 4 };
struct AlarmsRequest {
    using Reply = AlarmsReply;
    static constexpr std::string_view kName = "alarms";
    AlarmList list = AlarmList::standing;
    std::string area;  // and below; "" = all
    std::vector<std::uint8_t> priorities;  // empty = all
    std::vector<AlarmStateCode> states;  // empty = all
    std::string text;  // contained in alarm, tag or text, any case
    UtcTime from, to;  // of history; to = 0: up to now
    std::uint64_t before = 0;
    std::uint32_t limit = 1'000;  // 1 to 10,000
};

// --- alarm_action: what an operator does to alarms ------------------------------------------------------------------
enum class AlarmAction : std::uint8_t {
    acknowledge,
    confirm,
    reset,
    silence,
    shelve,
    shelve_once,
    unshelve,
    take_out,
    put_back,
    comment
};
struct AlarmActionItem {
    std::string alarm;
    std::uint64_t occurrence = 0;
    ErrorCode code{};  // 0: done
    std::string reason;  // "acknowledged already by mueller at 12:03:17"
};
struct AlarmActionReply {
    std::vector<AlarmActionItem> items;
};
struct AlarmActionRequest {
    using Reply = AlarmActionReply;
    static constexpr std::string_view kName = "alarm_action";
    AlarmAction action{};
    std::vector<std::uint64_t> occurrences;  // or
    std::vector<std::string> alarms;  // by name, or
    std::string area;  // all that stand there: acknowledge and silence alone
    std::string comment;  // reason of a shelf or of taking out
    Duration shelve_for{};
    std::uint64_t command = 0;  // as in WriteTagsRequest
};

}  // namespace penstock
