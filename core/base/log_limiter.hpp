#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include <penstock/time.hpp>

namespace penstock::base {

// Log lines of one guest, so many and no more: a guest that floods costs the log little and is named. [any-thread]
class LogLimiter {
public:
    static constexpr double kLinesPerSecond = 10;
    static constexpr double kBurst = 50;

    explicit LogLimiter(std::string name) : name_(std::move(name)) {}

    // severity as in abi::HostIo::log; what is beyond is an error.
    void log(std::uint32_t severity, std::string_view message, MonotonicTime now);
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    // True if a line may be written now; `dropped` is how many were not since the last.
    bool take(MonotonicTime now, std::uint64_t& dropped);

    const std::string name_;
    std::mutex mutex_;  // guards what follows
    double tokens_ = kBurst;
    MonotonicTime refilled_{};
    std::uint64_t dropped_ = 0;
};

}  // namespace penstock::base
