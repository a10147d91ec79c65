// Writing. Nothing here is ever sent twice: a write whose answer is missing is unknown, and stays so.

#include "driver.hpp"
#include "registers.hpp"

namespace penstock::modbus {

Task<WriteOutcome> ModbusDriver::write(const Item<Address>& item, Value value) {
    const auto address = item.address;
    std::optional<Error> refusal;
    Frame frame;
    if (address.table == Table::holding_registers && address.raw == RawType::bit) {
        // Modbus has no function for one bit of a register that all devices know: read the word, change the bit, write it.
        const auto* on = value.get_if<bool>();
        if (on == nullptr) co_return WriteOutcome::refused("wanted true or false, found " + value.text());
        const auto read =
            make_read(connection_.next_transaction(), address.unit, Function::read_holding_registers, address.start, 1);
        const auto read_deadline = io().in(options_.timeout);
        try {
            const auto answer = co_await connection_.exchange(read, read_deadline);
            if (answer.kind == Answer::Kind::exception)
                refusal = Error(ErrorCode::denied, exception_sentence(answer.exception));
            else if (answer.kind == Answer::Kind::implausible)
                refusal = Error(ErrorCode::protocol, answer.sentence);
            else
                frame = with_bit(address, answer.data, *on);
        } catch (const LinkError& error) {
            refusal = error.error();  // only a read was sent: the device is as it was
        }
    } else {
        auto made = make_write(address, value);
        if (made)
            frame = *made;
        else
            refusal = made.error();
    }
    if (refusal) co_return WriteOutcome::refused(refusal->text());

    const auto deadline = io().in(options_.timeout);
    const auto answer = co_await connection_.exchange(frame, deadline);
    if (answer.kind == Answer::Kind::exception) co_return WriteOutcome::refused(exception_sentence(answer.exception));
    if (answer.kind == Answer::Kind::implausible) co_return WriteOutcome::unknown(answer.sentence);
    co_return WriteOutcome::done();
}

std::string ModbusDriver::exception_sentence(std::uint8_t exception) {
    return "the device refuses: " + std::string(exception_text(exception)) + " (exception " + std::to_string(exception) + ')';
}

Result<Frame> ModbusDriver::make_write(const Address& address, const Value& value) {
    if (address.table == Table::coils) return make_coil_write(address, value);
    const auto words = encode_registers(address, value);
    if (!words) return std::unexpected(words.error());
    const auto transaction = connection_.next_transaction();
    if (words->size() > 2 * kMaxWriteRegisters)
        return fail(ErrorCode::invalid_argument,
                    "the value is " + std::to_string(words->size() / 2) + " registers wide; one write takes 123");
    if (words->size() > 2 || options_.always_write_multiple)
        return make_write_registers(transaction, address.unit, address.start, *words);
    const auto word =
        static_cast<std::uint16_t>(std::to_integer<unsigned>((*words)[0]) << 8U | std::to_integer<unsigned>((*words)[1]));
    return make_write_register(transaction, address.unit, address.start, word);
}

Result<Frame> ModbusDriver::make_coil_write(const Address& address, const Value& value) {
    const auto packed = encode_bits(address, value);
    if (!packed) return std::unexpected(packed.error());
    const auto transaction = connection_.next_transaction();
    if (address.width > kMaxWriteBits)
        return fail(ErrorCode::invalid_argument,
                    "the array has " + std::to_string(address.width) + " coils; one write takes 1968");
    if (address.is_array || options_.always_write_multiple)
        return make_write_coils(transaction, address.unit, address.start, address.width, *packed);
    return make_write_coil(transaction, address.unit, address.start, (*packed)[0] != std::byte{0});
}

Frame ModbusDriver::with_bit(const Address& address, std::span<const std::byte> word, bool on) {
    const auto old = std::to_integer<unsigned>(word[0]) << 8U | std::to_integer<unsigned>(word[1]);
    const auto mask = 1U << static_cast<unsigned>(address.bit);
    const auto changed = static_cast<std::uint16_t>(on ? old | mask : old & ~mask);
    const auto transaction = connection_.next_transaction();
    if (!options_.always_write_multiple) return make_write_register(transaction, address.unit, address.start, changed);
    const std::array bytes{static_cast<std::byte>(changed >> 8U), static_cast<std::byte>(changed & 0xFFU)};
    return make_write_registers(transaction, address.unit, address.start, bytes);
}

}  // namespace penstock::modbus
