#include "core/server/plant_backup.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
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
constexpr std::array kLanes{"events", "values"};
constexpr std::uint64_t kSpare = 256ULL * 1024 * 1024;  // of the disk of the data: the server goes on writing

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

// What the backup consists of; of lanes that are being written, only what is durable.
Result<std::vector<history::BackupEntry>> list(const fs::path& folder, std::span<const journal::LaneTail> tails) {
    std::vector<history::BackupEntry> entries;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->is_regular_file()) entries.push_back({at->path().lexically_relative(folder).string(), at->path()});
    if (error) return std::unexpected(failed(error, folder));
    for (std::size_t lane = 0; lane < kLanes.size(); ++lane) {
        const auto newest = (fs::path("journal") / kLanes[lane] / tails[lane].segment).string();
        const auto entry = std::ranges::find(entries, newest, &history::BackupEntry::name);
        if (entry == entries.end()) continue;  // begun since: those before it are finished
        entry->blank_from = tails[lane].from;
        entry->blank_to = tails[lane].to;
    }
    return entries;
}

}  // namespace

Result<BackupReply> PlantBackup::make(const BackupRequest& request, const std::string& user, const std::stop_token& stop) {
    if (auto fine = history::check_target(base::real_file_system(), request.file); !fine) return std::unexpected(fine.error());
    if (auto fine = check_room(); !fine) return std::unexpected(fine.error());
    const Scratch scratch(data_.path() / "backup.part");
    auto reply = make_in(scratch.path(), request.file, stop);
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

// The lanes are held before and after the rest: before, so that what a copy lacks is not trimmed away; after, so that no copy and no
// snapshot is ahead of the journal.
Result<BackupReply> PlantBackup::make_in(const fs::path& held, const std::string& file, const std::stop_token& stop) {
    history::BackupHead head;
    head.server_id = data_.server_id();
    head.epoch = data_.epoch();
    head.events = journal_.events().durable();
    head.values = journal_.values().durable();
    head.until = journal_.values().status().durable_time;
    if (auto done = hold_lanes(held); !done) return std::unexpected(done.error());
    if (auto done = copy_historians(held, stop); !done) return std::unexpected(done.error());
    if (auto done = hold(data_.path() / "snapshots", held / "snapshots", ".snap"); !done) return std::unexpected(done.error());
    if (auto done = hold_lanes(held); !done) return std::unexpected(done.error());
    for (const auto* name : {"server.json", "tags.ids"})
        if (auto done = hold(data_.path(), held, name); !done) return std::unexpected(done.error());

    const std::array tails{journal_.events().tail(), journal_.values().tail()};
    const auto entries = list(held, tails);
    if (!entries) return std::unexpected(entries.error());
    const auto bytes = history::write_backup(base::real_file_system(), file, head, *entries, stop);
    if (!bytes) return std::unexpected(bytes.error());
    BackupReply reply;
    reply.file = file;
    reply.bytes = *bytes;
    reply.until = head.until;
    return reply;
}

Result<void> PlantBackup::hold_lanes(const fs::path& held) const {
    for (const auto* lane : kLanes)
        if (auto done = hold(data_.path() / "journal" / lane, held / "journal" / lane, ".seg"); !done) return done;
    return {};
}

// The historians' copies lie beside the data until the backup is written, and must not take the journal's room.
Result<void> PlantBackup::check_room() const {
    std::uint64_t wanted = kSpare;
    for (auto* consumer : archive_.historians().all()) wanted += consumer->status().bytes;
    const auto room = base::real_file_system().free_bytes(data_.path());
    if (!room) return std::unexpected(room.error());
    if (*room >= wanted) return {};
    return fail(ErrorCode::unavailable,
                "a backup needs " + std::to_string(wanted / 1'000'000) + " MB here while it is made, and "
                    + std::to_string(*room / 1'000'000) + " MB are free",
                data_.path().string(), true);
}

Result<void> PlantBackup::copy_historians(const fs::path& held, const std::stop_token& stop) {
    for (auto* consumer : archive_.historians().all()) {
        const auto& name = consumer->name();
        const auto folder = held / "historians" / name.substr(name.rfind('.') + 1);
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) return std::unexpected(failed(error, folder));
        auto copied = consumer->back_up(folder, kHistorianPatience, stop);
        // One that stores elsewhere is backed up there.
        if (!copied && copied.error().code() != ErrorCode::unsupported) return copied;
    }
    return {};
}

}  // namespace penstock::server
