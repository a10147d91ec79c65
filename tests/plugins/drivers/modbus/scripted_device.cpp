#include "tests/plugins/drivers/modbus/scripted_device.hpp"

namespace penstock::modbus {
namespace {

std::uint32_t byte(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
std::uint32_t word(std::string_view bytes, std::size_t at) { return byte(bytes, at) << 8U | byte(bytes, at + 1); }
void put(std::string& bytes, std::uint32_t value) {
    bytes += static_cast<char>(value >> 8U & 0xFFU);
    bytes += static_cast<char>(value & 0xFFU);
}
std::string exception(std::uint32_t function, std::uint32_t code) {
    return {static_cast<char>(function | 0x80U), static_cast<char>(code)};
}

}  // namespace

void ScriptedDevice::add_unit(std::uint8_t unit, std::size_t registers,
                              const std::function<std::uint16_t(std::size_t)>& value_of) {
    for (std::size_t i = 0; i < registers; ++i) holding[unit].push_back(value_of(i));
}

std::string ScriptedDevice::answer(std::string_view request) {
    const auto unit = static_cast<std::uint8_t>(byte(request, 6));
    if (!holding.contains(unit)) return {};
    requests.emplace_back(request.substr(7));
    const auto pdu = answer_pdu(unit, request.substr(7));
    std::string reply(request.substr(0, 4));
    put(reply, static_cast<std::uint32_t>(pdu.size() + 1));
    reply += static_cast<char>(unit);
    return reply + pdu;
}

std::string ScriptedDevice::answer_pdu(std::uint8_t unit, std::string_view pdu) {
    auto& registers = holding[unit];
    const auto function = byte(pdu, 0);
    const auto start = word(pdu, 1);
    const auto count = function == 3 || function == 16 ? word(pdu, 3) : 1;
    if (function == 3 && count > most_registers) return exception(function, code_for_size);
    if (start + count > registers.size() || (start < hole_to && start + count > hole_from)) return exception(function, 2);
    std::string reply(1, static_cast<char>(function));
    switch (function) {
        case 1:
            reply += '\1';
            reply += static_cast<char>(coils[start]);
            return reply;
        case 3:
            reply += static_cast<char>(2 * count);
            for (std::uint32_t i = 0; i < count; ++i) put(reply, registers[start + i]);
            return reply;
        case 5: coils[start] = byte(pdu, 3) == 0xFF; return std::string(pdu.substr(0, 5));
        case 6: registers[start] = static_cast<std::uint16_t>(word(pdu, 3)); return std::string(pdu.substr(0, 5));
        case 16:
            for (std::uint32_t i = 0; i < count; ++i) registers[start + i] = static_cast<std::uint16_t>(word(pdu, 6 + 2 * i));
            return std::string(pdu.substr(0, 5));
        default: return exception(function, 1);
    }
}

testing::Device serve(std::shared_ptr<ScriptedDevice> device) {
    return testing::request_device(
        [](std::string_view bytes) -> std::size_t { return bytes.size() < 6 ? 0 : 6 + word(bytes, 4); },
        [device = std::move(device)](std::string_view request) { return device->answer(request); });
}

}  // namespace penstock::modbus
