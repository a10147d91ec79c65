#include "signal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include <penstock/settings.hpp>

namespace penstock::simulation {
namespace {

struct KindWord {
    std::string_view word;
    SignalKind kind;
    std::string_view keys;  // each between blanks
};

constexpr std::array kKinds{
    KindWord{"sine", SignalKind::sine, " period low high phase type "},
    KindWord{"ramp", SignalKind::ramp, " period low high phase type "},
    KindWord{"step", SignalKind::step, " period low high duty phase type "},
    KindWord{"random_walk", SignalKind::random_walk, " every step low high type "},
    KindWord{"counter", SignalKind::counter, " every step type "},
    KindWord{"constant", SignalKind::constant, " type value "},
    KindWord{"memory", SignalKind::memory, " name type value "},
};

std::unexpected<Error> refused(std::string_view found, std::string_view wanted) {
    return fail(ErrorCode::invalid_argument,
                "found \"" + std::string(found.substr(0, 80)) + "\", wanted " + std::string(wanted));
}

Result<double> parse_number(std::string_view text) {
    const auto value = Value::parse(ValueType::float64, text);
    const auto* const number = value ? value->get_if<double>() : nullptr;
    if (number == nullptr || !std::isfinite(*number)) return refused(text, "a finite number");
    return *number;
}

Result<void> set_number(double& into, std::string_view text) {
    const auto number = parse_number(text);
    if (!number) return std::unexpected(number.error());
    into = *number;
    return {};
}

Result<void> set_share(double& into, std::string_view text) {
    const auto number = parse_number(text);
    if (!number) return std::unexpected(number.error());
    if (*number < 0 || *number > 1) return refused(text, "a number from 0 to 1");
    into = *number;
    return {};
}

Result<void> set_period(Duration& into, std::string_view text) {
    const auto period = parse_duration(text);
    if (!period) return std::unexpected(period.error());
    if (*period < std::chrono::milliseconds(1)) return refused(text, "a duration of at least 1ms");
    into = *period;
    return {};
}

Result<void> set_type(ValueType& into, std::string_view text) {
    into = parse_value_type(text);
    if (into == ValueType::none) return refused(text, "a type: bool, int, uint, double, string or one of these with []");
    return {};
}

// One key=value. `value_text` is kept until the type is known.
Result<void> set_key(Signal& signal, std::string_view key, std::string_view text, std::string_view& value_text) {
    if (key == "period" || key == "every") return set_period(signal.period, text);
    if (key == "low") return set_number(signal.low, text);
    if (key == "high") return set_number(signal.high, text);
    if (key == "step") return set_number(signal.step, text);
    if (key == "phase") return set_share(signal.phase, text);
    if (key == "duty") return set_share(signal.duty, text);
    if (key == "type") return set_type(signal.type, text);
    if (key == "name") signal.own->cell = text;
    if (key == "value") value_text = text;
    return {};
}

Result<void> set_keys(Signal& signal, const KindWord& kind, std::string_view rest, std::string_view& value_text) {
    while (!rest.empty()) {
        const auto equals = rest.find('=');
        const auto key = rest.substr(0, equals);
        const auto padded = " " + std::string(key) + " ";
        if (equals == std::string_view::npos || key.empty() || kind.keys.find(padded) == std::string_view::npos) {
            return refused(key, "one of:" + std::string(kind.keys) + "as in key=value");
        }
        rest.remove_prefix(equals + 1);
        const auto length = key == "value" ? rest.size() : std::min(rest.find(','), rest.size());
        auto set = set_key(signal, key, rest.substr(0, length), value_text);
        if (!set) return set;
        rest.remove_prefix(std::min(rest.size(), length + 1));
    }
    return {};
}

bool holds_value(SignalKind kind) { return kind == SignalKind::constant || kind == SignalKind::memory; }
bool has_state(SignalKind kind) { return kind == SignalKind::memory || kind == SignalKind::random_walk; }

Result<void> check(Signal& signal, std::string_view value_text) {
    if (holds_value(signal.kind)) {
        const auto text = value_text.data() == nullptr && is_scalar_word(signal.type) ? std::string_view("0") : value_text;
        auto value = Value::parse(signal.type, text);
        if (!value) return std::unexpected(value.error());
        signal.own->value = *std::move(value);
        return {};
    }
    if (!is_scalar_word(signal.type)) return refused(to_string(signal.type), "one of the types double, int, uint and bool");
    if (signal.low > signal.high) return refused("low=" + Value(signal.low).text(), "low to be at most high");
    return {};
}

// Evenly distributed bits (SplitMix64).
std::uint64_t next_random(std::uint64_t& state) noexcept {
    auto z = state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

// From 0 to 1, without 1.
double next_share(std::uint64_t& state) noexcept { return static_cast<double>(next_random(state) >> 11U) * 0x1p-53; }

}  // namespace

double Signal::at(UtcTime time) const noexcept {
    const auto into_period = static_cast<double>(to_ns(time) % period.count()) / static_cast<double>(period.count());
    const auto place = std::fmod(into_period + phase, 1.0);
    switch (kind) {
        case SignalKind::sine: return low + (high - low) * (0.5 + 0.5 * std::sin(2 * std::numbers::pi * place));
        case SignalKind::ramp: return low + (high - low) * place;
        case SignalKind::step: return place < duty ? high : low;
        default: return low;
    }
}

Result<Signal> parse_signal(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto word = text.substr(0, colon);
    const auto* const kind = std::ranges::find(kKinds, word, &KindWord::word);
    if (kind == kKinds.end()) {
        return refused(text, "sine, ramp, step, random_walk, counter, constant or memory, then a colon and parameters");
    }
    Signal signal;
    signal.kind = kind->kind;
    if (holds_value(signal.kind) || has_state(signal.kind)) signal.own = std::make_unique<Signal::Own>();
    if (has_state(signal.kind)) signal.own->cell = text;
    if (kind->kind == SignalKind::counter) signal.type = ValueType::uint64;
    if (kind->kind == SignalKind::step) signal.high = 1;
    std::string_view value_text;
    const auto rest = text.substr(std::min(text.size(), colon + 1));
    auto set = set_keys(signal, *kind, rest, value_text);
    if (set) set = check(signal, value_text);
    if (!set) return std::unexpected(std::move(set).error());
    return signal;
}

double Walk::advance(const Signal& signal, std::uint64_t steps) noexcept {
    constexpr std::uint64_t most = 10'000'000;
    if (!is_begun_) value_ = signal.low + (signal.high - signal.low) * next_share(random_);
    is_begun_ = true;
    const auto missing = steps > done_ ? std::min(steps - done_, most) : 0;
    for (std::uint64_t i = 0; i < missing; ++i) {
        value_ += signal.step * (2 * next_share(random_) - 1);
        value_ = std::clamp(value_, signal.low, signal.high);
    }
    done_ = std::max(done_, steps);
    return value_;
}

}  // namespace penstock::simulation
