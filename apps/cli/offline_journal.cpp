#include "apps/cli/offline_journal.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "core/base/file_system.hpp"
#include "core/base/unique_fd.hpp"
#include "core/journal/verify.hpp"

namespace penstock::cli {
namespace {

// A server holds DATA/lock for itself as long as it runs (core/server/data_folder.hpp).
Result<void> check_stopped(const std::filesystem::path& data) {
    const auto file = data / "lock";
    const base::UniqueFd lock(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (lock.get() < 0 && errno == ENOENT) return {};  // a restored folder on which none has run yet
    if (lock.get() < 0) return fail(ErrorCode::denied, std::string("cannot be opened: ") + std::strerror(errno), file.string());
    if (::flock(lock.get(), LOCK_SH | LOCK_NB) == 0) return {};
    return fail(ErrorCode::unavailable,
                "a server is running on this folder, and writes while it is read: ask it, with penstock journal --server unix:"
                    + (data / "penstock.sock").string(),
                data.string());
}

LaneInfo info_of(const journal::VerifyReport& report) {
    LaneInfo lane;
    lane.name = journal::to_string(report.kind);
    lane.state = "closed";
    lane.first = report.first;
    lane.appended = lane.durable = report.end;
    lane.segments = report.segments;
    lane.bytes = report.bytes;
    lane.oldest = report.first_time.utc;
    lane.durable_until = report.last_time.utc;
    lane.records_lost = report.lost;
    return lane;
}

}  // namespace

Result<JournalReply> read_journal(const std::filesystem::path& data, bool verify) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(data, ignored))
        return fail(ErrorCode::not_found, "there is no such folder; wanted is the data folder of a server", data.string());
    if (!std::filesystem::is_directory(data / "journal", ignored))
        return fail(ErrorCode::not_found, "has no folder \"journal\": it is not the data folder of a server", data.string());
    if (auto stopped = check_stopped(data); !stopped) return std::unexpected(stopped.error());
    journal::VerifyOptions options;
    options.newest_only = !verify;
    JournalReply reply;
    auto& files = base::real_file_system();
    for (const auto kind : {journal::LaneKind::events, journal::LaneKind::values}) {
        const auto report = journal::verify(files, data / "journal" / journal::to_string(kind), {}, options);
        if (!report) return std::unexpected(report.error());
        reply.lanes.push_back(info_of(*report));
        if (verify) reply.verified_records += report->records;
        if (verify) reply.verified_bytes += report->bytes;
        for (const auto& finding : report->findings)
            reply.findings.push_back(std::string(journal::to_string(kind)) + "/" + finding);
    }
    reply.free_bytes = files.free_bytes(data).value_or(0);
    // One that was started meanwhile has written into what was read.
    if (auto stopped = check_stopped(data); !stopped) return std::unexpected(stopped.error());
    return reply;
}

}  // namespace penstock::cli
