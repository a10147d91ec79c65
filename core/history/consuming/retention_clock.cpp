#include "core/history/consuming/retention_clock.hpp"

#include <algorithm>

namespace penstock::history::consuming {
namespace {

// Distances of times do not all fit 64 bits of nanoseconds; those of seconds do.
std::chrono::seconds leap(UtcTime to, UtcTime from) noexcept {
    return std::chrono::floor<std::chrono::seconds>(to).time_since_epoch()
           - std::chrono::floor<std::chrono::seconds>(from).time_since_epoch();
}

}  // namespace

void RetentionClock::begin(Now now) {
    believed_ = now.utc;
    doubted_until_ = now.monotonic;
    if (last_known_ == UtcTime{} || leap(now.utc, last_known_) <= kMostPause) return;
    believed_ = last_known_;
    doubted_until_ = now.monotonic + kDoubt;
}

UtcTime RetentionClock::look(Now now) {
    if (!last_) begin(now);
    const auto before = last_.value_or(now);
    const auto elapsed = now.monotonic - before.monotonic;
    if (leap(now.utc, before.utc) > std::chrono::floor<std::chrono::seconds>(elapsed) + kLeastLeap)
        doubted_until_ = now.monotonic + kDoubt;
    believed_ = now.monotonic < doubted_until_ ? std::min(believed_ + elapsed, now.utc) : now.utc;
    last_ = now;
    return believed_;
}

}  // namespace penstock::history::consuming
