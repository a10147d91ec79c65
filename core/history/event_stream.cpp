#include "core/history/event_stream.hpp"

#include <utility>

namespace penstock::history {
namespace {

EventsRequest filter_of(SubscribeEventsRequest&& request) {
    EventsRequest wanted;
    wanted.kinds = std::move(request.kinds);
    wanted.area = std::move(request.area);
    return wanted;
}

}  // namespace

struct EventStream::Gathered {
    EventsUpdate update;
    std::size_t bytes = 0;
    [[nodiscard]] bool is_empty() const noexcept { return update.events.empty() && update.missing.empty(); }
    [[nodiscard]] bool is_full() const noexcept { return update.events.size() >= kMaxEvents || bytes >= kMaxBytes; }
};

EventStream::EventStream(SubscribeEventsRequest request, journal::Position durable, Covers covers,
                         std::function<void()> on_ready)
    : wanted_(filter_of(std::move(request))),
      covers_(std::move(covers)),
      next_(request.from == kEventsFromNow ? durable : request.from),
      queue_(kMaxUpdates, std::move(on_ready)) {
    if (next_ > durable) {
        missing_ = "the server's events were put back: they go on with position " + std::to_string(durable);
        next_ = durable;
    }
    told_ = next_;
}

bool EventStream::step(detail::EventTail& tail) {
    const auto end = tail.lane().durable();
    Gathered gathered;
    gathered.update.missing = std::exchange(missing_, {});
    const auto done = gather(tail, end, gathered);
    const bool is_worth_telling = !gathered.is_empty() || !has_told_ || next_ - told_ >= kTellEvery;
    if (is_worth_telling) push(std::move(gathered.update));
    if (done) return next_ < end;
    if (!done.error().retryable()) queue_.fail(done.error());
    return false;  // the lane's next group wakes it again
}

// Looks at what comes next, up to a gap behind events: what is missing is told before what follows it.
Result<void> EventStream::gather(detail::EventTail& tail, journal::Position end, Gathered& into) {
    for (std::size_t looks = 0; looks < kMaxLooks && next_ < end && !into.is_full(); ++looks) {
        const auto before = next_;
        const auto read = next(tail);
        if (!read) return std::unexpected(read.error());
        const auto& entry = *read;
        if (!entry) continue;
        if (!entry->missing.empty() && !into.update.events.empty()) {
            next_ = before;
            return {};
        }
        if (!entry->missing.empty()) into.update.missing += (into.update.missing.empty() ? "" : "; ") + entry->missing;
        if (!entry->event || !is_wanted(*entry->event)) continue;
        into.update.events.push_back(*entry->event);
        into.bytes += entry->bytes;
    }
    return {};
}

Result<detail::SharedEntry> EventStream::next(detail::EventTail& tail) {
    if (tail.reaches(next_)) {
        own_.reset();
        return tail.next(next_);
    }
    if (!own_ || own_->position() != next_) own_.emplace(tail.lane(), next_);
    auto entry = own_->next();
    next_ = own_->position();
    return entry;
}

bool EventStream::is_wanted(const Event& event) const { return filter_.matches(event) && covers_(event.area); }

void EventStream::push(EventsUpdate update) {
    update.next = next_;
    told_ = next_;
    has_told_ = true;
    queue_.push(std::move(update));
}

}  // namespace penstock::history
