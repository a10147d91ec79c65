#pragma once

// The streams of a local session. Internal to local_session.cpp.

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include <penstock/session.hpp>

#include "core/sessions/history_services.hpp"
#include "core/sessions/latest_hub.hpp"
#include "core/wire/codec.hpp"

namespace penstock::sessions {

// Newest values: frames that wait for poll(), and whom they are for. The owner's handle and the session share it.
class LatestStream final : public LatestSink {
public:
    void send_update(const SharedFrame& frame) override { frames.push_back(frame); }
    bool can_take() const noexcept override { return true; }  // credit bounds it

    std::deque<SharedFrame> frames;
    std::unique_ptr<LatestMember> member;
    Session::LatestHandler handler;
    bool has_ended = false;
};

// A stream whose updates are taken from a feed, which keeps few at a time: so there is no credit here.
class FedStream {
public:
    virtual ~FedStream() = default;
    // Delivers the next update; false: none is ready.
    [[nodiscard]] virtual Result<bool> deliver(bool through_codec) = 0;
    // What tells the owner that it ended.
    [[nodiscard]] virtual std::function<void(Error)> on_failure() const = 0;

    bool has_started = false;
    bool has_ended = false;
};

template <class Update, class Handler>
class FeedStream final : public FedStream {
public:
    explicit FeedStream(std::unique_ptr<Feed<Update>> feed) : feed_(std::move(feed)) {}

    Result<bool> deliver(bool through_codec) override {
        auto update = feed_->take();
        if (!update) return std::unexpected(std::move(update).error());
        if (!*update) return false;
        if (!through_codec) {
            handler.on_update(**update);
            return true;
        }
        wire::Buffer bytes;
        wire::encode(**update, bytes);
        const auto decoded = wire::decode<Update>(bytes);
        if (!decoded) return std::unexpected(decoded.error());
        handler.on_update(*decoded);
        return true;
    }
    std::function<void(Error)> on_failure() const override {
        return [on_start = handler.on_start](Error error) { on_start(std::unexpected(std::move(error))); };
    }

    Handler handler;

private:
    std::unique_ptr<Feed<Update>> feed_;
};
using SeriesStream = FeedStream<SeriesUpdate, Session::SeriesHandler>;
using EventStream = FeedStream<EventsUpdate, Session::EventsHandler>;

}  // namespace penstock::sessions
