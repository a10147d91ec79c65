#pragma once

// Requests and replies about what was: samples, aggregates, trends, events. Part of operations.hpp, which includes it.
//
// Times are ns UTC; a range is [from, to). Answers join what the historian has stored with the journal's durable rest, and say up to
// where: what is younger than `durable_until` is not answered yet.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <penstock/alarm_event.hpp>
#include <penstock/fields.hpp>
#include <penstock/operation_id.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// Samples of one tag as columns of equal length, in order of time. A row whose quality is bad has no value (its word is 0): a gap
// begins there, and `causes` says why. `word` as in columns (abi/plain.hpp).
struct SampleColumns {
    ValueType type = ValueType::none;
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;  // quality << 16 | cause (0 = none, n = causes[n - 1])
    std::vector<std::uint64_t> word;
    std::string blob;
    std::vector<std::string> causes;
    static constexpr auto fields() {
        return std::tuple(field("type", &SampleColumns::type), field("time", &SampleColumns::time),
                          field("status", &SampleColumns::status), field("word", &SampleColumns::word),
                          field("blob", &SampleColumns::blob), field("causes", &SampleColumns::causes));
    }
    [[nodiscard]] std::size_t size() const noexcept { return time.size(); }
    [[nodiscard]] Value value(std::size_t row) const;  // empty where bad
    [[nodiscard]] QualityCode quality(std::size_t row) const noexcept { return status_quality(status[row]); }
    [[nodiscard]] std::string_view cause(std::size_t row) const;  // "" for none
};

// A stretch of time that an answer does not cover yet, or not any more.
struct IncompleteRange {
    UtcTime from, to;
    std::string cause;  // "given up: historian.sqlite was 25 h behind", "chunk 4711 is damaged" ...
    static constexpr auto fields() {
        return std::tuple(field("from", &IncompleteRange::from), field("to", &IncompleteRange::to),
                          field("cause", &IncompleteRange::cause));
    }
};

// Aggregates after OPC UA Part 13 (1.05), with TreatUncertainAsBad = false, PercentDataGood = PercentDataBad = 100 and stepped
// extrapolation; each comment names the section. Their words are the enumerators'. Durations are seconds, not milliseconds.
// Minimum, maximum, range and standard deviation are of good samples only, as the standard has it.
enum class Aggregate : std::uint8_t {
    none = 0,  // raw samples
    interpolative = 1,  // 5.4.3.4
    average = 2,  // 5.4.3.5
    time_average = 3,  // 5.4.3.6, but stepped where the series is, as in 5.4.3.7
    total = 4,  // 5.4.3.8: the time average times the seconds that are covered
    minimum = 5,  // 5.4.3.10
    maximum = 6,  // 5.4.3.11
    minimum_time = 7,  // 5.4.3.12: MinimumActualTime: the row's time is the sample's
    maximum_time = 8,  // 5.4.3.13
    range = 9,  // 5.4.3.14
    count = 10,  // 5.4.3.21
    duration_in_state_zero = 11,  // 5.4.3.22
    duration_in_state_non_zero = 12,  // 5.4.3.23
    transitions = 13,  // 5.4.3.24
    start = 14,  // 5.4.3.25: the first raw sample, also a bad one; the row's time is the sample's
    end = 15,  // 5.4.3.26: the last
    delta = 16,  // 5.4.3.27
    first = 17,  // Penstock's own: the first sample that is not bad, with its time
    last = 18,  // the last such
    percent_good = 19,  // 5.4.3.33
    percent_bad = 20,  // 5.4.3.34
    worst_quality = 21,  // 5.4.3.35: the value is the status code
    standard_deviation = 22,  // 5.4.3.37: of a sample (n - 1)
};
[[nodiscard]] std::string_view to_string(Aggregate aggregate) noexcept;
[[nodiscard]] Aggregate parse_aggregate(std::string_view word) noexcept;  // none if there is no such word

// --- history: samples or aggregates of one tag, in pages ---------------------------------------------------------------
struct HistoryReply {
    SampleColumns rows;
    std::string unit;
    std::string next;  // pass as `after` for the next page; "" at the end
    UtcTime durable_until;  // the journal is on disk up to here
    UtcTime stored_until;  // and in the historian up to here
    std::string historian;  // which one answered
    std::vector<IncompleteRange> incomplete;
    static constexpr auto fields() {
        return std::tuple(field("rows", &HistoryReply::rows), field("unit", &HistoryReply::unit),
                          field("next", &HistoryReply::next), field("durable_until", &HistoryReply::durable_until),
                          field("stored_until", &HistoryReply::stored_until), field("historian", &HistoryReply::historian),
                          field("incomplete", &HistoryReply::incomplete));
    }
};
inline constexpr std::uint32_t kMaxHistoryRows = 32'768;
struct HistoryRequest {
    using Reply = HistoryReply;
    static constexpr OperationId kId = OperationId::history;
    static constexpr std::string_view kName = "history";
    std::string tag;
    UtcTime from, to;
    Aggregate aggregate = Aggregate::none;
    Duration interval{};  // of aggregates; at least 1 ms
    std::uint32_t limit = kMaxHistoryRows;  // rows a page, 1 to kMaxHistoryRows
    std::string after;  // `next` of the page before; "" for the first
    std::string historian;  // id of one of the tag's; "" = its first
    bool newest_first = false;  // raw samples only
    static constexpr auto fields() {
        return std::tuple(field("tag", &HistoryRequest::tag), field("from", &HistoryRequest::from),
                          field("to", &HistoryRequest::to), field("aggregate", &HistoryRequest::aggregate),
                          field("interval", &HistoryRequest::interval), field("limit", &HistoryRequest::limit),
                          field("after", &HistoryRequest::after), field("historian", &HistoryRequest::historian),
                          field("newest_first", &HistoryRequest::newest_first));
    }
};

// --- trend: what to draw: one column a pixel, every extreme kept ------------------------------------------------------
// Columns of equal length, of the tag's numbers (bool as 0 and 1). A column without a sample that is not bad: NaN, and its quality.
struct TrendLine {
    std::string tag;
    std::string unit;
    ErrorCode code{};  // 0: fine; not_found; unsupported: strings and arrays have no trend
    std::vector<double> minimum, maximum, average, first, last;  // first, last: NaN where that sample is bad
    std::vector<QualityCode> worst;
    std::vector<std::uint32_t> count;  // samples inside; 0: the value held through
    std::vector<IncompleteRange> incomplete;
    static constexpr auto fields() {
        return std::tuple(field("tag", &TrendLine::tag), field("unit", &TrendLine::unit), field("code", &TrendLine::code),
                          field("minimum", &TrendLine::minimum), field("maximum", &TrendLine::maximum),
                          field("average", &TrendLine::average), field("first", &TrendLine::first),
                          field("last", &TrendLine::last), field("worst", &TrendLine::worst), field("count", &TrendLine::count),
                          field("incomplete", &TrendLine::incomplete));
    }
};
struct TrendReply {
    std::vector<TrendLine> lines;  // in the order asked
    UtcTime durable_until;
    static constexpr auto fields() {
        return std::tuple(field("lines", &TrendReply::lines), field("durable_until", &TrendReply::durable_until));
    }
};
inline constexpr std::uint32_t kMaxTrendColumns = 10'000;
inline constexpr std::size_t kMaxTrendTags = 32;
struct TrendRequest {
    using Reply = TrendReply;
    static constexpr OperationId kId = OperationId::trend;
    static constexpr std::string_view kName = "trend";
    std::vector<std::string> tags;  // at most kMaxTrendTags
    UtcTime from, to;
    std::uint32_t columns = 1000;  // 1 to kMaxTrendColumns; with the tags, at most 40,000 in all
    static constexpr auto fields() {
        return std::tuple(field("tags", &TrendRequest::tags), field("from", &TrendRequest::from),
                          field("to", &TrendRequest::to), field("columns", &TrendRequest::columns));
    }
};

// --- subscribe_series: every archived sample of tags from a time on, then as they come; a stream -----------------------
// A stream; updates come as there is credit for them, and nothing is skipped: who is slow gets them later, from the store.
struct SubscribeSeriesReply {
    std::uint64_t stream = 0;
    static constexpr auto fields() { return std::tuple(field("stream", &SubscribeSeriesReply::stream)); }
};
// Where a subscriber stands in one tag's series: it has everything before `time`, and `skip` samples of exactly that time, as far
// as the journal reached before `position` (SeriesUpdate::position). What came in late after that follows too, as long as the
// journal still reaches back to it.
struct SeriesPlace {
    UtcTime time;
    std::uint64_t skip = 0;
    std::uint64_t position = 0;  // 0 = it has nothing yet
    static constexpr auto fields() {
        return std::tuple(field("time", &SeriesPlace::time), field("skip", &SeriesPlace::skip),
                          field("position", &SeriesPlace::position));
    }
};
inline constexpr std::size_t kMaxSeriesTags = 1'000;
struct SubscribeSeriesRequest {
    using Reply = SubscribeSeriesReply;
    static constexpr OperationId kId = OperationId::subscribe_series;
    static constexpr std::string_view kName = "subscribe_series";
    std::vector<std::string> tags;  // at most kMaxSeriesTags; unknown ones refuse the request
    UtcTime from;  // history comes first, then the tail, no sample twice
    std::vector<SeriesPlace> places;  // one a tag, in place of `from`, where a stream goes on after a cut; else empty
    static constexpr auto fields() {
        return std::tuple(field("tags", &SubscribeSeriesRequest::tags), field("from", &SubscribeSeriesRequest::from),
                          field("places", &SubscribeSeriesRequest::places));
    }
};
// Samples of one tag that follow those of the update before: in order of time while history is sent, then in the order in which
// they became durable (a late one comes when it comes).
struct SeriesUpdate {
    std::uint32_t index = 0;  // into the subscription's tags
    SampleColumns rows;
    UtcTime durable_until;
    std::uint64_t position = 0;  // of the journal's values lane, for SeriesPlace
    static constexpr auto fields() {
        return std::tuple(field("index", &SeriesUpdate::index), field("rows", &SeriesUpdate::rows),
                          field("durable_until", &SeriesUpdate::durable_until), field("position", &SeriesUpdate::position));
    }
};

// --- events: what people and the server did, from the events lane ------------------------------------------------------
// The numbers are stored; they are never reused.
enum class EventKind : std::uint16_t {
    server_started = 1,
    server_stopped = 2,
    journal_recovered = 3,  // what was found at start, if it was not clean
    journal_failing = 4,  // a sync failed, the disk is full, and the end of that
    clock_stepped = 5,  // the wall clock moved against the monotonic one by more than 100 ms
    history_gap = 6,  // samples were given up, for whom, why
    historian_state = 7,  // a historian was lost, came back, is behind
    device_state = 8,  // a link was lost or came back
    policy_state = 9,  // an alarm policy failed: its alarms are uncertain
    write_asked = 16,  // an operator's write, before it leaves for the device
    write_answered = 17,  // and what became of it
    backup_made = 18,
    comment = 19,
    alarm = 32,  // a step in the life of one
};
[[nodiscard]] std::string_view to_string(EventKind kind) noexcept;
[[nodiscard]] EventKind parse_event_kind(std::string_view word) noexcept;  // EventKind{} if there is no such word

// One record of the events lane. `text` is a key, shown in the reader's language with `parameters` put in; in English until a site
// says otherwise.
struct Event {
    std::uint64_t position = 0;  // its sequence in the lane
    UtcTime time;
    EventKind kind{};
    std::string area;
    std::string user;  // "" = the server itself
    std::string station;
    std::string object;  // tag, device, historian ...
    std::string text;  // key: "write.asked"
    std::vector<std::string> parameters;
    Value old_value, new_value;
    std::uint64_t cause = 0;  // position + 1 of the event that this one answers; 0 for none
    std::uint64_t command = 0;  // of writes: what the client named its request (WriteTagsRequest); 0 for none
    std::uint32_t item = 0;  // and the place within it
    std::optional<AlarmStep> alarm;  // of the kind `alarm`
    static constexpr auto fields() {
        return std::tuple(field("position", &Event::position), field("time", &Event::time), field("kind", &Event::kind),
                          field("area", &Event::area), field("user", &Event::user), field("station", &Event::station),
                          field("object", &Event::object), field("text", &Event::text), field("parameters", &Event::parameters),
                          field("old_value", &Event::old_value), field("new_value", &Event::new_value),
                          field("cause", &Event::cause), field("command", &Event::command), field("item", &Event::item),
                          field("alarm", &Event::alarm));
    }
    // English: the sentence of `text` with the parameters put in; the key itself if there is none.
    [[nodiscard]] std::string sentence() const;
};
struct EventsReply {
    std::vector<Event> events;  // newest first
    std::uint64_t next = 0;  // pass as `before` for the next page; 0 at the end
    std::uint64_t durable = 0;  // position of the lane
    static constexpr auto fields() {
        return std::tuple(field("events", &EventsReply::events), field("next", &EventsReply::next),
                          field("durable", &EventsReply::durable));
    }
};
struct EventsRequest {
    using Reply = EventsReply;
    static constexpr OperationId kId = OperationId::events;
    static constexpr std::string_view kName = "events";
    UtcTime from, to;  // to = 0: up to now
    std::string area;  // and below; "" = all
    std::vector<EventKind> kinds;  // empty = all
    std::string user;  // "" = all
    std::string object;  // "" = all
    std::string text;  // contained in the sentence, any case; "" = all
    std::uint64_t before = 0;  // events before this position; 0 = from the newest
    std::uint32_t limit = 100;  // 1 to 1,000
    static constexpr auto fields() {
        return std::tuple(field("from", &EventsRequest::from), field("to", &EventsRequest::to),
                          field("area", &EventsRequest::area), field("kinds", &EventsRequest::kinds),
                          field("user", &EventsRequest::user), field("object", &EventsRequest::object),
                          field("text", &EventsRequest::text), field("before", &EventsRequest::before),
                          field("limit", &EventsRequest::limit));
    }
};

// --- journal: how the plant's memory is, and whether it is whole -----------------------------------------------------------
struct LaneInfo {
    std::string name, state, sentence;
    std::uint64_t first = 0, appended = 0, durable = 0, segments = 0, bytes = 0, buffered_bytes = 0, reserve_bytes = 0;
    UtcTime oldest, durable_until;
    Duration group{}, sync_mean{}, sync_most{};
    std::uint64_t commits = 0, failed_syncs = 0, records_lost = 0;
    static constexpr auto fields() {
        return std::tuple(field("name", &LaneInfo::name), field("state", &LaneInfo::state),
                          field("sentence", &LaneInfo::sentence), field("first", &LaneInfo::first),
                          field("appended", &LaneInfo::appended), field("durable", &LaneInfo::durable),
                          field("segments", &LaneInfo::segments), field("bytes", &LaneInfo::bytes),
                          field("buffered_bytes", &LaneInfo::buffered_bytes), field("reserve_bytes", &LaneInfo::reserve_bytes),
                          field("oldest", &LaneInfo::oldest), field("durable_until", &LaneInfo::durable_until),
                          field("group", &LaneInfo::group), field("sync_mean", &LaneInfo::sync_mean),
                          field("sync_most", &LaneInfo::sync_most), field("commits", &LaneInfo::commits),
                          field("failed_syncs", &LaneInfo::failed_syncs), field("records_lost", &LaneInfo::records_lost));
    }
};
struct ConsumerInfo {
    std::string name;  // "historian.sqlite", "snapshot", "events index"
    std::string lane, state, sentence;
    std::uint64_t position = 0, lag_records = 0, lag_bytes = 0;
    UtcTime until;  // it has everything up to here
    Duration covers{};  // how long an outage the journal would still hold, at the present rate
    std::uint64_t samples = 0, bytes = 0;
    double bytes_per_value = 0;
    static constexpr auto fields() {
        return std::tuple(field("name", &ConsumerInfo::name), field("lane", &ConsumerInfo::lane),
                          field("state", &ConsumerInfo::state), field("sentence", &ConsumerInfo::sentence),
                          field("position", &ConsumerInfo::position), field("lag_records", &ConsumerInfo::lag_records),
                          field("lag_bytes", &ConsumerInfo::lag_bytes), field("until", &ConsumerInfo::until),
                          field("covers", &ConsumerInfo::covers), field("samples", &ConsumerInfo::samples),
                          field("bytes", &ConsumerInfo::bytes), field("bytes_per_value", &ConsumerInfo::bytes_per_value));
    }
};
struct JournalReply {
    std::vector<LaneInfo> lanes;
    std::vector<ConsumerInfo> consumers;
    std::vector<std::string> findings;  // of recovery at start, and of `verify`
    std::uint64_t verified_records = 0, verified_bytes = 0;
    double values_per_s = 0;  // samples that went into the journal, mean of the last minute
    std::uint64_t free_bytes = 0;  // that the server may still write on the disk of its data
    static constexpr auto fields() {
        return std::tuple(field("lanes", &JournalReply::lanes), field("consumers", &JournalReply::consumers),
                          field("findings", &JournalReply::findings),
                          field("verified_records", &JournalReply::verified_records),
                          field("verified_bytes", &JournalReply::verified_bytes),
                          field("values_per_s", &JournalReply::values_per_s), field("free_bytes", &JournalReply::free_bytes));
    }
};
struct JournalRequest {
    using Reply = JournalReply;
    static constexpr OperationId kId = OperationId::journal;
    static constexpr std::string_view kName = "journal";
    bool verify = false;  // reads every durable record of both lanes
    static constexpr auto fields() { return std::tuple(field("verify", &JournalRequest::verify)); }
};

// --- backup: one consistent copy of everything that must survive, made by the server beside its work ------------------
struct BackupReply {
    std::string file;
    std::uint64_t bytes = 0;
    UtcTime until;  // holds everything that was durable then
    static constexpr auto fields() {
        return std::tuple(field("file", &BackupReply::file), field("bytes", &BackupReply::bytes),
                          field("until", &BackupReply::until));
    }
};
struct BackupRequest {
    using Reply = BackupReply;
    static constexpr OperationId kId = OperationId::backup;
    static constexpr std::string_view kName = "backup";
    std::string file;  // absolute path on the server's machine, in an existing folder; must not exist
    static constexpr auto fields() { return std::tuple(field("file", &BackupRequest::file)); }
};

}  // namespace penstock
