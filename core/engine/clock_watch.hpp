#pragma once

// Notices that somebody set the wall clock: between two looks it should have gone on as far as the monotonic clock did.

#include <optional>

#include <penstock/history_operations.hpp>
#include <penstock/time.hpp>

namespace penstock::engine {

struct ClockStep {
    UtcTime expected;  // what the wall clock would have shown
    UtcTime found;
    std::int64_t by_ms = 0;  // positive: it was put forward
};

class ClockWatch final {
public:
    static constexpr Duration kLeast = 100ms;  // smaller steps are corrections that nobody notices
    static constexpr std::int64_t kDriftPpm = 500;  // and this much drift, since the last look, is no step at all

    // nullopt at the first look, and as long as the clocks agree.
    [[nodiscard]] std::optional<ClockStep> look(Now now) noexcept;

private:
    std::optional<Now> last_;
};

// Kind clock_stepped: both times, and by how much.
[[nodiscard]] Event clock_event(const ClockStep& step);

}  // namespace penstock::engine
