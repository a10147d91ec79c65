#pragma once

// How history looks: a table for people, CSV and JSON for programs. Each is fed pages in order.

#include <optional>
#include <string>
#include <string_view>

#include <penstock/history_operations.hpp>

namespace penstock::cli {

// "2026-03-01T12:00:00.250Z", with as many more digits as the time has.
[[nodiscard]] std::string exact_time_text(std::int64_t ns);

// RFC 4180: quoted where it holds a comma, a quote or a line end. "" for a text that is there and empty.
[[nodiscard]] std::string csv_field(std::string_view text);

inline constexpr std::string_view kCsvHeader = "time,value,quality,cause\r\n";
// A line for each row. A bad sample has no value: its field is empty, while an empty string is "".
[[nodiscard]] std::string csv_rows(const SampleColumns& rows);

// {"time": ..., "value": ..., "quality": ..., "cause": ...} of one row.
[[nodiscard]] std::string json_row(const SampleColumns& rows, std::size_t row);

// Lines for people. A gap is told in words, with how long it took once the next sample is known; so text lags one gap behind, and
// finish() gives the rest.
class HistoryTable {
public:
    // Whether rows are samples or one an interval: an interval without data is no gap.
    explicit HistoryTable(bool is_raw) : is_raw_(is_raw) {}
    [[nodiscard]] std::string text(const HistoryReply& page);
    [[nodiscard]] std::string finish(UtcTime until);

private:
    struct Gap {
        std::int64_t time;
        std::string cause;
    };
    [[nodiscard]] std::string gap_text(const Gap& gap, std::int64_t until, bool goes_on) const;

    bool is_raw_;
    std::optional<Gap> gap_;
};

}  // namespace penstock::cli
