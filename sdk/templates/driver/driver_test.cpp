#include <map>
#include <memory>

#include <penstock/testing/driver_conformance.hpp>

namespace {

using namespace penstock;
using namespace penstock::testing;

// A power supply, as far as the driver can tell.
Device power_supply() {
    auto settings = std::make_shared<std::map<std::string, std::string>>();
    *settings = {{"VOLT", "5"}, {"CURR", "0.25"}, {"MEAS:VOLT", "+4.998E+00"}};
    return line_device([settings](std::string line) -> std::string {
        if (line.ends_with("?") && !line.ends_with(";*OPC?")) return (*settings)[line.substr(0, line.size() - 1)];
        const auto space = line.find(' ');
        (*settings)[line.substr(0, space)] = line.substr(space + 1, line.find(';') - space - 1);
        return "1";
    });
}

const DriverKit kKit{
    .settings = R"({"endpoint": "tcp://supply:5025"})",
    .endpoint = "tcp://supply:5025",
    .device = power_supply,
    .items = {{.address = "VOLT", .type = ValueType::float64, .value = 5.0, .written = 7.5},
              {.address = "MEAS:VOLT", .type = ValueType::float64, .value = 4.998}},
    .bad_addresses = {"", "volt", "VOLT?", "VOLT\nOUTP ON"},
};
PENSTOCK_DRIVER_CONFORMANCE(Scpi, kKit);

}  // namespace
