#include "registers.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace penstock::modbus {
namespace {

std::size_t bytes_of(RawType raw) {
    switch (raw) {
        case RawType::int16:
        case RawType::uint16: return 2;
        case RawType::int32:
        case RawType::uint32:
        case RawType::float32: return 4;
        case RawType::int64:
        case RawType::uint64:
        case RawType::float64: return 8;
        case RawType::bit:
        case RawType::string: break;
    }
    return 0;
}

// Where byte i of the big-endian value lies in the registers. Its own inverse for every order.
std::size_t place(std::size_t i, std::size_t size, Order order) {
    if (order == Order::cdab || order == Order::dcba) i = (size / 2 - 1 - i / 2) * 2 + i % 2;  // words swapped
    if (order == Order::badc || order == Order::dcba) i ^= 1U;                                 // bytes of each word swapped
    return i;
}

std::uint64_t gather(std::span<const std::byte> bytes, Order order) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[place(i, bytes.size(), order)]);
    return value;
}

void scatter(std::uint64_t value, std::span<std::byte> bytes, Order order) {
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[place(i, bytes.size(), order)] = static_cast<std::byte>(value >> (8 * (bytes.size() - 1 - i)) & 0xFFU);
}

// The column word of one element (value.hpp, Value::word).
std::uint64_t element_word(RawType raw, std::span<const std::byte> bytes, Order order) {
    const auto bits = gather(bytes, order);
    switch (raw) {
        case RawType::int16: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int16_t>(bits)});
        case RawType::int32: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(bits)});
        case RawType::float32: return word_of(double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))});
        default: return bits;
    }
}

bool bit_at(std::span<const std::byte> packed, std::size_t at) {
    return (std::to_integer<unsigned>(packed[at / 8]) >> (at % 8) & 1U) != 0;
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xC2 && lead < 0xE0 ? 2
                                   : lead >= 0xE0 && lead < 0xF0 ? 3
                                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                                                 : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80) return false;
        i += length;
    }
    return true;
}

std::string from_latin1(std::string_view text) {
    std::string utf8;
    for (const char raw : text) {
        const auto c = static_cast<unsigned char>(raw);
        if (c < 0x80) {
            utf8.push_back(raw);
        } else {
            utf8.push_back(static_cast<char>(0xC0U | c >> 6U));
            utf8.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
        }
    }
    return utf8;
}

std::string decode_string(const Address& address, std::span<const std::byte> bytes) {
    std::string text;
    const bool swapped = address.order == Order::badc || address.order == Order::dcba;
    for (std::size_t i = 0; i < address.elements; ++i) {
        const auto c = std::to_integer<char>(bytes[swapped ? i ^ 1U : i]);
        if (c == '\0') break;
        text.push_back(c);
    }
    return is_utf8(text) ? text : from_latin1(text);
}

void decode_bits(const Item<Address>& item, std::size_t at, std::span<const std::byte> data, SampleBatch& out) {
    if (!item.address.is_array) return out.add(item.id, bit_at(data, at));
    std::array<char, 2000> blob;  // a bool array is one byte an element
    for (std::size_t i = 0; i < item.address.elements; ++i) blob[i] = bit_at(data, at + i) ? 1 : 0;
    out.add_blob(item.id, {blob.data(), item.address.elements});
}

void decode_array(const Item<Address>& item, std::span<const std::byte> bytes, SampleBatch& out) {
    const auto size = bytes_of(item.address.raw);
    std::array<std::uint64_t, 125> words;
    for (std::size_t i = 0; i < item.address.elements; ++i)
        words[i] = element_word(item.address.raw, bytes.subspan(i * size, size), item.address.order);
    static_assert(std::endian::native == std::endian::little, "blobs are little endian");
    out.add_blob(item.id, {reinterpret_cast<const char*>(words.data()), item.address.elements * sizeof(std::uint64_t)});
}

std::string_view word_of_type(RawType raw) {
    constexpr std::array<std::string_view, 10> words = {"bit",   "int16",  "uint16",  "int32",   "uint32",
                                                        "int64", "uint64", "float32", "float64", "string"};
    return words[static_cast<std::size_t>(raw)];
}

template <class T>
Error misfit(T value, RawType raw, std::int64_t low, std::uint64_t high) {
    return Error(ErrorCode::invalid_argument, std::to_string(value) + " does not fit " + std::string(word_of_type(raw)) + " ("
                                                  + std::to_string(low) + " to " + std::to_string(high) + ")");
}

Result<std::uint64_t> signed_bits(std::int64_t value, RawType raw) {
    const auto bits = 8 * bytes_of(raw);
    const auto low = bits == 64 ? std::numeric_limits<std::int64_t>::min() : -(std::int64_t{1} << (bits - 1));
    const auto high = bits == 64 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << (bits - 1)) - 1;
    if (value < low || value > high) return std::unexpected(misfit(value, raw, low, static_cast<std::uint64_t>(high)));
    return static_cast<std::uint64_t>(value);
}

Result<std::uint64_t> unsigned_bits(std::uint64_t value, RawType raw) {
    const auto bits = 8 * bytes_of(raw);
    const auto high = bits == 64 ? std::numeric_limits<std::uint64_t>::max() : (std::uint64_t{1} << bits) - 1;
    if (value > high) return std::unexpected(misfit(value, raw, 0, high));
    return value;
}

Result<std::uint64_t> float_bits(double value, RawType raw) {
    if (raw == RawType::float64) return std::bit_cast<std::uint64_t>(value);
    const auto narrow = static_cast<float>(value);
    if (std::isinf(narrow) && !std::isinf(value))
        return fail(ErrorCode::invalid_argument, Value(value).text() + " does not fit float32 (up to 3.4e38)");
    return std::bit_cast<std::uint32_t>(narrow);
}

Result<std::uint64_t> element_bits(const Value& value, RawType raw) {
    if (const auto* v = value.get_if<std::int64_t>()) return signed_bits(*v, raw);
    if (const auto* v = value.get_if<std::uint64_t>()) return unsigned_bits(*v, raw);
    if (const auto* v = value.get_if<double>()) return float_bits(*v, raw);
    return fail(ErrorCode::invalid_argument, "a value of type " + std::string(to_string(value.type())) + " cannot be put into "
                                                 + std::string(word_of_type(raw)));
}

Result<std::vector<std::byte>> encode_string(const Address& address, const std::string& text) {
    if (text.size() > address.elements)
        return fail(ErrorCode::invalid_argument, "the text has " + std::to_string(text.size()) + " bytes; the device takes "
                                                     + std::to_string(address.elements));
    std::vector<std::byte> bytes(address.width * 2U, std::byte{0});
    const bool swapped = address.order == Order::badc || address.order == Order::dcba;
    for (std::size_t i = 0; i < text.size(); ++i) bytes[swapped ? i ^ 1U : i] = static_cast<std::byte>(text[i]);
    return bytes;
}

template <class T>
Result<std::vector<std::byte>> encode_array(const Address& address, const std::vector<T>& values) {
    if (values.size() != address.elements)
        return fail(ErrorCode::invalid_argument, "the array has " + std::to_string(values.size())
                                                     + " elements; the device takes " + std::to_string(address.elements));
    const auto size = bytes_of(address.raw);
    std::vector<std::byte> bytes(values.size() * size);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto bits = element_bits(Value(values[i]), address.raw);
        if (!bits) return std::unexpected(bits.error());
        scatter(*bits, std::span(bytes).subspan(i * size, size), address.order);
    }
    return bytes;
}

}  // namespace

void decode(const Item<Address>& item, std::uint32_t first, std::span<const std::byte> data, SampleBatch& out) {
    const auto& address = item.address;
    const std::size_t offset = address.start - first;
    if (is_bits(address.table)) return decode_bits(item, offset, data, out);
    const auto bytes = data.subspan(offset * 2, address.width * 2U);
    if (address.raw == RawType::bit) {
        const auto word = gather(bytes, Order::abcd);
        return out.add(item.id, (word >> static_cast<unsigned>(address.bit) & 1U) != 0);
    }
    if (address.raw == RawType::string) return out.add(item.id, std::string_view(decode_string(address, bytes)));
    if (address.is_array) return decode_array(item, bytes, out);
    out.add_word(item.id, element_word(address.raw, bytes, address.order));
}

Result<std::vector<std::byte>> encode_registers(const Address& address, const Value& value) {
    if (const auto* text = value.get_if<std::string>()) return encode_string(address, *text);
    if (const auto* v = value.get_if<std::vector<std::int64_t>>()) return encode_array(address, *v);
    if (const auto* v = value.get_if<std::vector<std::uint64_t>>()) return encode_array(address, *v);
    if (const auto* v = value.get_if<std::vector<double>>()) return encode_array(address, *v);
    const auto bits = element_bits(value, address.raw);
    if (!bits) return std::unexpected(bits.error());
    std::vector<std::byte> bytes(bytes_of(address.raw));
    scatter(*bits, bytes, address.order);
    return bytes;
}

Result<std::vector<std::byte>> encode_bits(const Address& address, const Value& value) {
    if (const auto* single = value.get_if<bool>())
        return std::vector<std::byte>{std::byte{*single ? std::uint8_t{1} : std::uint8_t{0}}};
    const auto* array = value.get_if<std::vector<bool>>();
    if (array == nullptr || array->size() != address.elements)
        return fail(ErrorCode::invalid_argument, "wanted " + std::to_string(address.elements) + " bits, found " + value.text());
    std::vector<std::byte> packed((array->size() + 7) / 8, std::byte{0});
    for (std::size_t i = 0; i < array->size(); ++i)
        if ((*array)[i]) packed[i / 8] |= static_cast<std::byte>(1U << (i % 8));
    return packed;
}

}  // namespace penstock::modbus
