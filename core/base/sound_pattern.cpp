#include "core/base/sound_pattern.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace penstock::base {
namespace {

std::optional<unsigned> whole_number(std::string_view text, unsigned least, unsigned most) {
    unsigned number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < least || number > most) return std::nullopt;
    return number;
}

std::optional<Tone> parse_tone(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto hertz = text.substr(0, colon) == "0" ? std::optional(0U) : whole_number(text.substr(0, colon), 20, 20'000);
    const auto milliseconds = whole_number(text.substr(colon + 1), 1, 10'000);
    if (!hertz || !milliseconds) return std::nullopt;
    return Tone{*hertz, std::chrono::milliseconds(*milliseconds)};
}

}  // namespace

Result<std::vector<Tone>> parse_sound_pattern(std::string_view text) {
    std::vector<Tone> tones;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        const auto tone = parse_tone(word);
        if (!tone) {
            return fail(ErrorCode::invalid_argument,
                        '"' + std::string(word)
                            + "\" is no tone; wanted HERTZ:MILLISECONDS, 20 to 20000 hertz or 0 for a pause, 1 to 10000 ms, such as "
                              "\"880:200 0:100 880:200\"");
        }
        if (tones.size() == kMostTones) return fail(ErrorCode::invalid_argument, "the pattern has more than 64 tones");
        tones.push_back(*tone);
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    if (length_of(tones) > kLongestPattern) return fail(ErrorCode::invalid_argument, "the pattern is longer than 60 s");
    return tones;
}

Duration length_of(const std::vector<Tone>& tones) noexcept {
    Duration all{};
    for (const auto& tone : tones) all += tone.length;
    return all;
}

}  // namespace penstock::base
