// The whole way with real sockets and threads: engine thread, session server, transport.unix as a plugin, remote session.
#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/asio_io.hpp"
#include "core/base/io_threads.hpp"
#include "core/base/settings_document.hpp"
#include "core/client/remote_session.hpp"
#include "core/engine/engine_thread.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/sessions/session_server.hpp"
#include "tests/core/sessions/test_plant.hpp"

namespace penstock {
namespace {

using namespace std::chrono_literals;
using sessions::testing::TestPlant;

std::filesystem::path fresh_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "penstock-unix-XXXXXX").string();
    return ::mkdtemp(pattern.data());
}

const guests::PluginRegistry& plugins() {
    static const auto registry = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR "/transport.unix.so"});
    return registry;
}

class UnixTransport : public ::testing::Test {
protected:
    UnixTransport() { engine_thread_ = std::make_unique<engine::EngineThread>(plant_.engine, clock_); }
    ~UnixTransport() override {
        stop_server();
        engine_thread_.reset();
        std::filesystem::remove_all(folder_);
    }

    template <class Job>
    auto on_strand(Job job) {
        std::promise<decltype(job())> done;
        thread_->post([&] { done.set_value(job()); });
        return done.get_future().get();
    }
    void start_server() {
        thread_ = std::make_unique<base::IoThread>("sessions", clock_);
        io_ = std::make_unique<base::AsioIo>(*thread_, "transport.unix");
        const auto library = plugins().load("transport.unix");
        ASSERT_TRUE(library) << library.error().text();
        std::promise<Result<std::string>> listening;
        on_strand([&] {
            transport_ = guests::create_transport(**library, settings_, *io_, "listener").value();
            sessions::SessionServerOptions options{plant_.plant(), ::geteuid(), {}};
            options.plant.clock = &clock_;
            server_ = std::make_unique<sessions::SessionServer>(*thread_, *transport_, options);
            server_->listen(url(), [&](Result<std::string> result) { listening.set_value(std::move(result)); });
            return 0;
        });
        const auto listens = listening.get_future().get();
        ASSERT_TRUE(listens) << listens.error().text();
        EXPECT_EQ(*listens, url());
    }
    void stop_server() {
        if (!thread_) return;
        std::promise<void> stopped;
        thread_->post([&] { server_->stop([&] { stopped.set_value(); }); });
        stopped.get_future().wait();
        thread_->stop();
        server_.reset();
        transport_.reset();
        io_.reset();
        thread_.reset();
    }
    std::unique_ptr<Session> connect() {
        client::RemoteOptions options;
        options.url = url();
        return client::connect_session(plugins(), options).value();
    }
    // Polls until it is so; false after ten seconds.
    template <class Condition>
    [[nodiscard]] static bool until(Session& session, Condition condition) {
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            session.wait(50ms);
            session.poll();
        }
        return true;
    }
    [[nodiscard]] static bool until_connected(Session& session) {
        return until(session, [&] { return session.link().state == LinkState::connected; });
    }
    [[nodiscard]] std::string path() const { return (folder_ / "penstock.sock").string(); }
    [[nodiscard]] std::string url() const { return "unix:" + path(); }

    std::filesystem::path folder_ = fresh_folder();
    base::SystemClock clock_;
    TestPlant plant_{1000};
    std::unique_ptr<engine::EngineThread> engine_thread_;
    base::SettingsDocument settings_;
    std::unique_ptr<base::IoThread> thread_;
    std::unique_ptr<base::AsioIo> io_;
    guests::TransportOwner transport_;
    std::unique_ptr<sessions::SessionServer> server_;
};

ReadRequest read_of(std::string tag) {
    ReadRequest request;
    request.tags.push_back(std::move(tag));
    return request;
}
WriteTagsRequest write_of(std::string tag, Value value) {
    WriteTagsRequest request;
    request.values.push_back({std::move(tag), std::move(value)});
    return request;
}

TEST_F(UnixTransport, CarriesAReadAndAWrite) {
    start_server();
    const auto session = connect();
    ASSERT_TRUE(until_connected(*session));
    const auto written = session->call_and_wait(write_of("memory.int", Value((std::int64_t{1} << 53) + 1)), 10s);
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(written->items.at(0).outcome, WriteResult::done) << written->items.at(0).reason;
    const auto read = session->call_and_wait(read_of("memory.int"), 10s);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->items.at(0).value.value.text(), "9007199254740993");
}

TEST_F(UnixTransport, SocketIsForItsOwnerAlone) {
    start_server();
    struct stat status{};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(UnixTransport, CarriesMessagesBeyondAFrame) {
    start_server();
    const auto session = connect();
    ASSERT_TRUE(until_connected(*session));
    ReadRequest request;
    request.tags.assign(10'000, sessions::testing::longest_name());
    const auto read = session->call_and_wait(std::move(request), 30s);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->items.size(), 10'000U);
}

TEST_F(UnixTransport, DeliversChangesToManySessions) {
    start_server();
    struct Watched {
        std::unique_ptr<Session> session;
        std::unique_ptr<Subscription> subscription;
        std::string newest;
    };
    std::vector<Watched> all(5);
    for (auto& each : all) {
        each.session = connect();
        SubscribeRequest request;
        request.tags = {"memory.int", "memory.double"};
        each.subscription = each.session->subscribe(request, {[](const Result<SubscribeReply>&) {},
                                                              [&each](const LatestUpdate& update) {
                                                                  for (std::size_t i = 0; i < update.index.size(); ++i) {
                                                                      if (update.index[i] == 0)
                                                                          each.newest = update.value[i].text();
                                                                  }
                                                              }});
    }
    ASSERT_TRUE(until_connected(*all[0].session));
    for (int i = 1; i <= 50; ++i) ASSERT_TRUE(all[0].session->call_and_wait(write_of("memory.int", Value(i)), 10s));
    for (auto& each : all) EXPECT_TRUE(until(*each.session, [&] { return each.newest == "50"; })) << each.newest;
}

TEST_F(UnixTransport, SurvivesARestartOfTheServer) {
    start_server();
    const auto session = connect();
    int starts = 0;
    SubscribeRequest request;
    request.tags = {"memory.int"};
    const auto subscription = session->subscribe(
        request, {[&](const Result<SubscribeReply>& reply) { starts += reply ? 1 : 0; }, [](const LatestUpdate&) {}});
    ASSERT_TRUE(until(*session, [&] { return starts == 1; }));
    stop_server();
    ASSERT_TRUE(until(*session, [&] { return session->link().state == LinkState::lost; }));
    start_server();
    EXPECT_TRUE(until(*session, [&] { return starts == 2; }));
    EXPECT_EQ(session->link().connection, 2U);
}

TEST_F(UnixTransport, SaysThatNobodyListens) {
    const auto session = connect();
    ASSERT_TRUE(until(*session, [&] { return session->link().state == LinkState::lost; }));
    EXPECT_NE(session->link().sentence.find(path()), std::string::npos) << session->link().sentence;
}

TEST_F(UnixTransport, UnknownTransportIsAnErrorInASentence) {
    client::RemoteOptions options;
    options.url = "tsl://plant:1";
    EXPECT_FALSE(client::connect_session(plugins(), options));
    options.url = "plant";
    const auto session = client::connect_session(plugins(), options);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().sentence(), "\"plant\" is no server's address; wanted unix:PATH or tls://HOST:PORT");
}

// A socket of the test's own, to send what no transport would.
class RawSocket {
public:
    explicit RawSocket(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        is_connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        const timeval most{10, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    }
    ~RawSocket() { ::close(fd_); }
    [[nodiscard]] bool is_connected() const { return is_connected_; }
    void send(std::string_view bytes) const {
        EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    }
    // All until the end of the stream.
    [[nodiscard]] std::string receive_all() const {
        std::string all;
        char buffer[4096];
        for (ssize_t size = 0; (size = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;)
            all.append(buffer, static_cast<std::size_t>(size));
        return all;
    }

private:
    int fd_;
    bool is_connected_ = false;
};

TEST_F(UnixTransport, ClosesAtAFrameBeyondTheLimitAndServesOthersOn) {
    start_server();
    const RawSocket raw(path());
    ASSERT_TRUE(raw.is_connected());
    raw.send(std::string_view("\x01\x00\x10\x00", 4));  // 1 MiB + 1
    EXPECT_EQ(raw.receive_all(), "");
    const auto session = connect();
    EXPECT_TRUE(until_connected(*session));
}

TEST_F(UnixTransport, TakesFramesSplitAtEveryByte) {
    start_server();
    const RawSocket raw(path());
    ASSERT_TRUE(raw.is_connected());
    // hello: format 1, request, no flags, id 1, operation 1; protocol 9, client "", station ""
    for (const char byte : std::string_view("\x08\x00\x00\x00\x01\x01\x00\x01\x01\x09\x00\x00", 12)) raw.send({&byte, 1});
    const auto answer = raw.receive_all();
    EXPECT_NE(answer.find("the client speaks protocol 9, this server speaks 1"), std::string::npos);
}

}  // namespace
}  // namespace penstock
