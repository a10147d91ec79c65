#include "core/alarms/timers.hpp"

namespace penstock::alarms {

void Timers::set(AlarmId alarm, TimerKind kind, MonotonicTime at) {
    set_[key(alarm, kind)] = at;
    queue_.push({at, key(alarm, kind)});
}

void Timers::cancel(AlarmId alarm, TimerKind kind) {
    set_.erase(key(alarm, kind));
    drop_stale();
}

// The first of the queue is always one that counts.
void Timers::drop_stale() {
    while (!queue_.empty()) {
        const auto known = set_.find(queue_.top().key);
        if (known != set_.end() && known->second == queue_.top().at) return;
        queue_.pop();
    }
}

MonotonicTime Timers::due() const noexcept { return queue_.empty() ? MonotonicTime::max() : queue_.top().at; }

std::optional<Timers::Due> Timers::next(MonotonicTime now) {
    drop_stale();
    if (queue_.empty() || queue_.top().at > now) return std::nullopt;
    const auto key = queue_.top().key;
    queue_.pop();
    set_.erase(key);
    drop_stale();
    return Due{static_cast<AlarmId>(key >> 1U), static_cast<TimerKind>(key & 1U)};
}

}  // namespace penstock::alarms
