#include "core/history/series_view.hpp"

#include <algorithm>

namespace penstock::history {
namespace {

// Puts the rows of the journal between those of the store. Of equal times the store's came first.
class Merger final : public SampleSink {
public:
    Merger(const SampleView& tail, bool newest_first, SampleSink& into)
        : tail_(tail), newest_first_(newest_first), into_(&into) {}

    bool take(const SampleView& stored) override {
        std::size_t row = 0;
        while (row < stored.size()) {
            const auto before_tail = rows_before_tail(stored.time.subspan(row));
            if (before_tail > 0 && !hand_on(part(stored, row, before_tail))) return false;
            row += before_tail;
            if (row < stored.size() && !hand_on_tail(rows_of_tail_before(stored.time[row]))) return false;
        }
        return true;
    }
    void finish() {
        if (wants_more_) (void)hand_on_tail(tail_.size() - next_);
    }

private:
    [[nodiscard]] std::size_t rows_before_tail(std::span<const std::int64_t> times) const {
        if (next_ == tail_.size()) return times.size();
        const auto tail_time = tail_.time[next_];
        const auto is_before = [&](std::int64_t time) { return newest_first_ ? time > tail_time : time <= tail_time; };
        if (is_before(times.back())) return times.size();
        return static_cast<std::size_t>(std::ranges::partition_point(times, is_before) - times.begin());
    }
    [[nodiscard]] std::size_t rows_of_tail_before(std::int64_t stored_time) const {
        const auto rest = tail_.time.subspan(next_);
        const auto is_before = [&](std::int64_t time) { return newest_first_ ? time >= stored_time : time < stored_time; };
        return static_cast<std::size_t>(std::ranges::partition_point(rest, is_before) - rest.begin());
    }
    bool hand_on(const SampleView& rows) { return wants_more_ = into_->take(rows); }
    bool hand_on_tail(std::size_t count) {
        const auto first = std::exchange(next_, next_ + count);
        return count == 0 || hand_on(part(tail_, first, count));
    }

    SampleView tail_;
    bool newest_first_;
    SampleSink* into_;
    std::size_t next_ = 0;
    bool wants_more_ = true;
};

// Rows that lie in [from, to), of rows in order.
SampleView cut(const SampleView& rows, std::int64_t from, std::int64_t to, bool newest_first) {
    const auto begin = newest_first ? std::ranges::partition_point(rows.time, [&](std::int64_t time) { return time >= to; })
                                    : std::ranges::lower_bound(rows.time, from);
    const auto end = newest_first ? std::ranges::partition_point(rows.time, [&](std::int64_t time) { return time >= from; })
                                  : std::ranges::lower_bound(rows.time, to);
    return part(rows, static_cast<std::size_t>(begin - rows.time.begin()),
                static_cast<std::size_t>(std::max(begin, end) - begin));
}

}  // namespace

Result<std::unique_ptr<SeriesView>> SeriesView::open(HistoryStores& stores, JournalTail& tail, tags::TagId tag, ValueType type,
                                                     std::string_view historian) {
    auto store = stores.open(tag, historian);
    if (!store) return std::unexpected(store.error());
    return std::make_unique<SeriesView>(*std::move(store), tail, tag, type);
}

// The store is opened before the lane's end is looked at, so that no record lies behind the one and before the other.
SeriesView::SeriesView(OpenStore store, JournalTail& tail, tags::TagId tag, ValueType type)
    : store_(std::move(store)),
      journal_(&tail),
      tag_(tag),
      type_(type),
      end_(std::max(tail.lane().durable(), store_.reader->position())),
      durable_until_(tail.lane().status().durable_time),
      stored_until_(durable_until_),
      reversed_(!is_scalar_word(type)) {}

Result<void> SeriesView::load_tail() {
    if (tail_) return {};
    auto tail = journal_->of_tags().get(*journal_, tag_, !is_scalar_word(type_), store_.reader->position(), end_, kMaxTailRows);
    if (!tail) {
        const auto& why = tail.error();
        return fail(why.code(), why.sentence(), store_.historian, why.retryable());
    }
    tail_ = *std::move(tail);
    stored_until_ = tail_->first_time.value_or(stored_until_);
    return {};
}

Result<void> SeriesView::read(std::int64_t from, std::int64_t to, bool newest_first, SampleSink& into) {
    if (auto loaded = load_tail(); !loaded) return loaded;
    if (newest_first && reversed_.size() != tail_->rows.size()) reversed_.assign_reversed(tail_->rows);
    const auto rows = newest_first ? reversed_.view() : tail_->view;
    Merger merger(cut(rows, from, to, newest_first), newest_first, into);
    const auto done = store_.reader->read({tag_, from, to, 0, newest_first}, merger);
    if (!done) return done;
    merger.finish();
    return {};
}

Result<void> SeriesView::summarise(std::int64_t from, std::int64_t to, Duration most_span, SummarySink& into) {
    if (auto loaded = load_tail(); !loaded) return loaded;
    const auto rows = cut(tail_->view, from, to, false);
    const auto until = rows.size() == 0 ? to : rows.time.front();
    if (until > from) {
        const auto done = store_.reader->summarise({tag_, from, until, 0, false}, most_span, into);
        if (!done) return done;
    }
    struct Rows final : SampleSink {
        explicit Rows(SummarySink& sink) : sink_(&sink) {}
        bool take(const SampleView& samples) override { return sink_->take(samples); }
        SummarySink* sink_;
    } rest(into);
    return until < to ? read(until, to, false, rest) : Result<void>();
}

Result<UtcTime> SeriesView::stored_until() {
    if (auto loaded = load_tail(); !loaded) return std::unexpected(loaded.error());
    return stored_until_;
}

std::vector<IncompleteRange> SeriesView::incomplete(UtcTime from, UtcTime to) {
    std::vector<IncompleteRange> ranges;
    if (tail_) {
        for (const auto& each : tail_->missing)
            if (each.from < to && each.to >= from) ranges.push_back(each);
    }
    if (const auto damage = store_.reader->damage()) {
        for (const auto& sentence : *damage) ranges.push_back({from, to, sentence});
    }
    return ranges;
}

}  // namespace penstock::history
