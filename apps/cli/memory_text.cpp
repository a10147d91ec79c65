#include "apps/cli/memory_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "core/base/readable.hpp"

namespace penstock::cli {
namespace {

std::string number(double value, int decimals, std::string_view unit) {
    char text[48];
    const auto size = std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return std::string(text, static_cast<std::size_t>(size)).append(unit);
}

// "1 segment", "2 segments"
std::string counted(std::uint64_t count, std::string_view what) {
    return std::to_string(count).append(" ").append(what).append(count == 1 ? "" : "s");
}

std::string state_text(const std::string& state, const std::string& sentence) {
    return sentence.empty() ? printable(state) : printable(state) + ": " + printable(sentence);
}

const LaneInfo* lane_named(const JournalReply& reply, std::string_view name) {
    const auto found = std::ranges::find(reply.lanes, name, &LaneInfo::name);
    return found == reply.lanes.end() ? nullptr : &*found;
}

bool is_historian(const ConsumerInfo& consumer) { return consumer.name.starts_with("historian"); }

std::string lane_text(const LaneInfo& lane) {
    const bool is_open = lane.group != Duration();  // one that is read without a server has none
    Table table;
    table.row({printable(lane.name), state_text(lane.state, lane.sentence)});
    table.row({"  records", std::to_string(lane.first) + " to " + std::to_string(lane.durable),
               is_open ? std::to_string(lane.appended - std::min(lane.appended, lane.durable)) + " not durable yet" : ""});
    table.row({"  times", time_text(lane.oldest) + " to " + time_text(lane.durable_until)});
    table.row({"  on disk", bytes_text(static_cast<double>(lane.bytes)) + " in " + counted(lane.segments, "segment"),
               lane.reserve_bytes == 0 ? "" : "reserve " + bytes_text(static_cast<double>(lane.reserve_bytes))});
    if (is_open) table.row({"  group", base::readable(lane.group), counted(lane.commits, "commit")});
    if (is_open)
        table.row({"  sync", "mean " + number(static_cast<double>(lane.sync_mean.count()) / 1e6, 1, " ms"),
                   "most " + number(static_cast<double>(lane.sync_most.count()) / 1e6, 1, " ms")});
    if (lane.failed_syncs > 0) table.row({"  failed", std::to_string(lane.failed_syncs) + " syncs"});
    if (lane.records_lost > 0) table.row({"  lost", std::to_string(lane.records_lost) + " records"});
    return table.text();
}

std::string consumers_text(const JournalReply& reply) {
    if (reply.consumers.empty()) return {};
    Table table;
    table.row({"consumer", "lane", "position", "behind", "has all up to", "covers", "state"});
    for (const auto& consumer : reply.consumers) {
        table.row({printable(consumer.name), printable(consumer.lane), std::to_string(consumer.position),
                   std::to_string(consumer.lag_records) + " (" + bytes_text(static_cast<double>(consumer.lag_bytes)) + ')',
                   time_text(consumer.until), consumer.covers == Duration() ? "-" : base::readable(consumer.covers),
                   state_text(consumer.state, consumer.sentence)});
    }
    return '\n' + table.text();
}

// What historians add to the disk in a second. 0 if it is not known.
double growth(const JournalReply& reply) {
    double bytes_per_value = 0;
    for (const auto& consumer : reply.consumers)
        if (is_historian(consumer)) bytes_per_value += consumer.bytes_per_value;
    return bytes_per_value * reply.values_per_s;
}

// "" if it is not known.
std::string forecast_text(const JournalReply& reply) {
    const auto rate = growth(reply);
    if (rate <= 0) return {};
    const auto days = static_cast<double>(reply.free_bytes) / rate / 86'400;
    const auto lasts = days > 36'500 ? std::string("more than 100 years")
                       : days > 730  ? number(days / 365, 0, " years")
                       : days >= 2   ? number(days, 0, " days")
                                     : number(days * 24, 0, " h");
    return "room for " + lasts + " at " + bytes_text(rate * 86'400) + " a day";
}

}  // namespace

std::string bytes_text(double bytes) {
    static constexpr const char* kUnits[] = {" B", " kB", " MB", " GB", " TB", " PB"};
    std::size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < std::size(kUnits)) {
        bytes /= 1000;
        ++unit;
    }
    return number(bytes, unit == 0 || bytes >= 99.95 ? 0 : 1, kUnits[unit]);
}

std::string journal_text(const JournalReply& reply) {
    std::string text;
    for (const auto& lane : reply.lanes) text += lane_text(lane);
    return text + consumers_text(reply);
}

std::string memory_lines(const JournalReply& reply, UtcTime now) {
    Table table;
    if (const auto* values = lane_named(reply, "values")) {
        const auto behind = now > values->durable_until ? now - values->durable_until : Duration();
        const bool is_empty = values->durable_until == UtcTime();
        table.row(
            {"durable up to", time_text(values->durable_until), is_empty ? "no value yet" : base::readable(behind) + " ago"});
    }
    table.row({"ingest", number(reply.values_per_s, 0, " values/s")});
    for (const auto& lane : reply.lanes)
        table.row({"journal " + printable(lane.name),
                   bytes_text(static_cast<double>(lane.bytes)) + " in " + counted(lane.segments, "segment"),
                   state_text(lane.state, lane.sentence), "synced within " + base::readable(lane.group)});
    for (const auto& consumer : reply.consumers) {
        auto lag = counted(consumer.lag_records, "record") + " behind";
        if (consumer.covers != Duration()) lag += ", outage covered for " + base::readable(consumer.covers);
        table.row({printable(consumer.name), "up to " + time_text(consumer.until), lag});
        if (consumer.samples > 0)
            table.row({"", std::to_string(consumer.samples) + " values",
                       bytes_text(static_cast<double>(consumer.bytes)) + ", "
                           + number(consumer.bytes_per_value, 2, " bytes a value")});
    }
    if (reply.free_bytes > 0)
        table.row({"disk", bytes_text(static_cast<double>(reply.free_bytes)) + " free", forecast_text(reply)});
    return table.text();
}

std::vector<std::string> memory_warnings(const JournalReply& reply) {
    std::vector<std::string> warnings;
    for (const auto& lane : reply.lanes) {
        if (lane.state != "good") warnings.push_back("journal " + lane.name + ": " + lane.state + ": " + lane.sentence);
        if (lane.records_lost > 0)
            warnings.push_back("journal " + lane.name + ": " + std::to_string(lane.records_lost) + " records are lost");
    }
    for (const auto& consumer : reply.consumers)
        if (!consumer.sentence.empty() && consumer.state != "storing" && consumer.state != "starting")
            warnings.push_back(consumer.name + ": " + consumer.state + ": " + consumer.sentence);
    return warnings;
}

}  // namespace penstock::cli
