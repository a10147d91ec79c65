#include "protocol.hpp"

#include <algorithm>

namespace penstock::modbus {
namespace {

constexpr std::uint8_t kExceptionFlag = 0x80;

std::uint8_t byte_at(std::span<const std::byte> bytes, std::size_t at) { return std::to_integer<std::uint8_t>(bytes[at]); }
std::uint16_t word_at(std::span<const std::byte> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(bytes, at) << 8U | byte_at(bytes, at + 1));
}

// Appends big-endian fields behind a header whose length is filled in by finish().
class Writer {
public:
    Writer(std::uint16_t transaction, std::uint8_t unit, Function function) {
        word(transaction);
        word(0);  // protocol: Modbus
        word(0);  // length, later
        byte(unit);
        byte(static_cast<std::uint8_t>(function));
    }
    void byte(std::uint8_t value) { frame_.bytes[frame_.size++] = std::byte{value}; }
    void word(std::uint16_t value) {
        byte(static_cast<std::uint8_t>(value >> 8U));
        byte(static_cast<std::uint8_t>(value & 0xFFU));
    }
    void append(std::span<const std::byte> bytes) {
        std::ranges::copy(bytes, frame_.bytes.begin() + static_cast<std::ptrdiff_t>(frame_.size));
        frame_.size += bytes.size();
    }
    Frame finish() {
        const auto length = frame_.size - 6;  // from the unit on
        frame_.bytes[4] = std::byte{static_cast<std::uint8_t>(length >> 8U)};
        frame_.bytes[5] = std::byte{static_cast<std::uint8_t>(length & 0xFFU)};
        return frame_;
    }

private:
    Frame frame_;
};

std::unexpected<Error> implausible(std::string sentence) { return fail(ErrorCode::protocol, std::move(sentence), {}, true); }

Result<Reply> parse_read(Function function, std::uint16_t count, std::span<const std::byte> pdu) {
    const bool is_bit_function = function == Function::read_coils || function == Function::read_discrete_inputs;
    const std::size_t wanted = is_bit_function ? (count + 7U) / 8U : count * 2U;
    if (pdu.size() < 2 || byte_at(pdu, 1) != wanted || pdu.size() != wanted + 2)
        return implausible("the reply carries " + std::to_string(pdu.size() < 2 ? 0 : pdu.size() - 2) + " data bytes where "
                           + std::to_string(wanted) + " were asked for");
    Reply reply;
    reply.data = pdu.subspan(2);
    return reply;
}

}  // namespace

Function read_function(Table table) noexcept {
    switch (table) {
        case Table::coils: return Function::read_coils;
        case Table::discrete_inputs: return Function::read_discrete_inputs;
        case Table::input_registers: return Function::read_input_registers;
        case Table::holding_registers: break;
    }
    return Function::read_holding_registers;
}

std::string_view exception_text(std::uint8_t code) noexcept {
    switch (code) {
        case 1: return "illegal function";
        case 2: return "illegal data address";
        case 3: return "illegal data value";
        case 4: return "server device failure";
        case 5: return "acknowledge";
        case 6: return "server device busy";
        case 8: return "memory parity error";
        case 10: return "gateway path unavailable";
        case 11: return "gateway target device failed to respond";
        default: return "unknown exception";
    }
}

Frame make_read(std::uint16_t transaction, std::uint8_t unit, Function function, std::uint16_t start, std::uint16_t count) {
    Writer writer(transaction, unit, function);
    writer.word(start);
    writer.word(count);
    return writer.finish();
}

Frame make_write_coil(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address, bool on) {
    Writer writer(transaction, unit, Function::write_single_coil);
    writer.word(address);
    writer.word(on ? 0xFF00 : 0x0000);
    return writer.finish();
}

Frame make_write_register(std::uint16_t transaction, std::uint8_t unit, std::uint16_t address, std::uint16_t word) {
    Writer writer(transaction, unit, Function::write_single_register);
    writer.word(address);
    writer.word(word);
    return writer.finish();
}

Frame make_write_coils(std::uint16_t transaction, std::uint8_t unit, std::uint16_t start, std::uint16_t count,
                       std::span<const std::byte> packed) {
    Writer writer(transaction, unit, Function::write_multiple_coils);
    writer.word(start);
    writer.word(count);
    writer.byte(static_cast<std::uint8_t>(packed.size()));
    writer.append(packed);
    return writer.finish();
}

Frame make_write_registers(std::uint16_t transaction, std::uint8_t unit, std::uint16_t start,
                           std::span<const std::byte> words) {
    Writer writer(transaction, unit, Function::write_multiple_registers);
    writer.word(start);
    writer.word(static_cast<std::uint16_t>(words.size() / 2));
    writer.byte(static_cast<std::uint8_t>(words.size()));
    writer.append(words);
    return writer.finish();
}

Result<Header> parse_header(std::span<const std::byte, kHeaderBytes> bytes) {
    if (const auto protocol = word_at(bytes, 2); protocol != 0)
        return implausible("the reply's protocol number is " + std::to_string(protocol) + " where Modbus has 0");
    const auto length = word_at(bytes, 4);
    if (length < 2 || length > kMaxPduBytes + 1)
        return implausible("the reply says it is " + std::to_string(length) + " bytes long; Modbus allows 2 to 254");
    return Header{word_at(bytes, 0), static_cast<std::uint16_t>(length - 1), byte_at(bytes, 6)};
}

Result<Reply> parse_reply(const Frame& request, std::span<const std::byte> pdu) {
    const auto asked = request.view().subspan(kHeaderBytes);
    const auto function = byte_at(asked, 0);
    if (pdu.empty()) return implausible("the reply is empty");
    if (byte_at(pdu, 0) == (function | kExceptionFlag)) {
        if (pdu.size() != 2 || byte_at(pdu, 1) == 0)
            return implausible("the exception reply has " + std::to_string(pdu.size()) + " bytes where 2 were wanted");
        Reply reply;
        reply.exception = byte_at(pdu, 1);
        return reply;
    }
    if (byte_at(pdu, 0) != function)
        return implausible("the reply is for function " + std::to_string(byte_at(pdu, 0)) + " where " + std::to_string(function)
                           + " was asked for");
    if (function <= static_cast<std::uint8_t>(Function::read_input_registers))
        return parse_read(static_cast<Function>(function), word_at(asked, 3), pdu);
    // Writes echo function, address, and value or count: the first five bytes of the request (6.5, 6.6, 6.11, 6.12).
    if (!std::ranges::equal(pdu, asked.first(5)))
        return implausible("the reply to a write repeats other numbers than were sent");
    return Reply{};
}

}  // namespace penstock::modbus
