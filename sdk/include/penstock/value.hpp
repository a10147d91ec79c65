#pragma once

// One value of a tag. Live values move as 8-byte words in columns (sample_batch.hpp); Value is for the slow paths:
// writes, replies, definitions, tests.

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <penstock/result.hpp>

namespace penstock {

// The numbers are stored and sent; they are never reused. An array type is its element type + 8.
enum class ValueType : std::uint8_t {
    none = 0,
    boolean = 1,
    int64 = 2,
    uint64 = 3,
    float64 = 4,
    string = 5,
    boolean_array = 9,
    int64_array = 10,
    uint64_array = 11,
    float64_array = 12,
    string_array = 13,
};

inline constexpr std::size_t kMaxValueBytes = 64 * 1024;  // a string or array, as encoded in a blob

[[nodiscard]] constexpr bool is_array(ValueType type) noexcept { return static_cast<unsigned>(type) > 8; }
// True where the 8-byte word holds the value itself, false where it points into a blob.
[[nodiscard]] constexpr bool is_scalar_word(ValueType type) noexcept {
    return type >= ValueType::boolean && type <= ValueType::float64;
}

// The words of site files, CLI and screens: "bool", "int", "uint", "double", "string", "bool[]" ...; "none".
[[nodiscard]] std::string_view to_string(ValueType type) noexcept;
// The type of that word, none if there is no such word.
[[nodiscard]] ValueType parse_value_type(std::string_view word) noexcept;

class Value {
public:
    using Storage =
        std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, std::vector<bool>,
                     std::vector<std::int64_t>, std::vector<std::uint64_t>, std::vector<double>, std::vector<std::string>>;

    Value() = default;  // no value: a tag that never had one
    Value(bool v) : storage_(v) {}
    Value(double v) : storage_(v) {}
    template <class T>
        requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
    Value(T v) : storage_(widen(v)) {}
    Value(std::string v) : storage_(std::move(v)) {}
    Value(std::string_view v) : storage_(std::string(v)) {}
    Value(const char* v) : storage_(std::string(v)) {}
    Value(std::vector<bool> v) : storage_(std::move(v)) {}
    Value(std::vector<std::int64_t> v) : storage_(std::move(v)) {}
    Value(std::vector<std::uint64_t> v) : storage_(std::move(v)) {}
    Value(std::vector<double> v) : storage_(std::move(v)) {}
    Value(std::vector<std::string> v) : storage_(std::move(v)) {}

    [[nodiscard]] ValueType type() const noexcept;
    [[nodiscard]] bool has_value() const noexcept { return storage_.index() != 0; }
    [[nodiscard]] const Storage& storage() const noexcept { return storage_; }
    // The value if it has exactly this type, else null: `if (const auto* d = value.get_if<double>())`.
    template <class T>
    [[nodiscard]] const T* get_if() const noexcept {
        return std::get_if<T>(&storage_);
    }

    // A number as double (bool as 0 or 1); `otherwise` for strings, arrays and nothing. 64-bit integers may round.
    [[nodiscard]] double as_double_or(double otherwise) const noexcept;

    // The word of a scalar (is_scalar_word), as columns carry it: bool 0 or 1, integers and doubles by their bits.
    [[nodiscard]] std::uint64_t word() const noexcept;
    // The inverse. A type that is no scalar word gives an empty Value.
    [[nodiscard]] static Value from_word(ValueType type, std::uint64_t word) noexcept;

    // Strings and arrays as they lie in a blob: a string is its bytes; an array of numbers is 8 bytes an element, little
    // endian; of bool 1 byte an element; of strings a 4-byte length and the bytes each. Empty for scalars.
    [[nodiscard]] std::string blob() const;
    // The inverse. Error protocol: a length that does not fit the type.
    [[nodiscard]] static Result<Value> from_blob(ValueType type, std::string_view bytes);

    // Same type and same bits: NaN equals itself, -0.0 is not 0.0. What "changed" means everywhere.
    [[nodiscard]] bool identical(const Value& other) const noexcept;

    // Text as the CLI prints it: shortest form that reads back to the same bits, NaN, Infinity, -Infinity, true, false;
    // strings as they are; arrays as [a, b]; "" for no value.
    [[nodiscard]] std::string text() const;
    // The inverse for a known type; the whole text must be used up. Error invalid_argument says what was found and wanted.
    // Locale-free. For strings the text itself; arrays as text() writes them.
    [[nodiscard]] static Result<Value> parse(ValueType type, std::string_view text);

    // This value in another type, only if nothing is lost (5 -> 5.0, 5.0 -> 5, true -> 1; not 5.5 -> int, not 2^53+1 ->
    // double). Error invalid_argument says what was found and wanted.
    [[nodiscard]] Result<Value> converted_to(ValueType type) const;

private:
    template <class T>
    static Storage widen(T v) {
        if constexpr (std::is_signed_v<T>)
            return Storage(static_cast<std::int64_t>(v));
        else
            return Storage(static_cast<std::uint64_t>(v));
    }
    Storage storage_;
};

// Bits of a double and back, for columns.
[[nodiscard]] constexpr std::uint64_t word_of(double v) noexcept { return std::bit_cast<std::uint64_t>(v); }
[[nodiscard]] constexpr double double_of(std::uint64_t word) noexcept { return std::bit_cast<double>(word); }

}  // namespace penstock
