#include "apps/cli/text.hpp"

#include <algorithm>
#include <cstdio>

#include "core/base/log.hpp"
#include "core/base/readable.hpp"
#include "core/wire/json_text.hpp"
#include "core/wire/time_text.hpp"

namespace penstock::cli {
namespace {

// Characters, as far as a terminal's columns go: continuation bytes of UTF-8 take none.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string with_unit(std::string_view number, std::string_view unit) {
    return printable(number) + (unit.empty() ? "" : ' ' + printable(unit));
}

}  // namespace

std::string printable(std::string_view text) { return base::log::escaped(text); }

std::string value_text(const Value& value, std::string_view unit) {
    return value.has_value() ? with_unit(value.text(), unit) : "-";
}

std::string readable_text(const Value& value, std::string_view unit) {
    return value.has_value() ? with_unit(base::readable(value), unit) : "-";
}

std::string quality_text(QualityCode quality, std::string_view cause) {
    std::string text(to_string(level(quality)));
    if (!cause.empty()) text += ": " + printable(cause);
    return text;
}

std::string time_text(UtcTime time) { return time == UtcTime() ? "-" : wire::utc_text(time); }

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
    }
    std::string text;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - columns(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void print_line(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

std::string json_of(const TagValue& value) { return wire::json_line(wire::to_json(value)); }

}  // namespace penstock::cli
