#pragma once

// The six signals that the benches of the plant's memory archive, the same ones for us and for the peers: deterministic from a
// seed, one sample a second with ±2 ms jitter at 1 ms resolution, 1 % of them uncertain.
//
//     bench::Signal signal(bench::SignalKind::walk, tag);
//     const auto sample = signal.next();

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

#include <penstock/quality.hpp>
#include <penstock/value.hpp>

namespace penstock::bench {

enum class SignalKind : std::uint8_t { constant, counter, walk, noise, boolean, plateau };
inline constexpr std::array kSignals{SignalKind::constant, SignalKind::counter, SignalKind::walk,
                                     SignalKind::noise,    SignalKind::boolean, SignalKind::plateau};
[[nodiscard]] std::string_view to_string(
    SignalKind kind) noexcept;  // "constant", "counter", "walk", "noise", "bool", "plateau"

struct SignalSample {
    std::int64_t time;  // ns UTC, whole milliseconds, never earlier than the one before
    StatusWord status;  // good, or uncertain without a cause
    std::uint64_t word;
};

inline constexpr std::int64_t kSignalsBegin = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z

class Signal {
public:
    // constant: a double. counter: uint64, grows by 0 to 9. walk: a double with 0.01 resolution, steps of -0.05 to 0.05.
    // noise: a double with random bits of the fraction. boolean: changes about every 50 samples. plateau: a double that keeps
    // one of few levels for about 100 samples.
    Signal(SignalKind kind, std::uint32_t seed);

    [[nodiscard]] static ValueType type(SignalKind kind) noexcept;
    // The resolution where the engine knows one (walk: 0.01), else 0: what a historian gets as SeriesInfo::step.
    [[nodiscard]] static double step(SignalKind kind) noexcept { return kind == SignalKind::walk ? 0.01 : 0; }
    [[nodiscard]] SignalSample next();

private:
    [[nodiscard]] std::uint64_t next_word();

    SignalKind kind_;
    std::minstd_rand random_;
    std::int64_t second_ = 0;
    std::int64_t state_ = 0;
};

}  // namespace penstock::bench
