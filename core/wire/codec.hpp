#pragma once

// Bytes for any type that lists its fields (penstock/fields.hpp), and back.
//
//     wire::Buffer bytes;
//     wire::encode(ReadRequest{{"plc1.h5"}}, bytes);
//     Result<ReadRequest> request = wire::decode<ReadRequest>(bytes);
//
// A message is its fields in order. A structure within it is a block (length, then fields), so that a reader skips fields it does
// not know at the end of each, and gives defaults to those that are missing. decode() never throws; a length or a count alone
// makes it allocate at most twice the bytes received: lists grow beyond that only by elements that really arrived, and the
// elements of a message are counted (kMaxElements). The depth is that of the type, checked when compiling.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <penstock/fields.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

#include "core/wire/reader.hpp"
#include "core/wire/writer.hpp"

namespace penstock::wire {

void put_value(Writer& out, const Value& value);
void get_value(Reader& in, Value& value);

namespace detail {

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
// Lists of these travel as they lie in memory: columns of thousands of numbers, copied at once.
template <class T>
inline constexpr bool is_column = std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>
                                  || std::is_same_v<T, std::uint64_t> || std::is_same_v<T, std::uint32_t>;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// Structures within structures, this one included.
template <class T>
consteval std::size_t depth() {
    if constexpr (is_vector<T> || is_optional<T>) {
        return depth<typename T::value_type>();
    } else if constexpr (HasFields<T>) {
        return std::apply(
            []<class... F>(const F&...) {
                return 1
                       + std::max({std::size_t{0},
                                   depth<std::remove_cvref_t<decltype(std::declval<T>().*(std::declval<F>().member))>>()...});
            },
            T::fields());
    } else {
        return 0;
    }
}

template <HasFields T>
void put_fields(Writer& out, const T& object);
template <HasFields T>
void get_fields(Reader& in, T& object);
template <class T>
void get(Reader& in, T& object);

template <class T>
void put(Writer& out, const T& object) {
    if constexpr (std::is_same_v<T, bool>)
        out.byte(object ? 1 : 0);
    else if constexpr (std::is_enum_v<T>)
        put(out, static_cast<std::underlying_type_t<T>>(object));
    else if constexpr (std::is_unsigned_v<T>)
        out.varint(object);
    else if constexpr (std::is_integral_v<T>)
        out.zigzag(object);
    else if constexpr (std::is_same_v<T, double>)
        out.fixed64(word_of(object));
    else if constexpr (std::is_same_v<T, std::string>)
        out.text(object);
    else if constexpr (std::is_same_v<T, Value>)
        put_value(out, object);
    else if constexpr (std::is_same_v<T, UtcTime>)
        out.zigzag(to_ns(object));
    else if constexpr (std::is_same_v<T, Duration>)
        out.zigzag(object.count());
    else if constexpr (is_optional<T>) {
        out.byte(object ? 1 : 0);
        if (object) put(out, *object);
    } else if constexpr (is_vector<T>) {
        out.varint(object.size());
        if constexpr (is_column<typename T::value_type>)
            out.column(std::span(object));
        else
            for (const auto& element : object) put<typename T::value_type>(out, element);
    } else {
        static_assert(HasFields<T>, "this type cannot be sent: give it fields() (penstock/fields.hpp)");
        const auto begun = out.begin_block();
        put_fields(out, object);
        out.end_block(begun);
    }
}

template <class T>
void get_list(Reader& in, std::vector<T>& list) {
    if constexpr (is_column<T>) return in.column(list);
    const auto count = in.count();
    list.clear();
    list.reserve(std::min(count, 2 * in.size() / sizeof(T)));
    for (std::size_t i = 0; i < count && in.ok(); ++i) get(in, list.emplace_back());
}

template <class T>
void get(Reader& in, T& object) {
    if constexpr (std::is_same_v<T, bool>)
        object = in.boolean();
    else if constexpr (std::is_enum_v<T>) {
        std::underlying_type_t<T> number{};
        get(in, number);
        object = static_cast<T>(number);  // a number that this version does not know is kept: newer peers may know it
    } else if constexpr (std::is_unsigned_v<T>)
        object = static_cast<T>(in.varint(std::numeric_limits<T>::max()));
    else if constexpr (std::is_integral_v<T>) {
        const auto number = in.zigzag();
        if (number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max())
            in.fail("the number " + std::to_string(number) + " does not fit the field");
        object = static_cast<T>(number);
    } else if constexpr (std::is_same_v<T, double>)
        object = double_of(in.fixed64());
    else if constexpr (std::is_same_v<T, std::string>)
        object = std::string(in.text());
    else if constexpr (std::is_same_v<T, Value>)
        get_value(in, object);
    else if constexpr (std::is_same_v<T, UtcTime>)
        object = utc_from_ns(in.zigzag());
    else if constexpr (std::is_same_v<T, Duration>)
        object = Duration(in.zigzag());
    else if constexpr (is_optional<T>) {
        object.reset();
        if (in.boolean()) get(in, object.emplace());
    } else if constexpr (is_vector<T>)
        get_list(in, object);
    else {
        static_assert(HasFields<T>, "this type cannot be received: give it fields() (penstock/fields.hpp)");
        const auto outer_end = in.enter_block();
        get_fields(in, object);
        in.leave_block(outer_end);
    }
}

template <HasFields T>
void put_fields(Writer& out, const T& object) {
    for_each_field(object, [&](std::string_view, const auto& member) { put(out, member); });
}

template <HasFields T>
void get_fields(Reader& in, T& object) {
    for_each_field(object, [&](std::string_view name, auto& member) {
        if (in.at_end() || !in.ok()) return;  // a peer that knows fewer fields: the default stays
        in.set_field(name);
        get(in, member);
    });
}

}  // namespace detail

// Appends the message to `out`.
template <HasFields T>
void encode(const T& message, Buffer& out) {
    static_assert(detail::depth<T>() <= kMaxDepth);
    Writer writer(out);
    detail::put_fields(writer, message);
}

// The message that these bytes are, all of them. Error protocol names the byte and the field.
template <HasFields T>
[[nodiscard]] Result<T> decode(Bytes bytes) {
    static_assert(detail::depth<T>() <= kMaxDepth);
    Reader reader(bytes);
    T message{};
    detail::get_fields(reader, message);
    if (!reader.ok()) return std::unexpected(reader.error());
    return message;
}

}  // namespace penstock::wire
