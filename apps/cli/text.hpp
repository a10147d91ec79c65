#pragma once

// How values, times and tables look on a terminal.

#include <string>
#include <string_view>
#include <vector>

#include <penstock/operations.hpp>

namespace penstock::cli {

// Text for a terminal: control characters as \xNN, so that a value cannot move the cursor.
[[nodiscard]] std::string printable(std::string_view text);

// "21.5 bar", "true", "-" for no value. Exact: read back it is the same value.
[[nodiscard]] std::string value_text(const Value& value, std::string_view unit);
// For those who follow it with the eye: of measurements four digits.
[[nodiscard]] std::string readable_text(const Value& value, std::string_view unit);
// "good", or the level and the cause: "bad: plc1 (127.0.0.1:1502): no answer within 1000 ms".
[[nodiscard]] std::string quality_text(QualityCode quality, std::string_view cause);
// "2026-03-01T12:00:00.123Z", "-" for none.
[[nodiscard]] std::string time_text(UtcTime time);

// Columns padded to their widest cell (by characters, not bytes), two blanks between; trailing blanks cut.
class Table {
public:
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

// Prints to standard output at once.
void print(std::string_view text);
void print_line(std::string_view text);

// {tag, value, quality, cause, time, unit}: the JSON of read and watch, one line.
[[nodiscard]] std::string json_of(const TagValue& value);

}  // namespace penstock::cli
