#pragma once

// Those who follow the events lane: each from a position of his own, in order, none twice, then as records become durable. A thread of
// its own reads; neither the lane's thread nor a session's ever does. However many follow, what they read at the lane's end is decoded
// once (querying/event_tail.hpp).
//
//     EventStreams streams(events_lane);
//     events_lane.on_advance([&] { streams.wake(); });   // before the lane's thread runs
//     auto stream = streams.open(session, request, covers, on_ready);

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <penstock/alarm_operations.hpp>
#include <penstock/result.hpp>

namespace penstock::journal {
class Lane;
}

namespace penstock::history {

// One who follows. Belongs to one strand; destroying it ends it, and waits for a call of its on_ready that is under way.
class EventSubscription {
public:
    virtual ~EventSubscription() = default;
    // The next update, if there is one; on_ready is called once there is. An error ends the stream.
    [[nodiscard]] virtual Result<std::optional<EventsUpdate>> take() = 0;
};

class EventStreams final {
public:
    // `events` outlives it.
    explicit EventStreams(const journal::Lane& events);
    ~EventStreams();  // stop()
    EventStreams(const EventStreams&) = delete;
    EventStreams& operator=(const EventStreams&) = delete;

    // Which areas the asker may see: events of others do not exist for him. Called on the worker.
    using Covers = std::function<bool(std::string_view area)>;
    // The first update may be empty: it says where the stream stands. on_ready: [worker], must not block. Subscriptions must be gone
    // before the streams. [any-thread]
    [[nodiscard]] std::unique_ptr<EventSubscription> open(std::uint64_t session, SubscribeEventsRequest request, Covers covers,
                                                          std::function<void()> on_ready);
    // Something is durable that was not. Does not wait. [any-thread: the lane's]
    void wake() noexcept;
    // Ends what runs, joins. Twice is fine.
    void stop();

private:
    struct Parts;
    class Subscription;
    std::shared_ptr<Parts> parts_;
};

}  // namespace penstock::history
