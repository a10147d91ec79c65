// A station's series over a real socket that is cut again and again, and over a restart of the server: what it shows is what the
// archive has, no sample twice, none left out.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "core/client/remote_session.hpp"
#include "core/server/server.hpp"
#include "tests/core/server/loaded_plant.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/unix_relay.hpp"

namespace penstock::server::testing {
namespace {

const std::vector<std::string> kTags{"t0", "t1", "t2", "t3", "t4"};
using Clock = std::chrono::steady_clock;

class CutSeries : public ::testing::Test {
protected:
    CutSeries() : plugins(guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR})) {
        write_counter_site(folder.path() / "site", static_cast<std::uint32_t>(kTags.size()));
        start();
        from = base::SystemClock().now().utc;
        client::RemoteOptions options;
        options.url = "unix:" + (folder.path() / "relay.sock").string();
        options.backoff_least = 5ms;
        options.backoff_most = 20ms;
        session = client::connect_session(plugins, options).value();
        SubscribeSeriesRequest request;
        request.tags = kTags;
        request.from = from;
        stream =
            session->subscribe_series(request, {[this](const Result<SubscribeSeriesReply>& reply) { begins += reply ? 1 : 0; },
                                                [this](const SeriesUpdate& update) { take(update); }});
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
    void take(const SeriesUpdate& update) {
        auto& rows = seen[update.index];
        for (std::size_t i = 0; i < update.rows.size(); ++i) rows.push_back(row_of(update.rows, i));
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
    // Everything that the archive has from the begin to a moment ago, by when all of that time was durable.
    void expect_to_have_seen_all() {
        const auto plant = server->plant();
        const auto until = journal_of(*plant.history, false).value().lanes.at(1).durable_until - 200ms;
        for (std::size_t tag = 0; tag < kTags.size(); ++tag) {
            auto wanted = rows_of(*plant.history, plant.reader.catalog(), kTags[tag], until);
            // The tail also has what became durable after the begin, and is of a moment before it.
            const auto is_meant = [&](const Row& row) { return row.time >= to_ns(from) && row.time < to_ns(until); };
            std::erase_if(wanted, [&](const Row& row) { return !is_meant(row); });
            ASSERT_FALSE(wanted.empty());
            const auto count = [&] { return static_cast<std::size_t>(std::ranges::count_if(seen[tag], is_meant)); };
            EXPECT_TRUE(poll_until([&] { return count() >= wanted.size(); }))
                << kTags[tag] << ": " << count() << " of " << wanted.size();
            auto got = seen[tag];
            std::erase_if(got, [&](const Row& row) { return !is_meant(row); });
            std::ranges::sort(got);
            std::ranges::sort(wanted);
            EXPECT_TRUE(std::ranges::adjacent_find(got) == got.end()) << kTags[tag] << ": a sample came twice";
            EXPECT_TRUE(got == wanted) << kTags[tag] << ": a sample was left out, or is another";
        }
    }

    penstock::testing::TempFolder folder;
    guests::PluginRegistry plugins;
    std::unique_ptr<Server> server;
    penstock::testing::UnixRelay relay{(folder.path() / "relay.sock").string(),
                                       (folder.path() / "data/penstock.sock").string()};
    UtcTime from;
    std::unique_ptr<Session> session;
    std::unique_ptr<Subscription> stream;
    std::map<std::size_t, std::vector<Row>> seen;
    int begins = 0;
};

TEST_F(CutSeries, GoesOnWithoutAGapOrARepeatHoweverOftenTheSocketIsCut) {
    std::mt19937 random(8);
    for (int cut = 0; cut < 30; ++cut) {
        ASSERT_TRUE(poll_until([&] { return begins > cut; })) << "it does not come back";
        const auto wait = std::chrono::milliseconds(random() % 60);
        (void)poll_until([] { return false; }, wait);
        relay.cut();
        ASSERT_TRUE(poll_until([&] { return session->link().state != LinkState::connected; }));
    }
    ASSERT_TRUE(poll_until([&] { return begins > 30; }));
    expect_to_have_seen_all();
}

TEST_F(CutSeries, GoesOnOverARestartOfTheServer) {
    ASSERT_TRUE(poll_until([&] { return seen[4].size() > 10; }));
    server.reset();
    ASSERT_TRUE(poll_until([&] { return session->link().state != LinkState::connected; }));
    start();
    ASSERT_TRUE(poll_until([&] { return begins == 2; }));
    const auto before = seen[4].size();
    ASSERT_TRUE(poll_until([&] { return seen[4].size() > before + 10; }));
    expect_to_have_seen_all();
    EXPECT_TRUE(std::ranges::any_of(seen[4], &Row::is_bad)) << "the time without a server is a gap";
}

}  // namespace
}  // namespace penstock::server::testing
