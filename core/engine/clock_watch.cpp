#include "core/engine/clock_watch.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/wire/time_text.hpp"

namespace penstock::engine {
namespace {

// Milliseconds of any two times can be subtracted; nanoseconds of times that lie three centuries apart cannot.
std::int64_t to_ms(UtcTime time) noexcept {
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}
constexpr std::int64_t kNsPerMs = 1'000'000;

UtcTime from_ms(std::int64_t ms) noexcept {
    return utc_from_ns(std::clamp(ms, INT64_MIN / kNsPerMs, INT64_MAX / kNsPerMs) * kNsPerMs);
}

std::string seconds_text(std::int64_t ms) { return (ms > 0 ? "+" : "") + Value(static_cast<double>(ms) / 1000).text() + " s"; }

}  // namespace

std::optional<ClockStep> ClockWatch::look(Now now) noexcept {
    if (!last_) {
        last_ = now;
        return std::nullopt;
    }
    const auto elapsed = to_ns(now.monotonic) - to_ns(last_->monotonic);
    const auto step_ms = to_ms(now.utc) - to_ms(last_->utc) - elapsed / kNsPerMs;
    last_ = now;
    const auto most_ms = kLeast.count() / kNsPerMs + elapsed / kNsPerMs * kDriftPpm / 1'000'000;
    if (std::abs(step_ms) <= most_ms) return std::nullopt;
    return ClockStep{from_ms(to_ms(now.utc) - step_ms), now.utc, step_ms};
}

Event clock_event(const ClockStep& step) {
    Event event;
    event.kind = EventKind::clock_stepped;
    event.text = "clock.stepped";
    event.parameters = {wire::utc_text(step.expected), wire::utc_text(step.found), seconds_text(step.by_ms)};
    return event;
}

}  // namespace penstock::engine
