#include "apps/cli/history_output.hpp"

#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "core/base/readable.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {

std::string exact_time_text(std::int64_t ns) {
    auto text = wire::utc_text(utc_from_ns(ns));
    const auto finer = ((ns % 1'000'000) + 1'000'000) % 1'000'000;
    if (finer == 0) return text;
    auto digits = std::to_string(1'000'000 + finer).substr(1);
    if (digits.ends_with("000")) digits.resize(3);
    return text.insert(text.size() - 1, digits);
}

std::string csv_field(std::string_view text) {
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string csv_rows(const SampleColumns& rows) {
    std::string text;
    text.reserve(rows.size() * 48);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        text += exact_time_text(rows.time[row]);
        text += ',';
        if (const auto value = rows.value(row); value.has_value()) text += csv_field(value.text());
        text += ',';
        text += to_string(level(rows.quality(row)));
        text += ',';
        if (const auto cause = rows.cause(row); !cause.empty()) text += csv_field(cause);
        text += "\r\n";
    }
    return text;
}

std::string json_row(const SampleColumns& rows, std::size_t row) {
    auto json = wire::Json::object();
    json["time"] = exact_time_text(rows.time[row]);
    json["value"] = wire::to_json(rows.value(row));
    json["quality"] = to_string(level(rows.quality(row)));
    json["cause"] = rows.cause(row);
    return wire::json_line(json);
}

std::string HistoryTable::text(const HistoryReply& page) {
    Table table;
    const auto& rows = page.rows;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (is_raw_ && is_bad(rows.quality(row))) {
            if (gap_ && gap_->cause == rows.cause(row)) continue;  // the same gap goes on
            if (gap_) table.row({exact_time_text(gap_->time), "-", gap_text(*gap_, rows.time[row], false)});
            gap_ = Gap{rows.time[row], std::string(rows.cause(row))};
            continue;
        }
        if (gap_) table.row({exact_time_text(gap_->time), "-", gap_text(*gap_, rows.time[row], false)});
        gap_.reset();
        table.row({exact_time_text(rows.time[row]), value_text(rows.value(row), page.unit),
                   quality_text(rows.quality(row), rows.cause(row))});
    }
    return table.text();
}

std::string HistoryTable::finish(UtcTime until) {
    if (!gap_) return {};
    Table table;
    table.row({exact_time_text(gap_->time), "-", gap_text(*gap_, to_ns(until), true)});
    gap_.reset();
    return table.text();
}

std::string HistoryTable::gap_text(const Gap& gap, std::int64_t until, bool goes_on) const {
    auto text = "gap of " + base::readable(Duration(until - gap.time));
    if (goes_on) text += ", up to the end";
    if (!gap.cause.empty()) text += ": " + printable(gap.cause);
    return text;
}

}  // namespace penstock::cli
