#include <penstock/plugin.hpp>

#include "driver.hpp"
#include "schema.hpp"

PENSTOCK_PLUGIN(penstock::modbus::ModbusDriver, "driver.modbus", "0.1.0", penstock::modbus::kSettingsSchema);
