#include "tests/bench/archive_size/signals.hpp"

namespace penstock::bench {

ValueType Signal::type() const noexcept {
    if (kind_ == SignalKind::counter) return ValueType::uint64;
    return kind_ == SignalKind::boolean ? ValueType::boolean : ValueType::float64;
}

std::uint64_t Signal::next_word() {
    switch (kind_) {
        case SignalKind::constant: return word_of(21.5);
        case SignalKind::counter: return static_cast<std::uint64_t>(row_);
        case SignalKind::walk:  // steps of up to 0.05 at a resolution of 0.01
            level_ += static_cast<std::int64_t>(random_() % 11) - 5;
            return word_of(static_cast<double>(level_) / 100);
        case SignalKind::noise: return word_of(std::uniform_real_distribution(0.0, 100.0)(random_));
        case SignalKind::boolean:
            if (random_() % 20 == 0) level_ ^= 1;
            return static_cast<std::uint64_t>(level_ & 1);
        case SignalKind::plateau:  // holds for about 10 s, then steps to another tenth
            if (random_() % 100 == 0) level_ = static_cast<std::int64_t>(random_() % 1000);
            return word_of(static_cast<double>(level_) / 10);
    }
    return 0;
}

Sample Signal::next() {
    constexpr std::int64_t kStart = 1'700'000'000'000;
    const auto jitter = static_cast<std::int64_t>(random_() % 5) - 2;
    const auto word = next_word();
    const auto status = random_() % 100 == 0 ? status_word(QualityCode::uncertain) : status_word(QualityCode::good);
    return {(kStart + row_++ * 100 + jitter) * 1'000'000, status, word};
}

}  // namespace penstock::bench
