#include "core/base/log_limiter.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/base/log.hpp"

namespace penstock::base {
namespace {

constexpr std::size_t kMaxLine = 2000;

log::Level to_level(std::uint32_t severity) noexcept {
    return severity >= 3 ? log::Level::error : static_cast<log::Level>(severity);
}

}  // namespace

bool LogLimiter::take(MonotonicTime now, std::uint64_t& dropped) {
    const std::lock_guard lock(mutex_);
    const auto elapsed = std::chrono::duration<double>(now - refilled_).count();
    tokens_ = std::clamp(tokens_ + elapsed * kLinesPerSecond, tokens_, kBurst);
    refilled_ = std::max(refilled_, now);
    if (tokens_ < 1) {
        ++dropped_;
        return false;
    }
    tokens_ -= 1;
    dropped = std::exchange(dropped_, 0);
    return true;
}

void LogLimiter::log(std::uint32_t severity, std::string_view message, MonotonicTime now) {
    const auto level = to_level(severity);
    if (!log::is_enabled(level)) return;
    std::uint64_t dropped = 0;
    if (!take(now, dropped)) return;
    if (dropped != 0) log::warning("{}: {} lines were dropped, it logs too much", name_, dropped);
    log::message(level, "{}: {}", name_, message.substr(0, kMaxLine));
}

}  // namespace penstock::base
