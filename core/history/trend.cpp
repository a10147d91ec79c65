#include "core/history/trend.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/history/querying/trend_columns.hpp"

namespace penstock::history {
namespace {

using detail::kNothing;
using detail::TrendColumn;
using detail::TrendColumns;

class TrendSink final : public SummarySink, public SampleSink {
public:
    TrendSink(TrendColumns& columns, ValueType type, const IsOver& is_over)
        : columns_(&columns), type_(type), is_over_(&is_over) {}

    // What was so before the first column.
    void start_with(const SampleView& rows, std::size_t row) {
        double value = kNothing;
        detail::numbers_of(type_, part(rows, row, 1), std::span(&value, 1));
        hold(rows.time[row], value, status_quality(rows.status[row]));
    }

    bool take(const SampleView& rows) override {
        if (ends()) return false;
        if (rows.size() == 0) return true;
        follow(rows.time.front(), rows.time.back(), false);
        numbers_.resize(rows.size());
        detail::numbers_of(type_, rows, numbers_);
        for (std::size_t first = 0; first < rows.size();) first = add(rows, first);
        return true;
    }
    // A stretch in one column is taken as it is; one over several must be read.
    bool take(const SampleSummary& summary) override {
        if (ends()) return false;
        const auto k = columns_->index(summary.first_time);
        const bool is_split = k != columns_->index(summary.last_time);
        follow(summary.first_time, summary.last_time, is_split);
        if (is_split) {
            to_read_.push_back({summary, last_time_, last_value_, last_quality_, has_last_});
            skip(summary);
            return true;
        }
        add(k, summary);
        return true;
    }
    struct Gap {
        SampleSummary summary;
        std::int64_t time;
        double value;
        QualityCode quality;
        bool has_value;
    };
    [[nodiscard]] std::vector<Gap>& to_read() noexcept { return to_read_; }
    // A stretch to be read has a sample of the same time as its neighbour: which is whose cannot be said by times.
    [[nodiscard]] bool is_ambiguous() const noexcept { return is_ambiguous_; }
    // Goes back to where the stretch began. What followed it is in place already.
    void resume(const Gap& gap) {
        last_time_ = gap.time;
        last_value_ = gap.value;
        last_quality_ = gap.quality;
        has_last_ = gap.has_value;
    }
    // The value is held up to here.
    void finish(std::int64_t until) { close(std::min(until, columns_->to())); }
    [[nodiscard]] bool has_run_out() const noexcept { return has_run_out_; }

private:
    [[nodiscard]] bool ends() { return has_run_out_ = (*is_over_)(); }
    void follow(std::int64_t first_time, std::int64_t last_time, bool is_split) {
        if (first_time == reached_ && (is_split || was_split_)) is_ambiguous_ = true;
        reached_ = last_time;
        was_split_ = is_split;
    }
    // The rows from `first` on that lie in its column; where they end.
    std::size_t add(const SampleView& rows, std::size_t first) {
        close(rows.time[first]);
        const auto k = columns_->index(rows.time[first]);
        const auto end = k + 1 == columns_->size() ? rows.size() : rows_before(rows, columns_->begin(k + 1));
        const auto of_column = part(rows, first, end - first);
        (*columns_)[k].add(of_column.time, of_column.status, std::span(numbers_).subspan(first, end - first));
        hold(rows.time[end - 1], numbers_[end - 1], status_quality(rows.status[end - 1]));
        return end;
    }
    static std::size_t rows_before(const SampleView& rows, std::int64_t time) {
        return static_cast<std::size_t>(std::ranges::lower_bound(rows.time, time) - rows.time.begin());
    }
    void add(std::size_t k, const SampleSummary& summary) {
        close(summary.first_time);
        (*columns_)[k].add(summary);
        hold(summary.last_time, summary.last, std::isnan(summary.last) ? summary.worst : QualityCode::good);
    }
    // The stretch is read later; what follows it begins at its end.
    void skip(const SampleSummary& summary) {
        hold(summary.last_time, summary.last, std::isnan(summary.last) ? summary.worst : QualityCode::good);
    }

    void hold(std::int64_t time, double value, QualityCode quality) {
        last_time_ = time;
        last_value_ = value;
        last_quality_ = quality;
        has_last_ = true;
    }
    // The last value holds up to `time`.
    void close(std::int64_t time) {
        if (!has_last_) return;
        auto from = std::max(last_time_, columns_->from());
        const auto to = std::min(time, columns_->to());
        while (from < to) {
            const auto k = columns_->index(from);
            const auto end = std::min(to, columns_->begin(k + 1));
            (*columns_)[k].hold(last_value_, last_quality_, end - from);
            from = end;
        }
    }

    TrendColumns* columns_;
    ValueType type_;
    const IsOver* is_over_;
    std::vector<double> numbers_;  // of the rows at hand
    std::vector<Gap> to_read_;
    std::int64_t last_time_ = 0;
    double last_value_ = kNothing;
    QualityCode last_quality_ = QualityCode::bad_no_data;
    bool has_last_ = false;
    bool has_run_out_ = false;
    std::int64_t reached_ = kEarliest;
    bool was_split_ = false, is_ambiguous_ = false;
};

// The newest row before a time.
class NewestRow final : public SampleSink {
public:
    explicit NewestRow(TrendSink& into) : into_(&into) {}
    bool take(const SampleView& rows) override {
        if (rows.size() > 0) into_->start_with(rows, 0);
        return rows.size() == 0;
    }

private:
    TrendSink* into_;
};

void put(TrendLine& line, const TrendColumn& column) {
    const bool is_held = column.count == 0;
    const auto mean = column.seconds > 0 ? column.area / column.seconds : column.first;
    line.minimum.push_back(is_held ? column.held : column.minimum);
    line.maximum.push_back(is_held ? column.held : column.maximum);
    line.average.push_back(is_held ? column.held : mean);
    line.first.push_back(is_held ? column.held : column.first);
    line.last.push_back(is_held ? column.held : column.last);
    line.worst.push_back(column.is_known ? column.worst : QualityCode::bad_no_data);
    line.count.push_back(column.count);
}

std::unexpected<Error> too_late() {
    return fail(ErrorCode::timeout, "the trend took too long; ask for a shorter range", {}, true);
}

// Fills the columns; false: not with summaries, times do not tell enough.
Result<bool> fill(SeriesView& view, TrendColumns& columns, UtcTime known_until, bool use_summaries, const IsOver& is_over) {
    TrendSink sink(columns, view.type(), is_over);
    NewestRow newest(sink);
    auto done = view.read(kEarliest, columns.from(), true, newest);
    if (!done) return std::unexpected(done.error());
    if (use_summaries) {
        const auto width = Duration((columns.to() - columns.from()) / static_cast<std::int64_t>(columns.size()));
        done = view.summarise(columns.from(), columns.to(), width, sink);
    } else {
        done = view.read(columns.from(), columns.to(), false, sink);
    }
    if (!done) return std::unexpected(done.error());
    if (sink.is_ambiguous()) return false;
    if (!sink.has_run_out()) sink.finish(to_ns(known_until));
    for (const auto& gap : std::exchange(sink.to_read(), {})) {
        if (sink.has_run_out()) break;
        sink.resume(gap);
        done = view.read(gap.summary.first_time, gap.summary.last_time + 1, false, sink);
        if (!done) return std::unexpected(done.error());
    }
    if (sink.has_run_out()) return too_late();
    return true;
}

}  // namespace

Result<TrendLine> make_trend(SeriesView& view, UtcTime from, UtcTime to, std::uint32_t count, UtcTime known_until,
                             const IsOver& is_over) {
    TrendLine line;
    if (!is_scalar_word(view.type())) {
        line.code = ErrorCode::unsupported;
        return line;
    }
    TrendColumns columns(to_ns(from), to_ns(to), count);
    auto filled = fill(view, columns, known_until, view.has_summaries(), is_over);
    if (filled && !*filled) {
        columns = TrendColumns(to_ns(from), to_ns(to), count);
        filled = fill(view, columns, known_until, false, is_over);
    }
    if (!filled) return std::unexpected(filled.error());
    for (std::size_t k = 0; k < columns.size(); ++k) put(line, columns[k]);
    line.incomplete = view.incomplete(from, to);
    return line;
}

}  // namespace penstock::history
