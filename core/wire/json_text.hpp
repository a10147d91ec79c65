#pragma once

// JSON for any type that lists its fields: what `--json` prints. Keys are the field names, in order. NaN and infinities are the
// strings "NaN", "Infinity", "-Infinity"; 64-bit integers are exact; times are ISO 8601 UTC with milliseconds, null where
// there is none; a quality is the word of its level; an absent value is null. Text that is no UTF-8 is repaired when dumped
// (json_line). Includes the JSON library: for .cpp files.

#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include <penstock/fields.hpp>
#include <penstock/operations.hpp>

#include "core/wire/time_text.hpp"

namespace penstock::wire {

using Json = nlohmann::ordered_json;

template <class T>
[[nodiscard]] Json to_json(const T& object);

namespace detail {

[[nodiscard]] inline Json json_number(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    return number;
}

template <class T>
[[nodiscard]] Json json_enum(T word) {
    if constexpr (std::is_same_v<T, QualityCode>)
        return to_string(level(word));
    else if constexpr (std::is_same_v<T, ErrorCode>)
        return word == ErrorCode{} ? Json() : Json(to_string(word));
    else if constexpr (requires { to_string(word); })
        return to_string(word);
    else
        return static_cast<std::uint64_t>(word);
}

}  // namespace detail

template <class T>
Json to_json(const T& object) {
    if constexpr (std::is_same_v<T, UtcTime>)
        return object == UtcTime() ? Json() : Json(utc_text(object));
    else if constexpr (std::is_same_v<T, Duration>)
        return object.count();
    else if constexpr (std::is_enum_v<T>)
        return detail::json_enum(object);
    else if constexpr (std::is_same_v<T, double>)
        return detail::json_number(object);
    else if constexpr (std::is_same_v<T, std::monostate>)
        return nullptr;
    else if constexpr (std::is_same_v<T, Value>)
        return std::visit([](const auto& v) { return to_json(v); }, object.storage());
    else if constexpr (requires { typename T::value_type; }
                       && !std::is_same_v<T, std::string> && !std::is_same_v<T, std::vector<bool>>) {
        if constexpr (std::is_same_v<T, std::optional<typename T::value_type>>) {
            return object ? to_json(*object) : Json();
        } else {
            Json list = Json::array();
            for (const auto& element : object) list.push_back(to_json(element));
            return list;
        }
    } else if constexpr (HasFields<T>) {
        Json json = Json::object();
        for_each_field(object, [&](std::string_view name, const auto& member) { json[std::string(name)] = to_json(member); });
        return json;
    } else {
        return Json(object);
    }
}

// One line, whatever the texts hold: bytes that are no UTF-8 become U+FFFD, control characters are escaped.
[[nodiscard]] inline std::string json_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace penstock::wire
