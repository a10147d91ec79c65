#pragma once

// Which id belongs to which name. Given once, stored in the data folder, never reused: history, journal and alarms name
// tags by these numbers for years.
//
// - A name that comes back gets its id back.
// - A rename (`was`) takes the id along; the old name is then free, and would get a new id.
// - A change of type starts a new series: the name gets a new id, and the old one is retired with the old values.
//
// The file: format version, server id and epoch, entries, CRC-32C over all of it. Written to a neighbour, synced, renamed,
// folder synced: after a crash there is the old file or the new one.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::tags {

class TagIdStore final {
public:
    struct Origin {  // whose ids these are; everything stored says so
        std::string server_id;  // at most 255 bytes
        std::uint64_t epoch = 0;
        bool operator==(const Origin&) const = default;
    };
    struct Wanted {
        std::string_view name, was;  // was = "" for no rename
        ValueType type = ValueType::none;
    };

    // In memory only: save() is refused. For tests and `penstock check`.
    TagIdStore() = default;
    // An empty store that save() will write to `file`.
    TagIdStore(std::filesystem::path file, Origin origin) : file_(std::move(file)), origin_(std::move(origin)) {}

    // Reads `file`; one that does not exist is an empty store. Error invalid_config: damaged, of another format version or
    // another server (`origin.server_id`, unless that is ""); internal: cannot be read. A damaged file is never repaired by
    // guessing: ids given anew would file new values under old tags.
    [[nodiscard]] static Result<TagIdStore> load(const std::filesystem::path& file, Origin origin);

    // Durable when it returns well. Does nothing if nothing was given since the last load or save.
    [[nodiscard]] Result<void> save();

    // The ids of these names, in their order; new ones are given from next_id() on. Error invalid_config, with nothing
    // changed: two tags claim one id by `was`, a `was` names a tag that is itself wanted, or kMaxTags ids are used up.
    [[nodiscard]] Result<std::vector<TagId>> assign(std::span<const Wanted> wanted);

    [[nodiscard]] std::optional<TagId> find(std::string_view name) const noexcept;
    [[nodiscard]] TagId next_id() const noexcept { return next_id_; }  // all ids given are below
    [[nodiscard]] std::size_t size() const noexcept { return live_; }  // names that have an id
    [[nodiscard]] const Origin& origin() const noexcept { return origin_; }

private:
    struct Entry {
        std::uint32_t name;  // offset into arena_ of a length byte and the bytes
        TagId id;
        ValueType type;
        bool retired;  // by a change of type: the name has a younger id
    };
    [[nodiscard]] Result<void> parse(std::string_view bytes);
    [[nodiscard]] std::string encode() const;
    [[nodiscard]] std::string_view name(const Entry& entry) const noexcept;
    [[nodiscard]] std::uint32_t slot_of(std::string_view name) const noexcept;  // of the name, or of the gap where it belongs
    [[nodiscard]] std::uint32_t store_name(std::string_view name);
    void rebuild_index(std::size_t names);
    std::uint32_t give(std::uint32_t slot, std::string_view name, ValueType type);
    void rename(std::uint32_t entry, std::string_view to);

    std::filesystem::path file_;
    Origin origin_;
    std::vector<Entry> entries_;  // in order of id
    std::string arena_;
    std::vector<std::uint32_t> index_;  // open addressing: entry + 1, 0 = free; size a power of two
    std::size_t live_ = 0;
    TagId next_id_ = 0;
    bool changed_ = false;
};

}  // namespace penstock::tags
