#include "core/base/readable.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace penstock::base {
namespace {

constexpr int kDigits = 4;
constexpr int kLeast = -8, kMost = 15;  // digits before the point

std::string readable(double number) {
    const auto before_point = static_cast<int>(std::floor(std::log10(std::abs(number)))) + 1;
    if (before_point < kLeast || before_point > kMost) return Value(number).text();
    std::array<char, 64> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed,
                                       std::max(kDigits - before_point, 0));
    std::string_view text(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
    if (text.contains('.')) {
        text = text.substr(0, text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.remove_suffix(1);
    }
    return std::string(text);
}

}  // namespace

std::string readable(const Value& value) {
    const auto* number = value.get_if<double>();
    if (number == nullptr || !std::isfinite(*number) || *number == 0) return value.text();
    return readable(*number);
}

std::string readable(Duration duration) {
    struct Unit {
        std::int64_t ns;
        std::string_view word;
    };
    static constexpr Unit kUnits[] = {{86'400'000'000'000, " d"},
                                      {3'600'000'000'000, " h"},
                                      {60'000'000'000, " min"},
                                      {1'000'000'000, " s"},
                                      {1'000'000, " ms"}};
    auto rest = duration.count();
    if (rest < 0) return '-' + readable(-duration);
    if (rest < 1'000'000) return rest == 0 ? "0 s" : "less than 1 ms";
    for (std::size_t i = 0; i < std::size(kUnits); ++i) {
        const auto& unit = kUnits[i];
        if (rest < unit.ns) continue;
        auto text = std::to_string(rest / unit.ns) + std::string(unit.word);
        rest %= unit.ns;
        // Milliseconds beside seconds only where they are a large part.
        const bool has_second = i + 1 < std::size(kUnits) && (i != 3 || duration < std::chrono::seconds(10));
        if (has_second && rest >= kUnits[i + 1].ns)
            text += ' ' + std::to_string(rest / kUnits[i + 1].ns) + std::string(kUnits[i + 1].word);
        return text;
    }
    return {};
}

std::string in_words(std::string_view name) {
    std::string words(name);
    std::ranges::replace(words, '_', ' ');
    return words;
}

}  // namespace penstock::base
