#pragma once

// Where a value lies in a Modbus device and how its bits are to be read.
//
//     holding:100                 register 100 on the wire (zero-based), unsigned 16 bit
//     holding:100:float32:cdab    two registers, low word first
//     holding:12.3                bit 3 of a register (0 = least significant)
//     input:8:string20            20 bytes in ten registers
//     input:40:int16[8]           an array of eight
//     coil:5   discrete:7         one bit;  coil:0[16] an array of bits
//     400101   30001.4  00017     classic numbers, one-based: table digit and number (5 or 6 digits), same suffixes
//     holding:100@3               of unit 3 behind a gateway; without it the device's own `unit`

#include <cstdint>
#include <string>
#include <string_view>

#include <penstock/driver.hpp>

namespace penstock::modbus {

enum class Table : std::uint8_t { coils, discrete_inputs, input_registers, holding_registers };
enum class RawType : std::uint8_t { bit, int16, uint16, int32, uint32, int64, uint64, float32, float64, string };
// How the bytes of a value lie in the registers, most significant byte A first: abcd is big endian (the specification's order),
// cdab swaps words, badc swaps the bytes of each word, dcba both. A 16-bit value knows abcd and badc; longer ones go by the pattern.
enum class Order : std::uint8_t { abcd, cdab, badc, dcba };

[[nodiscard]] constexpr bool is_bits(Table table) noexcept { return table <= Table::discrete_inputs; }
// "coil", "discrete", "input", "holding".
[[nodiscard]] std::string_view to_string(Table table) noexcept;

struct Address {
    Table table = Table::holding_registers;
    RawType raw = RawType::uint16;
    Order order = Order::abcd;
    std::uint8_t unit = 0;
    bool has_unit = false;
    std::int8_t bit = -1;  // of a register; -1 = the whole
    bool is_array = false;
    std::uint16_t start = 0;  // first register or bit on the wire
    std::uint16_t width = 1;  // registers (or bits, for coils and discrete inputs) in all
    std::uint16_t elements = 1;  // of an array; bytes of a string

    [[nodiscard]] std::uint32_t end() const noexcept { return std::uint32_t{start} + width; }
    bool operator==(const Address&) const = default;
};

// Error invalid_argument: what was found, what was wanted.
[[nodiscard]] Result<ParsedAddress<Address>> parse_address(std::string_view text);

}  // namespace penstock::modbus
