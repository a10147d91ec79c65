#include <algorithm>
#include <chrono>
#include <random>

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

// By which the server knows the request again; never 0.
std::uint64_t new_command() {
    std::random_device random;
    return std::max<std::uint64_t>(1, std::uint64_t{random()} << 32U | random());
}

bool is_cut(const Error& error) {
    return error.code() == ErrorCode::disconnected || error.code() == ErrorCode::unknown_outcome;
}

std::chrono::milliseconds until(std::chrono::steady_clock::time_point end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
}

// Over a connection that breaks, asks again under the same number: it is carried out once, and its outcome is told. No longer than
// somebody waits for it: what was never taken up must not be written when he has gone.
Result<WriteReply> write_once(Session& session, WriteTagsRequest request) {
    request.command = new_command();
    const auto end = std::chrono::steady_clock::now() + kReplyTimeout;
    const auto first = session.call_and_wait(request, until(end));
    auto reply = first;
    while (!reply && is_cut(reply.error()) && until(end).count() > 0) {
        while (session.link().state != LinkState::connected && until(end).count() > 0) {
            session.wait(until(end));
            session.poll();
        }
        if (session.link().state == LinkState::connected) reply = session.call_and_wait(request, until(end));
    }
    const bool is_answered = reply || (!is_cut(reply.error()) && reply.error().code() != ErrorCode::timeout);
    return is_answered ? reply : first;
}

}  // namespace

int run_write(Session& session, const GlobalOptions& global, const WriteOptions& options) {
    WriteTagsRequest request;
    request.values.push_back(WriteValue{options.tag, Value(options.value)});
    const auto reply = write_once(session, std::move(request));
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

int run_write(const GlobalOptions& global, const WriteOptions& options) {
    return with_session(global, [&](Session& session) { return run_write(session, global, options); });
}

}  // namespace penstock::cli
