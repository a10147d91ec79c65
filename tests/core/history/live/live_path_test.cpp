// Row D11 beside a living plant: 50,000 samples a second go their way, whatever the historian does. CI runs it short and prints the figures;
// the nightly form is the row's own ten minutes, and judges them.

#include <cstdio>

#include <gtest/gtest.h>

#include "core/guests/plugin_registry.hpp"
#include "tests/core/history/consumer/plant_memory.hpp"
#include "tests/core/history/live/live_path.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::history_test {
namespace {

using penstock::testing::report_row;
using Steady = std::chrono::steady_clock;

using penstock::testing::is_nightly;
constexpr double kMostP99 = 1.05;

class CountingSink final : public penstock::SampleSink {
public:
    bool take(const SampleView& samples) override {
        for (const auto word : samples.word) {
            is_right = is_right && double_of(word) == static_cast<double>(count + 1);
            ++count;
        }
        return true;
    }
    std::uint64_t count = 0;
    bool is_right = true;
};

// Every tag's numbers are there, each once, in order.
void expect_all_stored(LivePath& plant) {
    auto reader = plant.consumer().open_reader(10s);
    ASSERT_TRUE(reader) << reader.error().text();
    for (const auto& series : plant.consumer().wanted().list()) {
        CountingSink numbers;
        ASSERT_TRUE((*reader)->read({.series = series.id, .from = INT64_MIN, .to = INT64_MAX}, numbers));
        ASSERT_EQ(numbers.count, plant.sent(series.id)) << "lost or doubled, of series " << series.id;
        ASSERT_TRUE(numbers.is_right) << "out of order, series " << series.id;
    }
}

#ifdef PENSTOCK_SQLITE_HISTORIAN
TEST(LivePath, D11_AnOutageOfTenMinutesIsCaughtUpAndTheLivePathDoesNotNotice) {
    const Duration outage = is_nightly() ? Duration(600s) : Duration(2s);
    static const auto plugins = guests::PluginRegistry::scan({PENSTOCK_SQLITE_HISTORIAN});
    const auto library = plugins.load(PluginKind::historian, "sqlite");
    ASSERT_TRUE(library) << library.error().text();
    auto settings = std::make_shared<base::SettingsDocument>(base::SettingsDocument::parse("{}").value());
    const auto born = guests::make_historian_factory(*library, std::move(settings), "historian.sqlite");
    std::atomic<bool> is_down = true;
    LivePath plant([&is_down, born]() -> Result<std::unique_ptr<guests::HistorianInstance>> {
        if (is_down) return fail(ErrorCode::unavailable, "the database server is down", {}, true);
        return born();
    });
    const auto while_down = p99(plant.run(outage));
    plant.settle();
    const auto behind = plant.published();
    EXPECT_EQ(plant.consumer().persisted(), 0U);

    // The plant goes on while it catches up.
    is_down = false;
    plant.begin();
    const auto up_at = Steady::now();
    ASSERT_TRUE(eventually([&] { return plant.consumer().status().samples_appended >= behind; }, std::chrono::seconds(300)));
    const auto seconds = std::chrono::duration<double>(Steady::now() - up_at).count();
    const auto while_catching_up = p99(plant.end());
    const auto healthy = p99(plant.run(is_nightly() ? Duration(120s) : Duration(2s)));
    plant.settle();
    ASSERT_TRUE(plant.consumer().flush(60s));
    expect_all_stored(plant);

    const auto speed = static_cast<double>(behind) / seconds / static_cast<double>(LivePath::kPerSecond);
    std::printf(
        "p99 of the live path: %.0f us healthy, %.0f us while the historian is down (%+.1f %%), %.0f us while it catches up at "
        "%.0f times the "
        "live rate\n",
        healthy, while_down, (while_down / healthy - 1) * 100, while_catching_up, speed);
    if (is_nightly()) {
        EXPECT_LE(while_down, healthy * kMostP99);
        EXPECT_GE(speed, 5);
    }
    const auto what = "samples into historian.sqlite, of them " + std::to_string(behind) + " of an outage of "
                      + std::to_string(outage / 1s) + " s; none lost, doubled or out of order";
    report_row("D11", plant.published(), what.c_str());
}
#endif

// Frozen, ten times slower, dying in every second batch; each beside as long a healthy time.
TEST(LivePath, D11_AHistorianInTroubleDoesNotMoveTheLivePath) {
    const auto disk = std::make_shared<MemoryDisk>();
    LivePath plant(PlantMemory::factory(disk));
    const auto rounds = is_nightly() ? 8 : 1;
    const Duration time = is_nightly() ? Duration(5s) : Duration(500ms);
    std::vector<double> healthy, troubled;
    const auto measure = [&](std::vector<double>& into) {
        const auto latencies = plant.run(time);
        into.insert(into.end(), latencies.begin(), latencies.end());
    };
    for (int round = 0; round < rounds; ++round) {
        measure(healthy);
        disk->freeze();
        measure(troubled);
        disk->thaw();
        measure(healthy);
        disk->slow_down(500ms);
        measure(troubled);
        disk->slow_down({});
        measure(healthy);
        disk->fail_appends_at(20'000);
        measure(troubled);
    }
    plant.settle();
    ASSERT_TRUE(eventually([&] { return plant.consumer().flush(60s).has_value(); })) << "it does not come back";
    expect_all_stored(plant);
    const auto well = p99(healthy), ill = p99(troubled);
    std::printf("p99 of the live path: %.0f us beside a historian that is well, %.0f us (%+.1f %%) beside one in trouble\n",
                well, ill, (ill / well - 1) * 100);
    if (is_nightly()) EXPECT_LE(ill, well * kMostP99);
    report_row("D11", plant.published(),
               "samples beside a historian that froze, was slow and died; none lost, doubled or out of order");
}

}  // namespace
}  // namespace penstock::history_test
