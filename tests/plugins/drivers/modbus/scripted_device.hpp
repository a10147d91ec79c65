#pragma once

// A Modbus device on the scripted network: for faults, not for proof (that is pymodbus and libmodbus, tests/system).

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <penstock/testing/scripted_network.hpp>

namespace penstock::modbus {

struct ScriptedDevice {
    std::map<std::uint8_t, std::vector<std::uint16_t>> holding;  // by unit
    std::vector<bool> coils = std::vector<bool>(100);
    std::size_t most_registers = 125;
    std::uint8_t code_for_size = 3;
    std::uint32_t hole_from = 0, hole_to = 0;  // [from, to): exception 2
    std::vector<std::string> requests;         // PDUs, in order

    // A unit with registers 0, 1, 2 ... holding value_of(register).
    void add_unit(std::uint8_t unit, std::size_t registers, const std::function<std::uint16_t(std::size_t)>& value_of);
    // The reply to one whole request, "" for a unit that is not there.
    [[nodiscard]] std::string answer(std::string_view request);

private:
    [[nodiscard]] std::string answer_pdu(std::uint8_t unit, std::string_view pdu);
};

// Serves it. What the device does to its replies after that is the network's business.
[[nodiscard]] testing::Device serve(std::shared_ptr<ScriptedDevice> device);

}  // namespace penstock::modbus
