#include "address.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace penstock::modbus {
namespace {

struct TypeWord {
    std::string_view word;
    RawType raw;
    std::uint16_t registers;
    ValueType scalar;
};
constexpr std::array kTypeWords = {
    TypeWord{"int16", RawType::int16, 1, ValueType::int64},       TypeWord{"uint16", RawType::uint16, 1, ValueType::uint64},
    TypeWord{"int32", RawType::int32, 2, ValueType::int64},       TypeWord{"uint32", RawType::uint32, 2, ValueType::uint64},
    TypeWord{"int64", RawType::int64, 4, ValueType::int64},       TypeWord{"uint64", RawType::uint64, 4, ValueType::uint64},
    TypeWord{"float32", RawType::float32, 2, ValueType::float64}, TypeWord{"float64", RawType::float64, 4, ValueType::float64},
};
constexpr std::array<std::string_view, 4> kOrderWords = {"abcd", "cdab", "badc", "dcba"};
constexpr std::array<std::string_view, 4> kTableWords = {"coil", "discrete", "input", "holding"};
constexpr std::uint16_t kMaxRegisters = 125;  // of one value: it must fit one request, so that it is read whole
constexpr std::uint16_t kMaxBits = 2000;

std::unexpected<Error> bad(std::string sentence) { return fail(ErrorCode::invalid_argument, std::move(sentence)); }
std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::optional<std::uint32_t> number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Cuts what stands behind the last `mark` off `text`; nothing if there is no mark.
std::optional<std::string_view> cut_tail(std::string_view& text, char mark) {
    const auto at = text.rfind(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto tail = text.substr(at + 1);
    text = text.substr(0, at);
    return tail;
}

Result<void> read_unit(std::string_view& text, Address& into) {
    const auto word = cut_tail(text, '@');
    if (!word) return {};
    const auto unit = number(*word);
    if (!unit || *unit > 255) return bad("unit " + quoted(*word) + " is not a number from 0 to 255");
    into.unit = static_cast<std::uint8_t>(*unit);
    into.has_unit = true;
    return {};
}

Result<void> read_elements(std::string_view& text, Address& into) {
    if (!text.ends_with(']')) return {};
    auto inner = text.substr(0, text.size() - 1);
    const auto word = cut_tail(inner, '[');
    const auto count = word ? number(*word) : std::nullopt;
    if (!count || *count == 0 || *count > kMaxBits)
        return bad("the array length in " + quoted(text) + " is not a number from 1 to 2000");
    into.elements = static_cast<std::uint16_t>(*count);
    into.is_array = true;
    text = inner;
    return {};
}

Result<ValueType> read_type(std::string_view word, Address& into) {
    for (const auto& known : kTypeWords) {
        if (known.word != word) continue;
        into.raw = known.raw;
        into.width = known.registers;
        return known.scalar;
    }
    if (word.starts_with("string")) {
        const auto bytes = number(word.substr(6));
        if (!bytes || *bytes == 0 || *bytes > 2U * kMaxRegisters)
            return bad("string length in " + quoted(word) + " is not a number from 1 to 250, as in string20");
        into.raw = RawType::string;
        into.elements = static_cast<std::uint16_t>(*bytes);
        into.width = static_cast<std::uint16_t>((*bytes + 1) / 2);
        return ValueType::string;
    }
    return bad("type " + quoted(word)
               + " is unknown; wanted int16, uint16, int32, uint32, int64, uint64, float32, float64 or string20");
}

Result<void> read_order(std::string_view word, Address& into) {
    for (std::size_t i = 0; i < kOrderWords.size(); ++i) {
        if (kOrderWords[i] != word) continue;
        into.order = static_cast<Order>(i);
        return {};
    }
    return bad("byte order " + quoted(word) + " is unknown; wanted abcd, cdab, badc or dcba");
}

Result<void> read_bit(std::string_view& text, Address& into) {
    const auto word = cut_tail(text, '.');
    if (!word) return {};
    const auto bit = number(*word);
    if (!bit || *bit > 15) return bad("bit " + quoted(*word) + " is not a number from 0 to 15");
    into.bit = static_cast<std::int8_t>(*bit);
    return {};
}

// "holding" + "100", already split at the colon.
Result<void> read_named(std::string_view table, std::string_view text, Address& into) {
    for (std::size_t i = 0; i < kTableWords.size(); ++i) {
        if (kTableWords[i] != table) continue;
        into.table = static_cast<Table>(i);
        const auto start = number(text);
        if (!start) return bad("register number " + quoted(text) + " is not a whole number");
        if (*start > 65535) return bad("register number " + std::string(text) + " is beyond 65535");
        into.start = static_cast<std::uint16_t>(*start);
        return {};
    }
    return bad("table " + quoted(table) + " is unknown; wanted coil, discrete, input or holding, as in holding:100");
}

// "400101": the first digit names the table, the rest counts from 1.
Result<void> read_classic(std::string_view text, Address& into) {
    const auto all = number(text);
    if (!all || (text.size() != 5 && text.size() != 6))
        return bad("address " + quoted(text) + " is neither like holding:100 nor like 400101");
    switch (text.front()) {
        case '0': into.table = Table::coils; break;
        case '1': into.table = Table::discrete_inputs; break;
        case '3': into.table = Table::input_registers; break;
        case '4': into.table = Table::holding_registers; break;
        default:
            return bad("address " + quoted(text) + " starts with " + text.front()
                       + "; wanted 0 (coil), 1 (discrete), 3 (input) or 4 (holding)");
    }
    const auto one_based = *number(text.substr(1));
    if (one_based == 0 || one_based > 65536)
        return bad("number in " + quoted(text) + " is not from 1 to 65536; classic numbers count from 1");
    into.start = static_cast<std::uint16_t>(one_based - 1);
    return {};
}

Result<ValueType> finish_bits(Address& into, bool has_type) {
    if (has_type) return bad("a coil or discrete input is one bit and takes no type or byte order");
    if (into.bit >= 0) return bad("a coil or discrete input is one bit and has no bit number");
    into.raw = RawType::bit;
    into.width = into.elements;
    return into.is_array ? ValueType::boolean_array : ValueType::boolean;
}

Result<ValueType> finish_registers(Address& into, ValueType scalar) {
    if (into.bit >= 0) {
        if (into.raw != RawType::uint16 || into.is_array) return bad("a bit of a register takes no type and no array length");
        into.raw = RawType::bit;
        return ValueType::boolean;
    }
    if (!into.is_array) return scalar;
    if (scalar == ValueType::string) return bad("arrays of strings are not offered");
    const auto width = std::uint32_t{into.width} * into.elements;
    if (width > kMaxRegisters)
        return bad("an array of " + std::to_string(width) + " registers does not fit one request of 125");
    into.width = static_cast<std::uint16_t>(width);
    return static_cast<ValueType>(static_cast<unsigned>(scalar) + 8);
}

}  // namespace

std::string_view to_string(Table table) noexcept { return kTableWords[static_cast<std::size_t>(table)]; }

Result<ParsedAddress<Address>> parse_address(std::string_view text) {
    Address address;
    if (text.empty()) return bad("the address is empty; wanted for example holding:100 or 400101");
    if (auto unit = read_unit(text, address); !unit) return std::unexpected(unit.error());

    // TABLE:START[.BIT] or CLASSIC[.BIT], then up to two words behind colons, the last part possibly with [N].
    const bool is_named = text.front() < '0' || text.front() > '9';
    std::string_view table;
    if (is_named) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos)
            return bad("address " + quoted(text) + " has no number; wanted for example holding:100");
        table = text.substr(0, colon);
        text = text.substr(colon + 1);
    }
    std::array<std::string_view, 3> parts{};  // start, type, order
    std::size_t count = 0;
    for (std::string_view rest = text;;) {
        if (count == parts.size())
            return bad("address " + quoted(text) + " has too many parts; wanted TABLE:NUMBER:TYPE:ORDER");
        const auto colon = rest.find(':');
        parts[count++] = rest.substr(0, colon);
        if (colon == std::string_view::npos) break;
        rest = rest.substr(colon + 1);
    }
    auto scalar = ValueType::uint64;
    auto& with_elements = parts[count > 1 ? 1 : 0];
    if (auto elements = read_elements(with_elements, address); !elements) return std::unexpected(elements.error());
    if (auto bit = read_bit(parts[0], address); !bit) return std::unexpected(bit.error());
    const auto elements = address.elements;
    if (count > 1) {
        auto type = read_type(parts[1], address);
        if (!type) return std::unexpected(type.error());
        scalar = *type;
        if (address.is_array && scalar != ValueType::string) address.elements = elements;
    }
    if (count > 2) {
        if (auto order = read_order(parts[2], address); !order) return std::unexpected(order.error());
    }
    if (auto start = is_named ? read_named(table, parts[0], address) : read_classic(parts[0], address); !start)
        return std::unexpected(start.error());

    const auto type = is_bits(address.table) ? finish_bits(address, count > 1) : finish_registers(address, scalar);
    if (!type) return std::unexpected(type.error());
    if (address.end() > 65536)
        return bad("the value reaches beyond register 65535: it starts at " + std::to_string(address.start) + " and is "
                   + std::to_string(address.width) + " wide");
    const bool writable = address.table == Table::coils || address.table == Table::holding_registers;
    ParsedAddress<Address> parsed(address, *type, writable);
    parsed.array_elements = address.is_array ? address.elements : 0;
    return parsed;
}

}  // namespace penstock::modbus
