#include "core/sessions/server_session.hpp"

#include "core/base/log.hpp"
#include "core/sessions/dispatch.hpp"
#include "core/sessions/history_services.hpp"
#include "core/wire/codec.hpp"
#include "core/wire/messages.hpp"

namespace penstock::sessions {
namespace {

constexpr Duration kLeaveWithin = std::chrono::seconds(1);

Principal principal_of(const abi::PeerInfo& peer, std::uint32_t owner, const std::string& owner_name) {
    if (peer.user_id < 0)
        return {std::string(peer.address, std::min<std::size_t>(peer.address_size, sizeof peer.address)), false};
    if (peer.user_id == owner) return {owner_name, true};
    if (peer.user_id == 0) return {"root", true};
    return {"uid " + std::to_string(peer.user_id), false};
}

std::string peer_key(const abi::PeerInfo& peer) {
    if (peer.user_id >= 0) return "uid " + std::to_string(peer.user_id);
    std::string_view address(peer.address, std::min<std::size_t>(peer.address_size, sizeof peer.address));
    return std::string(address.substr(0, address.rfind(':')));  // without the port
}

std::shared_ptr<const wire::Buffer> encoded(const AnyReply& reply) {
    auto body = std::make_shared<wire::Buffer>();
    wire::encode_reply(reply, *body);
    return body;
}

}  // namespace

class ServerSession::Stream {
public:
    virtual ~Stream() = default;
    // Lets it be sent so many more updates.
    virtual void add_credit(std::uint32_t updates) = 0;
    // The session can send again.
    virtual void resume() = 0;
};

class ServerSession::LatestStream final : public Stream, public LatestSink {
public:
    LatestStream(ServerSession& session, std::uint64_t number, std::vector<tags::TagId> tags)
        : session_(&session), number_(number), member_(session.common_->hub.join(std::move(tags), *this)) {
        ++session.common_->streams;
    }
    ~LatestStream() override { --session_->common_->streams; }

    void add_credit(std::uint32_t updates) override { member_->add_credit(updates); }
    void resume() override { member_->resume(); }
    void send_update(const SharedFrame& frame) override {
        session_->link_.send({wire::FrameKind::update, false, number_, OperationId{}}, {frame, &frame->body});
    }
    bool can_take() const noexcept override { return session_->can_send_updates(); }

private:
    ServerSession* session_;
    std::uint64_t number_;
    std::unique_ptr<LatestMember> member_;
};

// A stream whose updates are taken from a feed as there is credit for them.
class ServerSession::FedStream : public Stream {
public:
    FedStream(ServerSession& session, std::uint64_t number) : session_(&session), number_(number) {}

    void add_credit(std::uint32_t updates) override {
        credit_ = std::min(credit_ + updates, LatestHub::kMaxCredit);
        session_->pump(number_);
    }
    void resume() override { session_->pump(number_); }

    // Sends what is ready as far as there is credit. An error ends the stream.
    Result<void> pump() {
        while (credit_ > 0 && session_->can_send_updates()) {
            const auto body = std::make_shared<wire::Buffer>();
            const auto operation = take(*body);
            if (!operation) return std::unexpected(operation.error());
            if (*operation == OperationId{}) return {};
            --credit_;
            session_->link_.send({wire::FrameKind::update, false, number_, *operation}, body);
        }
        return {};
    }

protected:
    // The next update, and what kind it is; OperationId{}: none is ready.
    virtual Result<OperationId> take(wire::Buffer& body) = 0;

private:
    ServerSession* session_;
    std::uint64_t number_;
    std::uint32_t credit_ = 0;
};

template <class Update, OperationId kOperation>
class ServerSession::FeedStream final : public FedStream {
public:
    FeedStream(ServerSession& session, std::uint64_t number, std::unique_ptr<Feed<Update>> feed)
        : FedStream(session, number), feed_(std::move(feed)) {}

private:
    Result<OperationId> take(wire::Buffer& body) override {
        const auto update = feed_->take();
        if (!update) return std::unexpected(update.error());
        if (!*update) return OperationId{};
        wire::encode(**update, body);
        return kOperation;
    }

    std::unique_ptr<Feed<Update>> feed_;
};

ServerSession::ServerSession(ServerCommon& common, abi::ConnectionGuest& connection)
    : common_(&common),
      link_(*common.strand, connection, *this, common.options.limits.first_frame_bytes),
      peer_info_(link_.peer()),
      peer_(peer_key(peer_info_)),
      principal_(principal_of(peer_info_, common.options.owner_user_id, common.owner_name)),
      phase_since_(common.strand->now().monotonic),
      last_ping_(phase_since_) {}

ServerSession::~ServerSession() {
    if (has_said_hello_ && phase_ == Phase::open) --common_->open_sessions;
}

void ServerSession::tick(MonotonicTime now) {
    const auto& limits = common_->options.limits;
    if (phase_ == Phase::gone) return;
    if (phase_ == Phase::leaving && now - phase_since_ > kLeaveWithin) return go("");
    if (phase_ == Phase::greeting && now - phase_since_ > limits.hello_within) return go("it said no hello within its time");
    if (phase_ != Phase::open) return;
    reminders_.run_due(now);
    const auto silent = now - link_.last_received();
    if (silent > limits.silent_at_most) return go("it has been silent too long");
    if (silent > limits.ping_after && now - last_ping_ > limits.ping_after) {
        last_ping_ = now;
        link_.send({wire::FrameKind::ping, false, 0, OperationId{}});
    }
}

void ServerSession::leave(const Error& reason) {
    if (phase_ == Phase::gone || phase_ == Phase::leaving) return;
    send_error(0, OperationId{}, reason);
    if (phase_ == Phase::open) --common_->open_sessions;
    phase_ = Phase::leaving;
    phase_since_ = common_->strand->now().monotonic;
    streams_.clear();
    link_.discard_input();  // read on, or the peer's kernel would drop our last words with a reset
}

void ServerSession::go(const std::string& why) {
    if (phase_ == Phase::gone) return;
    if (!why.empty()) base::log::info("session of {} closed: {}", principal_.name, why);
    if (phase_ == Phase::open) --common_->open_sessions;
    phase_ = Phase::gone;
    streams_.clear();
    common_->on_gone();
}

void ServerSession::on_sent() {
    if (phase_ != Phase::open || link_.queued_bytes() >= common_->options.limits.queued_bytes / 2) return;
    std::vector<std::uint64_t> numbers;  // a stream that fails leaves the map
    for (const auto& [number, stream] : streams_) numbers.push_back(number);
    for (const auto number : numbers) {
        if (const auto found = streams_.find(number); found != streams_.end()) found->second->resume();
    }
}

void ServerSession::on_garbage(const Error& error) { leave(error); }

void ServerSession::on_broken(const Error& error) { go(error.code() == ErrorCode::disconnected ? "" : error.text()); }

void ServerSession::on_message(const wire::Frame& message) {
    if (phase_ == Phase::leaving || phase_ == Phase::gone) return;
    using wire::FrameKind;
    const auto& header = message.header;
    if (phase_ == Phase::greeting
        && (header.kind != FrameKind::request || header.operation != OperationId::hello || under_way_ > 0))
        return leave(Error(ErrorCode::protocol, "the first request must be hello, alone"));
    switch (header.kind) {
        case FrameKind::request: return handle_request(message);
        case FrameKind::credit: return handle_credit(message);
        case FrameKind::ping: return link_.send({FrameKind::pong, false, header.id, OperationId{}});
        case FrameKind::pong: return;
        default:
            return leave(Error(ErrorCode::protocol,
                               "a client does not send frames of kind " + std::to_string(static_cast<unsigned>(header.kind))));
    }
}

void ServerSession::handle_request(const wire::Frame& message) {
    const auto& header = message.header;
    if (under_way_ >= common_->options.limits.requests_under_way)
        return send_error(header.id, header.operation,
                          Error(ErrorCode::unavailable, "too many requests are under way", {}, true));
    auto request = wire::decode_request(header.operation, message.body);
    if (!request) {
        if (request.error().code() == ErrorCode::protocol) return leave(request.error());
        return send_error(header.id, header.operation, request.error());
    }
    ++under_way_;
    auto send = [weak = weak_from_this(), strand = common_->strand, header](Result<AnyReply> reply) {
        if (strand->is_current()) {
            if (const auto self = weak.lock()) self->reply_later(header, std::move(reply));
            return;
        }
        strand->post([weak, header, reply = std::move(reply)]() mutable {
            if (const auto self = weak.lock()) self->reply_later(header, std::move(reply));
        });
    };
    dispatch({common_->options.plant, principal_, station_, this}, std::move(*request), std::move(send));
}

void ServerSession::reply_later(const wire::FrameHeader& request, Result<AnyReply> reply) {
    --under_way_;
    if (phase_ == Phase::leaving || phase_ == Phase::gone) return;
    if (phase_ == Phase::greeting && !reply && reply.error().code() == ErrorCode::denied)
        reply = std::unexpected(explained(reply.error()));
    send_reply({wire::FrameKind::reply, false, request.id, request.operation}, reply);
    if (phase_ == Phase::greeting) finish_hello(reply);
    if (link_.queued_bytes() > common_->options.limits.queued_reply_bytes) go("it does not read its replies");
}

void ServerSession::send_reply(wire::FrameHeader header, const Result<AnyReply>& reply) {
    if (!reply) return send_error(header.id, header.operation, reply.error());
    auto body = encoded(*reply);
    if (body->size() > wire::kMaxMessageBytes)
        return send_error(header.id, header.operation,
                          Error(ErrorCode::unavailable, "the reply has " + std::to_string(body->size())
                                                            + " bytes, more than 8 MiB; ask for less at a time"));
    link_.send(header, std::move(body));
}

void ServerSession::finish_hello(const Result<AnyReply>& reply) {
    if (!reply) return leave(reply.error());
    phase_ = Phase::open;
    has_said_hello_ = true;
    ++common_->open_sessions;
    link_.set_most_message_bytes(common_->options.limits.request_bytes);
}

Error ServerSession::explained(const Error& denied) const {
    return Error(denied.code(), denied.sentence() + "; its data folder belongs to \"" + common_->owner_name
                                    + "\", who is its only administrator");
}

void ServerSession::send_error(std::uint64_t id, OperationId operation, const Error& error) {
    auto body = std::make_shared<wire::Buffer>();
    wire::encode_error(error, *body);
    link_.send({wire::FrameKind::error, false, id, operation}, std::move(body));
}

void ServerSession::handle_credit(const wire::Frame& message) {
    const auto updates = wire::decode_credit(message.body);
    if (!updates) return leave(updates.error());
    const auto found = streams_.find(message.header.id);
    if (found == streams_.end()) return;  // it ended while the credit was on its way
    found->second->add_credit(static_cast<std::uint32_t>(std::min<std::uint64_t>(*updates, LatestHub::kMaxCredit)));
}

bool ServerSession::can_send_updates() const noexcept {
    return phase_ == Phase::open && link_.queued_bytes() < common_->options.limits.queued_bytes;
}

Result<void> ServerSession::check_stream_count() const {
    if (streams_.size() < common_->options.limits.streams) return {};
    return fail(ErrorCode::unavailable, "this session has " + std::to_string(streams_.size()) + " streams already");
}

Result<std::uint64_t> ServerSession::open_latest(std::vector<tags::TagId> tags) {
    const auto room = check_stream_count();
    if (!room) return std::unexpected(room.error());
    const auto number = ++last_stream_;
    streams_.emplace(number, std::make_unique<LatestStream>(*this, number, std::move(tags)));
    return number;
}

std::function<void()> ServerSession::pumping(std::uint64_t number) {
    return [weak = weak_from_this(), strand = common_->strand, number] {
        strand->post([weak, number] {
            if (const auto self = weak.lock()) self->pump(number);
        });
    };
}

template <OperationId kOperation, class Update>
Result<std::uint64_t> ServerSession::add_stream(std::uint64_t number, Result<std::unique_ptr<Feed<Update>>> feed) {
    if (!feed) return std::unexpected(feed.error());
    streams_.emplace(number, std::make_unique<FeedStream<Update, kOperation>>(*this, number, *std::move(feed)));
    return number;
}

Result<std::uint64_t> ServerSession::open_series(std::vector<tags::TagId> tags, std::vector<SeriesPlace> places) {
    const auto room = check_stream_count();
    if (!room) return std::unexpected(room.error());
    const auto number = ++last_stream_;
    return add_stream<OperationId::subscribe_series>(
        number, common_->options.plant.history->open_series({this->number(), principal_.name}, std::move(tags),
                                                            std::move(places), pumping(number)));
}

Result<std::uint64_t> ServerSession::open_events(SubscribeEventsRequest request, Grant grant) {
    const auto room = check_stream_count();
    if (!room) return std::unexpected(room.error());
    const auto number = ++last_stream_;
    return add_stream<OperationId::subscribe_events>(
        number, common_->options.plant.history->open_events({this->number(), principal_.name}, std::move(request), grant,
                                                            pumping(number)));
}

void ServerSession::pump(std::uint64_t number) {
    const auto found = streams_.find(number);
    if (found == streams_.end()) return;
    // Only fed streams ask for this.
    const auto sent = static_cast<FedStream&>(*found->second).pump();
    if (!sent) end_stream(number, sent.error());
}

void ServerSession::end_stream(std::uint64_t number, const Error& why) {
    streams_.erase(number);
    auto body = std::make_shared<wire::Buffer>();
    wire::encode_error(why, *body);
    link_.send({wire::FrameKind::stream_end, false, number, OperationId{}}, std::move(body));
}

bool ServerSession::close_stream(std::uint64_t stream) { return streams_.erase(stream) > 0; }

}  // namespace penstock::sessions
