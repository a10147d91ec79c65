#pragma once

#include <string_view>

namespace penstock::modbus {

// JSON Schema of a device file's driver part; options.cpp reads exactly these keys.
inline constexpr std::string_view kSettingsSchema = R"({
  "type": "object",
  "required": ["endpoint"],
  "additionalProperties": false,
  "properties": {
    "endpoint": {"type": "string", "minLength": 1, "description": "HOST:PORT of the device or gateway; the port of Modbus TCP is 502"},
    "unit": {"type": "integer", "minimum": 0, "maximum": 255, "default": 1, "description": "unit identifier of addresses that name none"},
    "timeout_ms": {"type": "integer", "minimum": 10, "maximum": 60000, "default": 1000, "description": "for one answer, and for connecting"},
    "retries": {"type": "integer", "minimum": 0, "maximum": 10, "default": 0, "description": "further attempts of a read that was not answered; TCP repeats lost packets itself, so this helps with gateways only"},
    "max_registers": {"type": "integer", "minimum": 1, "maximum": 125, "default": 125, "description": "registers in one read; a smaller limit of the device is found by itself"},
    "max_bits": {"type": "integer", "minimum": 1, "maximum": 2000, "default": 2000, "description": "coils or discrete inputs in one read"},
    "max_gap": {"type": "integer", "minimum": 0, "maximum": 2000, "default": 2000, "description": "registers that nobody wants but that are read along to save a request"},
    "hole_retry_s": {"type": "integer", "minimum": 1, "maximum": 86400, "default": 600, "description": "how long an address that the device refuses is left alone"},
    "always_write_multiple": {"type": "boolean", "default": false, "description": "write single coils and registers by functions 15 and 16, for devices without 5 and 6"}
  }
})";

}  // namespace penstock::modbus
