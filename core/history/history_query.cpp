#include "core/history/history_query.hpp"

#include <charconv>
#include <unordered_map>

#include "core/history/sample_rows.hpp"

namespace penstock::history {
namespace {

// Where a page ended: the time of the last row, and how many rows of that time there were.
struct PageMark {
    std::int64_t time = 0;
    std::uint64_t skip = 0;
};

std::string to_text(const PageMark& mark) { return std::to_string(mark.time) + '+' + std::to_string(mark.skip); }

Result<PageMark> parse_mark(const std::string& text) {
    PageMark mark;
    const auto* const end = text.data() + text.size();
    const auto time = std::from_chars(text.data(), end, mark.time);
    if (time.ec == std::errc() && time.ptr != end && *time.ptr == '+') {
        const auto skip = std::from_chars(time.ptr + 1, end, mark.skip);
        if (skip.ec == std::errc() && skip.ptr == end) return mark;
    }
    return fail(ErrorCode::invalid_argument, "`after` is \"" + text.substr(0, 100) + "\", not the `next` of a page");
}

std::unexpected<Error> too_late() {
    return fail(ErrorCode::timeout, "the query took too long; ask for a shorter range", {}, true);
}

std::size_t bytes_of(const SampleColumns& rows) { return rows.size() * 20 + rows.blob.size(); }

// Fills one page, and notices whether there is more.
class PageSink final : public SampleSink {
public:
    PageSink(SampleColumns& into, bool uses_blob, std::size_t limit, PageMark begin, const IsOver& is_over)
        : rows_(&into),
          appender_(into, uses_blob),
          uses_blob_(uses_blob),
          limit_(limit),
          mark_(begin),
          to_skip_(begin.skip),
          is_over_(&is_over) {}

    bool take(const SampleView& samples) override {
        if ((*is_over_)()) {
            has_run_out_ = true;
            return false;
        }
        std::size_t first = 0;
        while (to_skip_ > 0 && first < samples.size() && samples.time[first] == mark_.time) {
            ++first;
            --to_skip_;
        }
        if (first < samples.size()) to_skip_ = 0;
        const auto count = room(samples, first);
        appender_.append(samples, first, count);
        if (count > 0) advance(samples.time.subspan(first, count));
        has_more_ = first + count < samples.size();
        return !has_more_;
    }
    [[nodiscard]] bool has_more() const noexcept { return has_more_; }
    [[nodiscard]] bool has_run_out() const noexcept { return has_run_out_; }
    [[nodiscard]] const PageMark& mark() const noexcept { return mark_; }

private:
    // Rows that fit. At least one a page.
    [[nodiscard]] std::size_t room(const SampleView& samples, std::size_t first) const {
        auto count = std::min(limit_ - rows_->size(), samples.size() - first);
        if (!uses_blob_) return count;
        auto bytes = bytes_of(*rows_);
        for (std::size_t n = 0; n < count; ++n) {
            bytes += 20 + (samples.word[first + n] & 0xFFFF'FFFFU);
            if (bytes > kMaxPageBytes && rows_->size() + n > 0) return n;
        }
        return count;
    }
    void advance(std::span<const std::int64_t> times) {
        const auto last = times.back();
        std::uint64_t same = 0;
        for (auto time = times.rbegin(); time != times.rend() && *time == last; ++time) ++same;
        const bool goes_on = last == mark_.time && same == times.size();
        mark_ = {last, goes_on ? mark_.skip + same : same};
    }

    SampleColumns* rows_;
    RowAppender appender_;
    bool uses_blob_;
    std::size_t limit_;
    PageMark mark_;
    std::uint64_t to_skip_;
    const IsOver* is_over_;
    bool has_more_ = false;
    bool has_run_out_ = false;
};

// --- raw ---
Result<void> fill_raw(SeriesView& view, const HistoryRequest& request, const IsOver& is_over, HistoryReply& reply) {
    auto from = to_ns(request.from);
    auto to = to_ns(request.to);
    PageMark begin{request.newest_first ? kLatest : kEarliest, 0};
    if (!request.after.empty()) {
        const auto mark = parse_mark(request.after);
        if (!mark) return std::unexpected(mark.error());
        begin = *mark;
        if (request.newest_first)
            to = begin.time < to ? begin.time + 1 : to;
        else
            from = std::max(from, begin.time);
    }
    reply.rows.type = view.type();
    const auto expected = std::min<std::size_t>(request.limit, kMaxHistoryRows);
    reply.rows.time.reserve(expected);
    reply.rows.status.reserve(expected);
    reply.rows.word.reserve(expected);
    PageSink sink(reply.rows, !is_scalar_word(view.type()), request.limit, begin, is_over);
    const auto done = view.read(from, to, request.newest_first, sink);
    if (!done) return done;
    if (sink.has_run_out()) return too_late();
    if (sink.has_more()) reply.next = to_text(sink.mark());
    return {};
}

// --- aggregates ---
template <class Take>
class Feed final : public SampleSink {
public:
    Feed(Take take, const IsOver& is_over) : take_(std::move(take)), is_over_(&is_over) {}
    bool take(const SampleView& samples) override {
        if ((*is_over_)()) {
            has_run_out_ = true;
            return false;
        }
        return take_(samples);
    }
    [[nodiscard]] bool has_run_out() const noexcept { return has_run_out_; }

private:
    Take take_;
    const IsOver* is_over_;
    bool has_run_out_ = false;
};

template <class Take>
Result<void> feed(SeriesView& view, std::int64_t from, std::int64_t to, bool newest_first, const IsOver& is_over, Take take) {
    Feed<Take> sink(std::move(take), is_over);
    const auto done = view.read(from, to, newest_first, sink);
    if (!done) return done;
    if (sink.has_run_out()) return too_late();
    return {};
}

class RowWriter {
public:
    RowWriter(SampleColumns& into, bool uses_blob) : into_(&into), uses_blob_(uses_blob) {}
    void add(const AggregateRow& row) {
        into_->time.push_back(row.time);
        into_->status.push_back(status_word(row.quality, cause(cause_of(row))));
        if (!uses_blob_ || is_bad(row.quality)) return into_->word.push_back(row.word);
        into_->word.push_back(std::uint64_t{into_->blob.size()} << 32U | row.blob.size());
        into_->blob += row.blob;
    }

private:
    static std::string cause_of(const AggregateRow& row) {
        auto text = row.cause;
        const auto add = [&](bool is_so, std::string_view word) {
            if (!is_so) return;
            if (!text.empty()) text += ", ";
            text += word;
        };
        add(row.quality == QualityCode::bad_no_data && row.cause.empty(), "no data");
        add(row.is_interpolated, "interpolated");
        add(row.is_partial, "partial");
        add(row.has_multiple, "multiple values");
        return text;
    }
    std::uint16_t cause(const std::string& text) {
        if (text.empty()) return 0;
        const auto [known, is_new] = numbers_.try_emplace(text, static_cast<std::uint16_t>(into_->causes.size() + 1));
        if (is_new) into_->causes.push_back(text);
        return known->second;
    }

    SampleColumns* into_;
    bool uses_blob_;
    std::unordered_map<std::string, std::uint16_t> numbers_;
};

// The intervals of this page.
Result<Intervals> page_of(const HistoryRequest& request, bool& has_more) {
    const auto from = to_ns(request.from);
    const auto to = to_ns(request.to);
    // Unsigned: the range may be longer than half of all time.
    const auto width = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
    const auto interval =
        static_cast<std::uint64_t>(std::min<std::int64_t>(request.interval.count(), to - from > 0 ? to - from : kLatest));
    const auto all = (width + interval - 1) / interval;
    std::uint64_t first = 0;
    if (!request.after.empty()) {
        const auto mark = parse_mark(request.after);
        if (!mark) return std::unexpected(mark.error());
        first = mark->skip;
        if (first >= all) first = all;
    }
    Intervals page;
    page.interval = static_cast<std::int64_t>(interval);
    page.count = static_cast<std::size_t>(std::min<std::uint64_t>(all - first, request.limit));
    page.from = from + static_cast<std::int64_t>(first * interval);
    has_more = first + page.count < all;
    page.to = has_more ? page.from + static_cast<std::int64_t>(page.count * interval) : to;
    return page;
}

Result<void> fill_aggregates(SeriesView& view, const HistoryRequest& request, const AggregateOptions& options,
                             const IsOver& is_over, HistoryReply& reply) {
    const auto type = aggregate_type(request.aggregate, view.type());
    if (!type) return std::unexpected(type.error());
    bool has_more = false;
    const auto page = page_of(request, has_more);
    if (!page) return std::unexpected(page.error());
    reply.rows.type = *type;
    if (page->count == 0) return {};

    AggregateCalculator calculator(view.type(), *page, options);
    auto done =
        feed(view, kEarliest, page->from, true, is_over, [&](const SampleView& rows) { return calculator.look_back(rows); });
    if (!done) return done;
    done = feed(view, page->from, page->to, false, is_over, [&](const SampleView& rows) {
        calculator.add(rows);
        return true;
    });
    if (!done) return done;
    done = feed(view, page->to, kLatest, false, is_over, [&](const SampleView& rows) { return calculator.look_ahead(rows); });
    if (!done) return done;

    RowWriter writer(reply.rows, !is_scalar_word(*type));
    for (std::size_t k = 0; k < page->count; ++k) writer.add(calculator.result(request.aggregate, k));
    if (has_more) {
        const auto first =
            static_cast<std::uint64_t>(page->from - to_ns(request.from)) / static_cast<std::uint64_t>(page->interval);
        reply.next = to_text({page->to, first + page->count});
    }
    return {};
}

}  // namespace

Result<HistoryReply> answer_history(SeriesView& view, const HistoryRequest& request, const AggregateOptions& options,
                                    const IsOver& is_over) {
    HistoryReply reply;
    const auto filled = request.aggregate == Aggregate::none ? fill_raw(view, request, is_over, reply)
                                                             : fill_aggregates(view, request, options, is_over, reply);
    if (!filled) return std::unexpected(filled.error());
    reply.historian = view.historian();
    reply.durable_until = view.durable_until();
    const auto stored_until = view.stored_until();
    if (!stored_until) return std::unexpected(stored_until.error());
    reply.stored_until = *stored_until;
    reply.incomplete = view.incomplete(request.from, request.to);
    if (request.to > reply.durable_until)
        reply.incomplete.push_back({std::max(request.from, reply.durable_until), request.to, "not durable yet"});
    return reply;
}

}  // namespace penstock::history
