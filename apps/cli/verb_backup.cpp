#include <filesystem>

#include "apps/cli/memory_text.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/file_system.hpp"
#include "core/history/backup_file.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {

int run_backup(Session& session, const GlobalOptions& global, const BackupOptions& options) {
    BackupRequest request;
    if (options.file.empty())
        return usage(Error(ErrorCode::invalid_argument, "FILE is empty; wanted is the path of the backup to make"));
    // The server writes it: a relative path is meant from here, not from the server's folder.
    std::error_code error;
    const auto path = std::filesystem::absolute(options.file, error);
    if (error) return report(Error(ErrorCode::invalid_argument, error.message(), options.file));
    request.file = path.lexically_normal().string();
    const auto reply = session.call_and_wait(std::move(request), kWholeDataTimeout);
    if (!reply) return report(reply.error());
    if (global.json)
        print_line(wire::json_line(wire::to_json(*reply)));
    else
        print_line(printable(reply->file) + ": " + bytes_text(static_cast<double>(reply->bytes))
                   + ", holds everything that was durable at " + time_text(reply->until));
    return kDone;
}

int run_backup(const GlobalOptions& global, const BackupOptions& options) {
    return with_session(global, [&](Session& session) { return run_backup(session, global, options); });
}

int run_restore(const GlobalOptions& global, const RestoreOptions& options) {
    const auto restored = history::restore_backup(base::real_file_system(), options.file, options.data);
    if (!restored) return report(restored.error());
    if (global.json) {
        wire::Json json;
        json["data"] = options.data;
        json["server_id"] = restored->server_id;
        json["until"] = wire::to_json(restored->until);
        print_line(wire::json_line(json));
    } else {
        print_line(printable(options.data) + ": server " + printable(restored->server_id) + " as it was at "
                   + time_text(restored->until));
    }
    return kDone;
}

}  // namespace penstock::cli
