#include "core/server/journal_watch.hpp"

#include <utility>

#include "core/base/log.hpp"

namespace penstock::server {

using journal::LaneState;

JournalWatch::JournalWatch(std::vector<const journal::Lane*> lanes, std::function<void(Event)> on_event,
                           std::function<void(const std::string&)> on_failure)
    : on_event_(std::move(on_event)), on_failure_(std::move(on_failure)) {
    for (const auto* lane : lanes) lanes_.push_back({.lane = lane});
}

JournalWatch::~JournalWatch() { stop(); }

void JournalWatch::start() {
    thread_ = std::thread([this] { run(); });
}

void JournalWatch::stop() {
    {
        const std::scoped_lock lock(mutex_);
        if (std::exchange(is_stopping_, true)) return;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void JournalWatch::run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kPeriod, [this] { return is_stopping_; })) {
        lock.unlock();
        look();
        lock.lock();
    }
}

void JournalWatch::look() {
    for (auto& watched : lanes_) look(watched);
}

void JournalWatch::look(Watched& watched) {
    const auto status = watched.lane->status();
    if (status.failed_syncs > std::exchange(watched.failed_syncs, status.failed_syncs) && status.state != LaneState::failed)
        tell(watched, "journal.failed", "a sync failed; what it was to make durable went to a new segment");
    watched.good_looks = status.state == LaneState::good ? watched.good_looks + 1 : 0;
    if (status.state == watched.told || (status.state == LaneState::good && watched.good_looks < kGoodLooks)) return;
    watched.told = status.state;
    switch (status.state) {
        case LaneState::good: return tell(watched, "journal.good", {});
        case LaneState::disk_full: return tell(watched, "journal.disk_full", status.sentence);
        case LaneState::failed: break;
    }
    tell(watched, "journal.failed", status.sentence);
    if (!std::exchange(has_failed_, true) && on_failure_) on_failure_(status.sentence);
}

void JournalWatch::tell(const Watched& watched, std::string text, std::string sentence) {
    Event event;
    event.kind = EventKind::journal_failing;
    event.object = journal::to_string(watched.lane->options().kind);
    event.text = std::move(text);
    if (!sentence.empty()) event.parameters = {std::move(sentence)};
    base::log::warning("lane {}: {}", event.object, event.sentence());
    on_event_(std::move(event));
}

}  // namespace penstock::server
