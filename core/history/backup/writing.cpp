#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <system_error>
#include <thread>

#include <nlohmann/json.hpp>

#include "core/base/sha256.hpp"
#include "core/history/backup/ustar.hpp"
#include "core/history/backup_file.hpp"

namespace penstock::history {
namespace {

using namespace backup;
using Json = nlohmann::ordered_json;

constexpr std::uint64_t kSpare = 64ULL * 1024 * 1024;  // left free on the disk: the server goes on writing

// A backup leaves the disk to the journal every other moment: after so many bytes they are synced, and it rests for as long as they took.
constexpr std::uint64_t kAtOnce = 1024 * 1024;

// Writes one after the other, and hashes what it writes.
class Writer {
public:
    Writer(base::File& file, const std::stop_token& stop) : file_(file), stop_(stop) {}
    Result<void> write(Bytes bytes) {
        if (stop_.stop_requested()) return fail(ErrorCode::cancelled, "the server is stopping: the backup was not finished");
        if (auto written = file_.write(at_, bytes); !written) return written;
        hash_.update(bytes);
        at_ += bytes.size();
        return at_ - rested_ < kAtOnce ? Result<void>() : rest();
    }
    Result<void> pad() {
        static constexpr std::array<std::byte, kBlock> kZero{};
        return write(Bytes(kZero).first(static_cast<std::size_t>(padded(at_) - at_)));
    }
    [[nodiscard]] std::uint64_t size() const { return at_; }
    [[nodiscard]] std::string hash() { return hash_.finish(); }

private:
    using Clock = std::chrono::steady_clock;

    Result<void> rest() {
        rested_ = at_;
        if (auto synced = file_.sync(); !synced) return synced;
        std::this_thread::sleep_for(Clock::now() - busy_since_);
        busy_since_ = Clock::now();
        return {};
    }

    base::File& file_;
    const std::stop_token& stop_;
    base::Sha256 hash_;
    std::uint64_t at_ = 0, rested_ = 0;
    Clock::time_point busy_since_ = Clock::now();
};

// The part of `piece`, which begins at byte `at` of the source, that stays blank.
void blank_out(std::span<std::byte> piece, std::uint64_t at, const BackupEntry& entry) {
    const auto end = at + piece.size();
    const auto from = std::clamp(entry.blank_from, at, end);
    const auto to = std::clamp(entry.blank_to, from, end);
    std::ranges::fill(piece.subspan(static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from)), std::byte{});
}

Result<Json> add_file(base::FileSystem& files, Writer& writer, const BackupEntry& entry, UtcTime time) {
    const auto source = files.open(entry.source, base::OpenMode::read);
    if (!source) return std::unexpected(source.error());
    const auto size = (*source)->size();
    if (!size) return std::unexpected(size.error());
    const auto header = header_of(entry.name, *size, time);
    if (auto written = writer.write(std::as_bytes(std::span(header))); !written) return std::unexpected(written.error());
    base::Sha256 hash;
    std::uint64_t at = 0;
    const auto copied = for_each_piece(**source, 0, *size, [&](std::span<std::byte> piece) {
        blank_out(piece, at, entry);
        at += piece.size();
        hash.update(piece);
        return writer.write(piece);
    });
    if (!copied) return std::unexpected(copied.error());
    if (auto written = writer.pad(); !written) return std::unexpected(written.error());
    return Json{{"name", entry.name}, {"bytes", *size}, {"sha256", hash.finish()}};
}

Result<void> write_all(base::FileSystem& files, Writer& writer, const BackupHead& head,
                       const std::vector<BackupEntry>& entries) {
    Json manifest{
        {"format", kFormat},     {"server_id", head.server_id}, {"epoch", head.epoch},   {"until_ns", to_ns(head.until)},
        {"events", head.events}, {"values", head.values},       {"files", Json::array()}};
    for (const auto& entry : entries) {
        auto line = add_file(files, writer, entry, head.until);
        if (!line) return std::unexpected(line.error());
        manifest["files"].push_back(*std::move(line));
    }
    const auto text = manifest.dump(1) + '\n';
    const auto header = header_of(kManifest, text.size(), head.until);
    static constexpr std::array<std::byte, 2 * kBlock> kEnd{};
    if (auto written = writer.write(std::as_bytes(std::span(header))); !written) return written;
    if (auto written = writer.write(bytes_of(text)); !written) return written;
    if (auto written = writer.pad(); !written) return written;
    if (auto written = writer.write(kEnd); !written) return written;
    const auto seal = std::string(kSeal) + writer.hash() + '\n';
    if (auto written = writer.write(bytes_of(seal)); !written) return written;
    return {};
}

// About as large as the backup becomes, and never smaller. Error: there is no room for it.
Result<std::uint64_t> bytes_wanted(base::FileSystem& files, const std::filesystem::path& file,
                                   const std::vector<BackupEntry>& entries) {
    std::uint64_t wanted = 4 * kBlock + 1024;
    for (const auto& entry : entries) {
        if (!is_good_name(entry.name)) return fail(ErrorCode::internal, "cannot be put into a backup", entry.name);
        std::error_code error;
        const auto size = std::filesystem::file_size(entry.source, error);
        if (error) return fail(ErrorCode::not_found, error.message(), entry.source.string());
        wanted += padded(size) + kBlock + 256;
    }
    const auto room = files.free_bytes(file.parent_path());
    if (!room) return std::unexpected(room.error());
    if (*room >= wanted + kSpare) return wanted;
    return fail(ErrorCode::unavailable,
                "the backup needs " + std::to_string((wanted + kSpare) / 1'000'000) + " MB, and there are "
                    + std::to_string(*room / 1'000'000) + " MB free",
                file.string(), true);
}

std::filesystem::path part_of(const std::filesystem::path& file) { return file.string() + ".part"; }

}  // namespace

Result<void> check_target(base::FileSystem& files, const std::filesystem::path& file) {
    std::error_code ignored;
    if (!file.is_absolute() || !file.has_filename())
        return fail(ErrorCode::invalid_argument, "is no absolute path of a file on the server's machine", file.string());
    if (std::filesystem::exists(file, ignored))
        return fail(ErrorCode::denied, "is there already, and a backup replaces nothing: name another file", file.string());
    if (!std::filesystem::is_directory(file.parent_path(), ignored))
        return fail(ErrorCode::not_found, "there is no such folder on the server's machine", file.parent_path().string());
    const auto part = part_of(file);
    std::filesystem::remove(part, ignored);  // of a server that ended in the middle of one
    if (const auto made = files.open(part, base::OpenMode::create); !made)
        return fail(made.error().code(), "no backup can be written there: " + made.error().sentence(), file.string());
    return files.remove(part);
}

Result<std::uint64_t> write_backup(base::FileSystem& files, const std::filesystem::path& file, const BackupHead& head,
                                   const std::vector<BackupEntry>& entries, const std::stop_token& stop) {
    if (auto fine = check_target(files, file); !fine) return std::unexpected(fine.error());
    const auto wanted = bytes_wanted(files, file, entries);
    if (!wanted) return std::unexpected(wanted.error());

    const auto part = part_of(file);
    const auto write = [&]() -> Result<std::uint64_t> {
        const auto out = files.open(part, base::OpenMode::create);
        if (!out) return std::unexpected(out.error());
        // A file that grows makes the syncs of others wait for it (ext4 writes its new blocks first); one that has its room does not.
        if (auto allocated = (*out)->allocate(*wanted); !allocated) return std::unexpected(allocated.error());
        Writer writer(**out, stop);
        if (auto written = write_all(files, writer, head, entries); !written) return std::unexpected(written.error());
        if (auto cut = (*out)->truncate(writer.size()); !cut) return std::unexpected(cut.error());
        if (auto synced = (*out)->sync(); !synced) return std::unexpected(synced.error());
        if (auto renamed = files.rename(part, file); !renamed) return std::unexpected(renamed.error());
        if (auto synced = files.sync_folder(file.parent_path()); !synced) return std::unexpected(synced.error());
        return writer.size();
    };
    auto written = write();
    std::error_code ignored;
    if (!written) std::filesystem::remove(part, ignored);
    return written;
}

}  // namespace penstock::history
