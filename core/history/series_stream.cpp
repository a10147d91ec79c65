#include "core/history/series_stream.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "core/history/sample_rows.hpp"

namespace penstock::history {
namespace {

void advance_place(SeriesPlace& place, std::span<const std::int64_t> times) {
    for (const auto ns : times) {
        const auto time = utc_from_ns(ns);
        if (time > place.time) place = {time, 0, place.position};
        if (time == place.time) ++place.skip;
    }
}

// A page of history from a place on.
class HistoryPage final : public SampleSink {
public:
    HistoryPage(RowAppender& into, const SeriesPlace& place) : into_(&into), time_(to_ns(place.time)), skip_(place.skip) {}
    bool take(const SampleView& rows) override {
        std::size_t first = 0;
        while (skip_ > 0 && first < rows.size() && rows.time[first] == time_) {
            ++first;
            --skip_;
        }
        if (first < rows.size()) skip_ = 0;
        const auto count = std::min(SeriesStream::kMaxRows - taken_, rows.size() - first);
        into_->append(rows, first, count);
        taken_ += count;
        has_more_ = first + count < rows.size();
        return !has_more_;
    }
    [[nodiscard]] bool has_more() const noexcept { return has_more_; }

private:
    RowAppender* into_;
    std::int64_t time_;
    std::uint64_t skip_;
    std::size_t taken_ = 0;
    bool has_more_ = false;
};

}  // namespace

SeriesStream::SeriesStream(std::vector<Tag> tags, std::function<void()> on_ready)
    : tags_(std::move(tags)),
      by_id_(tags_.size()),
      is_at_tail_(tags_.size(), false),
      behind_(tags_.size()),
      queue_(kMaxUpdates, std::move(on_ready)) {
    std::iota(by_id_.begin(), by_id_.end(), 0U);
    std::ranges::sort(by_id_, {}, [this](std::uint32_t index) { return std::pair(tags_[index].id, index); });
    for (const auto index : by_id_) {
        if (ids_.empty() || ids_.back() != tags_[index].id) ids_.push_back(tags_[index].id);
    }
}

bool SeriesStream::step(HistoryStores& stores, JournalTail& journal, MonotonicTime now) {
    if (now < retry_at_) return false;
    auto more = advance(stores, journal);
    if (more) return *more;
    if (more.error().retryable())
        retry_at_ = now + kRetryAfter;  // the journal's next group wakes it again
    else
        queue_.fail(std::move(more).error());
    return false;
}

Result<bool> SeriesStream::advance(HistoryStores& stores, JournalTail& journal) {
    if (behind_ > 0) return resume(next_behind(), stores, journal);
    return follow(journal);
}

std::size_t SeriesStream::next_behind() {
    do {
        last_resumed_ = (last_resumed_ + 1) % tags_.size();
    } while (is_at_tail_[last_resumed_]);
    return last_resumed_;
}

Result<bool> SeriesStream::resume(std::size_t index, HistoryStores& stores, JournalTail& journal) {
    auto& tag = tags_[index];
    auto view = SeriesView::open(stores, journal, tag.id, tag.type, "");
    if (!view) return std::unexpected(view.error());
    SeriesUpdate update;
    update.index = tag.index;
    update.rows.type = tag.type;
    RowAppender appender(update.rows, !is_scalar_word(tag.type));
    if (auto late = add_late(appender, tag, **view, journal); !late) return std::unexpected(late.error());
    HistoryPage page(appender, tag.place);
    const auto done = (*view)->read(to_ns(tag.place.time), kLatest, false, page);
    if (!done) return std::unexpected(done.error());

    advance_place(tag.place, update.rows.time);
    tag.place.position = (*view)->end();
    update.position = tag.place.position;
    update.durable_until = (*view)->durable_until();
    if (!page.has_more()) {
        is_at_tail_[index] = true;
        if (--behind_ == 0)
            followed_ = std::ranges::min(tags_, {}, [](const Tag& each) { return each.place.position; }).place.position;
    }
    push(std::move(update));
    return true;
}

// Samples that came since the place was reached, for times that were passed before.
Result<void> SeriesStream::add_late(RowAppender& into, const Tag& tag, const SeriesView& view, JournalTail& journal) {
    if (tag.place.position == 0) return {};
    DecodedValues values;
    const auto before = to_ns(tag.place.time);
    return journal.for_each(tag.place.position, view.end(), [&](const TailRecord& record) {
        if (record.head.first_time >= before || !find_values(record.body, std::span(&tag.id, 1), values)) return true;
        for (const auto& run : values.runs()) {
            const auto rows = values.samples(run);
            for (std::size_t row = 0; row < rows.size(); ++row) {
                if (rows.time[row] < before) into.append(rows, row, 1);
            }
        }
        return true;
    });
}

// Tags of which the journal no longer has what comes next are read from the store again.
void SeriesStream::fall_behind(journal::Position first) {
    for (std::size_t index = 0; index < tags_.size(); ++index) {
        if (!is_at_tail_[index] || tags_[index].place.position >= first) continue;
        is_at_tail_[index] = false;
        ++behind_;
    }
}

Result<bool> SeriesStream::follow(JournalTail& journal) {
    const auto end = journal.lane().durable();
    if (followed_ >= end) return false;
    if (followed_ < journal.lane().first()) {
        fall_behind(journal.lane().first());
        followed_ = std::max(followed_, journal.lane().first());
        return true;
    }
    struct Gathered {
        SeriesUpdate update;
        std::optional<RowAppender> appender;
    };
    std::map<std::uint32_t, Gathered> gathered;
    DecodedValues values;
    std::size_t rows = 0;
    auto reached = end;
    const auto take = [&](const TailRecord& record) {
        if (rows >= kMaxTailRows) {
            reached = record.sequence;
            return false;
        }
        if (!find_values(record.body, ids_, values)) return true;
        for (const auto& run : values.runs()) {
            auto place =
                std::ranges::lower_bound(by_id_, run.series, {}, [this](std::uint32_t index) { return tags_[index].id; });
            for (; place != by_id_.end() && tags_[*place].id == run.series; ++place) {
                const auto& tag = tags_[*place];
                if (record.sequence < tag.place.position) continue;
                auto& into = gathered[*place];
                if (!into.appender) into.appender.emplace(into.update.rows, !is_scalar_word(tag.type));
                into.appender->append(values.samples(run), 0, run.count);
                rows += run.count;
            }
        }
        return true;
    };
    const auto done = journal.for_each(followed_, end, take);
    if (!done) return std::unexpected(done.error());
    followed_ = reached;
    for (auto& tag : tags_) tag.place.position = std::max(tag.place.position, reached);
    const auto durable_until = journal.lane().status().durable_time;
    for (auto& [index, each] : gathered) {
        each.update.index = tags_[index].index;
        each.update.rows.type = tags_[index].type;
        each.update.position = tags_[index].place.position;
        each.update.durable_until = durable_until;
        advance_place(tags_[index].place, each.update.rows.time);
        push(std::move(each.update));
    }
    return followed_ < end;
}

void SeriesStream::push(SeriesUpdate update) {
    if (!update.rows.time.empty()) queue_.push(std::move(update));
}

}  // namespace penstock::history
