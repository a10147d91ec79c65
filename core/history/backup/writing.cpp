#include "core/history/backup_file.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <system_error>

#include <nlohmann/json.hpp>

#include "core/base/sha256.hpp"

namespace penstock::history {
namespace {

using Json = nlohmann::ordered_json;
using Bytes = std::span<const std::byte>;

constexpr int kFormat = 1;
constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = 1024 * 1024;
constexpr std::uint64_t kSpare = 64ULL * 1024 * 1024;  // left free on the disk: the server goes on writing
constexpr std::uint64_t kMaxManifest = 64ULL * 1024 * 1024;
constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kSeal = "penstock backup, SHA-256 of all before: ";

// --- a header of POSIX.1-1988 ustar: texts and octal numbers at fixed places ---
constexpr std::size_t kNameAt = 0, kNameSize = 100, kModeAt = 100, kSizeAt = 124, kTimeAt = 136, kSumAt = 148, kTypeAt = 156,
                      kMagicAt = 257;
constexpr std::uint64_t kMaxOctal = 077'777'777'777;  // of 11 digits: 8 GiB; larger sizes are binary, marked by the top bit

std::uint64_t padded(std::uint64_t size) { return (size + kBlock - 1) / kBlock * kBlock; }

void put_octal(std::array<char, kBlock>& header, std::size_t at, int digits, std::uint64_t number) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(number));
    std::memcpy(header.data() + at, text.data(), static_cast<std::size_t>(digits));
}

unsigned sum_of(const std::array<char, kBlock>& header) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
        sum += i >= kSumAt && i < kSumAt + 8 ? static_cast<unsigned>(' ') : static_cast<unsigned char>(header[i]);
    return sum;
}

std::array<char, kBlock> header_of(std::string_view name, std::uint64_t size, UtcTime time) {
    std::array<char, kBlock> header{};
    std::memcpy(header.data() + kNameAt, name.data(), name.size());
    put_octal(header, kModeAt, 7, 0600);
    put_octal(header, kModeAt + 8, 7, 0);
    put_octal(header, kModeAt + 16, 7, 0);
    if (size <= kMaxOctal) {
        put_octal(header, kSizeAt, 11, size);
    } else {
        header[kSizeAt] = static_cast<char>(0x80);
        for (std::size_t i = 0; i < 8; ++i) header[kSizeAt + 4 + i] = static_cast<char>(size >> (56 - 8 * i));
    }
    put_octal(header, kTimeAt, 11, static_cast<std::uint64_t>(std::max<std::int64_t>(to_ns(time) / 1'000'000'000, 0)));
    header[kTypeAt] = '0';
    std::memcpy(header.data() + kMagicAt, "ustar\00000", 8);
    put_octal(header, kSumAt, 6, sum_of(header));
    return header;
}

std::uint64_t size_in(const std::array<char, kBlock>& header) {
    std::uint64_t size = 0;
    if ((static_cast<unsigned char>(header[kSizeAt]) & 0x80U) != 0) {
        for (std::size_t i = 0; i < 8; ++i) size = size << 8U | static_cast<unsigned char>(header[kSizeAt + 4 + i]);
        return size;
    }
    for (std::size_t i = 0; i < 11; ++i)
        if (const char c = header[kSizeAt + i]; c >= '0' && c <= '7') size = size * 8 + static_cast<std::uint64_t>(c - '0');
    return size;
}

// A name that stays below the folder it is unpacked into.
bool is_good_name(std::string_view name) {
    if (name.empty() || name.size() >= kNameSize || name.front() == '/' || name.back() == '/') return false;
    const auto is_good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'
               || c == '/';
    };
    if (!std::ranges::all_of(name, is_good)) return false;
    for (const auto& part : std::filesystem::path(name))
        if (part == "." || part == "..") return false;
    return true;
}

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// Writes one after the other, and hashes what it writes.
class Writer {
public:
    explicit Writer(base::File& file) : file_(file) {}
    Result<void> write(Bytes bytes) {
        if (auto written = file_.write(at_, bytes); !written) return written;
        hash_.update(bytes);
        at_ += bytes.size();
        return {};
    }
    Result<void> pad() {
        static constexpr std::array<std::byte, kBlock> kZero{};
        return write(Bytes(kZero).first(static_cast<std::size_t>(padded(at_) - at_)));
    }
    [[nodiscard]] std::uint64_t size() const { return at_; }
    [[nodiscard]] std::string hash() { return hash_.finish(); }

private:
    base::File& file_;
    base::Sha256 hash_;
    std::uint64_t at_ = 0;
};

// Hands out [from, from + size) in pieces; short is an error.
Result<void> for_each_piece(const base::File& file, std::uint64_t from, std::uint64_t size,
                            const std::function<Result<void>(Bytes)>& take) {
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(size, kPiece)));
    for (std::uint64_t done = 0; done < size;) {
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, kPiece));
        const auto got = file.read(from + done, std::span(piece).first(want));
        if (!got) return std::unexpected(got.error());
        if (*got == 0) return fail(ErrorCode::invalid_config, "ends early");
        if (auto taken = take(Bytes(piece).first(*got)); !taken) return taken;
        done += *got;
    }
    return {};
}

Result<Json> add_file(base::FileSystem& files, Writer& writer, const BackupEntry& entry, UtcTime time) {
    const auto source = files.open(entry.source, base::OpenMode::read);
    if (!source) return std::unexpected(source.error());
    const auto size = (*source)->size();
    if (!size) return std::unexpected(size.error());
    const auto header = header_of(entry.name, *size, time);
    if (auto written = writer.write(std::as_bytes(std::span(header))); !written) return std::unexpected(written.error());
    base::Sha256 hash;
    const auto copied = for_each_piece(**source, 0, *size, [&](Bytes piece) {
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

Result<void> check_room(base::FileSystem& files, const std::filesystem::path& file, const std::vector<BackupEntry>& entries) {
    std::uint64_t wanted = kSpare;
    for (const auto& entry : entries) {
        if (!is_good_name(entry.name)) return fail(ErrorCode::internal, "cannot be put into a backup", entry.name);
        std::error_code error;
        const auto size = std::filesystem::file_size(entry.source, error);
        if (error) return fail(ErrorCode::not_found, error.message(), entry.source.string());
        wanted += padded(size) + kBlock + 256;
    }
    const auto room = files.free_bytes(file.parent_path());
    if (!room) return std::unexpected(room.error());
    if (*room >= wanted) return {};
    return fail(ErrorCode::unavailable,
                "the backup needs " + std::to_string(wanted / 1'000'000) + " MB, and there are "
                    + std::to_string(*room / 1'000'000) + " MB free",
                file.string(), true);
}

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
        std::array<char, kBlock> header{};
        const auto got = opened.file->read(at, std::as_writable_bytes(std::span(header)));
        if (!got) return std::unexpected(got.error());
        if (*got != kBlock) return damaged(path, "a header is cut off");
        if (header[0] == '\0') return members;
        Member member;
        member.name.assign(header.data(), ::strnlen(header.data(), kNameSize));
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
        const auto json = Json::parse(text);
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

bool is_missing_or_empty(const std::filesystem::path& folder) {
    std::error_code error;
    return !std::filesystem::exists(folder, error)
           || (std::filesystem::is_directory(folder, error) && std::filesystem::is_empty(folder, error));
}

}  // namespace

Result<std::uint64_t> write_backup(base::FileSystem& files, const std::filesystem::path& file, const BackupHead& head,
                                   const std::vector<BackupEntry>& entries) {
    std::error_code ignored;
    if (!file.is_absolute()) return fail(ErrorCode::invalid_argument, "is no absolute path", file.string());
    if (std::filesystem::exists(file, ignored)) return fail(ErrorCode::denied, "is there already", file.string());
    if (!std::filesystem::is_directory(file.parent_path(), ignored))
        return fail(ErrorCode::not_found, "there is no such folder", file.parent_path().string());
    if (auto room = check_room(files, file, entries); !room) return std::unexpected(room.error());

    const auto part = std::filesystem::path(file.string() + ".part");
    std::filesystem::remove(part, ignored);  // of a server that ended in the middle of one
    const auto write = [&]() -> Result<std::uint64_t> {
        const auto out = files.open(part, base::OpenMode::create);
        if (!out) return std::unexpected(out.error());
        Writer writer(**out);
        if (auto written = write_all(files, writer, head, entries); !written) return std::unexpected(written.error());
        if (auto synced = (*out)->sync(); !synced) return std::unexpected(synced.error());
        if (auto renamed = files.rename(part, file); !renamed) return std::unexpected(renamed.error());
        if (auto synced = files.sync_folder(file.parent_path()); !synced) return std::unexpected(synced.error());
        return writer.size();
    };
    auto written = write();
    if (!written) std::filesystem::remove(part, ignored);
    return written;
}

Result<BackupHead> verify_backup(base::FileSystem& files, const std::filesystem::path& file) {
    const auto opened = open_checked(files, file);
    if (!opened) return std::unexpected(opened.error());
    const auto contents = contents_of(*opened, file);
    if (!contents) return std::unexpected(contents.error());
    return contents->head;
}

Result<BackupHead> restore_backup(base::FileSystem& files, const std::filesystem::path& file,
                                  const std::filesystem::path& data) {
    if (!is_missing_or_empty(data))
        return fail(ErrorCode::denied, "is not empty; a backup is restored into a new or empty folder", data.string());
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
