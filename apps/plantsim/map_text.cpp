#include "apps/plantsim/map_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "apps/plantsim/point_table.hpp"

namespace penstock::plantsim {
namespace {

std::string number(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    return {text.data(), end};
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

const char* access(const Point& point) { return point.is_writable() ? "read_write" : "read"; }

// Columns on a terminal; a continuation byte of UTF-8 takes none.
std::size_t columns(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string range(const Point& point) {
    if (point.type == "bool") return "0 | 1";
    std::string text = number(point.low) + " .. " + number(point.high);
    if (point.is_scaled()) text += " from " + number(point.raw_low) + " .. " + number(point.raw_high);
    return text;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
    }
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i];
            if (i + 1 < row.size()) text.append(widths[i] - columns(row[i]) + 2, ' ');
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string map_table() {
    std::vector<std::vector<std::string>> rows{{"address", "tag", "type", "unit", "range", "access", "meaning"}};
    for (const Point& p : point_table()) {
        rows.push_back({p.address_text(), p.name, p.type, p.unit, range(p), access(p), p.description});
    }
    return aligned(rows);
}

std::string map_csv() {
    std::string text = "name,address,type,unit,access,low,high,raw_low,raw_high,area,scan_class,description\n";
    for (const Point& p : point_table()) {
        const std::array fields{p.name,         p.address_text(),       p.type,
                                p.unit,         std::string(access(p)), number(p.low),
                                number(p.high), number(p.raw_low),      number(p.raw_high),
                                p.area,         p.scan_class,           quoted(p.description)};
        for (std::size_t i = 0; i < fields.size(); ++i) text += (i == 0 ? "" : ",") + fields[i];
        text += '\n';
    }
    return text;
}

}  // namespace penstock::plantsim
