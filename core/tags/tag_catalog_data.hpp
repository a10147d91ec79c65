#pragma once

// Private to the catalog and its builder: how the tags lie in memory.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/tags/archive_rules.hpp"
#include "core/tags/tag_catalog.hpp"
#include "core/tags/text_arena.hpp"

namespace penstock::tags {

inline constexpr TextOffset kNoText = 0xFFFF'FFFF;  // as a name: no such tag

// Limits repeat from tag to tag, so each set is kept once.
struct TagLimits {
    double range_low, range_high;
    double deadband;
    std::int64_t tolerance_ns;
    DeadbandKind deadband_kind;
    std::uint16_t archive;  // in Data::archive_rules; here it costs a tag nothing
};

struct TagRow {
    TextOffset name = kNoText;
    TextOffset address = 0, description = 0, area = 0, unit = 0, scan_class = 0, file = 0;
    std::uint32_t line = 0, column = 0;
    std::uint32_t device = kNoDevice;
    std::uint32_t item = 0;
    std::uint32_t limits = 0;
    std::uint32_t scaling = 0;  // index + 1, 0 = none
    ValueType type = ValueType::none, native_type = ValueType::none;
    Access access = Access::read;
};

// What few tags have, so that it costs the others nothing.
struct TagExtra {
    TagId tag = kNoTag;
    TextOffset expression = 0, instance = 0, overridden = 0;
    bool is_system = false;
};

struct TagCatalog::Data {
    TextArena texts;
    std::vector<TagRow> rows;  // by id
    std::vector<TagLimits> limits;
    std::vector<Scaling> scalings;
    ArchiveRules archive_rules;
    std::vector<std::pair<TagId, Value>> initials;  // in order of id
    std::vector<TagExtra> extras;                   // in order of id
    std::vector<TagId> calculated;                  // in order
    std::vector<std::uint32_t> index;  // name -> id + 1 by open addressing, 0 = free; size a power of two, at most 3/4 full
    std::vector<TagId> by_name;
    std::vector<std::string> devices;
    std::vector<std::uint32_t> device_begin;  // into device_tags, one more than devices
    std::vector<TagId> device_tags;

    [[nodiscard]] const TagExtra* extra(TagId id) const noexcept {  // null: it has none
        const auto at = std::ranges::lower_bound(extras, id, {}, &TagExtra::tag);
        return at != extras.end() && at->tag == id ? &*at : nullptr;
    }
    [[nodiscard]] std::string_view name(TagId id) const noexcept { return texts.at(rows[id].name); }
};

}  // namespace penstock::tags
