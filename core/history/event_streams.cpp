#include "core/history/event_streams.hpp"

#include <mutex>
#include <utility>
#include <vector>

#include "core/history/event_stream.hpp"
#include "core/history/querying/crew.hpp"

namespace penstock::history {

struct EventStreams::Parts {
    struct Follower {
        std::shared_ptr<EventStream> stream;
        std::uint64_t session = 0;
    };

    explicit Parts(const journal::Lane& events) : tail(events) {}

    void schedule(const Follower& follower, bool has_news) {
        if (follower.stream->queue().begin_step(has_news)) enqueue_step(follower);
    }
    // Bounded by the number of streams.
    void enqueue_step(const Follower& follower) {
        crew.enqueue_in_any_case(follower.session, [this, follower] {
            const bool wants_more = follower.stream->step(tail);
            if (follower.stream->queue().end_step(wants_more)) enqueue_step(follower);
        });
    }
    void follow() {
        std::vector<Follower> all;
        {
            const std::lock_guard lock(mutex);
            is_woken = false;
            all = followers;
        }
        for (const auto& each : all) schedule(each, true);
    }

    detail::EventTail tail;  // the worker's: there is one, so it needs no lock

    std::mutex mutex;  // guards what follows
    std::vector<Follower> followers;
    bool is_woken = false;

    detail::Crew crew{{1, 0, 0}};  // last: its jobs use all of the above
};

class EventStreams::Subscription final : public EventSubscription {
public:
    Subscription(std::shared_ptr<Parts> parts, Parts::Follower follower)
        : parts_(std::move(parts)), follower_(std::move(follower)) {
        {
            const std::lock_guard lock(parts_->mutex);
            parts_->followers.push_back(follower_);
        }
        parts_->schedule(follower_, true);
    }
    ~Subscription() override {
        follower_.stream->queue().close();
        const std::lock_guard lock(parts_->mutex);
        std::erase_if(parts_->followers, [&](const Parts::Follower& each) { return each.stream == follower_.stream; });
    }
    Result<std::optional<EventsUpdate>> take() override {
        auto update = follower_.stream->queue().take();
        if (update && *update) parts_->schedule(follower_, true);
        return update;
    }

private:
    std::shared_ptr<Parts> parts_;
    Parts::Follower follower_;
};

EventStreams::EventStreams(const journal::Lane& events) : parts_(std::make_shared<Parts>(events)) {}
EventStreams::~EventStreams() { stop(); }

std::unique_ptr<EventSubscription> EventStreams::open(std::uint64_t session, SubscribeEventsRequest request, Covers covers,
                                                      std::function<void()> on_ready) {
    auto stream = std::make_shared<EventStream>(std::move(request), parts_->tail.lane().durable(), std::move(covers),
                                                std::move(on_ready));
    return std::make_unique<Subscription>(parts_, Parts::Follower{std::move(stream), session});
}

void EventStreams::wake() noexcept {
    {
        const std::lock_guard lock(parts_->mutex);
        if (parts_->followers.empty() || std::exchange(parts_->is_woken, true)) return;
    }
    parts_->crew.enqueue_in_any_case(0, [parts = parts_.get()] { parts->follow(); });
}

void EventStreams::stop() { parts_->crew.stop(); }

}  // namespace penstock::history
