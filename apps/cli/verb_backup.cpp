#include <filesystem>

#include "apps/cli/memory_text.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {

int run_backup(Session& session, const GlobalOptions& global, const BackupOptions& options) {
    BackupRequest request;
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
    auto link = connect(global);
    if (!link) return report(link.error());
    return run_backup((*link)->session(), global, options);
}

}  // namespace penstock::cli
