#pragma once

// A subscription over all connections, as the session of one owner keeps it. Internal to remote_session.cpp. The owner's handle and
// the session share it.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <penstock/session.hpp>

namespace penstock::client {

class RemoteStream {
public:
    virtual ~RemoteStream() = default;
    // What opens it on the next connection.
    [[nodiscard]] virtual AnyRequest request() const = 0;
    // Of the reply, the number of the stream.
    [[nodiscard]] virtual std::uint64_t number_of(const AnyReply& reply) const = 0;
    virtual void start(AnyReply reply) = 0;
    virtual void fail_start(Error error) = 0;
    // What is no update of this stream is passed over.
    virtual void take(const AnyUpdate& update) = 0;

    std::uint64_t connection = 0;  // on which it was asked for
    std::uint64_t number = 0;  // there; 0 until the reply
    bool has_ended = false;
};

class RemoteLatest final : public RemoteStream {
public:
    RemoteLatest(SubscribeRequest request, Session::LatestHandler handler)
        : request_(std::move(request)), handler_(std::move(handler)) {}

    AnyRequest request() const override { return request_; }
    std::uint64_t number_of(const AnyReply& reply) const override { return std::get<SubscribeReply>(reply).stream; }
    void start(AnyReply any) override {
        auto& reply = std::get<SubscribeReply>(any);
        tags_ = reply.tags.size();
        handler_.on_start(std::move(reply));
    }
    void fail_start(Error error) override { handler_.on_start(std::unexpected(std::move(error))); }
    void take(const AnyUpdate& any) override {
        const auto* update = std::get_if<LatestUpdate>(&any);
        if (update == nullptr || std::ranges::any_of(update->index, [&](std::uint32_t index) { return index >= tags_; }))
            return;
        handler_.on_update(*update);
    }

private:
    SubscribeRequest request_;
    Session::LatestHandler handler_;
    std::size_t tags_ = 0;
};

// Keeps its place in each series, so that it goes on there after a cut.
class RemoteSeries final : public RemoteStream {
public:
    RemoteSeries(SubscribeSeriesRequest request, Session::SeriesHandler handler)
        : request_(std::move(request)), handler_(std::move(handler)) {
        if (request_.places.size() != request_.tags.size()) request_.places.assign(request_.tags.size(), {request_.from, 0, 0});
    }

    AnyRequest request() const override { return request_; }
    std::uint64_t number_of(const AnyReply& reply) const override { return std::get<SubscribeSeriesReply>(reply).stream; }
    void start(AnyReply any) override { handler_.on_start(std::get<SubscribeSeriesReply>(any)); }
    void fail_start(Error error) override { handler_.on_start(std::unexpected(std::move(error))); }
    void take(const AnyUpdate& any) override {
        const auto* update = std::get_if<SeriesUpdate>(&any);
        if (update == nullptr || update->index >= request_.places.size() || !is_sound(update->rows)) return;
        advance(request_.places[update->index], *update);
        handler_.on_update(*update);
    }

private:
    static bool is_sound(const SampleColumns& rows) {
        return rows.status.size() == rows.time.size() && rows.word.size() == rows.time.size();
    }
    static void advance(SeriesPlace& place, const SeriesUpdate& update) {
        for (const auto time : update.rows.time) {
            if (utc_from_ns(time) > place.time) place = {utc_from_ns(time), 0, place.position};
            if (utc_from_ns(time) == place.time) ++place.skip;
        }
        place.position = update.position;
    }

    SubscribeSeriesRequest request_;
    Session::SeriesHandler handler_;
};

// Goes on after the last event that came.
class RemoteEvents final : public RemoteStream {
public:
    RemoteEvents(SubscribeEventsRequest request, Session::EventsHandler handler)
        : request_(std::move(request)), handler_(std::move(handler)) {}

    AnyRequest request() const override { return request_; }
    std::uint64_t number_of(const AnyReply& reply) const override { return std::get<SubscribeEventsReply>(reply).stream; }
    void start(AnyReply any) override { handler_.on_start(std::get<SubscribeEventsReply>(any)); }
    void fail_start(Error error) override { handler_.on_start(std::unexpected(std::move(error))); }
    void take(const AnyUpdate& any) override {
        const auto* update = std::get_if<EventsUpdate>(&any);
        if (update == nullptr) return;
        request_.from = update->next;
        handler_.on_update(*update);
    }

private:
    SubscribeEventsRequest request_;
    Session::EventsHandler handler_;
};

}  // namespace penstock::client
