#pragma once

// Requests and replies: everything anyone can do to a running plant. One row per operation, in this order, in the table of
// core/sessions (right, areas, handler). Wire numbers are OperationId; they are never reused.

#include <cstdint>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <penstock/alarm_operations.hpp>
#include <penstock/fields.hpp>
#include <penstock/history_operations.hpp>
#include <penstock/operation_id.hpp>
#include <penstock/quality.hpp>
#include <penstock/result.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock {

// Value, quality and time of one tag. `cause` is empty for good.
struct TagValue {
    std::string tag;
    Value value;  // empty: it never had one
    QualityCode quality = QualityCode::bad_waiting_for_initial;
    std::string cause;
    UtcTime time;  // source time
    std::string unit;
    static constexpr auto fields() {
        return std::tuple(field("tag", &TagValue::tag), field("value", &TagValue::value), field("quality", &TagValue::quality),
                          field("cause", &TagValue::cause), field("time", &TagValue::time), field("unit", &TagValue::unit));
    }
};

// --- hello: first on every connection; both sides say who they are ------------------------------------------------
struct HelloReply {
    std::string server_name;   // of the site
    std::string server_id;     // given once to a data folder
    std::uint64_t epoch = 0;
    std::string site_revision;  // hash of the running site
    std::string version;
    std::string user;  // who the server takes the caller for
    std::vector<std::string> languages;  // that the site's texts are in, "de"; the first is what nobody asked otherwise for
    static constexpr auto fields() {
        return std::tuple(field("server_name", &HelloReply::server_name), field("server_id", &HelloReply::server_id),
                          field("epoch", &HelloReply::epoch), field("site_revision", &HelloReply::site_revision),
                          field("version", &HelloReply::version), field("user", &HelloReply::user),
                          field("languages", &HelloReply::languages));
    }
};
struct HelloRequest {
    using Reply = HelloReply;
    static constexpr OperationId kId = OperationId::hello;
    static constexpr std::string_view kName = "hello";
    std::uint32_t protocol = 1;
    std::string client;   // "penstock 0.1.0"
    std::string station;  // name of the station, "" for tools
    static constexpr auto fields() {
        return std::tuple(field("protocol", &HelloRequest::protocol), field("client", &HelloRequest::client),
                          field("station", &HelloRequest::station));
    }
};

// --- browse: definitions of tags --------------------------------------------------------------------------------
struct TagInfo {
    std::string name, device, address, area, unit, description;
    ValueType type = ValueType::none;
    bool writable = false;
    double range_low = 0, range_high = 0;  // NaN where there is none
    std::string scan_class;
    std::string origin;  // file:line:column of its definition
    static constexpr auto fields() {
        return std::tuple(field("name", &TagInfo::name), field("device", &TagInfo::device), field("address", &TagInfo::address),
                          field("area", &TagInfo::area), field("unit", &TagInfo::unit),
                          field("description", &TagInfo::description), field("type", &TagInfo::type),
                          field("writable", &TagInfo::writable), field("range_low", &TagInfo::range_low),
                          field("range_high", &TagInfo::range_high), field("scan_class", &TagInfo::scan_class),
                          field("origin", &TagInfo::origin));
    }
};
struct BrowseReply {
    std::vector<TagInfo> tags;  // in order of name, at most `limit`
    std::uint64_t total = 0;    // how many match in all
    std::string next;           // pass as `after` for the next page; "" at the end
    static constexpr auto fields() {
        return std::tuple(field("tags", &BrowseReply::tags), field("total", &BrowseReply::total),
                          field("next", &BrowseReply::next));
    }
};
struct BrowseRequest {
    using Reply = BrowseReply;
    static constexpr OperationId kId = OperationId::browse;
    static constexpr std::string_view kName = "browse";
    std::string pattern;  // '*' any text, '?' one character; "" = all
    std::string after;    // names after this one
    std::uint32_t limit = 1000;  // at most 1,000
    static constexpr auto fields() {
        return std::tuple(field("pattern", &BrowseRequest::pattern), field("after", &BrowseRequest::after),
                          field("limit", &BrowseRequest::limit));
    }
};

// --- read: newest values, from the server's memory ---------------------------------------------------------------
struct ReadItem {
    TagValue value;     // of the tag asked for, `tag` is always filled
    ErrorCode code{};   // 0: fine; not_found: no such tag (or one that the caller may not see)
    std::string hint;   // the nearest name that the caller may see
    static constexpr auto fields() {
        return std::tuple(field("value", &ReadItem::value), field("code", &ReadItem::code), field("hint", &ReadItem::hint));
    }
};
struct ReadReply {
    std::vector<ReadItem> items;  // in the order asked
    static constexpr auto fields() { return std::tuple(field("items", &ReadReply::items)); }
};
struct ReadRequest {
    using Reply = ReadReply;
    static constexpr OperationId kId = OperationId::read;
    static constexpr std::string_view kName = "read";
    std::vector<std::string> tags;  // at most 10,000
    static constexpr auto fields() { return std::tuple(field("tags", &ReadRequest::tags)); }
};

// --- write: a group, answered per item when the device has answered ------------------------------------------------
enum class WriteResult : std::uint8_t { done = 0, refused = 1, unknown = 2 };
[[nodiscard]] std::string_view to_string(WriteResult result) noexcept;

struct WriteValue {
    std::string tag;
    Value value;  // converted to the tag's type if nothing is lost, else refused; text is parsed
    static constexpr auto fields() { return std::tuple(field("tag", &WriteValue::tag), field("value", &WriteValue::value)); }
};
struct WriteItem {
    std::string tag;
    WriteResult outcome = WriteResult::unknown;
    std::string reason;  // why refused or unknown
    ErrorCode code{};    // 0 when done
    static constexpr auto fields() {
        return std::tuple(field("tag", &WriteItem::tag), field("outcome", &WriteItem::outcome),
                          field("reason", &WriteItem::reason), field("code", &WriteItem::code));
    }
};
struct WriteReply {
    std::vector<WriteItem> items;  // in the order asked
    static constexpr auto fields() { return std::tuple(field("items", &WriteReply::items)); }
};
struct WriteTagsRequest {
    using Reply = WriteReply;
    static constexpr OperationId kId = OperationId::write;
    static constexpr std::string_view kName = "write";
    std::vector<WriteValue> values;  // at most 1,000; written in this order
    // A number that the client draws at random for each request of its user. Asked again under the same number, within 10 minutes and
    // also after a restart of the server, it is answered with the first outcome and nothing is written twice: so a client whose
    // connection broke can ask what became of it. 0: none.
    std::uint64_t command = 0;
    static constexpr auto fields() {
        return std::tuple(field("values", &WriteTagsRequest::values), field("command", &WriteTagsRequest::command));
    }
};

// --- explain: where a tag's value comes from and why it is as it is ------------------------------------------------
struct ExplainReply {
    TagValue value;
    TagInfo info;
    std::string endpoint;  // of its device
    std::string link;  // "connected", "connecting", "waiting 1.2 s before the next attempt" ...
    std::string last_request;  // what the driver last asked for this tag
    std::string last_answer;  // and what the device said
    std::string scaling;  // "raw 0..27648 -> 0..6 m, clamped"; "" for none
    Value raw;  // before scaling
    UtcTime since;  // when the quality became what it is
    UtcTime received;  // when the server got the value
    static constexpr auto fields() {
        return std::tuple(field("value", &ExplainReply::value), field("info", &ExplainReply::info),
                          field("endpoint", &ExplainReply::endpoint), field("link", &ExplainReply::link),
                          field("last_request", &ExplainReply::last_request), field("last_answer", &ExplainReply::last_answer),
                          field("scaling", &ExplainReply::scaling), field("raw", &ExplainReply::raw),
                          field("since", &ExplainReply::since), field("received", &ExplainReply::received));
    }
};
struct ExplainRequest {
    using Reply = ExplainReply;
    static constexpr OperationId kId = OperationId::explain;
    static constexpr std::string_view kName = "explain";
    std::string tag;
    static constexpr auto fields() { return std::tuple(field("tag", &ExplainRequest::tag)); }
};

// --- status ---------------------------------------------------------------------------------------------------------
struct DeviceStatus {
    std::string name, driver, endpoint, state, cause;
    std::uint64_t tags = 0, reads = 0, failed_reads = 0, writes = 0, reconnects = 0, missed_scans = 0;
    static constexpr auto fields() {
        return std::tuple(field("name", &DeviceStatus::name), field("driver", &DeviceStatus::driver),
                          field("endpoint", &DeviceStatus::endpoint), field("state", &DeviceStatus::state),
                          field("cause", &DeviceStatus::cause), field("tags", &DeviceStatus::tags),
                          field("reads", &DeviceStatus::reads), field("failed_reads", &DeviceStatus::failed_reads),
                          field("writes", &DeviceStatus::writes), field("reconnects", &DeviceStatus::reconnects),
                          field("missed_scans", &DeviceStatus::missed_scans));
    }
};
struct Counter {
    std::string name;  // "engine.cycles", "queue.plc1.merged" ...
    std::uint64_t value = 0;
    static constexpr auto fields() { return std::tuple(field("name", &Counter::name), field("value", &Counter::value)); }
};
struct StatusReply {
    HelloReply server;
    UtcTime now, started;
    std::uint64_t tags = 0, tags_bad = 0, sessions = 0, threads = 0, resident_bytes = 0;
    std::vector<std::string> listeners;
    std::vector<std::string> warnings;  // sentences; shown on top: running as root ...
    std::vector<DeviceStatus> devices;
    std::vector<Counter> counters;
    static constexpr auto fields() {
        return std::tuple(field("server", &StatusReply::server), field("now", &StatusReply::now),
                          field("started", &StatusReply::started), field("tags", &StatusReply::tags),
                          field("tags_bad", &StatusReply::tags_bad), field("sessions", &StatusReply::sessions),
                          field("threads", &StatusReply::threads), field("resident_bytes", &StatusReply::resident_bytes),
                          field("listeners", &StatusReply::listeners), field("warnings", &StatusReply::warnings),
                          field("devices", &StatusReply::devices), field("counters", &StatusReply::counters));
    }
};
struct StatusRequest {
    using Reply = StatusReply;
    static constexpr OperationId kId = OperationId::status;
    static constexpr std::string_view kName = "status";
    static constexpr auto fields() { return std::tuple<>(); }
};

// --- definition: screens, texts and other documents of the site, by name and content hash -------------------------
enum class DefinitionKind : std::uint8_t { screen = 1, texts = 2, station = 3, site = 4 };

struct DefinitionReply {
    std::string name;
    std::string hash;  // SHA-256 of the content, hex
    std::string content;  // canonical JSON; "" if the caller's hash was right
    bool unchanged = false;
    std::vector<std::string> names;  // all documents of the kind, if no name was given
    static constexpr auto fields() {
        return std::tuple(field("name", &DefinitionReply::name), field("hash", &DefinitionReply::hash),
                          field("content", &DefinitionReply::content), field("unchanged", &DefinitionReply::unchanged),
                          field("names", &DefinitionReply::names));
    }
};
struct DefinitionRequest {
    using Reply = DefinitionReply;
    static constexpr OperationId kId = OperationId::definition;
    static constexpr std::string_view kName = "definition";
    DefinitionKind kind = DefinitionKind::screen;
    std::string name;  // "" asks for `names`; of the site: "site"
    std::string hash;  // of the copy that the caller has; "" for none
    static constexpr auto fields() {
        return std::tuple(field("kind", &DefinitionRequest::kind), field("name", &DefinitionRequest::name),
                          field("hash", &DefinitionRequest::hash));
    }
};

// --- subscribe_latest: newest values of tags, conflated; a stream -------------------------------------------------
// What is known of each subscribed tag, in the order asked; values then come as stream updates that name it by index.
struct SubscribedTag {
    std::string name;
    bool found = false;
    std::string hint;  // nearest name if not found
    ValueType type = ValueType::none;
    bool writable = false;
    std::string unit;
    double range_low = 0, range_high = 0;  // NaN where there is none
    static constexpr auto fields() {
        return std::tuple(field("name", &SubscribedTag::name), field("found", &SubscribedTag::found),
                          field("hint", &SubscribedTag::hint), field("type", &SubscribedTag::type),
                          field("writable", &SubscribedTag::writable), field("unit", &SubscribedTag::unit),
                          field("range_low", &SubscribedTag::range_low), field("range_high", &SubscribedTag::range_high));
    }
};
struct SubscribeReply {
    std::uint64_t stream = 0;
    std::vector<SubscribedTag> tags;
    static constexpr auto fields() {
        return std::tuple(field("stream", &SubscribeReply::stream), field("tags", &SubscribeReply::tags));
    }
};
struct SubscribeRequest {
    using Reply = SubscribeReply;
    static constexpr OperationId kId = OperationId::subscribe_latest;
    static constexpr std::string_view kName = "subscribe_latest";
    std::vector<std::string> tags;  // at most 100,000
    std::string pattern;  // in place of `tags`: all that match now, in order of name
    static constexpr auto fields() {
        return std::tuple(field("tags", &SubscribeRequest::tags), field("pattern", &SubscribeRequest::pattern));
    }
};

struct UnsubscribeReply {
    static constexpr auto fields() { return std::tuple<>(); }
};
struct UnsubscribeRequest {
    using Reply = UnsubscribeReply;
    static constexpr OperationId kId = OperationId::unsubscribe;
    static constexpr std::string_view kName = "unsubscribe";
    std::uint64_t stream = 0;
    static constexpr auto fields() { return std::tuple(field("stream", &UnsubscribeRequest::stream)); }
};

// Columns of a latest stream: rows are the newest values of tags that changed since the last update, each at most once.
struct LatestUpdate {
    std::vector<std::uint32_t> index;  // into the subscription's tags
    std::vector<Value> value;
    std::vector<QualityCode> quality;
    std::vector<std::int64_t> time;  // source time, ns UTC
    std::vector<std::string> cause;  // "" for good
    static constexpr auto fields() {
        return std::tuple(field("index", &LatestUpdate::index), field("value", &LatestUpdate::value),
                          field("quality", &LatestUpdate::quality), field("time", &LatestUpdate::time),
                          field("cause", &LatestUpdate::cause));
    }
};

using AnyRequest = std::variant<HelloRequest, BrowseRequest, ReadRequest, WriteTagsRequest, ExplainRequest, StatusRequest,
                                DefinitionRequest, SubscribeRequest, UnsubscribeRequest, HistoryRequest, TrendRequest,
                                SubscribeSeriesRequest, EventsRequest, JournalRequest, BackupRequest, AlarmsRequest,
                                AlarmActionRequest, SubscribeEventsRequest, ExplainAlarmRequest, AlarmFiguresRequest>;
using AnyReply =
    std::variant<HelloReply, BrowseReply, ReadReply, WriteReply, ExplainReply, StatusReply, DefinitionReply, SubscribeReply,
                 UnsubscribeReply, HistoryReply, TrendReply, SubscribeSeriesReply, EventsReply, JournalReply, BackupReply,
                 AlarmsReply, AlarmActionReply, SubscribeEventsReply, ExplainAlarmReply, AlarmFiguresReply>;
using AnyUpdate = std::variant<LatestUpdate, SeriesUpdate, EventsUpdate>;

}  // namespace penstock
