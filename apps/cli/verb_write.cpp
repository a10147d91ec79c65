#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

int exit_code(const WriteItem& item) {
    switch (item.outcome) {
        case WriteResult::done: return kDone;
        case WriteResult::refused: return kRefused;
        case WriteResult::unknown: break;
    }
    return kUnknownOutcome;
}

void print_outcome(const GlobalOptions& global, const WriteItem& item) {
    const auto word = to_string(item.outcome);
    if (global.json) {
        wire::Json json;
        json["tag"] = item.tag;
        json["outcome"] = word;
        json["reason"] = item.reason;
        return print_line(wire::json_line(json));
    }
    auto line = printable(item.tag) + ": " + std::string(word);
    if (!item.reason.empty()) line += ": " + printable(item.reason);
    print_line(line);
}

}  // namespace

int run_write(const GlobalOptions& global, const WriteOptions& options) {
    auto link = connect(global);
    if (!link) return report(link.error());
    WriteTagsRequest request;
    request.values.push_back(WriteValue{options.tag, Value(options.value)});
    const auto reply = (*link)->session().call_and_wait(std::move(request), kReplyTimeout);
    if (!reply) {
        // Once sent, silence says nothing about the device.
        const bool is_lost = reply.error().code() == ErrorCode::timeout;
        report(reply.error());
        return is_lost ? static_cast<int>(kUnknownOutcome) : cli::exit_code(reply.error().code());
    }
    if (reply->items.empty()) return report(Error(ErrorCode::protocol, "the server's answer names no tag"));
    print_outcome(global, reply->items.front());
    return exit_code(reply->items.front());
}

}  // namespace penstock::cli
