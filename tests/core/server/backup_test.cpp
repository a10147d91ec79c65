// D13: a backup is made beside the work, holds everything that was durable before, and a server goes on with it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/file_system.hpp"
#include "core/history/backup_file.hpp"
#include "core/server/server.hpp"
#include "core/sessions/local_session.hpp"
#include "tests/core/server/loaded_plant.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::server::testing {
namespace {

constexpr std::uint32_t kTags = 1'000;  // 50,000 values a second
const std::vector<std::string> kWatched{"t0", "t1", "t499", "t998", "t999", "setpoint"};

using penstock::testing::is_nightly;

// What somebody was told is durable.
struct Acknowledged {
    UtcTime until;
    std::vector<std::vector<Row>> rows;  // of kWatched
    std::vector<Event> events;
};

Acknowledged acknowledged_by(LoadedPlant& plant) {
    Acknowledged told;
    told.until = journal_of(plant.services(), false).value().lanes.at(1).durable_until;
    for (const auto& tag : kWatched) told.rows.push_back(rows_of(plant.services(), plant.catalog(), tag, told.until));
    told.events = events_of(plant.services());
    return told;
}

// How many of them are not there as they were.
std::uint64_t missing(const Acknowledged& told, sessions::HistoryServices& services, const tags::TagCatalog& catalog) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < kWatched.size(); ++i) {
        const auto rows = rows_of(services, catalog, kWatched[i], told.until);
        for (const auto& row : told.rows[i]) count += std::ranges::find(rows, row) == rows.end() ? 1 : 0;
    }
    const auto events = events_of(services);
    for (const auto& event : told.events) {
        const auto is_same = [&](const Event& other) {
            return other.position == event.position && other.time == event.time && other.sentence() == event.sentence();
        };
        count += std::ranges::any_of(events, is_same) ? 0 : 1;
    }
    return count;
}

UtcTime now() { return base::SystemClock().now().utc; }

template <class Condition>
bool eventually(Condition is_so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

class LoadedBackup : public ::testing::Test {
protected:
    LoadedBackup() { write_counter_site(site(), kTags); }
    [[nodiscard]] std::filesystem::path site() const { return folder.path() / "site"; }
    [[nodiscard]] std::filesystem::path data() const { return folder.path() / "data"; }
    [[nodiscard]] std::filesystem::path file() const { return folder.path() / "plant.backup"; }
    [[nodiscard]] std::filesystem::path restored() const { return folder.path() / "restored"; }

    // Runs under load until each watched tag has so many durable samples.
    static void run_until(LoadedPlant& plant, std::size_t samples) {
        plant.start_load();
        ASSERT_TRUE(eventually([&] {
            const auto until = journal_of(plant.services(), false).value().lanes.at(1).durable_until;
            return rows_of(plant.services(), plant.catalog(), "t999", until).size() >= samples;
        }));
    }
    penstock::testing::TempFolder folder;
};

TEST_F(LoadedBackup, D13_HoldsWhatWasAcknowledgedAndAServerGoesOnWithIt) {
    Acknowledged told;
    {
        LoadedPlant plant(data(), site(), kTags);
        run_until(plant, 100);
        ASSERT_EQ(plant.write_setpoint(4.5), WriteResult::done);
        ASSERT_TRUE(eventually([&] { return !acknowledged_by(plant).rows.back().empty(); }));
        told = acknowledged_by(plant);
        const auto made = back_up(plant.services(), file());
        ASSERT_TRUE(made) << made.error().text();
        EXPECT_GE(made->until, told.until);
        ASSERT_EQ(plant.write_setpoint(99), WriteResult::done) << "what comes after need not be in it";
    }
    const auto head = history::restore_backup(base::real_file_system(), file(), restored());
    ASSERT_TRUE(head) << head.error().text();

    const auto plugins = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    ServerOptions options;
    options.data = restored();
    options.site = site();
    options.historian = "historian.sqlite";
    const auto server = Server::start(options, plugins);
    ASSERT_TRUE(server) << server.error().sentence;
    const auto plant = (*server)->plant();
    const auto session = sessions::make_local_session(plant, {"test", true});
    const auto journal = journal_of(*plant.history, true);
    ASSERT_TRUE(journal) << journal.error().text();
    EXPECT_EQ(journal->findings, std::vector<std::string>()) << "nothing of it is damaged or torn";
    for (const auto& lane : journal->lanes) EXPECT_EQ(lane.state, "good") << lane.sentence;

    std::uint64_t samples = 0;
    for (const auto& rows : told.rows) samples += rows.size();
    EXPECT_EQ(missing(told, *plant.history, plant.reader.catalog()), 0U);
    const auto all = rows_of(*plant.history, plant.reader.catalog(), "t499", now());
    // A late thread makes up for its ticks, and two of them may fall into one millisecond: the counter tells them apart.
    for (std::size_t i = 1; i < all.size(); ++i) {
        ASSERT_LE(all[i - 1].time, all[i].time) << "out of order";
        if (!all[i - 1].is_bad && !all[i].is_bad && all[i - 1].time == all[i].time)
            ASSERT_LT(all[i - 1].word, all[i].word) << "doubled";
    }

    const auto setpoint = session->call_and_wait(ReadRequest{{"setpoint"}}, std::chrono::seconds(30));
    ASSERT_TRUE(setpoint) << setpoint.error().text();
    const auto* const value = setpoint->items.at(0).value.value.get_if<double>();
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(*value, 4.5);
    const auto status = session->call_and_wait(StatusRequest{}, std::chrono::seconds(30));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->server.server_id, head->server_id);
    EXPECT_TRUE(eventually([&] {
        const auto rows = rows_of(*plant.history, plant.reader.catalog(), "t0", now());
        const auto is_new = [&](const Row& row) { return row.time > to_ns(status->started) && !row.is_bad; };
        return std::ranges::count_if(rows, is_new) >= 3;
    })) << "new values are not archived";
    penstock::testing::report_row("D13", samples + told.events.size(), "records that were acknowledged are in the backup");
}

// The same check, of a backup that forgot something: it must not pass.
TEST_F(LoadedBackup, D13_ControlABackupThatLacksItsNewestSegmentIsCaught) {
    LoadedPlant plant(data(), site(), kTags);
    run_until(plant, 20);
    const auto told = acknowledged_by(plant);
    ASSERT_TRUE(back_up(plant.services(), file()));
    ASSERT_TRUE(history::restore_backup(base::real_file_system(), file(), restored()));
    std::filesystem::remove_all(restored() / "journal" / "values");
    LoadedPlant other(restored(), site(), kTags);
    EXPECT_GT(missing(told, other.services(), other.catalog()), 0U);
}

double percentile_99(const std::vector<double>& sorted) {
    return sorted.empty() ? std::nan("") : sorted[(sorted.size() - 1) * 99 / 100];
}

// The figure of the row; judged in the nightly form only, on a machine of its own.
TEST_F(LoadedBackup, D13_IngestBesideBackupsIsMeasured) {
    const auto window = is_nightly() ? std::chrono::seconds(10) : std::chrono::seconds(1);
    LoadedPlant plant(data(), site(), kTags);
    run_until(plant, 50);
    (void)plant.take_delays();
    std::this_thread::sleep_for(window);
    const auto alone = plant.take_delays();
    const auto end = std::chrono::steady_clock::now() + window;
    std::uint64_t made = 0;
    do {
        ASSERT_TRUE(back_up(plant.services(), file()));
        std::filesystem::remove(file());
        ++made;
    } while (std::chrono::steady_clock::now() < end);
    const auto beside = plant.take_delays();
    ASSERT_FALSE(alone.empty());
    ASSERT_FALSE(beside.empty());
    const auto ratio = percentile_99(beside) / percentile_99(alone);
    std::printf("row D13: time to durable p99 %.1f ms alone, %.1f ms beside %llu backups: %.2f\n", percentile_99(alone),
                percentile_99(beside), static_cast<unsigned long long>(made), ratio);
    if (is_nightly()) EXPECT_LE(ratio, 1.2);
}

}  // namespace
}  // namespace penstock::server::testing
