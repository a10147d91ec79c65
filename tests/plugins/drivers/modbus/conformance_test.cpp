#include <penstock/testing/driver_conformance.hpp>

#include "tests/plugins/drivers/modbus/scripted_device.hpp"

namespace penstock::modbus {
namespace {

testing::Device device() {
    auto device = std::make_shared<ScriptedDevice>();
    device->add_unit(1, 20, [](std::size_t i) { return static_cast<std::uint16_t>(100 + i); });
    return serve(device);
}

const testing::DriverKit kKit{
    .settings = R"({"endpoint": "plc:502"})",
    .endpoint = "tcp://plc:502",
    .device = device,
    .items =
        {{.address = "holding:3", .type = ValueType::uint64, .value = Value(103U), .written = Value(4711U)},
         {.address = "holding:4:uint32", .type = ValueType::uint64, .value = Value(104U << 16U | 105U), .written = Value(1U)},
         {.address = "holding:9.0", .type = ValueType::boolean, .value = Value(true), .written = Value(false)},
         {.address = "coil:7", .type = ValueType::boolean, .value = Value(false), .written = Value(true)}},
    .bad_addresses = {"", "holding:65536", "register 5"},
};
PENSTOCK_DRIVER_CONFORMANCE(Modbus, kKit);

}  // namespace
}  // namespace penstock::modbus
