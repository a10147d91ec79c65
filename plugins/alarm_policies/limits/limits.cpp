#include "limits.hpp"

#include <algorithm>
#include <cmath>

namespace penstock::limits {
namespace {

enum Parameter : std::size_t { kLowLow, kLow, kHigh, kHighHigh, kHysteresis };  // the outputs are the first four

// One value against its limits, one after another.
class Comparison final {
public:
    Comparison(double value, double hysteresis, std::uint8_t held)
        : value_(value), hysteresis_(hysteresis > 0 ? hysteresis : 0), held_(held) {}

    void below(Parameter number, double limit) {
        limit = given_or(limit, -kInfinity);
        if (!(value_ < limit + back(number))) return at_least(limit);
        holds_ |= bit(number);
        // What holds comes back behind the hysteresis, what does not begins at the limit.
        at_most(std::nextafter(limit + hysteresis_, -kInfinity));
    }
    void above(Parameter number, double limit) {
        limit = given_or(limit, kInfinity);
        if (!(value_ > limit - back(number))) return at_most(limit);
        holds_ |= bit(number);
        at_least(std::nextafter(limit - hysteresis_, kInfinity));
    }
    [[nodiscard]] std::uint8_t holds() const { return holds_; }
    [[nodiscard]] double quiet_low() const { return quiet_low_; }
    [[nodiscard]] double quiet_high() const { return quiet_high_; }

private:
    static std::uint8_t bit(Parameter number) { return static_cast<std::uint8_t>(1U << number); }
    [[nodiscard]] double back(Parameter number) const { return (held_ & bit(number)) != 0 ? hysteresis_ : 0; }
    void at_least(double low) { quiet_low_ = std::max(quiet_low_, low); }
    void at_most(double high) { quiet_high_ = std::min(quiet_high_, high); }

    double value_, hysteresis_;
    double quiet_low_ = -kInfinity, quiet_high_ = kInfinity;
    std::uint8_t held_, holds_ = 0;
};

}  // namespace

PolicyShape Limits::shape() const {
    return {.outputs = {"low_low", "low", "high", "high_high"},
            .parameters = {"low_low", "low", "high", "high_high", "hysteresis"},
            .wants_bad = false};
}

void Limits::evaluate(const PolicyInputs& in, PolicyVerdicts& out) {
    const auto low_low = in.parameter(kLowLow);
    const auto low = in.parameter(kLow);
    const auto high = in.parameter(kHigh);
    const auto high_high = in.parameter(kHighHigh);
    const auto hysteresis = in.parameter(kHysteresis);
    for (std::size_t row = 0; row < in.size(); ++row) {
        auto& held = holds_[in.point[row]];
        Comparison it(in.number[row], hysteresis[row], held);
        it.below(kLowLow, low_low[row]);
        it.below(kLow, low[row]);
        it.above(kHigh, high[row]);
        it.above(kHighHigh, high_high[row]);
        held = out.holds[row] = it.holds();
        out.stay_quiet(row, it.quiet_low(), it.quiet_high());
    }
}

std::string Limits::save(MonotonicTime) const { return {holds_.begin(), holds_.end()}; }

void Limits::restore(std::string_view state, MonotonicTime) {
    if (state.size() != holds_.size())
        throw LinkError(ErrorCode::protocol, "the state is of " + std::to_string(state.size()) + " points; there are "
                                                 + std::to_string(holds_.size()));
    std::ranges::transform(state, holds_.begin(), [](char byte) { return static_cast<std::uint8_t>(byte) & 0xFU; });
}

}  // namespace penstock::limits
