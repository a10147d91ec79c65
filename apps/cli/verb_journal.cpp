#include "apps/cli/memory_text.hpp"
#include "apps/cli/offline_journal.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

bool is_faulty(const JournalReply& reply, bool was_verified) {
    for (const auto& lane : reply.lanes)
        if (lane.state == "failed") return true;
    return was_verified && !reply.findings.empty();
}

int show(const Result<JournalReply>& reply, const GlobalOptions& global, const JournalOptions& options) {
    if (!reply) return report(reply.error());
    const int code = is_faulty(*reply, options.verify || !options.data.empty()) ? kRefused : kDone;
    if (global.json) {
        print_line(wire::json_line(wire::to_json(*reply)));
        return code;
    }
    print(journal_text(*reply));
    if (options.verify)
        print_line("\nverified " + std::to_string(reply->verified_records) + " records, "
                   + bytes_text(static_cast<double>(reply->verified_bytes)));
    if (reply->findings.empty()) {
        if (options.verify) print_line("nothing is wrong");
        return code;
    }
    const bool is_of_start = !options.verify && options.data.empty();
    print_line(is_of_start ? "\nfound at start:" : "\nfound:");
    for (const auto& finding : reply->findings) print_line("  " + printable(finding));
    return code;
}

}  // namespace

int run_journal(Session& session, const GlobalOptions& global, const JournalOptions& options) {
    JournalRequest request;
    request.verify = options.verify;
    return show(session.call_and_wait(request, options.verify ? kWholeDataTimeout : kReplyTimeout), global, options);
}

int run_journal(const GlobalOptions& global, const JournalOptions& options) {
    if (!options.data.empty()) return show(read_journal(options.data, options.verify), global, options);
    return with_session(global, [&](Session& session) { return run_journal(session, global, options); });
}

}  // namespace penstock::cli
