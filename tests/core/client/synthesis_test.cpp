// What a pattern sounds like, told from its samples.
#include "core/client/synthesis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

namespace penstock::client {
namespace {

using Samples = std::vector<std::int16_t>;

Samples synthesized(std::string_view pattern, unsigned rate = 48'000) {
    return synthesize(base::parse_sound_pattern(pattern).value(), rate);
}

// Of a tone, by the times it goes from below zero to zero or above.
double hertz_of(std::span<const std::int16_t> samples, unsigned rate) {
    double first = -1, last = -1;
    unsigned crossings = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        if (samples[i - 1] >= 0 || samples[i] < 0) continue;
        const double before = -samples[i - 1], after = samples[i];
        last = static_cast<double>(i) - after / (before + after);
        if (crossings++ == 0) first = last;
    }
    return crossings < 2 ? 0 : (crossings - 1) * rate / (last - first);
}

int loudest(std::span<const std::int16_t> samples) {
    int most = 0;
    for (const auto sample : samples) most = std::max(most, std::abs(static_cast<int>(sample)));
    return most;
}

TEST(Synthesis, HasTheFrequencyThatIsWritten) {
    for (const auto rate : {44'100U, 48'000U})
        for (const auto hertz : {20U, 440U, 880U, 3'000U, 15'000U}) {
            const auto samples = synthesize(std::vector<base::Tone>{{hertz, 1s}}, rate);
            EXPECT_NEAR(hertz_of(samples, rate), hertz, hertz * 2e-4) << rate;
        }
}

TEST(Synthesis, LastsAsLongAsIsWrittenToTheSample) {
    EXPECT_EQ(synthesized("880:200 0:100 880:200").size(), 24'000U);
    EXPECT_EQ(synthesized("880:1", 44'100).size(), 44U);
    EXPECT_EQ(synthesized("880:1 880:1 880:1 880:1 880:1 880:1 880:1 880:1 880:1 880:1", 44'100).size(), 441U)
        << "what is rounded does not add up";
    EXPECT_TRUE(synthesized("").empty());
}

TEST(Synthesis, HasEachToneInItsPlaceAndSilenceBetween) {
    const auto samples = synthesized("880:200 0:100 440:300");
    const auto part = [&](std::size_t from_ms, std::size_t to_ms) {
        return std::span(samples).subspan(from_ms * 48, (to_ms - from_ms) * 48);
    };
    EXPECT_NEAR(hertz_of(part(0, 200), 48'000), 880, 1);
    EXPECT_EQ(loudest(part(200, 300)), 0);
    EXPECT_NEAR(hertz_of(part(300, 600), 48'000), 440, 1);
}

TEST(Synthesis, ComesAndGoesWithoutAClick) {
    const auto samples = synthesized("440:100");
    EXPECT_EQ(samples.front(), 0);
    EXPECT_EQ(samples.back(), 0);
    const auto ms = [&](std::size_t from, std::size_t to) {
        return loudest(std::span(samples).subspan(from * 48, (to - from) * 48));
    };
    const auto full = static_cast<int>(std::lround(kLoudness * 32'767));
    EXPECT_NEAR(ms(20, 80), full, 2);
    EXPECT_LT(ms(0, 1), full / 8) << "the ramp lasts 5 ms";
    EXPECT_LT(ms(99, 100), full / 8);
    // No step is higher than those of the full tone itself.
    const double steepest = kLoudness * 32'767 * 2 * std::sin(3.14159265358979 * 440 / 48'000);
    for (std::size_t i = 1; i < samples.size(); ++i) EXPECT_LE(std::abs(samples[i] - samples[i - 1]), steepest + 2) << i;
}

TEST(Synthesis, OfAToneShorterThanItsRampsIsStillWithoutAClick) {
    const auto samples = synthesized("1000:2");
    EXPECT_EQ(samples.front(), 0);
    EXPECT_EQ(samples.back(), 0);
    EXPECT_GT(loudest(samples), 1'000);
}

TEST(Synthesis, NeverSoundsLikeSomethingElseWhereTheCardIsTooSlow) {
    EXPECT_EQ(loudest(synthesized("15000:50", 22'050)), 0) << "folded back it would be heard as 7050 Hz";
}

}  // namespace
}  // namespace penstock::client
