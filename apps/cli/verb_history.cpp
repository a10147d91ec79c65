#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <penstock/settings.hpp>

#include "apps/cli/history_output.hpp"
#include "apps/cli/paged_history.hpp"
#include "apps/cli/plot.hpp"
#include "apps/cli/text.hpp"
#include "apps/cli/times.hpp"
#include "apps/cli/verbs.hpp"
#include "core/base/clock.hpp"
#include "core/base/suggest.hpp"

namespace penstock::cli {
namespace {

constexpr auto kUsualRange = std::chrono::hours(1);

Error unknown_aggregate(const std::string& word) {
    std::vector<std::string> words;
    std::string all;
    for (auto number = 1; number <= static_cast<int>(Aggregate::standard_deviation); ++number) {
        words.emplace_back(to_string(static_cast<Aggregate>(number)));
        all += (number > 1 ? ", " : "") + words.back();
    }
    const auto hint = base::did_you_mean(word, words);
    return {ErrorCode::invalid_argument,
            "there is no aggregate \"" + printable(word) + "\"; " + (hint.empty() ? "there are " + all : hint)};
}

Result<HistoryRequest> request_of(const HistoryOptions& options, UtcTime now) {
    const auto range = parse_range(options.from, options.to, now, kUsualRange);
    if (!range) return std::unexpected(range.error());
    HistoryRequest request;
    request.tag = options.tag;
    request.from = range->from;
    request.to = range->to;
    request.historian = options.historian;
    if (options.aggregate.empty() && options.interval.empty()) return request;
    request.aggregate = options.aggregate.empty() ? Aggregate::average : parse_aggregate(options.aggregate);
    if (request.aggregate == Aggregate::none) return std::unexpected(unknown_aggregate(options.aggregate));
    if (options.interval.empty())
        return fail(ErrorCode::invalid_argument, "--aggregate wants an --interval, as in --interval 1m");
    const auto interval = parse_duration(options.interval);
    if (!interval) return fail(ErrorCode::invalid_argument, "--interval: " + interval.error().sentence());
    request.interval = *interval;
    return request;
}

// Where CSV goes: standard output, or a file that bears its name only when it is whole.
class CsvFile {
public:
    explicit CsvFile(std::string path) : path_(std::move(path)) {
        if (path_ != "-") stream_.open(path_ + ".part", std::ios::binary | std::ios::trunc);
    }
    ~CsvFile() {
        std::error_code ignored;
        if (path_ != "-" && !is_whole_ && was_open_) std::filesystem::remove(path_ + ".part", ignored);
    }
    Result<void> write(std::string_view text) {
        if (path_ == "-") {
            print(text);
            return {};
        }
        was_open_ = was_open_ || stream_.is_open();
        errno = 0;
        stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (!stream_) return cannot_write();
        return {};
    }
    std::unexpected<Error> cannot_write() const {
        return fail(ErrorCode::denied, std::string("cannot be written: ") + std::strerror(errno), path_ + ".part");
    }
    Result<void> finish() {
        if (path_ == "-") return {};
        stream_.close();
        if (!stream_) return cannot_write();
        std::error_code error;
        std::filesystem::rename(path_ + ".part", path_, error);
        if (error) return fail(ErrorCode::denied, error.message(), path_);
        is_whole_ = true;
        return {};
    }

private:
    std::string path_;
    std::ofstream stream_;
    bool was_open_ = false, is_whole_ = false;
};

// What a reader must know before trusting the rows. On standard error, so that rows stay rows.
void warn(const HistoryTotals& totals) {
    for (const auto& range : totals.incomplete) {
        // What happened a moment ago is on its way to the disk: "durable up to" says so.
        if (range.from >= totals.durable_until && range.to - range.from < 10s) continue;
        std::fprintf(stderr, "penstock: incomplete from %s to %s: %s\n", time_text(range.from).c_str(),
                     time_text(range.to).c_str(), printable(range.cause).c_str());
    }
    if (totals.is_cut) std::fprintf(stderr, "penstock: there are more rows; --limit ended this\n");
}

std::string durable_text(const HistoryTotals& totals) {
    auto text = "durable up to " + time_text(totals.durable_until);
    if (!totals.historian.empty()) text += ", in " + printable(totals.historian) + " up to " + time_text(totals.stored_until);
    return text;
}

Result<HistoryTotals> to_csv(Session& session, const HistoryRequest& request, const HistoryOptions& options) {
    CsvFile file(options.csv);
    bool has_header = false;  // only once there is an answer: a refusal leaves standard output empty
    auto totals = fetch_history(session, request, options.limit, [&](const HistoryReply& page) -> Result<void> {
        if (!has_header)
            if (auto written = file.write(kCsvHeader); !written) return written;
        has_header = true;
        return file.write(csv_rows(page.rows));
    });
    if (!totals) return totals;
    if (const auto finished = file.finish(); !finished) return std::unexpected(finished.error());
    return totals;
}

Result<HistoryTotals> to_json(Session& session, const HistoryRequest& request, const HistoryOptions& options) {
    std::string between = "[";
    auto totals = fetch_history(session, request, options.limit, [&](const HistoryReply& page) -> Result<void> {
        std::string text;
        for (std::size_t row = 0; row < page.rows.size(); ++row) {
            text += between + json_row(page.rows, row);
            between = ", ";
        }
        print(text);
        return {};
    });
    if (totals) print_line(between == "[" ? "[]" : "]");
    return totals;
}

// A tag that did not change has no samples in the range: what it was all the time stands before.
Result<std::string> nothing_text(Session& session, HistoryRequest request) {
    request.to = request.from;
    request.from = UtcTime::min();
    request.newest_first = true;
    request.limit = 1;
    const auto page = session.call_and_wait(request, kQueryTimeout);
    if (!page) return std::unexpected(page.error());
    const auto& rows = page->rows;
    if (rows.size() == 0) return "nothing archived in this time, nor before it";
    return "nothing archived in this time; the last before it: " + exact_time_text(rows.time[0]) + "  "
           + value_text(rows.value(0), page->unit) + "  " + quality_text(rows.quality(0), rows.cause(0));
}

Result<HistoryTotals> to_table(Session& session, const HistoryRequest& request, const HistoryOptions& options) {
    HistoryTable table(request.aggregate == Aggregate::none);
    auto totals = fetch_history(session, request, options.limit, [&](const HistoryReply& page) -> Result<void> {
        print(table.text(page));
        return {};
    });
    if (!totals) return totals;
    print(table.finish(std::min(request.to, totals->durable_until)));
    if (totals->rows == 0 && request.aggregate == Aggregate::none) {
        const auto text = nothing_text(session, request);
        if (!text) return std::unexpected(text.error());
        print_line(*text);
    }
    print_line(durable_text(*totals));
    return totals;
}

int plot(Session& session, const HistoryRequest& request) {
    auto area = terminal_area();
    area.from = request.from;
    area.to = request.to;
    TrendRequest trend;
    trend.tags = {request.tag};
    trend.from = request.from;
    trend.to = request.to;
    trend.columns = trend_columns(area);
    const auto reply = session.call_and_wait(std::move(trend), kQueryTimeout);
    if (!reply) return report(reply.error());
    if (reply->lines.size() != 1) return report(Error(ErrorCode::protocol, "the server answered with no trend"));
    const auto& line = reply->lines.front();
    if (line.code == ErrorCode::not_found) return report(Error(line.code, "there is no tag \"" + request.tag + '"'));
    if (line.code != ErrorCode{})
        return report(Error(line.code, "\"" + request.tag + "\" has no trend: only numbers and bool have one"));
    print(plot_text(line, area));
    HistoryTotals totals;
    totals.incomplete = line.incomplete;
    totals.durable_until = reply->durable_until;
    warn(totals);
    print_line(durable_text(totals));
    return kDone;
}

// What the command line asks for, or why it makes no sense.
Result<HistoryRequest> checked_request(const GlobalOptions& global, const HistoryOptions& options, UtcTime now) {
    auto request = request_of(options, now);
    if (!request) return request;
    const int forms = (global.json ? 1 : 0) + (options.csv.empty() ? 0 : 1) + (options.plot ? 1 : 0);
    if (forms > 1) return fail(ErrorCode::invalid_argument, "--json, --csv and --plot exclude each other");
    if (options.plot && request->aggregate != Aggregate::none)
        return fail(ErrorCode::invalid_argument, "--plot draws samples, every extreme kept; leave out --aggregate");
    if (options.limit == 0) return fail(ErrorCode::invalid_argument, "--limit is 0; wanted is 1 or more");
    return request;
}

}  // namespace

int run_history(Session& session, const GlobalOptions& global, const HistoryOptions& options, UtcTime now) {
    const auto request = checked_request(global, options, now);
    if (!request) return usage(request.error());
    if (options.plot) return plot(session, *request);
    const auto totals = global.json            ? to_json(session, *request, options)
                        : !options.csv.empty() ? to_csv(session, *request, options)
                                               : to_table(session, *request, options);
    if (!totals) return report(totals.error());
    warn(*totals);
    return kDone;
}

int run_history(const GlobalOptions& global, const HistoryOptions& options) {
    // Before a server is needed at all.
    if (const auto request = checked_request(global, options, base::SystemClock().now().utc); !request)
        return usage(request.error());
    return with_session(global, [&](Session& session) { return run_history(session, global, options, server_time(session)); });
}

}  // namespace penstock::cli
