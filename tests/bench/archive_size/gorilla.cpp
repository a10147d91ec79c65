#include "tests/bench/archive_size/gorilla.hpp"

#include <algorithm>
#include <bit>

namespace penstock::bench {

void Gorilla::add(std::int64_t ms, double value) noexcept {
    add_time(ms);
    add_value(std::bit_cast<std::uint64_t>(value));
    ++count_;
}

void Gorilla::add_time(std::int64_t ms) noexcept {
    if (count_ == 0) {
        bits_ += 64;
    } else if (count_ == 1) {
        bits_ += 14;
        delta_ = ms - last_;
    } else {
        const auto change = ms - last_ - delta_;
        delta_ = ms - last_;
        if (change == 0)
            bits_ += 1;
        else if (change >= -63 && change <= 64)
            bits_ += 2 + 7;
        else if (change >= -255 && change <= 256)
            bits_ += 3 + 9;
        else if (change >= -2047 && change <= 2048)
            bits_ += 4 + 12;
        else
            bits_ += 4 + 32;
    }
    last_ = ms;
}

void Gorilla::add_value(std::uint64_t word) noexcept {
    const auto changed = word ^ word_;
    word_ = word;
    if (count_ == 0) {
        bits_ += 64;
        return;
    }
    if (changed == 0) {
        bits_ += 1;
        return;
    }
    const int leading = std::min(std::countl_zero(changed), 31);
    const int trailing = std::countr_zero(changed);
    if (leading_ != 65 && leading >= leading_ && trailing >= trailing_) {
        bits_ += 2 + static_cast<std::uint64_t>(64 - leading_ - trailing_);
        return;
    }
    leading_ = leading;
    trailing_ = trailing;
    bits_ += 2 + 5 + 6 + static_cast<std::uint64_t>(64 - leading - trailing);
}

}  // namespace penstock::bench
