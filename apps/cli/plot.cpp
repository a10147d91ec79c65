#include "apps/cli/plot.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "apps/cli/history_output.hpp"
#include "apps/cli/text.hpp"

namespace penstock::cli {
namespace {

constexpr unsigned kLabelColumns = 11;  // with the blank behind it
constexpr unsigned kDotsDown = 4;       // of one braille character; two across

struct Scale {
    double low = 0, high = 1, step = 1;
};

// The next of 1, 2, 5 times a power of ten.
double nice_step(double rough) {
    const auto power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double digit : {1.0, 2.0, 5.0})
        if (digit * power >= rough) return digit * power;
    return 10 * power;
}

Scale scale_of(const TrendLine& line) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i = 0; i < line.minimum.size(); ++i) {
        if (std::isfinite(line.minimum[i])) low = std::min(low, line.minimum[i]);
        if (std::isfinite(line.maximum[i])) high = std::max(high, line.maximum[i]);
    }
    if (low > high) return {};
    // A constant gets a field around it, or it would lie on an axis.
    const auto span = high > low ? high - low : std::max(std::abs(high) * 0.1, 1e-9);
    if (high <= low) {
        low -= span / 2;
        high += span / 2;
    }
    Scale scale;
    scale.step = nice_step(span / 4);
    scale.low = std::floor(low / scale.step) * scale.step;
    scale.high = std::ceil(high / scale.step) * scale.step;
    return scale;
}

std::string number_text(double number, double step) {
    char text[32];
    const auto decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step))), 0, 6);
    if (std::abs(number) < step / 1e6) number = 0;
    auto size = std::snprintf(text, sizeof text, "%.*f", decimals, number);
    if (size > static_cast<int>(kLabelColumns) - 1) size = std::snprintf(text, sizeof text, "%.4g", number);
    return std::string(text, static_cast<std::size_t>(size));
}

// A field of dots, row 0 on top. `gap` marks columns without a value.
class Dots {
public:
    Dots(const TrendLine& line, const Scale& scale, unsigned columns, unsigned rows)
        : columns_(columns), rows_(rows), dots_(std::size_t{columns} * rows), gap_(columns, true) {
        int above = -1, below = -1;  // where the column before ended
        for (unsigned x = 0; x < columns && x < line.minimum.size(); ++x) {
            if (!std::isfinite(line.minimum[x]) || !std::isfinite(line.maximum[x])) {
                above = below = -1;
                continue;
            }
            gap_[x] = false;
            auto top = row_of(line.maximum[x], scale), bottom = row_of(line.minimum[x], scale);
            const auto own_top = top, own_bottom = bottom;
            if (above >= 0 && above > bottom) bottom = above;
            if (above >= 0 && below < top) top = below;
            for (auto y = top; y <= bottom; ++y) dots_[static_cast<std::size_t>(y) * columns_ + x] = true;
            above = own_top;
            below = own_bottom;
        }
    }

    [[nodiscard]] bool at(unsigned x, unsigned y) const { return dots_[std::size_t{y} * columns_ + x]; }
    [[nodiscard]] bool is_gap(unsigned x) const { return gap_[x]; }

private:
    int row_of(double value, const Scale& scale) const {
        const auto part = (scale.high - value) / (scale.high - scale.low);
        return std::clamp(static_cast<int>(std::lround(part * (rows_ - 1))), 0, static_cast<int>(rows_) - 1);
    }

    unsigned columns_, rows_;
    std::vector<bool> dots_, gap_;
};

// U+2800 + pattern: bits 0-2 and 6 the left dots downwards, 3-5 and 7 the right ones.
std::string braille(const Dots& dots, unsigned column, unsigned row) {
    static constexpr unsigned kBits[2][kDotsDown] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};
    unsigned pattern = 0;
    for (unsigned x = 0; x < 2; ++x)
        for (unsigned y = 0; y < kDotsDown; ++y)
            if (dots.at(column * 2 + x, row * kDotsDown + y)) pattern |= kBits[x][y];
    if (pattern == 0) return dots.is_gap(column * 2) && dots.is_gap(column * 2 + 1) ? "░" : " ";
    return {static_cast<char>(0xE2), static_cast<char>(0xA0 | (pattern >> 6U)), static_cast<char>(0x80 | (pattern & 0x3FU))};
}

std::string plain(const Dots& dots, unsigned column, unsigned row) {
    if (dots.at(column, row)) return "#";
    return dots.is_gap(column) ? ":" : " ";
}

unsigned field_columns(const PlotArea& area) { return std::max(area.columns, 40U) - kLabelColumns - 1; }

// Times under the field: where it begins and where it ends.
std::string time_axis(const PlotArea& area, unsigned columns) {
    const auto from = exact_time_text(to_ns(area.from)).substr(0, 19), to = exact_time_text(to_ns(area.to)).substr(0, 19);
    const std::string indent(kLabelColumns + 1, ' ');
    if (columns < from.size() + to.size() + 2) return indent + from + " to\n" + indent + to + " UTC\n";
    return indent + from + std::string(columns - from.size() - to.size(), ' ') + to + " UTC\n";
}

}  // namespace

std::uint32_t trend_columns(const PlotArea& area) { return field_columns(area) * (area.is_utf8 ? 2 : 1); }

std::string plot_text(const TrendLine& line, const PlotArea& area) {
    const bool is_empty = std::ranges::none_of(line.minimum, [](double v) { return std::isfinite(v); });
    if (is_empty) return printable(line.tag) + ": no good value in this time\n";
    const auto columns = field_columns(area), rows = std::max(area.rows, 4U);
    const auto scale = scale_of(line);
    const Dots dots(line, scale, trend_columns(area), rows * (area.is_utf8 ? kDotsDown : 1));

    auto text = printable(line.tag) + (line.unit.empty() ? "" : " in " + printable(line.unit)) + '\n';
    const auto ticks = static_cast<unsigned>(std::lround((scale.high - scale.low) / scale.step));
    std::vector<std::string> labels(rows);
    for (unsigned tick = 0; tick <= ticks; ++tick) {
        const auto row = static_cast<std::size_t>(std::lround(static_cast<double>(tick) / ticks * (rows - 1)));
        labels[row] = number_text(scale.high - tick * scale.step, scale.step);
    }
    for (unsigned row = 0; row < rows; ++row) {
        const auto& label = labels[row];
        text += std::string(kLabelColumns - 1 - std::min<std::size_t>(label.size(), kLabelColumns - 1), ' ') + label + ' ';
        text += area.is_utf8 ? (label.empty() ? "│" : "┤") : (label.empty() ? "|" : "+");
        for (unsigned column = 0; column < columns; ++column)
            text += area.is_utf8 ? braille(dots, column, row) : plain(dots, column, row);
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    text += std::string(kLabelColumns, ' ') + (area.is_utf8 ? "└" : "+");
    for (unsigned column = 0; column < columns; ++column) text += area.is_utf8 ? "─" : "-";
    return text + '\n' + time_axis(area, columns);
}

PlotArea terminal_area() {
    PlotArea area;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        area.columns = size.ws_col;
        area.rows = std::clamp<unsigned>(size.ws_row > 6 ? size.ws_row - 6U : 16U, 4, 24);
    } else if (const char* columns = std::getenv("COLUMNS"); columns != nullptr && std::atoi(columns) > 0) {
        area.columns = static_cast<unsigned>(std::min(std::atoi(columns), 1000));
    }
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        std::string codeset(value);
        std::ranges::transform(codeset, codeset.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        area.is_utf8 = codeset.find("utf-8") != std::string::npos || codeset.find("utf8") != std::string::npos;
        return area;
    }
    area.is_utf8 = false;
    return area;
}

}  // namespace penstock::cli
