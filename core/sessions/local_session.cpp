#include "core/sessions/local_session.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "core/base/wakeup.hpp"
#include "core/sessions/change_bell.hpp"
#include "core/sessions/dispatch.hpp"
#include "core/sessions/local_streams.hpp"
#include "core/sessions/reminders.hpp"
#include "core/wire/codec.hpp"
#include "core/wire/latest_update.hpp"
#include "core/wire/messages.hpp"

namespace penstock::sessions {
namespace {

constexpr std::size_t kMaxCalls = 1'000;
constexpr std::size_t kMaxStreams = 64;
constexpr std::uint32_t kStreamCredit = 4;
constexpr Duration kAnswerSoon = 100us;  // who waits for an answer looks for it so long before it falls asleep

// Replies on their way to the session's thread. Shared with handlers that answer later, so it may outlive the session.
class Inbox {
public:
    struct Item {
        std::uint64_t call;
        Result<AnyReply> reply;
    };
    [[nodiscard]] base::Wakeup& wakeup() noexcept { return wakeup_; }
    void push(std::uint64_t call, Result<AnyReply> reply) {
        {
            const std::lock_guard lock(mutex_);
            items_.push_back({call, std::move(reply)});
        }
        wakeup_.signal();
    }
    [[nodiscard]] std::vector<Item> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(items_, {});
    }

private:
    base::Wakeup wakeup_;
    std::mutex mutex_;  // guards items_
    std::vector<Item> items_;
};

template <class Message, class Encode, class Decode>
Result<Message> through_codec(const Message& message, Encode encode, Decode decode) {
    wire::Buffer bytes;
    encode(message, bytes);
    return decode(bytes);
}

class LocalSession final : public Session, private SessionHost, private ChangeBell::Listener {
public:
    LocalSession(Plant plant, Principal principal, LocalCodec codec)
        : plant_(plant),
          principal_(std::move(principal)),
          codec_(codec),
          hub_(plant.reader, codec == LocalCodec::through ? LatestHub::Form::encoded : LatestHub::Form::columns) {
        link_.state = LinkState::connected;
        link_.code = ErrorCode{};
        link_.connection = 1;
        plant_.bell->add(*this);
    }
    ~LocalSession() override {
        plant_.bell->remove(*this);
        for (auto& [number, stream] : streams_) end(*stream);
        for (auto& [number, stream] : fed_) stream->has_ended = true;
    }

    void call(AnyRequest request, OnReply on_reply) override {
        const auto number = ++last_call_;
        const bool is_full = calls_.size() >= kMaxCalls;
        calls_.emplace(number, std::move(on_reply));
        if (is_full) return inbox_->push(number, fail(ErrorCode::unavailable, "1000 requests are under way already", {}, true));
        auto send = [inbox = inbox_, number](Result<AnyReply> reply) { inbox->push(number, std::move(reply)); };
        if (codec_ == LocalCodec::skipped)
            return dispatch({plant_, principal_, station_, this}, std::move(request), std::move(send));
        call_through_codec(request, std::move(send));
    }

    std::unique_ptr<penstock::Subscription> subscribe(SubscribeRequest request, LatestHandler handler) override;
    std::unique_ptr<penstock::Subscription> subscribe_series(SubscribeSeriesRequest request, SeriesHandler handler) override;
    std::unique_ptr<penstock::Subscription> subscribe_events(SubscribeEventsRequest request, EventsHandler handler) override;

    std::size_t poll() override {
        inbox_->wakeup().clear();
        reminders_.run_due(plant_.clock->now().monotonic);
        std::size_t ran = 0;
        for (auto& [number, reply] : inbox_->take()) ran += deliver(number, std::move(reply));
        has_changes_.store(false, std::memory_order_release);
        hub_.pump();
        ran += deliver_updates();
        return ran + deliver_fed();
    }

    void wait(std::chrono::milliseconds most) override {
        if (const auto due = reminders_.next_due()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - plant_.clock->now().monotonic);
            most = std::clamp(left, std::chrono::milliseconds(0), most);
        }
        inbox_->wakeup().wait(most, calls_.empty() ? Duration(0) : kAnswerSoon);
    }
    int wakeup_fd() const noexcept override { return inbox_->wakeup().fd(); }
    const LinkStatus& link() const noexcept override { return link_; }

private:
    class Handle;

    // ChangeBell [engine]
    void on_changes() noexcept override {
        if (!has_streams_.load(std::memory_order_relaxed)) return;
        if (!has_changes_.exchange(true, std::memory_order_acq_rel)) inbox_->wakeup().signal();
    }

    // SessionHost
    Result<std::uint64_t> open_latest(std::vector<tags::TagId> tags) override {
        if (is_full()) return too_many_streams();
        const auto number = ++last_stream_;
        auto stream = std::make_shared<LatestStream>();
        stream->member = hub_.join(std::move(tags), *stream);
        streams_.emplace(number, std::move(stream));
        has_streams_.store(true, std::memory_order_relaxed);
        return number;
    }
    Result<std::uint64_t> open_series(std::vector<tags::TagId> tags, std::vector<SeriesPlace> places) override {
        if (is_full()) return too_many_streams();
        return add_fed<SeriesStream>(
            plant_.history->open_series({this->number(), principal_.name}, std::move(tags), std::move(places), waking()));
    }
    Result<std::uint64_t> open_events(SubscribeEventsRequest request, Grant grant) override {
        if (is_full()) return too_many_streams();
        return add_fed<EventStream>(
            plant_.history->open_events({this->number(), principal_.name}, std::move(request), grant, waking()));
    }
    bool close_stream(std::uint64_t number) override {
        if (const auto fed = fed_.find(number); fed != fed_.end()) {
            fed->second->has_ended = true;
            fed_.erase(fed);
            return true;
        }
        const auto found = streams_.find(number);
        if (found == streams_.end()) return false;
        end(*found->second);
        streams_.erase(found);
        has_streams_.store(!streams_.empty(), std::memory_order_relaxed);
        return true;
    }
    void set_station(std::string station) override { station_ = std::move(station); }
    std::uint64_t session_count() const override { return 1; }
    std::uint64_t number() const override { return reinterpret_cast<std::uintptr_t>(this); }  // no two live ones are equal
    void remind(MonotonicTime due, base::Job job) override { reminders_.add(due, std::move(job)); }

    [[nodiscard]] bool is_full() const noexcept { return streams_.size() + fed_.size() >= kMaxStreams; }
    [[nodiscard]] static std::unexpected<Error> too_many_streams() {
        return fail(ErrorCode::unavailable, "this session has 64 subscriptions already");
    }
    // What a feed calls when it has something.
    [[nodiscard]] std::function<void()> waking() const {
        return [inbox = inbox_] { inbox->wakeup().signal(); };
    }
    template <class Kind, class Fed>
    Result<std::uint64_t> add_fed(Result<std::unique_ptr<Fed>> feed) {
        if (!feed) return std::unexpected(feed.error());
        fed_.emplace(++last_stream_, std::make_shared<Kind>(*std::move(feed)));
        return last_stream_;
    }
    static void end(LatestStream& stream) {
        stream.has_ended = true;
        stream.member.reset();
        stream.frames.clear();
    }

    void call_through_codec(const AnyRequest& request, OnAnyReply send) {
        const auto operation = wire::operation_of(request);
        auto received = through_codec(request, wire::encode_request,
                                      [&](wire::Bytes bytes) { return wire::decode_request(operation, bytes); });
        if (!received) return send(std::unexpected(received.error()));
        dispatch({plant_, principal_, station_, this}, std::move(*received),
                 [send = std::move(send), operation](Result<AnyReply> reply) mutable {
                     if (!reply) return send(std::move(reply));
                     send(through_codec(*reply, wire::encode_reply,
                                        [&](wire::Bytes bytes) { return wire::decode_reply(operation, bytes); }));
                 });
    }

    std::size_t deliver(std::uint64_t number, Result<AnyReply> reply) {
        const auto found = calls_.find(number);
        if (found == calls_.end()) return 0;
        const auto on_reply = std::move(found->second);
        calls_.erase(found);
        on_reply(std::move(reply));
        return 1;
    }

    // A callback may end any stream or open new ones, hence the copies.
    std::size_t deliver_updates() {
        std::vector<std::shared_ptr<LatestStream>> ready;
        for (const auto& [number, stream] : streams_) {
            if (!stream->frames.empty()) ready.push_back(stream);
        }
        std::size_t ran = 0;
        for (const auto& stream : ready) ran += deliver_updates(*stream);
        return ran;
    }
    std::size_t deliver_updates(LatestStream& stream) {
        std::size_t ran = 0;
        while (!stream.frames.empty()) {
            const auto frame = std::move(stream.frames.front());
            stream.frames.pop_front();
            deliver_update(stream, *frame);
            ++ran;
            if (stream.member) stream.member->add_credit(1);
        }
        return ran;
    }
    void deliver_update(const LatestStream& stream, const LatestFrame& frame) {
        if (codec_ == LocalCodec::skipped) return stream.handler.on_update(frame.update);
        if (wire::decode_update(frame.body, decoded_)) stream.handler.on_update(decoded_);
    }

    // At most a few updates a stream and poll: the owner has other things to do.
    std::size_t deliver_fed() {
        std::vector<std::pair<std::uint64_t, std::shared_ptr<FedStream>>> started;
        for (const auto& [number, stream] : fed_) {
            if (stream->has_started) started.emplace_back(number, stream);
        }
        std::size_t ran = 0;
        for (const auto& [number, stream] : started) ran += deliver_fed(number, *stream);
        return ran;
    }
    std::size_t deliver_fed(std::uint64_t number, FedStream& stream) {
        std::size_t ran = 0;
        while (!stream.has_ended && ran < kStreamCredit) {
            auto delivered = stream.deliver(codec_ == LocalCodec::through);
            if (delivered && !*delivered) return ran;
            ++ran;
            if (delivered) continue;
            const auto on_failure = stream.on_failure();
            (void)close_stream(number);
            on_failure(std::move(delivered).error());
        }
        if (!stream.has_ended) inbox_->wakeup().signal();  // there may be more
        return ran;
    }
    template <class Kind, class Request, class Handler>
    std::unique_ptr<penstock::Subscription> subscribe_fed(Request request, Handler handler);

    Plant plant_;
    Principal principal_;
    std::string station_;
    LocalCodec codec_;
    LinkStatus link_;
    std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
    std::unordered_map<std::uint64_t, OnReply> calls_;
    std::uint64_t last_call_ = 0;
    Reminders reminders_;
    std::atomic<bool> has_streams_ = false;
    std::atomic<bool> has_changes_ = false;
    LatestHub hub_;
    std::map<std::uint64_t, std::shared_ptr<LatestStream>> streams_;  // after hub_: members leave first
    std::map<std::uint64_t, std::shared_ptr<FedStream>> fed_;
    std::uint64_t last_stream_ = 0;
    LatestUpdate decoded_;
    std::shared_ptr<LocalSession*> self_ = std::make_shared<LocalSession*>(this);  // for handles that outlive the session
};

// The owner's end of a stream. Before the reply there is no stream yet: then the reply closes it.
class LocalSession::Handle final : public penstock::Subscription {
public:
    struct State {
        std::uint64_t stream = 0;
        bool has_ended = false;
    };
    Handle(std::weak_ptr<LocalSession*> session, std::shared_ptr<State> state)
        : session_(std::move(session)), state_(std::move(state)) {}
    ~Handle() override {
        state_->has_ended = true;
        const auto session = session_.lock();
        if (session && state_->stream != 0) (void)(*session)->close_stream(state_->stream);
    }

private:
    std::weak_ptr<LocalSession*> session_;
    std::shared_ptr<State> state_;
};

std::unique_ptr<penstock::Subscription> LocalSession::subscribe(SubscribeRequest request, LatestHandler handler) {
    auto state = std::make_shared<Handle::State>();
    call(AnyRequest(std::move(request)), [this, state, handler = std::move(handler)](Result<AnyReply> any) {
        if (!any) {
            if (!state->has_ended) handler.on_start(std::unexpected(std::move(any).error()));
            return;
        }
        auto& reply = std::get<SubscribeReply>(*any);
        const auto number = reply.stream;
        if (state->has_ended) return (void)close_stream(number);
        state->stream = number;
        const auto found = streams_.find(number);
        if (found == streams_.end()) return;
        const auto stream = found->second;
        stream->handler = handler;
        stream->handler.on_start(std::move(reply));
        if (stream->member) stream->member->add_credit(kStreamCredit);
    });
    return std::make_unique<Handle>(self_, std::move(state));
}

template <class Kind, class Request, class Handler>
std::unique_ptr<penstock::Subscription> LocalSession::subscribe_fed(Request request, Handler handler) {
    auto state = std::make_shared<Handle::State>();
    call(AnyRequest(std::move(request)), [this, state, handler = std::move(handler)](Result<AnyReply> any) {
        if (!any) {
            if (!state->has_ended) handler.on_start(std::unexpected(std::move(any).error()));
            return;
        }
        const auto reply = std::get<typename Request::Reply>(*any);
        if (state->has_ended) return (void)close_stream(reply.stream);
        state->stream = reply.stream;
        const auto found = fed_.find(reply.stream);
        if (found == fed_.end()) return;
        const auto stream = std::static_pointer_cast<Kind>(found->second);
        stream->handler = handler;
        stream->has_started = true;
        stream->handler.on_start(reply);
        inbox_->wakeup().signal();
    });
    return std::make_unique<Handle>(self_, std::move(state));
}

std::unique_ptr<penstock::Subscription> LocalSession::subscribe_series(SubscribeSeriesRequest request, SeriesHandler handler) {
    return subscribe_fed<SeriesStream>(std::move(request), std::move(handler));
}

std::unique_ptr<penstock::Subscription> LocalSession::subscribe_events(SubscribeEventsRequest request, EventsHandler handler) {
    return subscribe_fed<EventStream>(std::move(request), std::move(handler));
}

}  // namespace

std::unique_ptr<Session> make_local_session(Plant plant, Principal principal, LocalCodec codec) {
    return std::make_unique<LocalSession>(plant, std::move(principal), codec);
}

}  // namespace penstock::sessions
