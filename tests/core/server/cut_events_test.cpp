// Those who follow the plant's events over a real socket that is cut again and again, and over a restart of the server: every event of
// the journal arrives, in order, none twice, none left out.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "core/client/remote_session.hpp"
#include "core/server/server.hpp"
#include "core/sessions/local_session.hpp"
#include "tests/core/server/loaded_plant.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/unix_relay.hpp"

namespace penstock::server::testing {
namespace {

using Clock = std::chrono::steady_clock;

// Somebody who writes the setpoint without a pause: two events each.
class Writer {
public:
    explicit Writer(const Server& server)
        : thread_([this, plant = server.plant()] {
              const auto session = sessions::make_local_session(plant, {"writer", true});
              for (int value = 0; !is_stopping_; ++value) {
                  WriteTagsRequest request;
                  request.values.emplace_back();
                  request.values[0].tag = "setpoint";
                  request.values[0].value = static_cast<double>(value);
                  const auto reply = session->call_and_wait(request, std::chrono::seconds(10));
                  EXPECT_TRUE(reply) << reply.error().text();
                  ++written;
              }
          }) {}
    ~Writer() {
        is_stopping_ = true;
        thread_.join();
    }
    std::atomic<int> written = 0;

private:
    std::atomic<bool> is_stopping_ = false;
    std::thread thread_;
};

class CutEvents : public ::testing::Test {
protected:
    CutEvents() : plugins(guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR})) {
        write_counter_site(folder.path() / "site", 1);
        start();
        client::RemoteOptions options;
        options.url = "unix:" + (folder.path() / "relay.sock").string();
        options.backoff_least = 5ms;
        options.backoff_most = 20ms;
        session = client::connect_session(plugins, options).value();
        follow({});
    }
    void start() {
        ServerOptions options;
        options.data = folder.path() / "data";
        options.site = folder.path() / "site";
        options.historian = "historian.sqlite";
        auto started = Server::start(options, plugins);
        ASSERT_TRUE(started) << started.error().sentence;
        server = *std::move(started);
    }
    void follow(SubscribeEventsRequest request) {
        begins = 0;
        seen.clear();
        stream = session->subscribe_events(std::move(request), {[this](const Result<SubscribeEventsReply>& reply) {
                                                                    ASSERT_TRUE(reply) << reply.error().text();
                                                                    ++begins;
                                                                },
                                                                [this](const EventsUpdate& update) { take(update); }});
    }
    void take(const EventsUpdate& update) {
        EXPECT_EQ(update.missing, "");
        stands_at = update.next;
        seen.insert(seen.end(), update.events.begin(), update.events.end());
    }
    template <class Condition>
    bool poll_until(Condition is_so, std::chrono::milliseconds most = std::chrono::seconds(60)) {
        const auto end = Clock::now() + most;
        while (!is_so()) {
            if (Clock::now() > end) return false;
            session->wait(std::chrono::milliseconds(5));
            session->poll();
        }
        return true;
    }
    void cut_after(std::chrono::milliseconds wait) {
        (void)poll_until([] { return false; }, wait);
        relay.cut();
        ASSERT_TRUE(poll_until([&] { return session->link().state != LinkState::connected; }));
    }
    static std::vector<std::uint64_t> positions(const std::vector<Event>& events, std::uint64_t from) {
        std::vector<std::uint64_t> found;
        for (const auto& event : events)
            if (event.position >= from) found.push_back(event.position);
        return found;
    }
    // What the journal has of events from `from` on is what came, in order.
    void expect_to_have_seen_all(std::uint64_t from) {
        const auto plant = server->plant();
        const auto durable = journal_of(*plant.history, false).value().lanes.at(0).durable;
        ASSERT_TRUE(poll_until([&] { return stands_at >= durable; })) << stands_at << " of " << durable;
        auto wanted = positions(all_events(*plant.history), from);
        auto got = positions(seen, 0);
        std::erase_if(wanted, [&](std::uint64_t position) { return position >= durable; });
        std::erase_if(got, [&](std::uint64_t position) { return position >= durable; });
        EXPECT_GT(wanted.size(), 20U);
        EXPECT_EQ(got, wanted);
    }
    // Oldest first, over all pages.
    static std::vector<Event> all_events(sessions::HistoryServices& services) { return events_of(services); }

    penstock::testing::TempFolder folder;
    guests::PluginRegistry plugins;
    std::unique_ptr<Server> server;
    penstock::testing::UnixRelay relay{(folder.path() / "relay.sock").string(),
                                       (folder.path() / "data/penstock.sock").string()};
    std::unique_ptr<Session> session;
    std::unique_ptr<Subscription> stream;
    std::vector<Event> seen;
    std::uint64_t stands_at = 0;
    int begins = 0;
};

TEST_F(CutEvents, GoOnWithoutAGapOrARepeatHoweverOftenTheSocketIsCut) {
    std::mt19937 random(9);
    {
        Writer writer(*server);
        for (int cut = 0; cut < 30; ++cut) {
            ASSERT_TRUE(poll_until([&] { return begins > cut; })) << "it does not come back";
            cut_after(std::chrono::milliseconds(random() % 60));
        }
        ASSERT_TRUE(poll_until([&] { return begins > 30; }));
    }
    expect_to_have_seen_all(0);
}

TEST_F(CutEvents, FromNowOnLosesNothingOnceItHasBegun) {
    ASSERT_TRUE(poll_until([&] { return begins == 1; }));
    {
        Writer before(*server);
        ASSERT_TRUE(poll_until([&] { return before.written > 10; }));
    }
    stands_at = 0;
    SubscribeEventsRequest request;
    request.from = kEventsFromNow;
    follow(request);
    ASSERT_TRUE(poll_until([&] { return stands_at != 0; }));
    const auto from = seen.empty() ? stands_at : seen.front().position;
    EXPECT_GT(from, 20U) << "what was before is not asked for";
    {
        Writer writer(*server);
        for (int cut = 0; cut < 5; ++cut) cut_after(std::chrono::milliseconds(20));
        ASSERT_TRUE(poll_until([&] { return writer.written > 50; }));
    }
    expect_to_have_seen_all(from);
}

TEST_F(CutEvents, GoOnOverARestartOfTheServer) {
    {
        Writer writer(*server);
        ASSERT_TRUE(poll_until([&] { return seen.size() > 40; }));
    }
    server.reset();
    ASSERT_TRUE(poll_until([&] { return session->link().state != LinkState::connected; }));
    start();
    {
        Writer writer(*server);
        ASSERT_TRUE(poll_until([&] { return begins == 2; }));
        ASSERT_TRUE(poll_until([&] { return writer.written > 20; }));
    }
    expect_to_have_seen_all(0);
    EXPECT_EQ(std::ranges::count(seen, EventKind::server_started, &Event::kind), 2);
    EXPECT_EQ(std::ranges::count(seen, EventKind::server_stopped, &Event::kind), 1);
}

}  // namespace
}  // namespace penstock::server::testing
