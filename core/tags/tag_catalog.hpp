#pragma once

// What the tags of a site are: names, types, areas, scaling, limits. Immutable once built (tag_catalog_builder.hpp), shared by
// the engine, sessions and drivers. Compact: about 150 bytes a tag, with all texts in one arena and repeated ones stored once.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/time.hpp>
#include <penstock/value.hpp>

#include "core/tags/archive_rule.hpp"

namespace penstock::tags {

// Given once to a name by the server, stored, never reused. Dense enough to index arrays: holes are tags that a later site
// no longer has.
using TagId = std::uint32_t;
inline constexpr TagId kNoTag = 0xFFFF'FFFF;
inline constexpr TagId kMaxTags = 4'000'000;
inline constexpr std::size_t kMaxTagNameBytes = 255;
inline constexpr std::uint32_t kNoDevice = 0xFFFF'FFFF;
inline constexpr Duration kDefaultSourceTimeTolerance = 1h;

enum class Access : std::uint8_t { read, read_write };
enum class DeadbandKind : std::uint8_t { none, absolute, percent };  // percent of the engineering range

// Linear: eng = eng_low + (raw - raw_low) * (eng_high - eng_low) / (raw_high - raw_low), clamped to the eng range if `clamp`.
struct Scaling {
    double raw_low = 0, raw_high = 0, eng_low = 0, eng_high = 0;
    bool clamp = false;
    bool operator==(const Scaling&) const = default;
};

// One tag, as read from a site. Views are borrowed during TagCatalogBuilder::add only.
struct TagDefinition {
    std::string_view name;  // unique, 1 to 255 bytes of UTF-8
    std::string_view device;  // "" = a memory tag, which takes what is written to it, or a calculated or system tag
    std::string_view address;
    std::string_view area, unit, description, scan_class;
    std::string_view was;  // former name whose id this tag takes over; "" for none
    std::string_view file;  // where it is defined
    std::uint32_t line = 0, column = 0;
    ValueType type = ValueType::float64;
    ValueType native_type = ValueType::none;  // what the driver delivers; none for memory tags
    Access access = Access::read;
    std::optional<Scaling> scaling;
    double range_low = std::numeric_limits<double>::quiet_NaN();  // NaN = no limit
    double range_high = std::numeric_limits<double>::quiet_NaN();
    DeadbandKind deadband_kind = DeadbandKind::none;
    double deadband = 0;
    Value initial;                       // empty for none
    Duration source_time_tolerance{};    // 0 = kDefaultSourceTimeTolerance: finite, as every limit
    const ArchiveRule* archive = nullptr;  // null = off
    std::string_view expression;  // "" = none; a calculated tag: no device, and only the engine gives it values
    bool system = false;          // written by the engine itself (key figures); no device
    std::string_view instance;    // of a member of a type's instance: "pump_1 (tags/pumps.json:4:3)"; "" for none
    std::string_view overridden;  // its keys that the instance overrides: "range, unit"
};

// Views into the catalog; valid as long as it.
struct TagView {
    [[nodiscard]] bool is_calculated() const noexcept { return !expression.empty(); }
    // It takes what is written to it, and keeps it over a restart.
    [[nodiscard]] bool is_memory() const noexcept { return device_index == kNoDevice && !is_calculated() && !is_system; }

    TagId id = kNoTag;
    std::string_view name, device, address, area, unit, description, scan_class, file;
    std::string_view expression, instance, overridden;  // as in TagDefinition; "" for most
    bool is_system = false;
    std::uint32_t line = 0, column = 0;
    ValueType type = ValueType::none, native_type = ValueType::none;
    Access access = Access::read;
    const Scaling* scaling = nullptr;  // null for none
    double range_low = 0, range_high = 0;
    DeadbandKind deadband_kind = DeadbandKind::none;
    double deadband = 0;
    Duration source_time_tolerance{};         // never 0
    const ArchiveRule* archive = nullptr;     // never null: the one of tags that are not archived says so
    std::uint32_t device_index = kNoDevice;   // into devices(); kNoDevice for memory, calculated and system tags
    std::uint32_t item = 0;                   // its number within its device (penstock::ItemId)
};

// All const functions [any-thread]: nothing in it ever changes.
class TagCatalog final {
public:
    ~TagCatalog();
    TagCatalog(const TagCatalog&) = delete;
    TagCatalog& operator=(const TagCatalog&) = delete;

    [[nodiscard]] std::size_t size() const noexcept;       // tags that exist
    [[nodiscard]] TagId id_limit() const noexcept;         // all ids are below
    [[nodiscard]] bool exists(TagId id) const noexcept;    // false also for ids beyond the limit
    [[nodiscard]] TagView view(TagId id) const;            // precondition, here and below: exists(id)
    [[nodiscard]] std::string_view name(TagId id) const;   // cheaper than view()
    [[nodiscard]] ValueType type(TagId id) const;
    [[nodiscard]] ValueType native_type(TagId id) const;   // of memory tags: type()
    [[nodiscard]] Value initial(TagId id) const;           // empty for none
    [[nodiscard]] const ArchiveRule& archive(TagId id) const;
    // Equal rules are one and have one number: archive_rules()[archive_number(id)]. Number 0 is "off".
    [[nodiscard]] std::span<const ArchiveRule> archive_rules() const noexcept;
    [[nodiscard]] std::uint16_t archive_number(TagId id) const;
    [[nodiscard]] std::string_view expression(TagId id) const noexcept;  // "" for none
    // The tags with an expression, in order of id.
    [[nodiscard]] std::span<const TagId> calculated() const noexcept;
    [[nodiscard]] std::optional<TagId> find(std::string_view name) const noexcept;
    // Existing ids in byte order of their names.
    [[nodiscard]] std::span<const TagId> by_name() const noexcept;
    // Devices in order of name, and each one's tags in order of item number: tags_of_device(d)[item] is the item's tag. Memory,
    // calculated and system tags belong to none.
    [[nodiscard]] std::span<const std::string> devices() const noexcept;
    [[nodiscard]] std::span<const TagId> tags_of_device(std::size_t device_index) const noexcept;
    // Names like `name`, nearest first, at most `most`: for "did you mean". Looks at every name: about 10 ms at 100,000.
    [[nodiscard]] std::vector<std::string_view> nearest(std::string_view name, std::size_t most) const;
    // Ids of the tags whose names match (wildcard.hpp), in order of name. "" matches all.
    [[nodiscard]] std::vector<TagId> matching(std::string_view pattern) const;

private:
    friend class TagCatalogBuilder;
    struct Data;
    explicit TagCatalog(std::unique_ptr<const Data> data) noexcept;
    std::unique_ptr<const Data> data_;
};

}  // namespace penstock::tags
