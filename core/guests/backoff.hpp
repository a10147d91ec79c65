#pragma once

#include <algorithm>
#include <cstdint>

#include <penstock/time.hpp>

namespace penstock::guests {

// Pauses between attempts: doubled from min to max, and of each a random half to whole. Reproducible from its seed.
class Backoff {
public:
    Backoff(Duration min, Duration max, std::uint64_t seed) noexcept
        : min_(std::max(min, Duration(1ms))), max_(std::max(max, min_)), next_(min_), random_(seed | 1U) {}

    [[nodiscard]] Duration next() noexcept {
        const auto whole = next_.count();
        next_ = std::min(max_, next_ * 2);
        return Duration(whole / 2 + static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(whole / 2 + 1)));
    }
    void reset() noexcept { next_ = min_; }

private:
    // xorshift64: spreading devices needs no better one.
    std::uint64_t draw() noexcept {
        random_ ^= random_ << 13U;
        random_ ^= random_ >> 7U;
        random_ ^= random_ << 17U;
        return random_;
    }
    Duration min_, max_, next_;
    std::uint64_t random_;
};

}  // namespace penstock::guests
