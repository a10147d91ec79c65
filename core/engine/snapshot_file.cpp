// The file of a snapshot: bytes, names, which are kept.

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "core/base/crc32c.hpp"
#include "core/engine/snapshot.hpp"
#include "core/wire/codec.hpp"

namespace penstock::engine {
namespace {

constexpr std::string_view kMagic = "PNSTSNAP";
constexpr std::string_view kEnding = ".snap";
constexpr std::size_t kDigits = 20;
constexpr std::size_t kCrcBytes = 4;

std::string_view as_text(wire::Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string file_name(journal::Position position) {
    auto digits = std::to_string(position);
    return std::string(kDigits - digits.size(), '0') + digits + std::string(kEnding);
}

bool is_snapshot_name(std::string_view name) {
    return name.size() == kDigits + kEnding.size() && name.ends_with(kEnding)
           && std::ranges::all_of(name.substr(0, kDigits), [](char c) { return c >= '0' && c <= '9'; });
}

// Oldest first. No folder: none.
Result<std::vector<std::string>> snapshot_names(base::FileSystem& files, const std::filesystem::path& folder) {
    auto names = files.list(folder);
    if (!names && names.error().code() == ErrorCode::not_found) return std::vector<std::string>();
    if (names) std::erase_if(*names, [](const std::string& name) { return !is_snapshot_name(name); });
    return names;
}

Result<void> check_owner(const SnapshotHead& head, const SnapshotHead& wanted) {
    if (head.server_id == wanted.server_id && head.epoch == wanted.epoch) return {};
    return fail(ErrorCode::invalid_config, "of server " + head.server_id + ", epoch " + std::to_string(head.epoch)
                                               + "; this is " + wanted.server_id + ", epoch " + std::to_string(wanted.epoch));
}

Result<Snapshot> load(base::FileSystem& files, const std::filesystem::path& path, const SnapshotHead& wanted) {
    const auto bytes = base::read_file(files, path, SnapshotHead::kMostBytes);
    if (!bytes) return std::unexpected(bytes.error());
    auto snapshot = decode_snapshot(*bytes);
    if (!snapshot) return snapshot;
    if (auto owner = check_owner(snapshot->head, wanted); !owner) return std::unexpected(owner.error());
    return snapshot;
}

}  // namespace

const wire::Buffer* Snapshot::section(std::string_view name) const noexcept {
    const auto found = std::ranges::find(sections, name, [](const auto& section) { return std::string_view(section.first); });
    return found == sections.end() ? nullptr : &found->second;
}

void encode_snapshot(const Snapshot& snapshot, wire::Buffer& out) {
    out.clear();
    wire::Writer writer(out);
    writer.raw(std::as_bytes(std::span(kMagic)));
    const auto head = writer.begin_block();
    wire::detail::put_fields(writer, snapshot.head);
    writer.end_block(head);
    writer.varint(snapshot.sections.size());
    for (const auto& [name, bytes] : snapshot.sections) {
        writer.text(name);
        writer.varint(bytes.size());
        writer.raw(bytes);
    }
    const auto crc = base::crc32c(as_text(out));
    for (unsigned shift = 0; shift < 32; shift += 8) writer.byte(static_cast<std::uint8_t>(crc >> shift));
}

Result<Snapshot> decode_snapshot(wire::Bytes bytes) {
    if (bytes.size() < kMagic.size() + kCrcBytes || as_text(bytes.first(kMagic.size())) != kMagic) {
        return fail(ErrorCode::protocol, std::to_string(bytes.size()) + " bytes that are no snapshot");
    }
    const auto body = bytes.first(bytes.size() - kCrcBytes);
    std::uint32_t crc = 0;
    for (std::size_t i = 0; i < kCrcBytes; ++i) crc |= std::to_integer<std::uint32_t>(bytes[body.size() + i]) << (8 * i);
    if (crc != base::crc32c(as_text(body))) return fail(ErrorCode::protocol, "its checksum is wrong: it is damaged");

    Snapshot snapshot;
    wire::Reader in(body.subspan(kMagic.size()));
    const auto outer = in.enter_block();
    wire::detail::get_fields(in, snapshot.head);
    in.leave_block(outer);
    if (in.ok() && snapshot.head.version != SnapshotHead::kVersion) {
        return fail(ErrorCode::protocol, "format version " + std::to_string(snapshot.head.version) + ", known is "
                                             + std::to_string(SnapshotHead::kVersion));
    }
    const auto count = in.varint();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        std::string name(in.text());
        const auto end = in.enter_block();
        const auto content = in.ok() ? in.rest() : wire::Bytes();
        snapshot.sections.emplace_back(std::move(name), wire::Buffer(content.begin(), content.end()));
        in.leave_block(end);
    }
    if (!in.ok()) return std::unexpected(in.error());
    return snapshot;
}

Result<void> save_snapshot(base::FileSystem& files, const std::filesystem::path& folder, const Snapshot& snapshot) {
    wire::Buffer bytes;
    encode_snapshot(snapshot, bytes);
    if (auto made = files.make_folder(folder); !made) return made;
    if (auto saved = base::replace_file(files, folder / file_name(snapshot.head.events), bytes); !saved) return saved;
    auto names = snapshot_names(files, folder);
    if (!names) return std::unexpected(names.error());
    for (std::size_t i = 0; i + SnapshotHead::kKept < names->size(); ++i) {
        if (auto removed = files.remove(folder / (*names)[i]); !removed) return removed;
    }
    return {};
}

Result<std::optional<Snapshot>> load_newest_snapshot(base::FileSystem& files, const std::filesystem::path& folder,
                                                     const SnapshotHead& wanted, std::vector<std::string>& findings) {
    const auto names = snapshot_names(files, folder);
    if (!names) return std::unexpected(names.error());
    for (auto name = names->rbegin(); name != names->rend(); ++name) {
        auto snapshot = load(files, folder / *name, wanted);
        if (snapshot) return std::optional(*std::move(snapshot));
        findings.push_back("snapshots/" + *name + ": " + snapshot.error().sentence());
    }
    return std::optional<Snapshot>();
}

}  // namespace penstock::engine
