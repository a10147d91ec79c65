#include "apps/cli/memory_text.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

std::string server_text(const StatusReply& status) {
    Table table;
    table.row({"site", printable(status.server.server_name), "revision " + status.server.site_revision.substr(0, 12)});
    table.row({"server", printable(status.server.server_id), "version " + printable(status.server.version)});
    table.row({"started", time_text(status.started), "now " + time_text(status.now)});
    table.row({"tags", std::to_string(status.tags), std::to_string(status.tags_bad) + " bad"});
    table.row({"sessions", std::to_string(status.sessions), std::to_string(status.threads) + " threads"});
    table.row({"memory", std::to_string(status.resident_bytes / (1024 * 1024)) + " MiB"});
    for (const auto& listener : status.listeners) table.row({"listening", printable(listener)});
    return table.text();
}

std::string devices_text(const StatusReply& status) {
    if (status.devices.empty()) return {};
    Table table;
    table.row({"device", "driver", "endpoint", "tags", "reads", "failed", "missed", "writes", "state"});
    for (const auto& device : status.devices) {
        auto state = printable(device.state);
        if (!device.cause.empty()) state += ": " + printable(device.cause);
        table.row({printable(device.name), printable(device.driver), printable(device.endpoint), std::to_string(device.tags),
                   std::to_string(device.reads), std::to_string(device.failed_reads), std::to_string(device.missed_scans),
                   std::to_string(device.writes), state});
    }
    return '\n' + table.text();
}

}  // namespace

int run_status(Session& session, const GlobalOptions& global) {
    const auto status = session.call_and_wait(StatusRequest{}, kReplyTimeout);
    if (!status) return report(status.error());
    // A server may have no memory, and a user may not see it: status is told all the same.
    const auto journal = session.call_and_wait(JournalRequest{}, kReplyTimeout);
    if (global.json) {
        auto json = wire::to_json(*status);
        json["memory"] = journal ? wire::to_json(*journal) : wire::Json();
        print_line(wire::json_line(json));
        return kDone;
    }
    for (const auto& warning : status->warnings) print_line("warning: " + printable(warning));
    if (journal)
        for (const auto& warning : memory_warnings(*journal)) print_line("warning: " + printable(warning));
    print(server_text(*status));
    if (journal) print('\n' + memory_lines(*journal, status->now));
    print(devices_text(*status));
    return kDone;
}

int run_status(const GlobalOptions& global) {
    return with_session(global, [&](Session& session) { return run_status(session, global); });
}

}  // namespace penstock::cli
