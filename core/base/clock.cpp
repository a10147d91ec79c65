#include "core/base/clock.hpp"

namespace penstock::base {

Now SystemClock::now() const noexcept {
    const auto utc = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto monotonic = std::chrono::steady_clock::now().time_since_epoch();
    return {cut_to_milliseconds(utc), MonotonicTime(std::chrono::duration_cast<Duration>(monotonic))};
}

}  // namespace penstock::base
