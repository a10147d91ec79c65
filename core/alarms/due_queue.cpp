#include "core/alarms/due_queue.hpp"

namespace penstock::alarms {

void DueQueue::put(std::size_t place, const Entry& entry) noexcept {
    heap_[place] = entry;
    place_[entry.key] = static_cast<std::uint32_t>(place);
}

void DueQueue::rise(std::size_t place, const Entry& entry) noexcept {
    while (place > 0) {
        const auto parent = (place - 1) / 2;
        if (!entry.is_before(heap_[parent])) break;
        put(place, heap_[parent]);
        place = parent;
    }
    put(place, entry);
}

void DueQueue::sink(std::size_t place, const Entry& entry) noexcept {
    for (;;) {
        auto child = 2 * place + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && heap_[child + 1].is_before(heap_[child])) ++child;
        if (!heap_[child].is_before(entry)) break;
        put(place, heap_[child]);
        place = child;
    }
    put(place, entry);
}

void DueQueue::settle(std::size_t place, const Entry& entry) noexcept {
    if (place > 0 && entry.is_before(heap_[(place - 1) / 2])) return rise(place, entry);
    sink(place, entry);
}

void DueQueue::set(Key key, MonotonicTime at) {
    const Entry entry{at, key};
    if (is_set(key)) return settle(place_[key], entry);
    heap_.push_back(entry);
    rise(heap_.size() - 1, entry);
}

void DueQueue::cancel(Key key) {
    if (!is_set(key)) return;
    const auto place = place_[key];
    place_[key] = kNowhere;
    const auto last = heap_.back();
    heap_.pop_back();
    if (place < heap_.size()) settle(place, last);
}

std::optional<DueQueue::Key> DueQueue::next(MonotonicTime now) {
    if (due() > now) return std::nullopt;
    const auto key = heap_.front().key;
    cancel(key);
    return key;
}

}  // namespace penstock::alarms
