#include "core/client/remote_session.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <unordered_map>
#include <utility>

#include "core/client/own_transport.hpp"
#include "core/client/remote_inbox.hpp"
#include "core/client/remote_link.hpp"
#include "core/client/remote_stream.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/messages.hpp"

namespace penstock::client {
namespace {

constexpr std::size_t kMaxCalls = 1'000;
constexpr std::uint64_t kStreamCredit = 4;

class RemoteSession final : public Session {
public:
    // `own` holds strand and transport where the session owns them, else null.
    RemoteSession(base::Strand& strand, abi::TransportGuest& transport, RemoteOptions options,
                  std::unique_ptr<OwnTransport> own)
        : own_(std::move(own)), strand_(&strand), remote_(std::make_shared<RemoteLink>(strand, transport, options, inbox_)) {
        link_.sentence = "connecting to " + options.url;
        strand_->post([remote = remote_] { remote->start(); });
    }
    ~RemoteSession() override {
        if (own_) {
            own_->stop();
            remote_->abandon();
        } else {
            strand_->post([remote = std::move(remote_)] { remote->stop(); });
        }
    }

    void call(AnyRequest request, OnReply on_reply) override {
        if (auto* write = std::get_if<WriteTagsRequest>(&request); write != nullptr && write->command == 0)
            write->command = new_command();
        const auto operation = wire::operation_of(request);
        const auto number = ++last_call_;
        const bool is_full = calls_.size() >= kMaxCalls;
        calls_.emplace(number, Pending{std::move(on_reply), operation, link_.connection});
        if (link_.state != LinkState::connected) return answer(number, operation, not_connected());
        if (is_full)
            return answer(number, operation, Error(ErrorCode::unavailable, "1000 requests are under way already", {}, true));
        auto body = std::make_shared<wire::Buffer>();
        wire::encode_request(request, *body);
        post([number, operation, body = std::move(body), connection = link_.connection, inbox = inbox_](RemoteLink& remote) {
            if (remote.send(connection, {wire::FrameKind::request, false, number, operation}, body)) return;
            inbox->push(
                ReplyEvent{number, operation,
                           fail(ErrorCode::disconnected, "the connection was lost before the request was sent", {}, true)});
        });
    }

    std::unique_ptr<Subscription> subscribe(SubscribeRequest request, LatestHandler handler) override {
        return add(std::make_shared<RemoteLatest>(std::move(request), std::move(handler)));
    }
    std::unique_ptr<Subscription> subscribe_series(SubscribeSeriesRequest request, SeriesHandler handler) override {
        return add(std::make_shared<RemoteSeries>(std::move(request), std::move(handler)));
    }
    std::unique_ptr<Subscription> subscribe_events(SubscribeEventsRequest request, EventsHandler handler) override {
        return add(std::make_shared<RemoteEvents>(std::move(request), std::move(handler)));
    }

    std::size_t poll() override {
        inbox_->wakeup().clear();
        std::size_t ran = 0;
        for (auto& event : inbox_->take()) ran += std::visit([this](auto& each) { return take(each); }, event);
        return ran;
    }
    void wait(std::chrono::milliseconds most) override { inbox_->wakeup().wait(most); }
    int wakeup_fd() const noexcept override { return inbox_->wakeup().fd(); }
    const LinkStatus& link() const noexcept override { return link_; }

private:
    class Handle;
    struct Pending {
        OnReply on_reply;
        OperationId operation;
        std::uint64_t connection;
    };

    // Every write has a number in the audit; who wants to ask again what became of one draws it himself.
    std::uint64_t new_command() { return std::uniform_int_distribution<std::uint64_t>(1)(random_); }

    template <class Job>
    void post(Job job) {
        strand_->post([remote = remote_, job = std::move(job)] { job(*remote); });
    }
    void answer(std::uint64_t number, OperationId operation, Error error) {
        inbox_->push(ReplyEvent{number, operation, std::unexpected(std::move(error))});
    }
    [[nodiscard]] Error not_connected() const { return Error(ErrorCode::disconnected, link_.sentence, {}, true); }

    // --- events, in poll() ---
    std::size_t take(ReplyEvent& event) {
        const auto found = calls_.find(event.number);
        if (found == calls_.end()) return 0;  // it was answered when the connection was lost
        const auto pending = std::move(found->second);
        calls_.erase(found);
        if (event.reply && event.operation != pending.operation)
            event.reply = fail(ErrorCode::protocol, "the server answered with the reply of another operation");
        pending.on_reply(std::move(event.reply));
        return 1;
    }

    std::size_t take(UpdateEvent& event) {
        const auto stream = find(event.connection, event.stream);
        if (!stream) return 0;
        stream->take(event.update);
        if (!stream->has_ended) send_credit(*stream, 1);
        return 1;
    }

    std::size_t take(StreamEndEvent& event) {
        const auto stream = find(event.connection, event.stream);
        if (!stream) return 0;
        stream->number = 0;
        stream->fail_start(std::move(event.why));
        return 1;
    }

    std::size_t take(LinkEvent& event) {
        const bool was_connected = link_.state == LinkState::connected;
        link_ = std::move(event.status);
        std::size_t ran = 1;
        if (was_connected) ran += fail_calls();
        if (link_.state == LinkState::connected) {
            for (const auto& stream : std::vector(streams_)) start(stream);
        }
        return ran;
    }

    // The connection is lost: nobody knows what became of the writes.
    std::size_t fail_calls() {
        auto lost = std::exchange(calls_, {});
        for (auto& [number, pending] : lost) {
            if (pending.operation == OperationId::write)
                pending.on_reply(fail(ErrorCode::unknown_outcome, "the connection was lost before the server had answered ("
                                                                      + link_.sentence
                                                                      + "); whether the values were written is not known"));
            else
                pending.on_reply(std::unexpected(not_connected()));
        }
        return lost.size();
    }

    // --- streams ---
    std::unique_ptr<Subscription> add(std::shared_ptr<RemoteStream> stream);
    void start(const std::shared_ptr<RemoteStream>& stream) {
        if (link_.state != LinkState::connected || stream->has_ended) return;
        stream->connection = link_.connection;
        stream->number = 0;
        call(stream->request(), [this, stream, connection = link_.connection](Result<AnyReply> reply) {
            if (!reply) return fail_start(*stream, std::move(reply).error());
            const auto number = stream->number_of(*reply);
            if (stream->has_ended) return unsubscribe(connection, number);
            stream->number = number;
            stream->start(*std::move(reply));
            if (!stream->has_ended) send_credit(*stream, kStreamCredit);
        });
    }
    static void fail_start(RemoteStream& stream, Error error) {
        if (stream.has_ended || error.code() == ErrorCode::disconnected) return;  // renewed with the connection
        stream.fail_start(std::move(error));
    }
    void end(const std::shared_ptr<RemoteStream>& stream) {
        stream->has_ended = true;
        std::erase(streams_, stream);
        if (stream->number != 0 && stream->connection == link_.connection) unsubscribe(stream->connection, stream->number);
    }
    void unsubscribe(std::uint64_t connection, std::uint64_t number) {
        if (link_.state != LinkState::connected || link_.connection != connection) return;
        UnsubscribeRequest request;
        request.stream = number;
        call(AnyRequest(request), [](const Result<AnyReply>&) {});
    }
    void send_credit(const RemoteStream& stream, std::uint64_t updates) {
        auto body = std::make_shared<wire::Buffer>();
        wire::encode_credit(updates, *body);
        post([connection = stream.connection, number = stream.number, body = std::move(body)](RemoteLink& remote) {
            (void)remote.send(connection, {wire::FrameKind::credit, false, number, OperationId{}}, body);
        });
    }
    [[nodiscard]] std::shared_ptr<RemoteStream> find(std::uint64_t connection, std::uint64_t number) const {
        const auto found = std::ranges::find_if(streams_, [&](const auto& each) {
            return each->connection == connection && each->number == number && number != 0;
        });
        return found == streams_.end() ? nullptr : *found;
    }

    std::unique_ptr<OwnTransport> own_;  // first: it outlives the rest
    base::Strand* strand_;
    std::shared_ptr<RemoteInbox> inbox_ = std::make_shared<RemoteInbox>();
    std::shared_ptr<RemoteLink> remote_;
    LinkStatus link_;
    std::unordered_map<std::uint64_t, Pending> calls_;
    std::mt19937_64 random_{std::uint64_t{std::random_device()()} << 32U | std::random_device()()};
    std::uint64_t last_call_ = 1;  // 1 is the link's hello
    std::vector<std::shared_ptr<RemoteStream>> streams_;
    std::shared_ptr<RemoteSession*> self_ = std::make_shared<RemoteSession*>(this);  // for handles that outlive the session
};

class RemoteSession::Handle final : public Subscription {
public:
    Handle(std::weak_ptr<RemoteSession*> session, std::shared_ptr<RemoteStream> stream)
        : session_(std::move(session)), stream_(std::move(stream)) {}
    ~Handle() override {
        if (const auto session = session_.lock()) (*session)->end(stream_);
    }

private:
    std::weak_ptr<RemoteSession*> session_;
    std::shared_ptr<RemoteStream> stream_;
};

std::unique_ptr<Subscription> RemoteSession::add(std::shared_ptr<RemoteStream> stream) {
    streams_.push_back(stream);
    start(stream);
    return std::make_unique<Handle>(self_, std::move(stream));
}

}  // namespace

std::unique_ptr<Session> make_remote_session(base::Strand& strand, abi::TransportGuest& transport, RemoteOptions options) {
    return std::make_unique<RemoteSession>(strand, transport, std::move(options), nullptr);
}

Result<std::unique_ptr<Session>> connect_session(const guests::PluginRegistry& plugins, RemoteOptions options) {
    auto own = OwnTransport::load(plugins, options.url);
    if (!own) return std::unexpected(std::move(own).error());
    auto& strand = (*own)->strand();
    auto& transport = (*own)->transport();
    return std::make_unique<RemoteSession>(strand, transport, std::move(options), *std::move(own));
}

}  // namespace penstock::client
