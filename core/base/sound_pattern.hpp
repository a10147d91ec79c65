#pragma once

// What an alarm's priority sounds like: tones one after another, as a site writes them. "880:200 0:100 880:200".

#include <string_view>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

namespace penstock::base {

struct Tone {
    unsigned hertz = 0;  // 0: silence
    Duration length{};
    bool operator==(const Tone&) const = default;
};

inline constexpr std::size_t kMostTones = 64;
inline constexpr Duration kLongestPattern = std::chrono::seconds(60);  // a minute of samples is what a station keeps at most

// HERTZ:MILLISECONDS, with spaces between: 20 to 20000 hertz or 0, 1 to 10000 ms. "" has no tones. Error invalid_argument: what is
// wrong with which of them.
[[nodiscard]] Result<std::vector<Tone>> parse_sound_pattern(std::string_view text);
[[nodiscard]] Duration length_of(const std::vector<Tone>& tones) noexcept;

}  // namespace penstock::base
