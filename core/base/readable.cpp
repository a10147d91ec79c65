#include "core/base/readable.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
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

}  // namespace penstock::base
