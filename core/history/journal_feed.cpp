#include "core/history/journal_feed.hpp"

#include <utility>

namespace penstock::history {

void JournalFeed::begin(std::unique_ptr<journal::LaneReader> reader, JournalPosition position) {
    reader_ = std::move(reader);
    builder_.clear();
    gap_.reset();
    held_.reset();
    is_gap_given_ = false;
    begin_ = position_ = position;
    last_time_ = 0;
    bytes_ = 0;
}

std::unique_ptr<journal::LaneReader> JournalFeed::close() noexcept { return std::move(reader_); }

Result<JournalFeed::Kind> JournalFeed::next(std::size_t most_rows) {
    builder_.clear();
    if (std::exchange(is_gap_given_, false)) gap_.reset();
    begin_ = position_;
    if (held_ && !gap_) {
        const auto held = std::exchange(held_, std::nullopt);
        take({.type = held->type, .sequence = held->sequence, .time = held->time, .body = held->body});
    }
    while (!gap_ && !builder_.is_full(most_rows)) {
        const auto has_more = read_one();
        if (!has_more) return std::unexpected(has_more.error());
        if (!*has_more) break;
    }
    if (position_ != begin_) {
        batch_ = builder_.build(begin_, position_);
        return Kind::batch;
    }
    if (!gap_) return Kind::nothing;
    is_gap_given_ = true;
    gap_->begin = begin_;  // what lies between is whole
    position_ = gap_->end;
    return Kind::gap;
}

// One record into the batch, or a gap noted; false at the end of what is durable.
Result<bool> JournalFeed::read_one() {
    journal::Record record;
    const auto found = reader_->next(record);
    if (!found) return found;
    auto skip = reader_->take_skip();
    if (skip.to > skip.from) {
        note_gap(skip.from, skip.to, *found ? to_ns(record.time.utc) : 0, std::move(skip.cause));
        if (*found) held_ = Held{record.type, record.sequence, record.time, {record.body.begin(), record.body.end()}};
        return false;
    }
    if (*found) take(record);
    return found;
}

void JournalFeed::take(const journal::Record& record) {
    const auto time = to_ns(record.time.utc);
    bytes_ += record.body.size();
    if (record.type == journal::RecordType::values) {
        const auto added = builder_.add(record.body);
        if (!added) return note_gap(record.sequence, record.sequence + 1, time, "a damaged record: " + added.error().text());
    }
    // `alive` says nothing of samples. `lost` tells what the lane did not take: the archiver was told then, and has put a gap into
    // each series that lost something; one for all would make gaps of series that lost nothing.
    position_ = record.sequence + 1;
    last_time_ = time;
}

void JournalFeed::note_gap(JournalPosition begin, JournalPosition end, std::int64_t to, std::string cause) {
    gap_ = JournalGap{.begin = begin, .end = end, .from = last_time_, .to = to, .cause = std::move(cause)};
}

}  // namespace penstock::history
