// Both ends on one strand with virtual time: cuts, frozen servers and back-off without sockets or waiting.
#include "core/client/remote_session.hpp"

#include <set>

#include <gtest/gtest.h>

#include "core/sessions/session_server.hpp"
#include "core/wire/latest_update.hpp"
#include "tests/core/sessions/memory_transport.hpp"
#include "tests/core/sessions/test_plant.hpp"
#include "tests/support/manual_strand.hpp"

namespace penstock::client {
namespace {

using namespace sessions::testing;
using sessions::SessionServer;
using sessions::SessionServerOptions;
using namespace std::chrono_literals;

class RemoteSession : public ::testing::Test {
protected:
    ~RemoteSession() override {
        session_.reset();
        strand_.run();
        server_.reset();
        strand_.run();
    }
    void start_server() {
        SessionServerOptions options{plant_.plant(), 0, {}};
        options.plant.clock = &strand_;
        server_ = std::make_unique<SessionServer>(strand_, transport_, options);
        server_->listen("memory:here", [](const Result<std::string>& url) { ASSERT_TRUE(url); });
        strand_.run();
    }
    void stop_server() {
        server_->stop([] {});
        strand_.run_for(1s);
        server_.reset();
    }
    void connect() {
        RemoteOptions options;
        options.url = "memory:here";
        session_ = make_remote_session(strand_, transport_, options);
        go();
    }
    // Lets everything happen that is to happen now.
    void go() {
        for (int i = 0; i < 4; ++i) {
            strand_.run();
            session_->poll();
        }
    }
    void pass(Duration time) {
        strand_.run_for(time);
        go();
    }
    void deliver(double value) {
        plant_.deliver(0, value);
        strand_.run();
    }
    [[nodiscard]] MemoryEnd& server_end() { return transport_.newest_server_end(); }

    penstock::testing::ManualStrand strand_;
    MemoryTransport transport_{strand_};
    TestPlant plant_;
    std::unique_ptr<SessionServer> server_;
    std::unique_ptr<Session> session_;
};

ReadRequest read_speed() {
    ReadRequest request;
    request.tags = {"pump.speed"};
    return request;
}
WriteTagsRequest write_speed() {
    WriteTagsRequest request;
    request.values.push_back({"pump.speed", Value(5.0)});
    return request;
}
SubscribeRequest watch_speed() {
    SubscribeRequest request;
    request.tags = {"pump.speed"};
    return request;
}

TEST_F(RemoteSession, ConnectsAndAnswers) {
    start_server();
    connect();
    EXPECT_EQ(session_->link().state, LinkState::connected);
    EXPECT_EQ(session_->link().connection, 1U);
    plant_.deliver(0, 41.5);
    std::optional<ReadReply> reply;
    session_->call(read_speed(), [&](Result<ReadReply> answer) { reply = answer.value(); });
    EXPECT_FALSE(reply) << "a callback ran inside call()";
    go();
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->items.at(0).value.value.identical(Value(41.5)));
}

TEST_F(RemoteSession, WithoutAServerSaysSoAndAnswersDisconnected) {
    connect();
    EXPECT_EQ(session_->link().state, LinkState::lost);
    EXPECT_EQ(session_->link().sentence, "memory:here: nobody listens");
    std::optional<ErrorCode> code;
    session_->call(read_speed(), [&](const Result<ReadReply>& answer) { code = answer.error().code(); });
    EXPECT_FALSE(code);
    go();
    EXPECT_EQ(code, ErrorCode::disconnected);
}

TEST_F(RemoteSession, TriesAgainAfterTwoTenthsToTwoSeconds) {
    connect();
    pass(60s);
    const auto& times = transport_.connected_at;
    ASSERT_GT(times.size(), 25U);
    for (std::size_t i = 1; i < times.size(); ++i) {
        EXPECT_GE(times[i] - times[i - 1], 200ms);
        EXPECT_LE(times[i] - times[i - 1], 2002ms);
    }
    std::set<Duration> different;
    for (std::size_t i = 1; i < times.size(); ++i) different.insert(times[i] - times[i - 1]);
    EXPECT_GT(different.size(), 10U) << "the pauses have no jitter";
}

TEST_F(RemoteSession, ConnectsOnceTheServerIsThere) {
    connect();
    pass(3s);
    start_server();
    pass(3s);
    EXPECT_EQ(session_->link().state, LinkState::connected);
}

TEST_F(RemoteSession, ThatIsTurnedAwaySaysWhy) {
    SessionServerOptions options{plant_.plant(), 77, {}};
    options.plant.clock = &strand_;
    server_ = std::make_unique<SessionServer>(strand_, transport_, options);
    server_->listen("memory:here", [](const Result<std::string>&) {});
    transport_.next_user_id = 1234;
    connect();
    EXPECT_EQ(session_->link().state, LinkState::lost);
    EXPECT_EQ(session_->link().code, ErrorCode::denied);
    EXPECT_NE(session_->link().sentence.find("\"uid 1234\" has no right to connect"), std::string::npos);
}

TEST_F(RemoteSession, AWriteUnderWayAtACutIsUnknown) {
    start_server();
    connect();
    std::optional<Error> of_write, of_read;
    session_->call(write_speed(), [&](const Result<WriteReply>& answer) { of_write = answer.error(); });
    strand_.run();
    server_end().is_frozen = true;
    session_->call(read_speed(), [&](const Result<ReadReply>& answer) { of_read = answer.error(); });
    strand_.run();
    server_end().other->cut();
    go();
    ASSERT_TRUE(of_write && of_read);
    EXPECT_EQ(of_write->code(), ErrorCode::unknown_outcome);
    EXPECT_EQ(of_read->code(), ErrorCode::disconnected);
    EXPECT_EQ(session_->link().state, LinkState::lost);
    pass(3s);
    plant_.cycle();
    EXPECT_EQ(plant_.device.writes.size(), 1U) << "the write was repeated";
}

TEST_F(RemoteSession, AFrozenServerIsNoticedWithinFiveSeconds) {
    start_server();
    connect();
    pass(30s);
    EXPECT_EQ(session_->link().state, LinkState::connected) << "an idle connection stays";
    EXPECT_EQ(session_->link().connection, 1U);
    server_end().is_frozen = true;
    transport_.is_listening = false;
    pass(5s);
    EXPECT_EQ(session_->link().state, LinkState::lost);
}

struct Watched {
    int starts = 0;
    std::vector<LatestUpdate> updates;
    Session::LatestHandler handler() {
        return {[this](const Result<SubscribeReply>& reply) {
                    ASSERT_TRUE(reply);
                    ++starts;
                },
                [this](const LatestUpdate& update) { updates.push_back(update); }};
    }
    [[nodiscard]] double newest() const { return updates.back().value.at(0).as_double_or(-1); }
};

TEST_F(RemoteSession, SubscriptionsDeliverAndConflate) {
    start_server();
    connect();
    Watched watched;
    const auto subscription = session_->subscribe(watch_speed(), watched.handler());
    go();
    EXPECT_EQ(watched.starts, 1);
    ASSERT_EQ(watched.updates.size(), 1U);
    for (int i = 0; i < 1000; ++i) deliver(i);  // its owner does not poll
    go();
    EXPECT_LE(watched.updates.size(), 10U);
    EXPECT_EQ(watched.newest(), 999.0);
}

TEST_F(RemoteSession, SubscriptionsAreRenewedAfterARestart) {
    start_server();
    connect();
    Watched watched;
    const auto subscription = session_->subscribe(watch_speed(), watched.handler());
    go();
    stop_server();
    pass(1s);
    EXPECT_EQ(session_->link().state, LinkState::lost);
    EXPECT_NE(session_->link().sentence, "");
    start_server();
    plant_.deliver(0, 12.5);
    pass(3s);
    EXPECT_EQ(session_->link().state, LinkState::connected);
    EXPECT_EQ(session_->link().connection, 2U);
    EXPECT_EQ(watched.starts, 2);
    EXPECT_EQ(watched.newest(), 12.5);
    deliver(13.5);
    go();
    EXPECT_EQ(watched.newest(), 13.5);
}

TEST_F(RemoteSession, SubscribedBeforeTheConnectionStartsWithIt) {
    connect();
    Watched watched;
    const auto subscription = session_->subscribe(watch_speed(), watched.handler());
    go();
    EXPECT_EQ(watched.starts, 0);
    start_server();
    pass(3s);
    EXPECT_EQ(watched.starts, 1);
}

TEST_F(RemoteSession, AnEndedSubscriptionEndsOnTheServer) {
    start_server();
    connect();
    Watched watched;
    auto subscription = session_->subscribe(watch_speed(), watched.handler());
    go();
    subscription.reset();
    go();
    const auto sent = server_end().sent.size();
    deliver(5.0);
    go();
    EXPECT_EQ(server_end().sent.size(), sent);
    EXPECT_EQ(watched.updates.size(), 1U);
}

TEST_F(RemoteSession, GarbageFromTheServerIsALostLink) {
    start_server();
    connect();
    server_end().other->deliver(wire::Buffer(30, std::byte{0xCC}));
    go();
    EXPECT_EQ(session_->link().state, LinkState::lost);
    EXPECT_EQ(session_->link().code, ErrorCode::protocol);
    EXPECT_NE(session_->link().sentence.find("the server breaks the protocol: byte 1"), std::string::npos);
}

TEST_F(RemoteSession, AReplyOfAnotherOperationIsAnError) {
    start_server();
    connect();
    server_end().is_frozen = true;  // the true reply gets lost
    std::optional<Error> error;
    session_->call(read_speed(), [&](const Result<ReadReply>& answer) { error = answer.error(); });
    strand_.run();
    const wire::HeaderBytes header({wire::FrameKind::reply, false, 2, OperationId::unsubscribe});
    server_end().other->deliver(wire::Buffer(header.bytes().begin(), header.bytes().end()));
    go();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), ErrorCode::protocol);
}

TEST_F(RemoteSession, AnUpdateOfTagsThatWereNotAskedForIsIgnored) {
    start_server();
    connect();
    Watched watched;
    const auto subscription = session_->subscribe(watch_speed(), watched.handler());
    go();
    const wire::HeaderBytes header({wire::FrameKind::update, false, 1, OperationId{}});
    wire::Buffer frame(header.bytes().begin(), header.bytes().end());
    wire::encode_update({{7}, {Value(1.0)}, {QualityCode::good}, {0}, {""}}, frame);
    server_end().other->deliver(frame);
    go();
    EXPECT_EQ(watched.updates.size(), 1U);
}

TEST_F(RemoteSession, MayEndWhileItConnects) {
    connect();
    session_.reset();
    strand_.run_for(5s);
    EXPECT_LE(transport_.connects, 1);
}

}  // namespace
}  // namespace penstock::client
