#include "core/client/remote_link.hpp"

#include "core/wire/codec.hpp"
#include "core/wire/latest_update.hpp"
#include "core/wire/messages.hpp"

namespace penstock::client {
namespace {

constexpr std::uint64_t kHelloNumber = 1;  // of a connection's requests; the session's own begin after it
constexpr Duration kTick = std::chrono::milliseconds(250);

}  // namespace

RemoteLink::RemoteLink(base::Strand& strand, abi::TransportGuest& transport, RemoteOptions options,
                       std::shared_ptr<RemoteInbox> inbox)
    : strand_(&strand),
      transport_(&transport),
      options_(std::move(options)),
      inbox_(std::move(inbox)),
      timer_(strand, [this] { on_timer(); }),
      random_(std::random_device()()),
      pause_(options_.backoff_least) {}

RemoteLink::~RemoteLink() = default;

void RemoteLink::start() { connect(); }

void RemoteLink::stop() {
    phase_ = Phase::stopped;
    timer_.cancel();
    link_.reset();
}

void RemoteLink::abandon() {
    stop();
    kept_.reset();
}

bool RemoteLink::send(std::uint64_t connection, const wire::FrameHeader& header, std::shared_ptr<const wire::Buffer> body) {
    if (phase_ != Phase::open || connection != connection_) return false;
    link_->send(header, std::move(body));
    return true;
}

void RemoteLink::on_timer() {
    switch (phase_) {
        case Phase::waiting: return connect();
        case Phase::greeting:
            if (now() - greeting_since_ > options_.connect_within)
                return lose(Error(ErrorCode::timeout, "the server accepted the connection and then said nothing"));
            return timer_.start(now() + kTick);
        case Phase::open: return keep_alive(now());
        case Phase::connecting:
        case Phase::stopped: return;
    }
}

void RemoteLink::connect() {
    phase_ = Phase::connecting;
    connected_ = nullptr;
    fault_ = {};
    kept_ = shared_from_this();
    const auto deadline = to_ns(now() + options_.connect_within);
    if (transport_->start_connect(abi::text(options_.url), deadline, &connected_, fault_, connect_done_)) finish_connect();
}

void RemoteLink::ConnectDone::complete(const abi::IoResult&) noexcept { link->finish_connect(); }

void RemoteLink::finish_connect() {
    const auto kept = std::move(kept_);  // until the end of this function
    if (phase_ == Phase::stopped) {
        if (connected_ != nullptr) connected_->release();
        return;
    }
    if (fault_.failed()) return lose(Error(static_cast<ErrorCode>(fault_.code), std::string(fault_.sentence())));
    wire::FrameLink::Handler& handler = *this;
    link_ = std::make_unique<wire::FrameLink>(*strand_, *connected_, handler, wire::kMaxMessageBytes);
    greet();
}

void RemoteLink::greet() {
    phase_ = Phase::greeting;
    greeting_since_ = now();
    link_->start();
    HelloRequest hello;
    hello.protocol = wire::kProtocolVersion;
    hello.client = options_.client;
    hello.station = options_.station;
    auto body = std::make_shared<wire::Buffer>();
    wire::encode(hello, *body);
    link_->send({wire::FrameKind::request, false, kHelloNumber, OperationId::hello}, std::move(body));
    timer_.start(now() + kTick);
}

void RemoteLink::on_message(const wire::Frame& message) {
    if (phase_ != Phase::greeting && phase_ != Phase::open) return;
    using wire::FrameKind;
    switch (message.header.kind) {
        case FrameKind::ping: return link_->send({FrameKind::pong, false, message.header.id, OperationId{}});
        case FrameKind::pong: return;
        case FrameKind::error: return take_error(message);
        case FrameKind::reply: return phase_ == Phase::greeting ? take_hello(message) : take_reply(message);
        case FrameKind::update: return take_update(message);
        case FrameKind::stream_end: {
            auto why = wire::decode_error(message.body);
            if (!why) return on_garbage(why.error());
            return inbox_->push(StreamEndEvent{connection_, message.header.id, *std::move(why)});
        }
        default:
            return on_garbage(Error(ErrorCode::protocol, "a server does not send frames of kind "
                                                             + std::to_string(static_cast<unsigned>(message.header.kind))));
    }
}

void RemoteLink::take_hello(const wire::Frame& message) {
    const auto hello = wire::decode<HelloReply>(message.body);
    if (message.header.id != kHelloNumber || !hello)
        return on_garbage(hello ? Error(ErrorCode::protocol, "a reply that nobody asked for") : hello.error());
    phase_ = Phase::open;
    ++connection_;
    pause_ = options_.backoff_least;
    last_ping_ = now();
    report(LinkState::connected, ErrorCode{}, {});
}

void RemoteLink::take_reply(const wire::Frame& message) {
    const auto& header = message.header;
    inbox_->push(ReplyEvent{header.id, header.operation, wire::decode_reply(header.operation, message.body)});
}

void RemoteLink::take_error(const wire::Frame& message) {
    auto error = wire::decode_error(message.body);
    if (!error) return on_garbage(error.error());
    if (message.header.id == 0 || phase_ == Phase::greeting) return lose(*error);
    inbox_->push(ReplyEvent{message.header.id, message.header.operation, std::unexpected(*std::move(error))});
}

void RemoteLink::take_update(const wire::Frame& message) {
    const auto take = [&]<class Update>(Result<Update> update) {
        if (!update) return on_garbage(update.error());
        inbox_->push(UpdateEvent{connection_, message.header.id, *std::move(update)});
    };
    if (message.header.operation == OperationId::subscribe_series) return take(wire::decode<SeriesUpdate>(message.body));
    if (message.header.operation == OperationId::subscribe_events) return take(wire::decode<EventsUpdate>(message.body));
    LatestUpdate update;
    const auto decoded = wire::decode_update(message.body, update);
    if (!decoded) return on_garbage(decoded.error());
    inbox_->push(UpdateEvent{connection_, message.header.id, std::move(update)});
}

void RemoteLink::on_garbage(const Error& error) {
    lose(Error(ErrorCode::protocol, "the server breaks the protocol: " + error.text()));
}

void RemoteLink::on_broken(const Error& error) { lose(error); }

void RemoteLink::keep_alive(MonotonicTime time) {
    const auto silent = time - link_->last_received();
    if (silent > options_.silent_at_most)
        return lose(Error(ErrorCode::timeout,
                          "the server has said nothing for "
                              + std::to_string(std::chrono::floor<std::chrono::milliseconds>(silent).count()) + " ms"));
    if (silent > options_.ping_after && time - last_ping_ > options_.ping_after) {
        last_ping_ = time;
        link_->send({wire::FrameKind::ping, false, 0, OperationId{}});
    }
    timer_.start(time + kTick);
}

// The frame link may be the caller, so it is destroyed by a job of its own.
void RemoteLink::lose(const Error& why) {
    if (phase_ == Phase::waiting || phase_ == Phase::stopped) return;
    phase_ = Phase::waiting;
    if (link_) strand_->post([dead = std::move(link_)] {});
    const auto pause = next_pause();
    timer_.start(now() + pause);
    const auto text = why.text();
    report(LinkState::lost, why.code(), text.starts_with(options_.url + ": ") ? text : options_.url + ": " + text);
}

// Between the least pause and one that doubles with every failure, so that many clients do not come back at one moment.
Duration RemoteLink::next_pause() {
    const auto least = options_.backoff_least.count();
    std::uniform_int_distribution<Duration::rep> between(least, std::max(least, 2 * pause_.count()));
    pause_ = std::min(2 * pause_, options_.backoff_most);
    return std::min(Duration(between(random_)), options_.backoff_most);
}

void RemoteLink::report(LinkState state, ErrorCode code, std::string sentence) {
    LinkStatus status;
    status.state = state;
    status.code = code;
    status.sentence = std::move(sentence);
    status.connection = connection_;
    inbox_->push(LinkEvent{std::move(status)});
}

}  // namespace penstock::client
