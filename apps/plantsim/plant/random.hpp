// Random numbers that are the same on every machine. The distributions of the standard library are not: their
// algorithms are left to the implementation.
#pragma once

#include <cstdint>

namespace penstock::plantsim {

// splitmix64 with two distributions; small, fast and good enough for measurement noise.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    // Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // Mean 0, standard deviation 1, never beyond +-3.47: a sum of four uniforms (Irwin-Hall).
    double normal() {
        const double sum = uniform() + uniform() + uniform() + uniform();
        return (sum - 2.0) * 1.7320508075688772;  // sqrt(12 / 4)
    }

private:
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace penstock::plantsim
