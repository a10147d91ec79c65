#pragma once

// Tones as a loudspeaker wants them.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/sound_pattern.hpp"

namespace penstock::client {

inline constexpr Duration kRamp = std::chrono::milliseconds(5);  // in which a tone comes and goes: without it one hears clicks
inline constexpr double kLoudness = 0.7;  // of full scale; how loud that is, the loudspeaker decides

// One channel of 16 bits, `rate` samples a second (8,000 to 192,000). A pattern of so many milliseconds has exactly so many samples,
// rounded once at its end. What is beyond half the rate is silence.
[[nodiscard]] std::vector<std::int16_t> synthesize(std::span<const base::Tone> tones, unsigned rate);

}  // namespace penstock::client
