#pragma once

#include <span>
#include <string_view>

namespace penstock::site {

// A unit that Penstock knows: SI units with their prefixes and powers, products and quotients of them ("kWh/m³", "l/s", "µS/cm"),
// and the words of the process industry ("bar", "%", "pH", "NTU", "rpm", "gpm"). Case counts: "mW" is not "MW".
[[nodiscard]] bool is_known_unit(std::string_view unit) noexcept;

// The usual ones, for suggestions.
[[nodiscard]] std::span<const std::string_view> common_units() noexcept;

}  // namespace penstock::site
