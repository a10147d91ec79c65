#pragma once

// Two clocks, never mixed: UTC is shown and stored, monotonic time is waited on.

#include <chrono>
#include <cstdint>

namespace penstock {

using namespace std::chrono_literals;
using Duration = std::chrono::nanoseconds;

// UTC with nanoseconds since 1970-01-01T00:00:00Z (years 1677 to 2262). Times made by the host are cut to 1 ms.
using UtcTime = std::chrono::sys_time<Duration>;

// A clock of its own type, so that a wall time cannot be passed where a monotonic one is wanted. It has no now():
// time is handed in by the host.
struct MonotonicClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;
    static constexpr bool is_steady = true;
};
using MonotonicTime = MonotonicClock::time_point;

// The moment after which a call gives up with ErrorCode::timeout.
using Deadline = MonotonicTime;

// Both clocks read at one moment.
struct Now {
    UtcTime utc;
    MonotonicTime monotonic;
};

[[nodiscard]] constexpr UtcTime utc_from_ns(std::int64_t ns) noexcept { return UtcTime(Duration(ns)); }
[[nodiscard]] constexpr std::int64_t to_ns(UtcTime time) noexcept { return time.time_since_epoch().count(); }
[[nodiscard]] constexpr MonotonicTime monotonic_from_ns(std::int64_t ns) noexcept { return MonotonicTime(Duration(ns)); }
[[nodiscard]] constexpr std::int64_t to_ns(MonotonicTime time) noexcept { return time.time_since_epoch().count(); }

}  // namespace penstock
