#pragma once

// Modbus TCP frames as bytes; no I/O. Sources: Modbus Application Protocol V1.1b3 (the PDU and its functions) and Modbus
// Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3 (the MBAP header).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <penstock/result.hpp>

#include "address.hpp"

namespace penstock::modbus {

inline constexpr std::size_t kHeaderBytes = 7;        // transaction, protocol, length, unit
inline constexpr std::size_t kMaxPduBytes = 253;      // V1.1b3, 4.1
inline constexpr std::uint16_t kMaxReadRegisters = 125;   // 6.3
inline constexpr std::uint16_t kMaxReadBits = 2000;       // 6.1
inline constexpr std::uint16_t kMaxWriteRegisters = 123;  // 6.12
inline constexpr std::uint16_t kMaxWriteBits = 1968;      // 6.11

enum class Function : std::uint8_t {
    read_coils = 1,
    read_discrete_inputs = 2,
    read_holding_registers = 3,
    read_input_registers = 4,
    write_single_coil = 5,
    write_single_register = 6,
    write_multiple_coils = 15,
    write_multiple_registers = 16,
};

[[nodiscard]] Function read_function(Table table) noexcept;
// "illegal data address" for 2, and so on; "unknown exception" beyond the specification (7).
[[nodiscard]] std::string_view exception_text(std::uint8_t code) noexcept;

struct Frame {
    std::array<std::byte, kHeaderBytes + kMaxPduBytes> bytes;
    std::size_t size = 0;
    [[nodiscard]] std::span<const std::byte> view() const noexcept { return {bytes.data(), size}; }
};

[[nodiscard]] Frame make_read(std::uint16_t transaction, std::uint8_t unit, Function function, std::uint16_t start,
                              std::uint16_t count);
[[nodiscard]] Frame make_write_coil(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address, bool on);
[[nodiscard]] Frame make_write_register(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address,
                                        std::uint16_t word);
// `packed` holds count bits, least significant first, in (count + 7) / 8 bytes.
[[nodiscard]] Frame make_write_coils(std::uint16_t transaction, std::uint8_t unit, std::uint16_t start, std::uint16_t count,
                                     std::span<const std::byte> packed);
// `words` are the registers' bytes as on the wire, two each.
[[nodiscard]] Frame make_write_registers(std::uint16_t transaction, std::uint8_t unit, std::uint16_t start,
                                         std::span<const std::byte> words);

struct Header {
    std::uint16_t transaction;
    std::uint16_t pdu_bytes;  // what follows the header, 1 to kMaxPduBytes
    std::uint8_t unit;
};
// Error protocol: bytes that no Modbus device sends. The stream cannot be trusted any more then.
[[nodiscard]] Result<Header> parse_header(std::span<const std::byte, kHeaderBytes> bytes);

// What a reply says. Exactly one of the two.
struct Reply {
    std::uint8_t exception = 0;        // 0 = none
    std::span<const std::byte> data;   // reads: registers or packed bits as on the wire; writes: empty
};
// Judges a PDU against the request it answers (`request` as made above). Error protocol: another function, a wrong byte
// count, a write echo that differs: a reply that must not be believed.
[[nodiscard]] Result<Reply> parse_reply(const Frame& request, std::span<const std::byte> pdu);

}  // namespace penstock::modbus
