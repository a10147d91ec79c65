#pragma once

// What the tags of a site are: names, types, areas, scaling, limits. Immutable once built, shared by the engine, sessions
// and drivers, compact: about 200 bytes a tag, with all texts in one arena and repeated ones stored once.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock::tags {

// Given once to a name by the server, stored, never reused. Dense enough to index arrays: holes are tags that a later site
// no longer has.
using TagId = std::uint32_t;
inline constexpr TagId kNoTag = 0xFFFF'FFFF;
inline constexpr TagId kMaxTags = 4'000'000;

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
    std::string_view device;  // "" = a memory tag: it lives in the server and takes what is written to it
    std::string_view address;
    std::string_view area, unit, description, scan_class;
    std::string_view was;  // former name whose id this tag takes over; "" for none
    std::string_view file;  // where it is defined
    std::uint32_t line = 0, column = 0;
    ValueType type = ValueType::float64;
    ValueType native_type = ValueType::none;  // what the driver delivers; none for memory tags
    Access access = Access::read;
    std::optional<Scaling> scaling;
    double range_low, range_high;  // NaN = no limit
    DeadbandKind deadband_kind = DeadbandKind::none;
    double deadband = 0;
    Value initial;                       // empty for none
    Duration source_time_tolerance{};    // 0 = the default of 1 h: finite, as every limit
};

// Views into the catalog; valid as long as it.
struct TagView {
    TagId id;
    std::string_view name, device, address, area, unit, description, scan_class, file;
    std::uint32_t line, column;
    ValueType type, native_type;
    Access access;
    const Scaling* scaling;  // null for none
    double range_low, range_high;
    DeadbandKind deadband_kind;
    double deadband;
    std::uint32_t item;  // its number within its device (penstock::ItemId)
};

class TagCatalog {
public:
    virtual ~TagCatalog() = default;  // the builder makes the only implementation

    [[nodiscard]] std::size_t size() const noexcept;       // tags that exist
    [[nodiscard]] TagId id_limit() const noexcept;         // all ids are below
    [[nodiscard]] bool exists(TagId id) const noexcept;
    [[nodiscard]] TagView view(TagId id) const;            // precondition: exists(id)
    [[nodiscard]] std::string_view name(TagId id) const;   // cheaper than view()
    [[nodiscard]] ValueType type(TagId id) const;
    [[nodiscard]] Value initial(TagId id) const;
    [[nodiscard]] std::optional<TagId> find(std::string_view name) const noexcept;
    // Existing ids in byte order of their names.
    [[nodiscard]] std::span<const TagId> by_name() const noexcept;
    // Devices in order of name, and each one's tags in order of item number.
    [[nodiscard]] std::span<const std::string> devices() const noexcept;
    [[nodiscard]] std::span<const TagId> tags_of_device(std::size_t device_index) const noexcept;
    // Names like `name`, nearest first, at most `most`: for "did you mean".
    [[nodiscard]] std::vector<std::string_view> nearest(std::string_view name, std::size_t most) const;
};

}  // namespace penstock::tags
