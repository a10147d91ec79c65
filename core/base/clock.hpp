#pragma once

// Where time comes from. The engine never reads a clock: it is handed a Now. Whoever makes that Now holds a Clock, so that
// tests hand in a manual one.

#include <atomic>
#include <cstdint>

#include <penstock/time.hpp>

namespace penstock::base {

class Clock {
public:
    virtual ~Clock() = default;
    // Both clocks at one moment; UTC cut to 1 ms (the last digits are noise that would triple the archive). [any-thread]
    [[nodiscard]] virtual Now now() const noexcept = 0;
};

// UTC with its noise cut off.
[[nodiscard]] constexpr UtcTime cut_to_milliseconds(UtcTime time) noexcept {
    return std::chrono::floor<std::chrono::milliseconds>(time);
}

// The machine's clocks: CLOCK_REALTIME and CLOCK_MONOTONIC.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Now now() const noexcept override;
};

// Stands still until it is moved. Both clocks move together; set_utc() lets UTC jump, as an operator's correction would.
class ManualClock final : public Clock {
public:
    explicit ManualClock(UtcTime utc = utc_from_ns(1'700'000'000'000'000'000),
                         MonotonicTime monotonic = monotonic_from_ns(1'000'000'000)) noexcept
        : utc_ns_(to_ns(utc)), monotonic_ns_(to_ns(monotonic)) {}

    [[nodiscard]] Now now() const noexcept override {
        return {cut_to_milliseconds(utc_from_ns(utc_ns_.load())), monotonic_from_ns(monotonic_ns_.load())};
    }
    void advance(Duration by) noexcept {
        utc_ns_.fetch_add(by.count());
        monotonic_ns_.fetch_add(by.count());
    }
    void set_utc(UtcTime utc) noexcept { utc_ns_.store(to_ns(utc)); }

private:
    std::atomic<std::int64_t> utc_ns_;
    std::atomic<std::int64_t> monotonic_ns_;
};

}  // namespace penstock::base
