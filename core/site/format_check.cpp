#include <algorithm>
#include <charconv>
#include <cmath>

#include <penstock/settings.hpp>

#include "core/base/suggest.hpp"
#include "core/site/format.hpp"

namespace penstock::site {
namespace {

std::string shown(double number) {
    char digits[32];
    const auto written = std::abs(number) < 1e15 && std::trunc(number) == number
                             ? std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(number))
                             : std::to_chars(digits, digits + sizeof digits, number);
    return {digits, written.ptr};
}

std::string range_text(const KeyFormat& format, std::string_view unit = {}) {
    const std::string suffix = unit.empty() ? "" : " " + std::string(unit);
    const bool has_low = std::isfinite(format.low);
    const bool has_high = std::isfinite(format.high);
    if (has_low && has_high && format.low == format.high) return " " + shown(format.low) + suffix;
    if (has_low && has_high) return " from " + shown(format.low) + " to " + shown(format.high) + suffix;
    if (has_low) return " of at least " + shown(format.low) + suffix;
    if (has_high) return " of at most " + shown(format.high) + suffix;
    return {};
}

std::string words_text(std::span<const std::string_view> words) {
    std::string list;
    for (const std::string_view word : words) list += (list.empty() ? "\"" : ", \"") + std::string(word) + "\"";
    return list;
}

std::string with_article(std::string_view name) {
    const bool is_vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
    return (is_vowel ? "an " : "a ") + std::string(name);
}

// `"x" is the text "abc"; wanted a number`, for an element `"size" has the text "abc"; ...`.
bool refuse(const JsonView& value, const KeyFormat& format, FaultList& faults, std::string hint = {}) {
    add_fault(faults, value, "\"" + std::string(format.key) + "\" is " + value.found() + "; wanted " + wanted(format),
              std::move(hint));
    return false;
}

bool is_inside(const KeyFormat& format, double number) noexcept { return number >= format.low && number <= format.high; }

bool check_text(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_text()) return refuse(value, format, faults);
    const auto size = static_cast<double>(value.text().size());
    if (is_inside(format, size)) return true;
    if (value.text().empty()) return refuse(value, format, faults);
    add_fault(faults, value,
              "\"" + std::string(format.key) + "\" is " + shown(size) + " bytes long; at most " + shown(format.high)
                  + " are allowed");
    return false;
}

bool check_word(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    for (const std::string_view word : format.words) {
        if (value.is_text() && value.text() == word) return true;
    }
    const auto near = base::nearest(value.text(), format.words, 1);
    return refuse(value, format, faults, near.empty() ? "" : "did you mean \"" + std::string(near.front()) + "\"?");
}

bool check_number(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    const bool fits = format.shape == Shape::integer ? value.kind() == JsonKind::integer : value.is_number();
    return (fits && is_inside(format, value.number())) || refuse(value, format, faults);
}

bool check_duration(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    const auto duration = parse_duration(value.text());
    if (!value.is_text() || !duration) {
        return refuse(value, format, faults, value.is_number() ? "a duration is a text with its unit" : "");
    }
    return is_inside(format, std::chrono::duration<double, std::milli>(*duration).count()) || refuse(value, format, faults);
}

// [low, high] of numbers; null is allowed where an end may be open.
bool check_pair(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_array() || value.size() != 2) return refuse(value, format, faults);
    bool is_fine = true;
    for (const JsonView element : value) {
        if (format.shape == Shape::limits && element.kind() == JsonKind::null) continue;
        const bool fits = format.shape == Shape::size ? element.kind() == JsonKind::integer : element.is_number();
        if (!fits || !is_inside(format, element.number())) is_fine = refuse(element, format, faults);
    }
    return is_fine;
}

bool check_count(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    return is_inside(format, value.size()) || refuse(value, format, faults);
}

bool check_texts(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_array()) return refuse(value, format, faults);
    bool is_fine = check_count(value, format, faults);
    for (const JsonView element : value) {
        if (!element.is_text() || element.text().empty())
            is_fine = refuse(element, format, faults);
        else if (!format.words.empty())
            is_fine = check_word(element, format, faults) && is_fine;
    }
    return is_fine;
}

// {"tag": NAME}, {"expression": TEXT}, whichever `words` has.
bool check_bound(const JsonView& value, const KeyFormat& format, std::span<const std::string_view> words, FaultList& faults) {
    const auto is_one = [&](const JsonView& member) {
        return std::ranges::find(words, member.key()) != words.end() && member.is_text() && !member.text().empty();
    };
    return (value.size() == 1 && is_one(*value.begin())) || refuse(value, format, faults);
}

bool check_local_text(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_object()) return check_text(value, format, faults);
    if (value.size() == 0) return refuse(value, format, faults);
    bool is_fine = true;
    for (const JsonView text : value) is_fine = check_text(text, format, faults) && is_fine;
    return is_fine;
}

bool check_initial(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    const auto is_scalar = [](const JsonView& view) {
        return view.is_number() || view.is_text() || view.kind() == JsonKind::boolean;
    };
    if (is_scalar(value)) return true;
    if (!value.is_array()) return refuse(value, format, faults);
    for (const JsonView element : value) {
        if (!is_scalar(element)) return refuse(element, format, faults);
    }
    return true;
}

bool check_word_or_object(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    return value.is_object() ? check_object(value, *format.object, faults) : check_word(value, format, faults);
}

bool check_objects(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_array()) return refuse(value, format, faults);
    bool is_fine = is_inside(format, value.size());
    if (!is_fine)
        add_fault(faults, value,
                  "\"" + std::string(format.key) + "\" has " + counted(value.size(), "element") + "; wanted "
                      + shown(format.low) + " to " + shown(format.high));
    for (const JsonView element : value) is_fine = check_object(element, *format.object, faults) && is_fine;
    return is_fine;
}

bool is_scalar(const JsonView& value) { return value.is_number() || value.is_text() || value.kind() == JsonKind::boolean; }

bool check_members(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_object()) return refuse(value, format, faults);
    bool is_fine = check_count(value, format, faults);
    for (const JsonView member : value) {
        if (!member.is_object()) {
            add_fault(
                faults, member,
                in_quotes(member.key()) + " is " + member.found() + "; wanted an object: " + with_article(format.object->name));
            is_fine = false;
        } else if (format.shape == Shape::object_map) {
            is_fine = check_object(member, *format.object, faults) && is_fine;
        }
    }
    return is_fine;
}

// An object with names of the engineer's choice.
bool check_map(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_object()) return refuse(value, format, faults);
    bool is_fine = true;
    for (const JsonView member : value) {
        if (format.shape == Shape::scalar_map && !is_scalar(member)) {
            add_fault(faults, member,
                      in_quotes(member.key()) + " is " + member.found() + "; wanted a text, a number, true or false");
            is_fine = false;
        }
        if (format.shape == Shape::text_map && !member.is_text()) is_fine = refuse(member, format, faults);
        if (format.shape == Shape::settings_map && !member.is_object()) is_fine = refuse(member, format, faults);
        if (format.shape == Shape::duration_map) is_fine = check_duration(member, format, faults) && is_fine;
    }
    return is_fine;
}

bool check_areas(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    if (!value.is_object()) return refuse(value, format, faults);
    bool is_fine = true;
    for (const JsonView member : value) is_fine = check_areas(member, format, faults) && is_fine;
    return is_fine;
}

bool report_unknown(const JsonView& member, const ObjectFormat& format, FaultList& faults) {
    std::vector<std::string_view> keys;
    for (const KeyFormat& known : format.keys) keys.push_back(known.key);
    add_key_fault(faults, member, "the key " + in_quotes(member.key()) + " is unknown in " + with_article(format.name),
                  base::did_you_mean(member.key(), keys));
    return false;
}

constexpr std::string_view kBoundWords[] = {"tag", "expression"};
constexpr std::span<const std::string_view> kTagWord(kBoundWords, 1);

}  // namespace

bool check_value(const JsonView& value, const KeyFormat& format, FaultList& faults) {
    switch (format.shape) {
        case Shape::text: return check_text(value, format, faults);
        case Shape::word: return check_word(value, format, faults);
        case Shape::integer:
        case Shape::number: return check_number(value, format, faults);
        case Shape::boolean: return value.kind() == JsonKind::boolean || refuse(value, format, faults);
        case Shape::duration: return check_duration(value, format, faults);
        case Shape::texts: return check_texts(value, format, faults);
        case Shape::value: return check_initial(value, format, faults);
        case Shape::limits:
        case Shape::pair:
        case Shape::size: return check_pair(value, format, faults);
        case Shape::object:
            return value.is_object() ? check_object(value, *format.object, faults) : refuse(value, format, faults);
        case Shape::word_or_object: return check_word_or_object(value, format, faults);
        case Shape::objects: return check_objects(value, format, faults);
        case Shape::scalar: return is_scalar(value) || refuse(value, format, faults);
        case Shape::object_map:
        case Shape::members: return check_members(value, format, faults);
        case Shape::scalar_map:
        case Shape::text_map:
        case Shape::duration_map:
        case Shape::settings_map: return check_map(value, format, faults);
        case Shape::local_text: return check_local_text(value, format, faults);
        case Shape::text_or_tag:
            return value.is_object() ? check_bound(value, format, kTagWord, faults) : check_text(value, format, faults);
        case Shape::duration_or_tag:
            return value.is_object() ? check_bound(value, format, kTagWord, faults) : check_duration(value, format, faults);
        case Shape::number_or_bound:
            return value.is_object() ? check_bound(value, format, kBoundWords, faults) : check_number(value, format, faults);
        case Shape::true_or_texts: return value.boolean() || check_texts(value, format, faults);
        case Shape::areas: return check_areas(value, format, faults);
        case Shape::settings: return value.is_object() || refuse(value, format, faults);
    }
    return false;
}

bool check_member(const JsonView& member, const ObjectFormat& format, FaultList& faults) {
    const KeyFormat* const known = find_key(format, member.key());
    if (known != nullptr) return check_value(member, *known, faults);
    return format.is_open || report_unknown(member, format, faults);
}

bool check_missing(const JsonView& value, const ObjectFormat& format, FaultList& faults) {
    bool is_fine = true;
    for (const KeyFormat& known : format.keys) {
        if (!known.is_required || value.find(known.key).exists()) continue;
        add_fault(faults, value,
                  "the key \"" + std::string(known.key) + "\" is missing in this " + std::string(format.name) + "; wanted "
                      + wanted(known));
        is_fine = false;
    }
    return is_fine;
}

bool check_object(const JsonView& value, const ObjectFormat& format, FaultList& faults) {
    if (!value.is_object()) {
        add_fault(faults, value, "found " + value.found() + "; wanted an object: " + with_article(format.name));
        return false;
    }
    if (format.other != nullptr && value.find(format.other_key).exists()) return check_object(value, *format.other, faults);
    bool is_fine = true;
    for (const JsonView member : value) is_fine = check_member(member, format, faults) && is_fine;
    return check_missing(value, format, faults) && is_fine;
}

std::string plural_of(const ObjectFormat& format) {
    const std::string name(format.name);
    if (name.ends_with('y')) return name.substr(0, name.size() - 1) + "ies";
    return name + (name.ends_with('s') ? "es" : "s");
}

std::string wanted(const KeyFormat& format) {
    switch (format.shape) {
        case Shape::text: return format.low >= 1 ? "a text that is not empty" : "a text";
        case Shape::word: return "one of " + words_text(format.words);
        case Shape::integer:
            return (format.low == format.high ? "the whole number" : "a whole number") + range_text(format, format.unit);
        case Shape::number: return "a number" + range_text(format, format.unit);
        case Shape::boolean: return "true or false";
        case Shape::duration: return "a duration such as \"200ms\"," + range_text(format, format.unit);
        case Shape::texts:
            if (!format.words.empty()) return "an array of words out of " + words_text(format.words);
            return "an array of texts that are not empty, "
                   + (std::isfinite(format.high) ? shown(format.low) + " to " + shown(format.high) : "any number") + " of them";
        case Shape::value: return "a number, a text, true, false or an array of these";
        case Shape::limits: return "[low, high], each a number or null";
        case Shape::pair: return "[low, high], two numbers";
        case Shape::size: return "[width, height], two whole numbers" + range_text(format, format.unit);
        case Shape::object:
            return "an object with " + words_text(std::vector<std::string_view>{format.object->keys.front().key})
                   + " and so on";
        case Shape::word_or_object:
            return "one of " + words_text(format.words) + ", or an object with "
                   + words_text(std::vector<std::string_view>{format.object->keys.front().key}) + " and so on";
        case Shape::objects: return "an array of " + plural_of(*format.object);
        case Shape::scalar: return "a text, a number, true or false";
        case Shape::scalar_map: return "an object of values, {\"NAME\": VALUE}";
        case Shape::object_map:
        case Shape::members: return "an object of " + plural_of(*format.object) + ", {\"NAME\": {}}";
        case Shape::text_map: return "an object of texts, {\"NAME\": \"TAG\"}";
        case Shape::duration_map: return "durations by name, {\"NAME\": \"200ms\"}," + range_text(format, format.unit);
        case Shape::local_text: return "a text that is not empty, or one by language, {\"en\": \"TEXT\"}";
        case Shape::text_or_tag: return "an expression, or {\"tag\": \"NAME\"}";
        case Shape::duration_or_tag:
            return "a duration such as \"200ms\"," + range_text(format, format.unit) + ", or {\"tag\": \"NAME\"}";
        case Shape::number_or_bound: return "a number, {\"tag\": \"NAME\"} or {\"expression\": \"TEXT\"}";
        case Shape::true_or_texts: return "true, or an array of texts that are not empty";
        case Shape::areas: return "an object of areas, {\"NAME\": {}}";
        case Shape::settings: return "an object";
        case Shape::settings_map: return "an object of settings by plugin, {\"PLUGIN\": {}}";
    }
    return {};
}

}  // namespace penstock::site
