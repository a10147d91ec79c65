#pragma once

#include <string>

#include <penstock/time.hpp>

namespace penstock::wire {

// "2026-03-01T12:00:00.250Z": ISO 8601, UTC, milliseconds (what is finer is cut off).
[[nodiscard]] std::string utc_text(UtcTime time);

}  // namespace penstock::wire
