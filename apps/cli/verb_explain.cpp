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

std::string explanation(const ExplainReply& reply) {
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

}  // namespace

int run_explain(const GlobalOptions& global, const ExplainOptions& options) {
    auto link = connect(global);
    if (!link) return report(link.error());
    ExplainRequest request;
    request.tag = options.tag;
    const auto reply = (*link)->session().call_and_wait(std::move(request), kReplyTimeout);
    if (!reply) return report(reply.error());
    if (global.json)
        print_line(wire::json_line(wire::to_json(*reply)));
    else
        print(explanation(*reply));
    return kDone;
}

}  // namespace penstock::cli
