#pragma once

// A wall clock that somebody keeps setting, beside a monotonic one that nobody can (row D12).

#include <array>
#include <chrono>
#include <cstdint>
#include <random>

#include <penstock/time.hpp>

namespace penstock::testing {

class DisturbedWall {
public:
    // Not disturbed: both go on alike, and nothing is set.
    DisturbedWall(std::uint32_t seed, bool is_disturbed, UtcTime utc)
        : random_(seed), is_disturbed_(is_disturbed), now_{utc, monotonic_from_ns(1'000'000'000)} {}

    void advance(Duration by) {
        now_.monotonic += by;
        now_.utc += by;
        if (!is_disturbed_) return;
        now_.utc += by / 2000;  // 500 ppm
        if (random_() % 4 == 0) set(disturbed());
    }
    [[nodiscard]] Now now() const noexcept { return now_; }
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }  // of more than 100 ms

private:
    static constexpr Duration kHour = std::chrono::hours(1), kDay = 24 * kHour, kYear = 365 * kDay;

    [[nodiscard]] static UtcTime at_second(std::int64_t second) noexcept { return utc_from_ns(second * 1'000'000'000); }
    [[nodiscard]] UtcTime disturbed() {
        static constexpr std::array<Duration, 5> kSteps{1s, kHour, kDay, 10 * kYear, Duration(1s)};
        static constexpr std::array<std::int64_t, 4> kPlaces{
            0, 2'147'483'647, 4'294'967'295, 1'483'228'799};  // 1970; ends of 31 and 32 bits: 2038, 2106; before a leap second
        if (random_() % 3 == 0) return at_second(kPlaces[random_() % kPlaces.size()]);
        const auto step = kSteps[random_() % kSteps.size()];
        // Far from the ends of time, so that a long history does not run off them.
        const bool is_late = now_.utc > at_second(6'000'000'000);
        return random_() % 2 == 0 || is_late ? now_.utc - step : now_.utc + step;
    }
    void set(UtcTime utc) {
        if (std::chrono::abs(utc - now_.utc) < 1s) return;  // else with the drift it may be too small to be seen
        now_.utc = utc;
        ++steps_;
    }

    std::mt19937 random_;
    bool is_disturbed_;
    Now now_;
    std::uint64_t steps_ = 0;
};

}  // namespace penstock::testing
