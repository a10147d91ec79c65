#include "apps/cli/alarm_text.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

std::string range_text(const TagInfo& info) {
    const auto low = Value(info.range_low).text();
    const auto high = Value(info.range_high).text();
    if (low == "NaN" && high == "NaN") return {};
    return (low == "NaN" ? "" : low) + ".." + (high == "NaN" ? "" : high);
}

std::string tag_explanation(const ExplainReply& reply) {
    Table table;
    const auto line = [&](std::string_view what, std::string text) {
        if (!text.empty()) table.row({std::string(what), std::move(text)});
    };
    const auto& value = reply.value;
    const auto& info = reply.info;
    line("tag", printable(value.tag));
    line("value", value_text(value.value, value.unit));
    line("quality", quality_text(value.quality, value.cause));
    line("reason", std::string(to_string(value.quality)));
    line("since", time_text(reply.since));
    line("source time", time_text(value.time));
    line("received", time_text(reply.received));
    line("type", std::string(to_string(info.type)) + (info.writable ? ", writable" : ", read only"));
    line("range", range_text(info));
    line("scaling", printable(reply.scaling));
    line("raw", reply.raw.has_value() ? printable(reply.raw.text()) : "");
    line("device", printable(info.device));
    line("endpoint", printable(reply.endpoint));
    line("address", printable(info.address));
    line("scan class", printable(info.scan_class));
    line("link", printable(reply.link));
    const bool is_calculated = info.device.empty() && !reply.last_request.empty();
    line(is_calculated ? "calculated" : "last request", printable(reply.last_request));
    line(is_calculated ? "from" : "last answer", printable(reply.last_answer));
    line("area", printable(info.area));
    line("defined at", printable(info.origin));
    return table.text();
}

// Two sentences as one; the first may have ended in a question.
std::string joined(const std::string& first, const std::string& second) {
    return first + (first.ends_with('?') ? " " : "; ") + second;
}

template <class Reply>
void print_reply(const GlobalOptions& global, const Reply& reply, const std::string& text) {
    if (global.json)
        print_line(wire::json_line(wire::to_json(reply)));
    else
        print(text);
}

}  // namespace

int run_explain(Session& session, const GlobalOptions& global, const ExplainOptions& options) {
    ExplainRequest of_tag;
    of_tag.tag = options.name;
    const auto tag = session.call_and_wait(std::move(of_tag), kReplyTimeout);
    if (tag) {
        print_reply(global, *tag, tag_explanation(*tag));
        return kDone;
    }
    if (tag.error().code() != ErrorCode::not_found) return report(tag.error());
    ExplainAlarmRequest of_alarm;
    of_alarm.alarm = options.name;
    of_alarm.language = language_for(session, global, options.language);
    const auto alarm = session.call_and_wait(std::move(of_alarm), kReplyTimeout);
    if (alarm) {
        print_reply(global, *alarm, explanation(*alarm));
        return kDone;
    }
    // Whoever mistyped an alarm is helped by the nearest alarm, not by the nearest tag alone.
    if (alarm.error().code() == ErrorCode::not_found)
        return report(Error(ErrorCode::not_found, joined(tag.error().sentence(), alarm.error().sentence())));
    return report(alarm.error().code() == ErrorCode::unavailable ? tag.error() : alarm.error());
}

int run_explain(const GlobalOptions& global, const ExplainOptions& options) {
    return with_session(global, [&](Session& session) { return run_explain(session, global, options); });
}

}  // namespace penstock::cli
