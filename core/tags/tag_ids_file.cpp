// The file of the tag ids. All numbers little endian:
//   8  magic "PSTAGIDS"      4  format version      1+n  server id      8  epoch      4  next id      4  entries
//   per entry, in order of id: 4 id, 1 type, 1 retired, 1+n name      at the end: 4 CRC-32C of all before

#include <algorithm>
#include <cstring>

#include "core/base/crc32c.hpp"
#include "core/tags/durable_file.hpp"
#include "core/tags/name_index.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::tags {
namespace {

constexpr std::string_view kMagic = "PSTAGIDS";
constexpr std::uint32_t kFormatVersion = 1;
constexpr std::size_t kMaxFileBytes = std::size_t{kMaxTags} * (7 + kMaxTagNameBytes) + 1024;

template <class T>
void put(std::string& bytes, T number) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i)));
}

void put_text(std::string& bytes, std::string_view text) {
    bytes.push_back(static_cast<char>(text.size()));
    bytes.append(text);
}

// Reads from the front; past the end it gives zeros and says so.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : rest_(bytes) {}

    template <class T>
    T number() {
        const auto bytes = take(sizeof(T));
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        return static_cast<T>(value);
    }
    std::string_view text() { return take(number<std::uint8_t>()); }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            is_short_ = true;
            return {};
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    [[nodiscard]] bool is_short() const { return is_short_; }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }

private:
    std::string_view rest_;
    bool is_short_ = false;
};

std::unexpected<Error> damaged(const std::string& what) {
    return fail(ErrorCode::invalid_config,
                "the file of the tag ids is damaged (" + what + "); restore it from a backup: without it, new values would be "
                "stored under the wrong tags");
}

bool is_tag_type(std::uint8_t type) { return (type >= 1 && type <= 5) || (type >= 9 && type <= 13); }

}  // namespace

Result<TagIdStore> TagIdStore::load(const std::filesystem::path& file, Origin origin) {
    auto bytes = read_file(file, kMaxFileBytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    TagIdStore store(file, origin);
    if (!bytes->has_value()) return store;
    if (auto parsed = store.parse(**bytes); !parsed) {
        return fail(parsed.error().code(), parsed.error().sentence(), file.string());
    }
    if (!origin.server_id.empty() && store.origin_.server_id != origin.server_id) {
        return fail(ErrorCode::invalid_config,
                    "these tag ids were given by the server \"" + store.origin_.server_id + "\", this one is \""
                        + origin.server_id + "\"",
                    file.string());
    }
    if (!origin.server_id.empty()) store.origin_ = std::move(origin);
    return store;
}

Result<void> TagIdStore::parse(std::string_view bytes) {
    if (!bytes.starts_with(kMagic)) return damaged("it does not begin with \"PSTAGIDS\"");
    if (bytes.size() < kMagic.size() + 8) return damaged("it ends after " + std::to_string(bytes.size()) + " bytes");
    Cursor cursor(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - 4));
    const auto version = cursor.number<std::uint32_t>();
    if (version != kFormatVersion) {
        return fail(ErrorCode::invalid_config, "the file of the tag ids has format version " + std::to_string(version)
                                                   + ", this server reads version " + std::to_string(kFormatVersion)
                                                   + "; start the version of the server that wrote it");
    }
    Cursor tail(bytes.substr(bytes.size() - 4));
    if (tail.number<std::uint32_t>() != base::crc32c(bytes.substr(0, bytes.size() - 4)))
        return damaged("its checksum is wrong");

    origin_.server_id = cursor.text();
    origin_.epoch = cursor.number<std::uint64_t>();
    next_id_ = cursor.number<std::uint32_t>();
    const auto count = cursor.number<std::uint32_t>();
    if (next_id_ > kMaxTags || count > next_id_) return damaged("it counts more tags than there can be");
    entries_.reserve(count);
    arena_.reserve(cursor.left());
    for (std::uint32_t i = 0; i < count && !cursor.is_short(); ++i) {
        const auto id = cursor.number<std::uint32_t>();
        const auto type = cursor.number<std::uint8_t>();
        const auto retired = cursor.number<std::uint8_t>();
        const auto name = cursor.text();
        if (name.empty() || id >= next_id_ || !is_tag_type(type) || retired > 1) return damaged("entry " + std::to_string(i));
        if (!entries_.empty() && id <= entries_.back().id) return damaged("entry " + std::to_string(i) + " is out of order");
        entries_.push_back({store_name(name), id, static_cast<ValueType>(type), retired == 1});
    }
    if (cursor.is_short() || cursor.left() != 0) return damaged("its length is not what its entries need");
    rebuild_index(entries_.size());
    const auto in_index = static_cast<std::size_t>(std::ranges::count_if(index_, [](auto slot) { return slot != 0; }));
    if (in_index != live_) return damaged("a name has two ids");
    return {};
}

std::string TagIdStore::encode() const {
    std::string bytes(kMagic);
    bytes.reserve(arena_.size() + entries_.size() * 6 + 300);
    put(bytes, kFormatVersion);
    put_text(bytes, origin_.server_id);
    put(bytes, origin_.epoch);
    put(bytes, next_id_);
    put(bytes, static_cast<std::uint32_t>(entries_.size()));
    for (const auto& entry : entries_) {
        put(bytes, entry.id);
        put(bytes, static_cast<std::uint8_t>(entry.type));
        put(bytes, static_cast<std::uint8_t>(entry.retired));
        put_text(bytes, name(entry));
    }
    put(bytes, base::crc32c(bytes));
    return bytes;
}

Result<void> TagIdStore::save() {
    if (file_.empty()) return fail(ErrorCode::unsupported, "tag ids that live in memory only cannot be saved");
    if (!changed_) return {};
    if (origin_.server_id.size() > 255) return fail(ErrorCode::invalid_argument, "a server id has at most 255 bytes");
    if (auto written = replace_file(file_, encode()); !written) return written;
    changed_ = false;
    return {};
}

}  // namespace penstock::tags
