// The way of records into the historian, and what is known of how far they have come.

#include <algorithm>
#include <utility>

#include <penstock/operations.hpp>

#include "core/history/consuming/gap_rows.hpp"
#include "core/history/consuming/runner.hpp"
#include "core/wire/time_text.hpp"

namespace penstock::history {
namespace {

constexpr Duration kStatusEvery = 1s;

std::uint64_t bytes_of(const HistoryBatch& batch) {
    return batch.samples.size() * (sizeof(std::int64_t) + sizeof(StatusWord) + sizeof(std::uint64_t))
           + batch.samples.blob.size();
}

std::string shown(std::int64_t time) { return time == 0 ? "a time that is not known" : wire::utc_text(utc_from_ns(time)); }

}  // namespace

// --- feeding ---

// True if something was handed over, and there may be more.
bool HistorianConsumer::Runner::feed(Now now) {
    if (!is_draining_ && now.monotonic < gather_at_) return false;
    const auto kind = feed_.next(options_.batch_rows);
    Result<void> done;
    if (!kind) {
        done = std::unexpected(kind.error());
    } else if (*kind == JournalFeed::Kind::nothing) {
        is_draining_ = false;
        gather_at_ = now.monotonic + options_.gather_for;
        note_state();
        return false;
    } else if (*kind == JournalFeed::Kind::batch) {
        done = hand_over(feed_.batch(), feed_.last_time());
    } else {
        done = bridge(feed_.gap());
    }
    if (!done) {
        fail(done.error());
        return true;
    }
    is_draining_ = true;
    store_if_due(clock_.now());
    return true;
}

Result<void> HistorianConsumer::Runner::hand_over(const HistoryBatch& batch, std::int64_t time) {
    const auto appended = guest("append", [&] { return instance_->append(batch); });
    if (!appended) return appended;
    if (!std::exchange(has_unstored_, true)) unstored_since_ = clock_.now().monotonic;
    unstored_bytes_ += bytes_of(batch);
    handed_.push_back({batch.end, time});
    note_persisted();
    const std::scoped_lock lock(mutex_);
    status_.appended = batch.end;
    if (time != 0) status_.appended_until = utc_from_ns(time);
    status_.batches += 1;
    status_.samples_appended += batch.samples.size();
    return {};
}

// Records that are gone become samples without value.
Result<void> HistorianConsumer::Runner::bridge(const JournalGap& gap) {
    if (has_unstored_) {
        auto stored = store();
        if (!stored) return stored;
    }
    auto reader = open_reader();
    if (!reader) return std::unexpected(reader.error());
    consuming::GapRows rows;
    const auto filled = guest("read", [&] { return rows.fill(wanted_, **reader, gap); });
    reader->reset();
    if (!filled) return filled;
    const auto handed = hand_over(rows.batch(gap), rows.begins());
    if (!handed) return handed;
    {
        const std::scoped_lock lock(mutex_);
        status_.gaps += 1;
    }
    tell(EventKind::history_gap, "history.gap", {shown(rows.begins()), shown(gap.to), gap.cause});
    if (options_.on_gap) options_.on_gap(utc_from_ns(gap.to));
    return {};
}

bool HistorianConsumer::Runner::store_if_due(Now now) {
    if (instance_ == nullptr || !has_unstored_) return false;
    if (unstored_bytes_ < options_.store_bytes && now.monotonic - unstored_since_ < options_.store_within) return false;
    const auto stored = store();
    if (!stored) fail(stored.error());
    return true;
}

Result<void> HistorianConsumer::Runner::store() {
    pool_->purge();
    const auto flushed = guest("flush", [&] { return instance_->flush(); });
    if (!flushed) return flushed;
    note_persisted();
    has_unstored_ = false;
    unstored_bytes_ = 0;
    backoff_.reset();
    const std::scoped_lock lock(mutex_);
    status_.flushes += 1;
    return {};
}

bool HistorianConsumer::Runner::tidy(Now now) {
    if (!has_to_tidy_ && now.monotonic < tidy_at_) return false;
    tidy_at_ = now.monotonic + options_.tidy_every;
    pool_->purge();
    const auto more = guest("tidy", [&] { return instance_->tidy(age_from_); });
    if (!more) {
        fail(more.error());
        return true;
    }
    has_to_tidy_ = *more;
    note_persisted();
    return has_to_tidy_;
}

// --- what is known of it ---

void HistorianConsumer::Runner::note_persisted() {
    const auto position = instance_->persisted();
    std::int64_t until = 0;
    while (!handed_.empty() && handed_.front().end <= position) {
        until = handed_.front().time;
        handed_.pop_front();
    }
    persisted_.store(position);
    is_known_.store(true);
    pool_->set_position(position);
    const std::scoped_lock lock(mutex_);
    status_.persisted = position;
    if (until != 0) status_.persisted_until = utc_from_ns(until);
}

void HistorianConsumer::Runner::note_state() {
    const bool has_caught_up = !is_draining_;
    bool was_silent = false;
    {
        const std::scoped_lock lock(mutex_);
        status_.state = has_caught_up ? ConsumerState::storing : ConsumerState::behind;
        status_.sentence = has_caught_up ? "" : "it is catching up";
        if (has_caught_up) was_silent = std::exchange(is_silence_told_, false);
    }
    if (!has_caught_up) return;
    if (std::exchange(is_failure_told_, false) || was_silent) tell(EventKind::historian_state, "historian.ready", {});
}

void HistorianConsumer::Runner::ask_status() {
    status_at_ = clock_.now().monotonic + kStatusEvery;
    const auto found = guest("status", [&] { return instance_->status(); });
    if (!found) return fail(found.error());
    const std::scoped_lock lock(mutex_);
    status_.samples = found->samples;
    status_.bytes = found->bytes;
    if (status_.state == ConsumerState::storing) status_.sentence = found->sentence;
}

void HistorianConsumer::Runner::tell(EventKind kind, std::string text, std::vector<std::string> parameters) {
    if (!on_event_) return;
    Event event;
    event.time = clock_.now().utc;
    event.kind = kind;
    event.object = options_.name;
    event.text = std::move(text);
    event.parameters = std::move(parameters);
    on_event_(std::move(event));
}

}  // namespace penstock::history
