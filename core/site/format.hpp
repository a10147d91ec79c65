#pragma once

// The formats of a site's files, as tables. One table says what is read, what is refused with which sentence, what `penstock
// schema` prints and what the manual lists.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "core/site/json_document.hpp"

namespace penstock::site {

enum class Shape : std::uint8_t {
    text,
    word,           // a text out of `words`
    integer,
    number,
    boolean,
    duration,       // "200ms"
    texts,          // array of texts
    value,          // a scalar or an array of scalars
    limits,         // [low, high], null for an open end
    pair,           // [low, high]
    size,           // [width, height], whole
    object,         // of `object`
    word_or_object, // a text out of `words`, or `object`
    objects,        // array of `object`
    scalar,         // a text, a number, true or false
    scalar_map,     // {NAME: scalar}
    object_map,     // {NAME: `object`}
    members,        // {NAME: `object`}, whose values may be placeholders: checked apart
    text_map,       // {NAME: text}
    local_text,     // a text, or {LANGUAGE: text}
    text_or_tag,    // an expression, or {"tag": NAME}
    duration_or_tag,  // a duration, or {"tag": NAME}
    number_or_bound,  // a number, {"tag": NAME} or {"expression": TEXT}
    true_or_texts,  // true, or an array of texts
    duration_map,   // {NAME: "200ms"}
    areas,          // {NAME: {NAME: {} ...}}
    settings,       // an object whose keys a plugin knows
    settings_map,   // {PLUGIN: settings}
};

struct ObjectFormat;

struct KeyFormat {
    std::string_view key;
    Shape shape = Shape::text;
    bool is_required = false;
    // Of numbers; of a duration in ms; of a text in bytes; of arrays and maps in elements.
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    std::string_view unit;       // "ms", "bytes" ...; "" for none
    std::string_view otherwise;  // what an absent key means, as the manual says it
    std::string_view what;       // one sentence for the manual
    std::span<const std::string_view> words{};  // of a word; of texts: each is one of them
    const ObjectFormat* object = nullptr;
};

struct ObjectFormat {
    std::string_view name;  // "tag", "device", as sentences call it
    std::span<const KeyFormat> keys;
    bool is_open = false;  // has keys that others know (a driver's)
    std::string_view other_key{};         // an object with this key
    const ObjectFormat* other = nullptr;  // is one of these
};

[[nodiscard]] const ObjectFormat& site_format() noexcept;
[[nodiscard]] const ObjectFormat& device_format() noexcept;
[[nodiscard]] const ObjectFormat& tags_format() noexcept;
[[nodiscard]] const ObjectFormat& tag_format() noexcept;
[[nodiscard]] const ObjectFormat& instance_format() noexcept;
[[nodiscard]] const ObjectFormat& type_format() noexcept;
[[nodiscard]] const ObjectFormat& parameter_format() noexcept;
[[nodiscard]] const ObjectFormat& member_format() noexcept;           // a tag without its name
[[nodiscard]] const ObjectFormat& nested_instance_format() noexcept;  // an instance without its name
[[nodiscard]] const ObjectFormat& screen_format() noexcept;

// The entry of `key`, null if there is none.
[[nodiscard]] const KeyFormat* find_key(const ObjectFormat& format, std::string_view key) noexcept;

// Checks a value against the tables: kinds, ranges, words, missing and unknown keys, at every level. All faults at once.
// False if there was one.
bool check_object(const JsonView& value, const ObjectFormat& format, FaultList& faults);
bool check_value(const JsonView& value, const KeyFormat& format, FaultList& faults);
// The two halves of check_object: one member, and what is not there.
bool check_member(const JsonView& member, const ObjectFormat& format, FaultList& faults);
bool check_missing(const JsonView& value, const ObjectFormat& format, FaultList& faults);

// "tags", "classes", "priorities"
[[nodiscard]] std::string plural_of(const ObjectFormat& format);
// "a number from 0 to 255", "one of \"read\", \"read_write\"", "a duration such as \"200ms\" (1 ms to 1 day)"
[[nodiscard]] std::string wanted(const KeyFormat& format);

}  // namespace penstock::site
