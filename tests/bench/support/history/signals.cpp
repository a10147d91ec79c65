#include "tests/bench/support/history/signals.hpp"

namespace penstock::bench {

std::string_view to_string(SignalKind kind) noexcept {
    constexpr std::string_view words[] = {"constant", "counter", "walk", "noise", "bool", "plateau"};
    return words[static_cast<unsigned>(kind)];
}

Signal::Signal(SignalKind kind, std::uint32_t seed) : kind_(kind), random_(seed * 2'654'435'761U + 1) {
    if (kind == SignalKind::walk) state_ = 2'000 + static_cast<std::int64_t>(random_() % 1'000);
    if (kind == SignalKind::constant) state_ = static_cast<std::int64_t>(random_() % 1'000);
}

ValueType Signal::type(SignalKind kind) noexcept {
    if (kind == SignalKind::counter) return ValueType::uint64;
    return kind == SignalKind::boolean ? ValueType::boolean : ValueType::float64;
}

SignalSample Signal::next() {
    const auto jitter = static_cast<std::int64_t>(random_() % 5) - 2;
    const auto time = kSignalsBegin + ++second_ * 1'000'000'000 + jitter * 1'000'000;
    const auto quality = random_() % 100 == 0 ? QualityCode::uncertain : QualityCode::good;
    return {time, status_word(quality), next_word()};
}

std::uint64_t Signal::next_word() {
    switch (kind_) {
        case SignalKind::constant: return word_of(static_cast<double>(state_) / 8);
        case SignalKind::counter:
            state_ += static_cast<std::int64_t>(random_() % 10);
            return static_cast<std::uint64_t>(state_);
        case SignalKind::walk:
            state_ += static_cast<std::int64_t>(random_() % 11) - 5;
            return word_of(static_cast<double>(state_) * 0.01);
        case SignalKind::noise: return word_of(std::generate_canonical<double, 53>(random_) * 100);
        case SignalKind::boolean: state_ ^= random_() % 50 == 0 ? 1 : 0; return static_cast<std::uint64_t>(state_);
        case SignalKind::plateau:
            if (random_() % 100 == 0) state_ = static_cast<std::int64_t>(random_() % 8);
            return word_of(static_cast<double>(state_) * 12.5);
    }
    return 0;
}

}  // namespace penstock::bench
