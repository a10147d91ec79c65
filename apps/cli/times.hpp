#pragma once

// Times on the command line: "-5m" (before now), "now", or ISO 8601: "2026-03-01", "2026-03-01T12:00", "2026-03-01T12:00:00.250Z",
// "2026-03-01T14:00:00+02:00". Without a zone it is UTC, as everything that is printed.

#include <string_view>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

namespace penstock::cli {

// Error invalid_argument: a sentence with what was found and what is understood.
[[nodiscard]] Result<UtcTime> parse_time(std::string_view text, UtcTime now);

// [from, to) as two options gave it; an empty option stands for its default. invalid_argument if it is empty or upside down.
struct TimeRange {
    UtcTime from, to;
};
[[nodiscard]] Result<TimeRange> parse_range(std::string_view from, std::string_view to, UtcTime now, Duration usual);

}  // namespace penstock::cli
