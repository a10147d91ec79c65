#pragma once

// What an address of the simulation driver means: a kind of signal and its parameters.
//
//     sine:period=10s,low=0,high=100[,phase=0.25]       a full wave per period; phase in periods
//     ramp:period=10s,low=0,high=100[,phase=0]          rises from low to high, then starts again
//     step:period=10s,low=0,high=1[,duty=0.5,phase=0]   high for the first part of each period, then low
//     random_walk:every=1s,step=1,low=0,high=100        one random step up or down at a time, kept within the range
//     counter:every=1s[,step=1]                         counts since the device was started; type uint if not given
//     constant:value=5                                  never changes
//     memory:value=5[,name=pump1]                       holds what was written; equal names (or addresses) are one cell
//
// Each also takes type=double|int|uint|bool (constant and memory: any type). `value` comes last and takes the rest of the text.
// Durations are as in 250ms, 10s, 5m. Periodic signals follow UTC, so two servers show the same.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <penstock/result.hpp>
#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock::simulation {

enum class SignalKind : std::uint8_t { sine, ramp, step, random_walk, counter, constant, memory };

struct Signal {
    SignalKind kind = SignalKind::constant;
    ValueType type = ValueType::float64;
    Duration period = std::chrono::seconds(10);  // also of `every`
    double low = 0, high = 100;
    double phase = 0;  // in periods
    double duty = 0.5;
    double step = 1;
    // Only of kinds that need it, and apart: a site may have 100,000 waves.
    struct Own {
        Value value;  // constant; memory: what it holds at first
        std::string cell;  // memory: which one; random_walk: what tells it from the others
    };
    std::unique_ptr<Own> own;  // of constant, memory, random_walk; else null

    // True where the value follows from the time alone.
    [[nodiscard]] bool is_periodic() const noexcept { return kind <= SignalKind::step; }
    // Of a periodic signal.
    [[nodiscard]] double at(UtcTime time) const noexcept;
};

// Error invalid_argument: what was found and what was wanted.
[[nodiscard]] Result<Signal> parse_signal(std::string_view text);

// A position on a walk: steps are drawn one after the other, so that the same seed gives the same walk at any rate of polling.
class Walk {
public:
    explicit Walk(std::uint64_t seed) noexcept : random_(seed) {}
    // The value after `steps` steps in all. Not for a smaller number than before. At most 10,000,000 steps are made at once: a
    // longer pause is cut to so many.
    double advance(const Signal& signal, std::uint64_t steps) noexcept;

private:
    std::uint64_t random_;
    std::uint64_t done_ = 0;
    double value_ = 0;
    bool is_begun_ = false;
};

}  // namespace penstock::simulation
