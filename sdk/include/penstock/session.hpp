#pragma once

// The session: the only door to a plant. The ImGui client, the command line, gateways and tests hold one and cannot tell a
// local plant from a remote one.
//
//     session->call(ReadRequest{{"plc1.h5"}}, [](Result<ReadReply> reply) { ... });
//     while (running) { session->wait(100ms); session->poll(); }
//
// Thread: a session belongs to the thread that polls it. Everything is called there, and every callback runs there, inside
// poll(); never inside call(). wakeup_fd() becomes readable when poll() has something to do.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <penstock/operations.hpp>

namespace penstock {

enum class LinkState : std::uint8_t { connecting, connected, lost };

// What the owner sees of the way to the server. A local session is always connected.
struct LinkStatus {
    LinkState state = LinkState::connecting;
    std::string sentence;  // why it is not connected
    ErrorCode code = ErrorCode::disconnected;  // denied: the server is there, and turned us away
    std::uint64_t connection = 0;  // counts connections; subscriptions of an earlier one are renewed by the session
};

// A running subscription. Destroying it ends it: its callback is not called any more, also not from a poll() under way.
class Subscription {
public:
    virtual ~Subscription() = default;
};

class Session {
public:
    using OnReply = std::function<void(Result<AnyReply>)>;
    // Tags as found at this (re)connection, then updates. After a reconnect `on_start` is called again and all newest values follow.
    struct LatestHandler {
        std::function<void(Result<SubscribeReply>)> on_start;
        std::function<void(const LatestUpdate&)> on_update;
    };
    // Samples of tags from a time on, then as they become durable. After a reconnect `on_start` is called again and the stream
    // goes on where it stood: no sample twice, none left out (late ones that came meanwhile follow too, while the journal has
    // them).
    struct SeriesHandler {
        std::function<void(Result<SubscribeSeriesReply>)> on_start;
        std::function<void(const SeriesUpdate&)> on_update;
    };

    // Events from a position on, in order, then as they become durable. After a reconnect `on_start` is called again and the stream goes
    // on after the last that was delivered: none twice, none left out.
    struct EventsHandler {
        std::function<void(Result<SubscribeEventsReply>)> on_start;
        std::function<void(const EventsUpdate&)> on_update;
    };

    virtual ~Session() = default;

    // Sends one request; on_reply is called exactly once. Without a connection: disconnected, at the next poll(). A write
    // whose connection broke after it was sent is unknown_outcome. At most 1,000 requests under way: unavailable beyond.
    virtual void call(AnyRequest request, OnReply on_reply) = 0;

    template <class Request>
        requires requires { typename Request::Reply; }
    void call(Request request, std::function<void(Result<typename Request::Reply>)> on_reply) {
        call(AnyRequest(std::move(request)), [on_reply = std::move(on_reply)](Result<AnyReply> reply) {
            if (!reply) return on_reply(std::unexpected(std::move(reply).error()));
            on_reply(std::get<typename Request::Reply>(*std::move(reply)));
        });
    }

    // A stream of newest values. Updates are delivered by poll(); what changes faster than it is polled is conflated.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(SubscribeRequest request, LatestHandler handler) = 0;
    // A stream of archived samples. Nothing is conflated: who polls slowly gets them later.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe_series(SubscribeSeriesRequest request,
                                                                         SeriesHandler handler) = 0;

    // A stream of events. Nothing is conflated.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe_events(SubscribeEventsRequest request,
                                                                         EventsHandler handler) = 0;

    // Delivers replies, updates and link changes; returns how many callbacks ran.
    virtual std::size_t poll() = 0;
    // Returns when poll() has something to do, or after `most`.
    virtual void wait(std::chrono::milliseconds most) = 0;
    [[nodiscard]] virtual int wakeup_fd() const noexcept = 0;
    [[nodiscard]] virtual const LinkStatus& link() const noexcept = 0;

    // Calls and polls until the reply is there or the time is over (ErrorCode::timeout). For tools; not from a callback.
    template <class Request>
    [[nodiscard]] Result<typename Request::Reply> call_and_wait(Request request, std::chrono::milliseconds most) {
        struct Slot {
            bool filled = false;
            Result<typename Request::Reply> reply = fail(ErrorCode::timeout, "the server did not answer in time", {}, true);
        };
        auto slot = std::make_shared<Slot>();
        call(std::move(request), [slot](Result<typename Request::Reply> reply) {
            slot->filled = true;
            slot->reply = std::move(reply);
        });
        const auto end = std::chrono::steady_clock::now() + most;
        while (!slot->filled && std::chrono::steady_clock::now() < end) {
            wait(std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()));
            poll();
        }
        return std::move(slot->reply);
    }
};

}  // namespace penstock
