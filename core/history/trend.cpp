#include "core/history/trend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/history/querying/interval_sums.hpp"

namespace penstock::history {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

struct Column {
    double minimum = kNothing, maximum = kNothing, first = kNothing, last = kNothing;
    std::int64_t first_time = kLatest, last_time = kEarliest;
    double held = kNothing;        // the value held, where there is no sample
    double area = 0, seconds = 0;  // of the value held
    std::uint32_t count = 0;
    QualityCode worst = QualityCode::good;
    bool is_known = false;  // something is said of it: a sample, or what was held
};

class Columns {
public:
    Columns(std::int64_t from, std::int64_t to, std::uint32_t count)
        : from_(from), to_(to), width_(static_cast<double>(to - from) / count), columns_(count) {}

    // Rounded: the columns meet without a gap.
    [[nodiscard]] std::int64_t begin(std::size_t k) const {
        return k >= columns_.size() ? to_ : from_ + static_cast<std::int64_t>(std::floor(width_ * static_cast<double>(k)));
    }
    [[nodiscard]] std::size_t index(std::int64_t time) const {
        auto k = std::min(columns_.size() - 1, static_cast<std::size_t>(static_cast<double>(time - from_) / width_));
        while (k > 0 && time < begin(k)) --k;
        while (k + 1 < columns_.size() && time >= begin(k + 1)) ++k;
        return k;
    }
    [[nodiscard]] Column& operator[](std::size_t k) { return columns_[k]; }
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
    [[nodiscard]] std::int64_t from() const noexcept { return from_; }
    [[nodiscard]] std::int64_t to() const noexcept { return to_; }

private:
    std::int64_t from_, to_;
    double width_;
    std::vector<Column> columns_;
};

class TrendSink final : public SummarySink, public SampleSink {
public:
    TrendSink(Columns& columns, ValueType type, const IsOver& is_over) : columns_(&columns), type_(type), is_over_(&is_over) {}

    // What was so before the first column.
    void start_with(const SampleView& rows, std::size_t row) {
        hold(rows.time[row], value_of(rows, row), status_quality(rows.status[row]));
    }

    bool take(const SampleView& rows) override {
        if (ends()) return false;
        if (rows.size() > 0) follow(rows.time.front(), rows.time.back(), false);
        for (std::size_t row = 0; row < rows.size(); ++row)
            add(rows.time[row], value_of(rows, row), status_quality(rows.status[row]));
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
    [[nodiscard]] double value_of(const SampleView& rows, std::size_t row) const {
        return is_bad(status_quality(rows.status[row])) ? kNothing : detail::number_of(type_, rows.word[row]).as_double;
    }

    void follow(std::int64_t first_time, std::int64_t last_time, bool is_split) {
        if (first_time == reached_ && (is_split || was_split_)) is_ambiguous_ = true;
        reached_ = last_time;
        was_split_ = is_split;
    }
    void add(std::int64_t time, double value, QualityCode quality) {
        close(time);
        auto& column = (*columns_)[columns_->index(time)];
        note_quality(column, std::isnan(value) && !is_bad(quality) ? QualityCode::bad : quality);
        ++column.count;
        if (!std::isnan(value)) note_value(column, value, value);
        note_ends(column, time, value, time, value);
        hold(time, value, quality);
    }
    void add(std::size_t k, const SampleSummary& summary) {
        close(summary.first_time);
        auto& column = (*columns_)[k];
        note_quality(column, summary.worst);
        column.count += static_cast<std::uint32_t>(summary.count);
        if (!std::isnan(summary.minimum)) note_value(column, summary.minimum, summary.maximum);
        note_ends(column, summary.first_time, summary.first, summary.last_time, summary.last);
        column.area += summary.weighted_sum;
        column.seconds += summary.weighted_seconds;
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
            hold_through((*columns_)[k], from, end);
            from = end;
        }
    }
    void hold_through(Column& column, std::int64_t from, std::int64_t to) {
        column.held = last_value_;
        note_quality(column, last_quality_);
        if (std::isnan(last_value_)) return;
        const auto seconds = static_cast<double>(to - from) * 1e-9;
        column.area += last_value_ * seconds;
        column.seconds += seconds;
    }
    static void note_quality(Column& column, QualityCode quality) {
        column.worst = column.is_known ? worse(column.worst, quality) : quality;
        column.is_known = true;
    }
    static void note_value(Column& column, double least, double greatest) {
        column.minimum = std::isnan(column.minimum) ? least : std::min(column.minimum, least);
        column.maximum = std::isnan(column.maximum) ? greatest : std::max(column.maximum, greatest);
    }
    static void note_ends(Column& column, std::int64_t first_time, double first, std::int64_t last_time, double last) {
        if (first_time < column.first_time) {
            column.first_time = first_time;
            column.first = first;
        }
        if (last_time >= column.last_time) {
            column.last_time = last_time;
            column.last = last;
        }
    }

    Columns* columns_;
    ValueType type_;
    const IsOver* is_over_;
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

void put(TrendLine& line, const Column& column) {
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
Result<bool> fill(SeriesView& view, Columns& columns, UtcTime known_until, bool use_summaries, const IsOver& is_over) {
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
    Columns columns(to_ns(from), to_ns(to), count);
    auto filled = fill(view, columns, known_until, view.has_summaries(), is_over);
    if (filled && !*filled) {
        columns = Columns(to_ns(from), to_ns(to), count);
        filled = fill(view, columns, known_until, false, is_over);
    }
    if (!filled) return std::unexpected(filled.error());
    for (std::size_t k = 0; k < columns.size(); ++k) put(line, columns[k]);
    line.incomplete = view.incomplete(from, to);
    return line;
}

}  // namespace penstock::history
