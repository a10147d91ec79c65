#pragma once

// A session whose server is the test: requests wait until they are answered by hand.

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <penstock/session.hpp>

namespace penstock::client::testing {

class FakeSession : public Session {
public:
    struct Call {
        AnyRequest request;
        OnReply on_reply;
    };
    struct Stream {
        SubscribeRequest request;
        LatestHandler handler;
        bool is_over = false;
    };

    struct Series {
        SubscribeSeriesRequest request;
        SeriesHandler handler;
        bool is_over = false;
    };

    struct Events {
        SubscribeEventsRequest request;
        EventsHandler handler;
        bool is_over = false;
    };

    void call(AnyRequest request, OnReply on_reply) override { calls.push_back({std::move(request), std::move(on_reply)}); }
    std::unique_ptr<Subscription> subscribe(SubscribeRequest request, LatestHandler handler) override {
        streams.push_back(std::make_shared<Stream>(Stream{std::move(request), std::move(handler)}));
        return std::make_unique<Handle<Stream>>(streams.back());
    }
    std::unique_ptr<Subscription> subscribe_series(SubscribeSeriesRequest request, SeriesHandler handler) override {
        series.push_back(std::make_shared<Series>(Series{std::move(request), std::move(handler)}));
        return std::make_unique<Handle<Series>>(series.back());
    }
    std::unique_ptr<Subscription> subscribe_events(SubscribeEventsRequest request, EventsHandler handler) override {
        events.push_back(std::make_shared<Events>(Events{std::move(request), std::move(handler)}));
        return std::make_unique<Handle<Events>>(events.back());
    }
    std::size_t poll() override {
        auto due = std::exchange(due_, {});
        for (auto& callback : due) callback();
        return due.size();
    }
    void wait(std::chrono::milliseconds) override {}
    [[nodiscard]] int wakeup_fd() const noexcept override { return -1; }
    [[nodiscard]] const LinkStatus& link() const noexcept override { return status; }

    // The oldest request of this type, for the test to look at; it has to be there.
    template <class Request>
    Request next() {
        return std::get<Request>(calls.at(0).request);
    }
    // Answers the oldest request; the reply comes with the next poll().
    void answer(Result<AnyReply> reply) {
        auto call = std::move(calls.at(0));
        calls.pop_front();
        due_.push_back([on_reply = std::move(call.on_reply), reply = std::move(reply)] { on_reply(reply); });
    }
    void start(SubscribeReply reply) {
        due_.push_back([stream = streams.back(), reply = std::move(reply)] {
            if (!stream->is_over) stream->handler.on_start(reply);
        });
    }
    void update(std::uint32_t index, Value value, QualityCode quality = QualityCode::good, std::string cause = {}) {
        LatestUpdate update;
        update.index = {index};
        update.value = {std::move(value)};
        update.quality = {quality};
        update.time = {1'700'000'000'000'000'000};
        update.cause = {std::move(cause)};
        due_.push_back([stream = streams.back(), update = std::move(update)] {
            if (!stream->is_over) stream->handler.on_update(update);
        });
    }

    LinkStatus status{LinkState::connected, {}, ErrorCode::disconnected, 1};
    std::deque<Call> calls;
    std::vector<std::shared_ptr<Stream>> streams;
    std::vector<std::shared_ptr<Series>> series;
    std::vector<std::shared_ptr<Events>> events;

private:
    template <class Kind>
    class Handle final : public Subscription {
    public:
        explicit Handle(std::shared_ptr<Kind> stream) : stream_(std::move(stream)) {}
        ~Handle() override { stream_->is_over = true; }

    private:
        std::shared_ptr<Kind> stream_;
    };

    std::vector<std::function<void()>> due_;
};

// The definition of a tag that is there and can be written.
[[nodiscard]] inline SubscribedTag known_tag(std::string name, ValueType type = ValueType::float64) {
    SubscribedTag tag;
    tag.name = std::move(name);
    tag.found = true;
    tag.writable = true;
    tag.type = type;
    tag.unit = "m";
    tag.range_high = 6;
    return tag;
}

}  // namespace penstock::client::testing
