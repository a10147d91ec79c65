#include "apps/cli/plot.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/apps/cli/scripted_session.hpp"

namespace penstock::cli {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

PlotArea area(bool is_utf8, unsigned columns = 60, unsigned rows = 9) {
    PlotArea made;
    made.columns = columns;
    made.rows = rows;
    made.is_utf8 = is_utf8;
    made.from = testing::noon() - 1h;
    made.to = testing::noon();
    return made;
}

// A trend of as many columns as the area wants, each from `low(i)` to `high(i)`.
template <class Low, class High>
TrendLine trend(const PlotArea& area, Low low, High high) {
    TrendLine line;
    line.tag = "tank.level";
    line.unit = "m";
    for (std::uint32_t i = 0; i < trend_columns(area); ++i) {
        line.minimum.push_back(low(i));
        line.maximum.push_back(high(i));
    }
    return line;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::size_t characters(const std::string& line) {
    std::size_t count = 0;
    for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
    return count;
}

// The field alone: without title, labels and axes.
std::vector<std::string> field(const PlotArea& area, const TrendLine& line) {
    auto lines = lines_of(plot_text(line, area));
    std::vector<std::string> found;
    for (std::size_t i = 1; i <= area.rows; ++i) found.push_back(lines.at(i).size() > 12 ? lines[i].substr(12) : "");
    return found;
}

TEST(CliPlot, KeepsToTheWidthOfTheTerminal) {
    for (const bool is_utf8 : {false, true})
        for (const unsigned columns : {40U, 61U, 80U, 200U}) {
            const auto at = area(is_utf8, columns);
            const auto line =
                trend(at, [](auto i) { return std::sin(i / 9.0); }, [](auto i) { return std::sin(i / 9.0) + 0.1; });
            for (const auto& text : lines_of(plot_text(line, at))) EXPECT_LE(characters(text), columns + 4) << text;
        }
}

TEST(CliPlot, EveryColumnWithAValueHasADot) {
    const auto at = area(false);
    const auto rows = field(at, trend(at, [](auto i) { return i % 2 ? 5.0 : 0.0; }, [](auto i) { return i % 2 ? 5.0 : 0.0; }));
    for (std::uint32_t column = 0; column < trend_columns(at); ++column) {
        bool has_dot = false;
        for (const auto& row : rows) has_dot = has_dot || (column < row.size() && row[column] == '#');
        EXPECT_TRUE(has_dot) << column;
    }
}

TEST(CliPlot, AnExtremeOfOneColumnIsSeen) {
    const auto at = area(false);
    const auto rows = field(at, trend(at, [](auto) { return 1.0; }, [](auto i) { return i == 20 ? 9.0 : 1.0; }));
    EXPECT_NE(rows.at(1).find('#') == std::string::npos ? rows.at(0).find('#') : rows.at(1).find('#'), std::string::npos);
}

TEST(CliPlot, StepsAreJoined) {
    const auto at = area(false);
    const auto step = [](auto i) { return i < 20 ? 0.0 : 8.0; };
    const auto rows = field(at, trend(at, step, step));
    for (const auto& row : rows) {
        ASSERT_GT(row.size(), 20U);
        EXPECT_EQ(row[20], '#');
    }
}

TEST(CliPlot, AGapIsShadedAndNotBridged) {
    const auto at = area(false);
    const auto gap = [](auto i) { return i >= 10 && i < 14 ? kNan : 1.0 * i; };
    const auto rows = field(at, trend(at, gap, gap));
    for (const auto& row : rows)
        for (std::size_t column = 10; column < 14; ++column) EXPECT_EQ(row.at(column), ':');
    const auto wide = area(true);
    const auto twice = [](auto i) { return i >= 20 && i < 28 ? kNan : 1.0 * i; };
    EXPECT_NE(plot_text(trend(wide, twice, twice), wide).find("░░░░"), std::string::npos);
}

TEST(CliPlot, AxesSayWhatAndWhen) {
    const auto at = area(false, 80);
    const auto text = plot_text(trend(at, [](auto i) { return i / 100.0; }, [](auto i) { return i / 100.0; }), at);
    EXPECT_NE(text.find("tank.level in m"), std::string::npos);
    EXPECT_NE(text.find("2026-03-01T11:00:00"), std::string::npos);
    EXPECT_NE(text.find("2026-03-01T12:00:00 UTC"), std::string::npos);
    EXPECT_NE(text.find("0.8 +"), std::string::npos) << text;
}

TEST(CliPlot, WithoutUtf8ThereIsOnlyAscii) {
    const auto at = area(false);
    for (const char c :
         plot_text(trend(at, [](auto i) { return i < 5 ? kNan : 1.0; }, [](auto i) { return i < 5 ? kNan : 1.0; }), at))
        EXPECT_GT(c, 0);
}

TEST(CliPlot, AConstantIsALineInTheMiddle) {
    const auto at = area(false);
    const auto rows = field(at, trend(at, [](auto) { return 42.0; }, [](auto) { return 42.0; }));
    EXPECT_EQ(rows.front().find('#'), std::string::npos);
    EXPECT_EQ(rows.back().find('#'), std::string::npos);
}

TEST(CliPlot, WithoutAnyValueItIsASentence) {
    const auto at = area(true);
    EXPECT_EQ(plot_text(trend(
                            at, [](auto) { return kNan; }, [](auto) { return kNan; }),
                        at),
              "tank.level: no good value in this time\n");
}

TEST(CliPlot, InfinityDoesNotMoveTheScale) {
    const auto at = area(false);
    const auto text = plot_text(
        trend(at, [](auto) { return 0.0; }, [](auto i) { return i == 3 ? std::numeric_limits<double>::infinity() : 1.0; }), at);
    EXPECT_EQ(text.find("inf"), std::string::npos);
}

}  // namespace
}  // namespace penstock::cli
