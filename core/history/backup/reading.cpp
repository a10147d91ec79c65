#include <array>
#include <memory>
#include <span>
#include <system_error>

#include <nlohmann/json.hpp>

#include "core/base/sha256.hpp"
#include "core/history/backup/ustar.hpp"
#include "core/history/backup_file.hpp"

namespace penstock::history {
namespace {

using namespace backup;

std::unexpected<Error> damaged(const std::filesystem::path& file, std::string what) {
    return fail(ErrorCode::invalid_config, "is damaged or no backup: " + std::move(what), file.string());
}

struct Opened {
    std::unique_ptr<base::File> file;
    std::uint64_t archive = 0;  // bytes before the seal
};

// Every byte, by the seal.
Result<Opened> open_checked(base::FileSystem& files, const std::filesystem::path& path) {
    auto file = files.open(path, base::OpenMode::read);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    const auto seal_size = kSeal.size() + 65;
    if (*size < seal_size + 3 * kBlock) return damaged(path, "it has " + std::to_string(*size) + " bytes");
    const auto archive = *size - seal_size;
    std::string seal;
    const auto read = for_each_piece(**file, archive, seal_size, [&](Bytes piece) -> Result<void> {
        seal.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        return {};
    });
    if (!read) return std::unexpected(read.error());
    if (!seal.starts_with(kSeal) || !seal.ends_with('\n')) return damaged(path, "its end is missing");
    base::Sha256 hash;
    const auto hashed = for_each_piece(**file, 0, archive, [&](Bytes piece) -> Result<void> {
        hash.update(piece);
        return {};
    });
    if (!hashed) return std::unexpected(hashed.error());
    if (hash.finish() != seal.substr(kSeal.size(), 64)) return damaged(path, "its contents do not fit its checksum");
    return Opened{*std::move(file), archive};
}

struct Member {
    std::string name;
    std::uint64_t at = 0, size = 0;
};

Result<std::vector<Member>> members_of(const Opened& opened, const std::filesystem::path& path) {
    std::vector<Member> members;
    for (std::uint64_t at = 0; at + kBlock <= opened.archive;) {
        Header header{};
        const auto got = opened.file->read(at, std::as_writable_bytes(std::span(header)));
        if (!got) return std::unexpected(got.error());
        if (*got != kBlock) return damaged(path, "a header is cut off");
        if (header[0] == '\0') return members;
        Member member;
        member.name = name_in(header);
        member.at = at + kBlock;
        member.size = size_in(header);
        if (!is_good_name(member.name) || member.size > opened.archive - member.at)
            return damaged(path, "the header at byte " + std::to_string(at) + " makes no sense");
        at = member.at + padded(member.size);
        members.push_back(std::move(member));
    }
    return damaged(path, "the archive has no end");
}

struct Contents {
    BackupHead head;
    std::vector<Member> members;  // without the manifest
    std::vector<std::string> hashes;
};

Result<Contents> contents_of(const Opened& opened, const std::filesystem::path& path) {
    auto members = members_of(opened, path);
    if (!members) return std::unexpected(members.error());
    if (members->empty() || members->back().name != kManifest || members->back().size > kMaxManifest)
        return damaged(path, "there is no manifest");
    const auto at = members->back();
    members->pop_back();
    std::string text;
    const auto read = for_each_piece(*opened.file, at.at, at.size, [&](Bytes piece) -> Result<void> {
        text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        return {};
    });
    if (!read) return std::unexpected(read.error());
    try {
        const auto json = nlohmann::json::parse(text);
        if (json.at("format").get<int>() != kFormat)
            return fail(ErrorCode::invalid_config,
                        "has format " + json.at("format").dump() + "; this version reads " + std::to_string(kFormat),
                        path.string());
        Contents contents;
        contents.head.server_id = json.at("server_id").get<std::string>();
        contents.head.epoch = json.at("epoch").get<std::uint64_t>();
        contents.head.until = utc_from_ns(json.at("until_ns").get<std::int64_t>());
        contents.head.events = json.at("events").get<std::uint64_t>();
        contents.head.values = json.at("values").get<std::uint64_t>();
        const auto& lines = json.at("files");
        if (lines.size() != members->size()) return damaged(path, "the manifest names other files than there are");
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (lines[i].at("name") != (*members)[i].name || lines[i].at("bytes") != (*members)[i].size)
                return damaged(path, "the manifest does not fit " + (*members)[i].name);
            contents.hashes.push_back(lines[i].at("sha256").get<std::string>());
        }
        contents.members = *std::move(members);
        return contents;
    } catch (const nlohmann::json::exception& error) {
        return damaged(path, std::string("its manifest: ") + error.what());
    }
}

Result<void> unpack(base::FileSystem& files, const Opened& opened, const Member& member, const std::string& hash,
                    const std::filesystem::path& into) {
    const auto path = into / member.name;
    if (auto made = files.make_folder(path.parent_path()); !made) return made;
    const auto file = files.open(path, base::OpenMode::create);
    if (!file) return std::unexpected(file.error());
    base::Sha256 seen;
    std::uint64_t at = 0;
    const auto copied = for_each_piece(*opened.file, member.at, member.size, [&](Bytes piece) -> Result<void> {
        seen.update(piece);
        auto written = (*file)->write(at, piece);
        at += piece.size();
        return written;
    });
    if (!copied) return copied;
    if (seen.finish() != hash) return fail(ErrorCode::invalid_config, "does not fit the manifest", member.name);
    if (auto synced = (*file)->sync(); !synced) return synced;
    return files.sync_folder(path.parent_path());
}

Result<void> check_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::exists(folder, error)) return {};
    if (!std::filesystem::is_directory(folder, error))
        return fail(ErrorCode::denied, "is a file; a backup is restored into a new or empty folder", folder.string());
    if (!std::filesystem::is_empty(folder, error) || error)
        return fail(ErrorCode::denied, "is not empty; a backup is restored into a new or empty folder", folder.string());
    return {};
}

// Before the first byte is written: half a restore would fill the disk for nothing.
Result<void> check_room(base::FileSystem& files, const Contents& contents, const std::filesystem::path& folder) {
    std::uint64_t wanted = 0;
    for (const auto& member : contents.members) wanted += padded(member.size);
    const auto room = files.free_bytes(folder);
    if (!room) return std::unexpected(room.error());
    if (*room >= wanted) return {};
    return fail(ErrorCode::unavailable,
                "the backup's contents need " + std::to_string(wanted / 1'000'000) + " MB, and there are "
                    + std::to_string(*room / 1'000'000) + " MB free",
                folder.string(), true);
}

}  // namespace

Result<BackupHead> verify_backup(base::FileSystem& files, const std::filesystem::path& file) {
    const auto opened = open_checked(files, file);
    if (!opened) return std::unexpected(opened.error());
    const auto contents = contents_of(*opened, file);
    if (!contents) return std::unexpected(contents.error());
    return contents->head;
}

Result<BackupHead> restore_backup(base::FileSystem& files, const std::filesystem::path& file,
                                  const std::filesystem::path& data) {
    if (auto fine = check_folder(data); !fine) return std::unexpected(fine.error());
    const auto opened = open_checked(files, file);
    if (!opened) return std::unexpected(opened.error());
    auto contents = contents_of(*opened, file);
    if (!contents) return std::unexpected(contents.error());

    const auto target = std::filesystem::absolute(data).lexically_normal();
    const auto clean = target.has_filename() ? target : target.parent_path();
    const auto part = std::filesystem::path(clean.string() + ".restoring");
    std::error_code ignored;
    std::filesystem::remove_all(part, ignored);
    const auto fill = [&]() -> Result<void> {
        if (auto made = files.make_folder(part); !made) return made;
        if (auto fits = check_room(files, *contents, part); !fits) return fits;
        for (std::size_t i = 0; i < contents->members.size(); ++i)
            if (auto unpacked = unpack(files, *opened, contents->members[i], contents->hashes[i], part); !unpacked)
                return unpacked;
        if (auto synced = files.sync_folder(part); !synced) return synced;
        if (auto renamed = files.rename(part, clean); !renamed) return renamed;
        return files.sync_folder(clean.parent_path());
    };
    if (auto filled = fill(); !filled) {
        std::filesystem::remove_all(part, ignored);
        return std::unexpected(filled.error());
    }
    return contents->head;
}

}  // namespace penstock::history
