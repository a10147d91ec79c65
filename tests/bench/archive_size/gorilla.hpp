#pragma once

// The codec of Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database" (VLDB 2015), 4.1: delta-of-delta times
// (here in ms) and XOR of doubles. Integers and bools are doubles to it; it knows no qualities.

#include <cstdint>

namespace penstock::bench {

// Counts the bits of one series; it is only its size that is wanted.
class Gorilla {
public:
    void add(std::int64_t ms, double value) noexcept;
    [[nodiscard]] std::uint64_t bits() const noexcept { return bits_; }

private:
    void add_time(std::int64_t ms) noexcept;
    void add_value(std::uint64_t word) noexcept;

    std::uint64_t bits_ = 0;
    std::uint64_t count_ = 0;
    std::int64_t last_ = 0, delta_ = 0;
    std::uint64_t word_ = 0;
    int leading_ = 65, trailing_ = 0;  // of the window in use; 65: none yet
};

}  // namespace penstock::bench
