// Strings and arrays as bytes. Little endian, as every processor that Penstock is built for (checked below).
#include <penstock/value.hpp>

#include <bit>
#include <cstring>
#include <optional>

namespace penstock {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs are copied word by word");

template <class T>
void append_word(std::string& out, T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}

template <class T>
std::string numbers_blob(const std::vector<T>& values) {
    std::string out(values.size() * sizeof(T), '\0');
    if (!values.empty()) std::memcpy(out.data(), values.data(), out.size());
    return out;
}

std::string booleans_blob(const std::vector<bool>& values) {
    std::string out;
    out.reserve(values.size());
    for (const bool value : values) out.push_back(value ? '\1' : '\0');
    return out;
}

std::string strings_blob(const std::vector<std::string>& values) {
    std::string out;
    for (const auto& value : values) {
        append_word(out, static_cast<std::uint32_t>(value.size()));
        out += value;
    }
    return out;
}

std::unexpected<Error> misfit(ValueType type, std::size_t size, std::string_view wanted) {
    return fail(ErrorCode::protocol, "found " + std::to_string(size) + " bytes for a value of type "
                                         + std::string(to_string(type)) + ", wanted " + std::string(wanted));
}

template <class T>
Result<Value> parse_numbers(ValueType type, std::string_view bytes) {
    if (bytes.size() % sizeof(T) != 0) return misfit(type, bytes.size(), "a multiple of 8");
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return Value(std::move(values));
}

Result<Value> parse_booleans(std::string_view bytes) {
    std::vector<bool> values;
    values.reserve(bytes.size());
    for (const char byte : bytes) values.push_back(byte != 0);
    return Value(std::move(values));
}

// One length-prefixed string off the front; none if the bytes end within it.
std::optional<std::string_view> take_string(std::string_view& rest) {
    std::uint32_t length = 0;
    if (rest.size() < sizeof length) return std::nullopt;
    std::memcpy(&length, rest.data(), sizeof length);
    if (rest.size() - sizeof length < length) return std::nullopt;
    const auto text = rest.substr(sizeof length, length);
    rest.remove_prefix(sizeof length + length);
    return text;
}

Result<Value> parse_strings(std::string_view bytes) {
    std::vector<std::string> values;
    for (auto rest = bytes; !rest.empty();) {
        const auto text = take_string(rest);
        if (!text) return misfit(ValueType::string_array, bytes.size(), "a whole number of length-prefixed strings");
        values.emplace_back(*text);
    }
    return Value(std::move(values));
}

}  // namespace

std::string Value::blob() const {
    if (const auto* const v = get_if<std::string>()) return *v;
    if (const auto* const v = get_if<std::vector<bool>>()) return booleans_blob(*v);
    if (const auto* const v = get_if<std::vector<std::int64_t>>()) return numbers_blob(*v);
    if (const auto* const v = get_if<std::vector<std::uint64_t>>()) return numbers_blob(*v);
    if (const auto* const v = get_if<std::vector<double>>()) return numbers_blob(*v);
    if (const auto* const v = get_if<std::vector<std::string>>()) return strings_blob(*v);
    return {};
}

Result<Value> Value::from_blob(ValueType type, std::string_view bytes) {
    if (bytes.size() > kMaxValueBytes) return misfit(type, bytes.size(), "at most " + std::to_string(kMaxValueBytes));
    switch (type) {
        case ValueType::string: return Value(bytes);
        case ValueType::boolean_array: return parse_booleans(bytes);
        case ValueType::int64_array: return parse_numbers<std::int64_t>(type, bytes);
        case ValueType::uint64_array: return parse_numbers<std::uint64_t>(type, bytes);
        case ValueType::float64_array: return parse_numbers<double>(type, bytes);
        case ValueType::string_array: return parse_strings(bytes);
        default: return misfit(type, bytes.size(), "a type that lies in a blob");
    }
}

}  // namespace penstock
