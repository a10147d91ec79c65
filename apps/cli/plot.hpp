#pragma once

// A trend as characters: one column of braille dots (or of '#') per column of the trend, from its minimum to its maximum and
// joined to the one before, so that no extreme is lost. Where there was no good value the field is shaded, never bridged.

#include <string>

#include <penstock/history_operations.hpp>

namespace penstock::cli {

struct PlotArea {
    unsigned columns = 80;  // characters of the terminal; at least 40 are used
    unsigned rows = 16;     // characters of the field, at least 4
    bool is_utf8 = true;
    UtcTime from, to;
};

// How many columns to ask the server for.
[[nodiscard]] std::uint32_t trend_columns(const PlotArea& area);
// Lines for the terminal, with axes. A trend without any value is one sentence.
[[nodiscard]] std::string plot_text(const TrendLine& line, const PlotArea& area);

// The terminal's: its width, and whether it shows UTF-8 (by LC_ALL, LC_CTYPE, LANG). 80 columns where there is none.
[[nodiscard]] PlotArea terminal_area();

}  // namespace penstock::cli
