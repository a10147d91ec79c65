#include "core/client/synthesis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace penstock::client {
namespace {

std::size_t samples_in(Duration time, unsigned rate) {
    return static_cast<std::size_t>(std::llround(std::chrono::duration<double>(time).count() * rate));
}

// How loud a sample is that has so many before it, or after it, in its tone: half a cosine, without an edge in its slope.
double loudness(std::size_t to_edge, std::size_t ramp) {
    if (to_edge >= ramp) return 1.0;
    return 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(to_edge) / static_cast<double>(ramp));
}

void sound(std::span<std::int16_t> into, unsigned hertz, unsigned rate) {
    const auto ramp = std::min(samples_in(kRamp, rate), into.size() / 2);
    const double step = 2.0 * std::numbers::pi * hertz / rate;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const auto loud = kLoudness * loudness(std::min(i, into.size() - 1 - i), ramp);
        into[i] = static_cast<std::int16_t>(std::lround(32'767.0 * loud * std::sin(step * static_cast<double>(i))));
    }
}

}  // namespace

std::vector<std::int16_t> synthesize(std::span<const base::Tone> tones, unsigned rate) {
    Duration end{};
    for (const auto& tone : tones) end += tone.length;
    std::vector<std::int16_t> samples(samples_in(end, rate));
    Duration begin{};
    for (const auto& tone : tones) {
        const auto from = samples_in(begin, rate);
        begin += tone.length;
        const auto to = samples_in(begin, rate);
        if (tone.hertz != 0 && 2 * tone.hertz < rate) sound(std::span(samples).subspan(from, to - from), tone.hertz, rate);
    }
    return samples;
}

}  // namespace penstock::client
