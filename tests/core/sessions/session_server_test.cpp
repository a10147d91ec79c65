#include "core/sessions/session_server.hpp"

#include <gtest/gtest.h>

#include "core/sessions/handlers.hpp"
#include "core/wire/codec.hpp"
#include "core/wire/latest_update.hpp"
#include "core/wire/messages.hpp"
#include "tests/core/sessions/memory_transport.hpp"
#include "tests/core/sessions/test_plant.hpp"
#include "tests/support/manual_strand.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;
using wire::FrameKind;

// The far end of a connection, byte for byte.
class Peer {
public:
    Peer(MemoryTransport& transport, penstock::testing::ManualStrand& strand, std::int64_t user_id = 0)
        : strand_(&strand), end_(&transport.open(user_id)), server_end_(&transport.newest_server_end()) {
        strand.run();
    }

    struct Received {
        wire::FrameHeader header;
        wire::Buffer body;
    };
    void send(wire::FrameHeader header, const wire::Buffer& body = {}) {
        const wire::HeaderBytes head(header);
        wire::Buffer frame(head.bytes().begin(), head.bytes().end());
        frame.insert(frame.end(), body.begin(), body.end());
        send_bytes(frame);
    }
    void send_bytes(const wire::Buffer& frame) {
        abi::Bytes part{frame.data(), frame.size()};
        (void)end_->start_send(&part, 1, 0, fault_, nobody_);
        strand_->run();
    }
    template <class Request>
    void ask(std::uint64_t id, const Request& request) {
        wire::Buffer body;
        wire::encode(request, body);
        send({FrameKind::request, false, id, Request::kId}, body);
    }
    void say_hello() {
        ask(1, HelloRequest());
        const auto reply = take();
        ASSERT_EQ(reply.header.kind, FrameKind::reply);
    }
    void give_credit(std::uint64_t stream, std::uint64_t updates) {
        wire::Buffer body;
        wire::encode_credit(updates, body);
        send({FrameKind::credit, false, stream, OperationId{}}, body);
    }
    [[nodiscard]] bool has_frame() const { return !end_->inbox.empty(); }
    Received take() {
        if (!has_frame()) {
            ADD_FAILURE() << "no frame";
            return {};
        }
        bytes_ = std::move(end_->inbox.front());
        end_->inbox.pop_front();
        const auto frame = wire::parse_frame(bytes_).value();
        return {frame.header, wire::Buffer(frame.body.begin(), frame.body.end())};
    }
    Error take_error() {
        const auto frame = take();
        EXPECT_EQ(frame.header.kind, FrameKind::error);
        return wire::decode_error(frame.body).value();
    }
    [[nodiscard]] bool is_closed() const { return server_end_->is_released; }
    [[nodiscard]] MemoryEnd& server_end() { return *server_end_; }

private:
    struct Nobody final : abi::Completion {
        void complete(const abi::IoResult&) noexcept override {}
    };
    penstock::testing::ManualStrand* strand_;
    MemoryEnd* end_;
    MemoryEnd* server_end_;
    abi::Fault fault_;
    Nobody nobody_;
    wire::Buffer bytes_;
};

class Server : public ::testing::Test {
protected:
    explicit Server(std::size_t more_tags = 0) : plant_(more_tags) {
        SessionServerOptions options{plant_.plant(), 1000, {}};
        options.plant.clock = &strand_;
        server_ = std::make_unique<SessionServer>(strand_, transport_, options);
        server_->listen("memory:here", [](Result<std::string> url) { EXPECT_EQ(url.value(), "memory:here"); });
        strand_.run();
    }
    std::uint64_t subscribe(Peer& peer, std::vector<std::string> tags) {
        SubscribeRequest request;
        request.tags = std::move(tags);
        peer.ask(2, request);
        const auto reply = peer.take();
        return wire::decode<SubscribeReply>(reply.body).value().stream;
    }
    void deliver(ItemId item, double value) {
        plant_.deliver(item, value);
        strand_.run();
    }

    penstock::testing::ManualStrand strand_;
    MemoryTransport transport_{strand_};
    TestPlant plant_;
    std::unique_ptr<SessionServer> server_;
};

TEST_F(Server, KnowsTheOwnerOfTheDataFolderAndRoot) {
    for (const auto user_id : {1000, 0}) {
        Peer peer(transport_, strand_, user_id);
        peer.say_hello();
        ReadRequest request;
        request.tags = {"pump.speed"};
        peer.ask(2, request);
        EXPECT_EQ(peer.take().header.kind, FrameKind::reply);
    }
    EXPECT_EQ(server_->session_count(), 2U);
}

TEST_F(Server, TellsAnybodyElseSoAndCloses) {
    Peer peer(transport_, strand_, 1234);
    peer.ask(1, HelloRequest());
    const auto error = peer.take_error();
    EXPECT_EQ(error.code(), ErrorCode::denied);
    EXPECT_NE(error.sentence().find("\"uid 1234\" has no right to connect on this server; its data folder belongs to"),
              std::string::npos)
        << error.sentence();
    strand_.run_for(std::chrono::seconds(2));
    EXPECT_TRUE(peer.is_closed());
    EXPECT_EQ(server_->session_count(), 0U);
}

TEST_F(Server, AnswersNothingBeforeHello) {
    Peer peer(transport_, strand_);
    ReadRequest request;
    request.tags = {"pump.speed"};
    peer.ask(1, request);
    EXPECT_EQ(peer.take_error().sentence(), "the first request must be hello, alone");
    strand_.run_for(std::chrono::seconds(2));
    EXPECT_TRUE(peer.is_closed());
}

TEST_F(Server, ClosesWhoSaysNoHelloWithinFiveSeconds) {
    Peer peer(transport_, strand_);
    strand_.run_for(std::chrono::milliseconds(4900));
    EXPECT_FALSE(peer.is_closed());
    strand_.run_for(std::chrono::milliseconds(500));
    EXPECT_TRUE(peer.is_closed());
}

TEST_F(Server, RefusesABigFrameBeforeHello) {
    Peer peer(transport_, strand_);
    peer.send({FrameKind::request, false, 1, OperationId::hello}, wire::Buffer(65 * 1024));
    EXPECT_EQ(peer.take_error().sentence(), "a message of more than 65536 bytes");
}

TEST_F(Server, AnswersGarbageWithOneSentenceAndCloses) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    peer.send_bytes(wire::Buffer(20, std::byte{0xEE}));
    EXPECT_EQ(peer.take_error().text(), "byte 1, field \"format\": frame format 238 is unknown, wanted 1");
    peer.send_bytes(wire::Buffer(20, std::byte{0xEE}));
    EXPECT_FALSE(peer.has_frame());
    strand_.run_for(std::chrono::seconds(2));
    EXPECT_TRUE(peer.is_closed());
}

TEST_F(Server, GoesOnAfterAnOperationItDoesNotKnow) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    peer.send({FrameKind::request, false, 9, static_cast<OperationId>(500)});
    EXPECT_EQ(peer.take_error().code(), ErrorCode::unsupported);
    peer.ask(10, StatusRequest());
    EXPECT_EQ(peer.take().header.id, 10U);
}

TEST_F(Server, PingsASilentPeerAndClosesItAfterFiveSeconds) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    strand_.run_for(std::chrono::seconds(3));
    EXPECT_EQ(peer.take().header.kind, FrameKind::ping);
    EXPECT_FALSE(peer.is_closed());
    strand_.run_for(std::chrono::milliseconds(2600));
    EXPECT_TRUE(peer.is_closed());
    EXPECT_EQ(server_->session_count(), 0U);
}

TEST_F(Server, KeepsAPeerThatAnswersPings) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    for (int i = 0; i < 20; ++i) {
        strand_.run_for(std::chrono::seconds(1));
        peer.send({FrameKind::pong, false, 0, OperationId{}});
    }
    EXPECT_FALSE(peer.is_closed());
}

TEST_F(Server, BoundsThePeersWithoutHello) {
    std::vector<std::unique_ptr<Peer>> peers;
    for (std::size_t i = 0; i <= SessionLimits().connections_without_hello; ++i)
        peers.push_back(std::make_unique<Peer>(transport_, strand_));
    EXPECT_FALSE(peers[0]->is_closed());
    EXPECT_TRUE(peers.back()->is_closed());
}

TEST_F(Server, SplitsABigReplyOverFrames) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    ReadRequest request;
    request.tags.assign(kMaxReadTags, longest_name());
    wire::Buffer body;
    wire::encode(request, body);
    ASSERT_GT(body.size(), wire::kMaxBodyBytes);
    for (wire::Bytes rest(body); !rest.empty();) {
        const auto size = std::min<std::size_t>(rest.size(), 500'000);
        peer.send({FrameKind::request, size < rest.size(), 2, OperationId::read},
                  wire::Buffer(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size)));
        rest = rest.subspan(size);
    }
    wire::Buffer whole;
    Peer::Received frame;
    int frames = 0;
    do {
        frame = peer.take();
        ASSERT_EQ(frame.header.kind, FrameKind::reply);
        whole.insert(whole.end(), frame.body.begin(), frame.body.end());
        ++frames;
    } while (frame.header.more);
    EXPECT_GT(frames, 1);
    EXPECT_EQ(wire::decode<ReadReply>(whole).value().items.size(), kMaxReadTags);
}

TEST_F(Server, SendsUpdatesAgainstCreditOnly) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    const auto stream = subscribe(peer, {"pump.speed"});
    deliver(0, 1.0);
    EXPECT_FALSE(peer.has_frame());
    peer.give_credit(stream, 1);
    LatestUpdate update;
    ASSERT_TRUE(wire::decode_update(peer.take().body, update));
    EXPECT_TRUE(update.value.at(0).identical(Value(1.0)));
    for (int i = 2; i < 50; ++i) deliver(0, i);
    EXPECT_FALSE(peer.has_frame());
    peer.give_credit(stream, 1);
    ASSERT_TRUE(wire::decode_update(peer.take().body, update));
    EXPECT_TRUE(update.value.at(0).identical(Value(49.0))) << "it skips to the newest";
    EXPECT_FALSE(peer.has_frame());
}

TEST_F(Server, SendsEqualSubscriptionsTheSameBytes) {
    Peer a(transport_, strand_), b(transport_, strand_);
    a.say_hello();
    b.say_hello();
    a.give_credit(subscribe(a, {"pump.speed", "pump.count"}), 4);
    b.give_credit(subscribe(b, {"pump.speed", "pump.count"}), 4);
    ASSERT_EQ(a.take().body, b.take().body);
    deliver(0, 2.0);
    const auto of_a = a.take();
    const auto of_b = b.take();
    EXPECT_EQ(of_a.header.kind, FrameKind::update);
    EXPECT_EQ(of_a.body, of_b.body);
}

TEST_F(Server, EndsAStreamOnRequest) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    UnsubscribeRequest request;
    request.stream = subscribe(peer, {"pump.speed"});
    peer.give_credit(request.stream, 4);
    (void)peer.take();
    peer.ask(3, request);
    EXPECT_EQ(peer.take().header.kind, FrameKind::reply);
    deliver(0, 2.0);
    EXPECT_FALSE(peer.has_frame());
}

TEST_F(Server, AnswersAWriteLater) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(3.0)});
    peer.ask(2, request);
    plant_.cycle();
    EXPECT_FALSE(peer.has_frame());
    plant_.device.answer(WriteOutcome::done());
    strand_.run();
    EXPECT_EQ(wire::decode<WriteReply>(peer.take().body).value().items.at(0).outcome, WriteResult::done);
}

TEST_F(Server, MayLoseThePeerBeforeTheAnswer) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(3.0)});
    peer.ask(2, request);
    plant_.cycle();
    peer.server_end().cut();
    strand_.run();
    EXPECT_TRUE(peer.is_closed());
    plant_.device.answer(WriteOutcome::done());
    strand_.run();
}

TEST_F(Server, TellsItsPeersThatItStops) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    bool has_stopped = false;
    server_->stop([&] { has_stopped = true; });
    strand_.run_for(std::chrono::seconds(1));
    EXPECT_EQ(peer.take_error().sentence(), "the server is stopping");
    EXPECT_TRUE(has_stopped);
    EXPECT_TRUE(peer.is_closed());
    EXPECT_FALSE(transport_.is_listening);
}

class ServerOfManyTags : public Server {
protected:
    static constexpr std::size_t kTags = 20'000;
    ServerOfManyTags() : Server(kTags) {}
};

TEST_F(ServerOfManyTags, QueuesLittleForAPeerThatDoesNotRead) {
    Peer peer(transport_, strand_);
    peer.say_hello();
    SubscribeRequest request;
    request.pattern = "more.*";
    peer.ask(2, request);
    wire::Buffer whole;
    Peer::Received frame;
    do {
        frame = peer.take();
        whole.insert(whole.end(), frame.body.begin(), frame.body.end());
    } while (frame.header.more);
    const auto stream = wire::decode<SubscribeReply>(whole).value().stream;

    peer.server_end().is_blocked = true;
    for (int round = 0; round < 50; ++round) {
        plant_.deliver_to_all(kTags, round);
        strand_.run();
        peer.give_credit(stream, 64);
        strand_.run_for(std::chrono::milliseconds(10));
    }
    // Awake again: it gets the newest values, not the fifty rounds.
    peer.server_end().unblock();
    strand_.run();
    std::size_t rows = 0;
    std::map<std::uint32_t, double> values;
    LatestUpdate update;
    while (peer.has_frame()) {
        const auto next = peer.take();
        if (next.header.kind != FrameKind::update) continue;
        ASSERT_TRUE(wire::decode_update(next.body, update));
        rows += update.index.size();
        for (std::size_t i = 0; i < update.index.size(); ++i) values[update.index[i]] = update.value[i].as_double_or(-1);
    }
    EXPECT_EQ(values.size(), kTags);
    for (const auto& [index, value] : values) ASSERT_EQ(value, 49.0) << "tag " << index;
    EXPECT_LE(rows, 4 * kTags);
}

}  // namespace
}  // namespace penstock::sessions
