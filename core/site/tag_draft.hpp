#pragma once

// One tag as it was written, before it is judged: the same for JSON and CSV, so that there is one set of rules.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <penstock/value.hpp>

#include "core/site/format.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::site {

// The flat keys of a tag: the columns of CSV, and what the nested keys of JSON come down to.
enum class TagKey : std::uint8_t {
    name,
    device,
    address,
    type,
    unit,
    area,
    description,
    scan_class,
    range_low,
    range_high,
    raw_low,
    raw_high,
    eng_low,
    eng_high,
    clamp,
    deadband,
    deadband_percent,
    access,
    initial,
    was,
    source_time_tolerance,
    archive,
    expression,
};
inline constexpr std::size_t kTagKeyCount = 23;

// A column, and the table entry that says what may stand in it.
struct TagColumn {
    std::string_view word;
    const KeyFormat* format;
};
[[nodiscard]] std::span<const TagColumn, kTagKeyCount> tag_columns() noexcept;

struct TagDraft {
    std::string_view name, device, address, unit, area, description, scan_class, was, expression;
    ValueType type = ValueType::none;
    tags::Access access = tags::Access::read;
    double range_low, range_high;  // NaN = open
    double raw_low, raw_high, eng_low, eng_high;
    double deadband, deadband_percent;
    bool clamp = false;
    Duration source_time_tolerance{};
    std::string_view initial_cell;  // CSV
    JsonView initial_json;          // JSON
    std::string_view archive_cell;  // CSV: a word, or the interval of a cyclic archive
    JsonView archive_json;          // JSON: a word or an object of good shape

    const InstancePlace* instance = nullptr;  // of a type's member
    std::string_view overridden;              // its keys that the instance overrides: "range, unit"
    const SourceText* source = nullptr;
    const JsonDocument* document = nullptr;  // null for CSV
    std::uint32_t offset = 0;                // of the whole
    std::uint32_t node = 0;                  // JSON: of the whole
    std::uint32_t row = 0;                   // CSV: from 0, without the header
    std::uint32_t present = 0, faulty = 0;   // bits by TagKey
    std::array<std::uint32_t, kTagKeyCount> at;  // JSON: node, CSV: offset; valid where present

    [[nodiscard]] static constexpr std::uint32_t bit(TagKey key) noexcept { return 1U << static_cast<unsigned>(key); }
    [[nodiscard]] bool has(TagKey key) const noexcept { return (present & bit(key)) != 0; }
    // Present and readable.
    [[nodiscard]] bool is_good(TagKey key) const noexcept { return (present & ~faulty & bit(key)) != 0; }
    [[nodiscard]] bool is_faulty(TagKey key) const noexcept { return (faulty & bit(key)) != 0; }
};

// A fault at the value of a key; at the whole tag if the key is absent.
void add_fault(FaultList& faults, const TagDraft& draft, TagKey key, std::string message, std::string hint = {});

// The file in which it stands.
[[nodiscard]] const SourceText& source_of(const TagDraft& draft, TagKey key) noexcept;
// Where that is: a JSON pointer, for CSV "/ROW/COLUMN".
[[nodiscard]] std::string path_of(const TagDraft& draft, TagKey key);

// Fills a draft from one object of a JSON tag file. Faults of shape are added; what cannot be read is marked faulty.
void read_json_tag(const JsonView& object, TagDraft& draft, FaultList& faults);

// Fills a draft of a calculated tag that something else of the site wants (an alarm's condition): it stands where its expression
// does. `name` lives as long as the site.
void start_made_tag(std::string_view name, const JsonView& expression, TagDraft& draft);

// Empties a draft for a CSV record; fields follow.
void start_csv_tag(TagDraft& draft, const SourceText& source, std::uint32_t offset, std::uint32_t row) noexcept;
// Fills a draft's key from a CSV field that is not empty.
void read_csv_field(TagKey key, std::string_view text, std::uint32_t offset, TagDraft& draft, FaultList& faults);

}  // namespace penstock::site
