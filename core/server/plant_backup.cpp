#include "core/server/plant_backup.hpp"

#include <filesystem>
#include <system_error>
#include <vector>

#include "core/base/file_system.hpp"
#include "core/history/backup_file.hpp"
#include "core/server/data_folder.hpp"
#include "core/server/plant_archive.hpp"
#include "core/server/plant_journal.hpp"

namespace penstock::server {
namespace {

namespace fs = std::filesystem;

constexpr Duration kHistorianPatience = std::chrono::hours(1);

// A folder that is filled for the backup and goes with it.
class Scratch {
public:
    explicit Scratch(fs::path path) : path_(std::move(path)) { clear(); }
    ~Scratch() { clear(); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
    void clear() const noexcept {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    fs::path path_;
};

Error failed(const std::error_code& error, const fs::path& path) {
    return {ErrorCode::internal, "cannot be copied for the backup: " + error.message(), path.string()};
}

// Gives files a second name below `into`: what is trimmed or replaced meanwhile stays readable. Those that have it already, or went
// before they could be named, are left alone.
Result<void> hold(const fs::path& from, const fs::path& into, std::string_view suffix) {
    std::error_code error;
    fs::create_directories(into, error);
    if (error) return std::unexpected(failed(error, into));
    for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
        if (!at->path().string().ends_with(suffix)) continue;
        std::error_code linked;
        fs::create_hard_link(at->path(), into / at->path().filename(), linked);
        if (linked && linked != std::errc::file_exists && linked != std::errc::no_such_file_or_directory)
            return std::unexpected(failed(linked, at->path()));
    }
    if (error && error != std::errc::no_such_file_or_directory) return std::unexpected(failed(error, from));
    return {};
}

Result<std::vector<history::BackupEntry>> list(const fs::path& folder) {
    std::vector<history::BackupEntry> entries;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->is_regular_file()) entries.push_back({at->path().lexically_relative(folder).string(), at->path()});
    if (error) return std::unexpected(failed(error, folder));
    return entries;
}

}  // namespace

Result<BackupReply> PlantBackup::make(const BackupRequest& request, const std::string& user) {
    if (!fs::path(request.file).is_absolute())
        return fail(ErrorCode::invalid_argument, "the backup's file must be an absolute path on the server's machine",
                    request.file);
    const Scratch scratch(data_.path() / "backup.part");
    auto reply = make_in(scratch.path().string(), request.file);
    if (!reply) return reply;
    Event event;
    event.kind = EventKind::backup_made;
    event.user = user;
    event.object = reply->file;
    event.text = "backup.made";
    event.parameters = {reply->file};
    journal_.note(std::move(event));
    return reply;
}

// The lanes are held before and after the historians are copied: before, so that what a copy lacks is not trimmed away; after, so
// that no copy is ahead of the journal.
Result<BackupReply> PlantBackup::make_in(const std::string& scratch, const std::string& file) {
    const fs::path held = scratch;
    history::BackupHead head;
    head.server_id = data_.server_id();
    head.epoch = data_.epoch();
    head.events = journal_.events().durable();
    head.values = journal_.values().durable();
    head.until = journal_.values().status().durable_time;
    const auto hold_lanes = [&]() -> Result<void> {
        for (const auto* lane : {"events", "values"})
            if (auto done = hold(data_.path() / "journal" / lane, held / "journal" / lane, ".seg"); !done) return done;
        return {};
    };
    if (auto done = hold_lanes(); !done) return std::unexpected(done.error());
    for (auto* consumer : archive_.historians().all()) {
        const auto& name = consumer->name();
        const auto folder = held / "historians" / name.substr(name.rfind('.') + 1);
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) return std::unexpected(failed(error, folder));
        auto copied = consumer->back_up(folder, kHistorianPatience);
        // One that stores elsewhere is backed up there.
        if (!copied && copied.error().code() != ErrorCode::unsupported) return std::unexpected(copied.error());
    }
    if (auto done = hold_lanes(); !done) return std::unexpected(done.error());
    if (auto done = hold(data_.path() / "snapshots", held / "snapshots", ".snap"); !done) return std::unexpected(done.error());
    for (const auto* name : {"server.json", "tags.ids"})
        if (auto done = hold(data_.path(), held, name); !done) return std::unexpected(done.error());

    const auto entries = list(held);
    if (!entries) return std::unexpected(entries.error());
    const auto bytes = history::write_backup(base::real_file_system(), file, head, *entries);
    if (!bytes) return std::unexpected(bytes.error());
    BackupReply reply;
    reply.file = file;
    reply.bytes = *bytes;
    reply.until = head.until;
    return reply;
}

}  // namespace penstock::server
