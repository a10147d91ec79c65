#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>

namespace penstock::site {

// Writes a site that runs as it is into `folder`, which must not exist or be empty. Returns the files written, relative to it.
//
// With a Modbus endpoint ("127.0.0.1:1502", "[::1]:502"): device plc1; tags plc1.h0 to plc1.h9 = holding registers 0 to 9,
// unsigned 16 bit, writable, scanned every 100 ms; a screen that shows them, the start screen.
// With "": the same screen with a simulated device, sim1, so that there is something to see without a plant.
//
// Errors: invalid_argument (no such endpoint: what was found and wanted), invalid_config (the folder is not empty),
// internal (a file cannot be written: which, and the system's reason). After an error nothing that it wrote is left.
[[nodiscard]] Result<std::vector<std::string>> new_site(const std::filesystem::path& folder, std::string_view modbus_endpoint);

}  // namespace penstock::site
