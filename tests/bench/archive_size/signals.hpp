#pragma once

// The six signals of the memory's figures: sampled every 100 ms, times with a jitter of 2 ms either way at a resolution of 1 ms, one
// in a hundred uncertain.

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

#include <penstock/quality.hpp>
#include <penstock/value.hpp>

namespace penstock::bench {

enum class SignalKind : std::uint8_t { constant, counter, walk, noise, boolean, plateau };
inline constexpr std::array<std::string_view, 6> kSignalNames = {"constant", "counter", "walk", "noise", "bool", "plateau"};

struct Sample {
    std::int64_t time;
    StatusWord status;
    std::uint64_t word;
};

class Signal {
public:
    Signal(SignalKind kind, std::uint64_t seed) : random_(seed), kind_(kind) {}
    [[nodiscard]] ValueType type() const noexcept;
    [[nodiscard]] Sample next();

private:
    [[nodiscard]] std::uint64_t next_word();

    std::mt19937_64 random_;
    SignalKind kind_;
    std::int64_t row_ = 0;
    std::int64_t level_ = 5000;
};

}  // namespace penstock::bench
