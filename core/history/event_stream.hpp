#pragma once

// What one subscriber gets of the events lane, update by update. Internal to event_streams.cpp.

#include <functional>
#include <optional>
#include <string_view>

#include <penstock/alarm_operations.hpp>

#include "core/history/indexing/event_filter.hpp"
#include "core/history/querying/event_tail.hpp"
#include "core/history/querying/update_queue.hpp"

namespace penstock::history {

class EventStream final {
public:
    static constexpr std::size_t kMaxEvents = 500;  // in one update
    static constexpr std::size_t kMaxBytes = 256 * 1024;  // the last event may exceed it
    static constexpr std::size_t kMaxUpdates = 4;  // that wait to be taken, before more are made
    static constexpr std::size_t kMaxLooks = 1'000;  // entries looked at in one step: then others have their turn
    static constexpr std::uint64_t kTellEvery = 1'000;  // records that the filter left out: an update says so without events

    using Covers = std::function<bool(std::string_view area)>;
    using Queue = detail::UpdateQueue<EventsUpdate>;
    // `durable`: how far the lane is, where kEventsFromNow begins.
    EventStream(SubscribeEventsRequest request, journal::Position durable, Covers covers, std::function<void()> on_ready);

    [[nodiscard]] Queue& queue() noexcept { return queue_; }
    // Makes at most one update. True: there may be more to do at once. Between begin_step() and end_step() of the queue. [worker]
    bool step(detail::EventTail& tail);

private:
    struct Gathered;
    [[nodiscard]] Result<detail::SharedEntry> next(detail::EventTail& tail);
    [[nodiscard]] Result<void> gather(detail::EventTail& tail, journal::Position end, Gathered& into);
    [[nodiscard]] bool is_wanted(const Event& event) const;
    void push(EventsUpdate update);

    const EventsRequest wanted_;
    const EventFilter filter_{wanted_};
    const Covers covers_;
    journal::Position next_ = 0;  // everything before it was looked at
    journal::Position told_ = 0;  // what the subscriber knows of that
    bool has_told_ = false;
    std::string missing_;  // to be told first
    std::optional<detail::EventReader> own_;  // while it stands further back than the tail reaches
    Queue queue_;
};

}  // namespace penstock::history
