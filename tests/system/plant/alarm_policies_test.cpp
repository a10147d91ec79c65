// Each kind of alarm policy guards something in the demonstration site, and a fault of the simulated works raises it. Delays are
// shortened; all else is the site as it is.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The demonstration site whose controller listens on this port, and whose alarms wait for next to nothing.
std::vector<std::pair<std::string, std::string>> waterworks(int port) {
    const std::filesystem::path site = PENSTOCK_SOURCE_DIR "/config/waterworks";
    const std::regex endpoint(R"re("endpoint": *("[^"]*"|\{[^}]*\}))re"), delay(R"re("on_delay": *"[^"]*")re"),
        slow(R"re("limit": 300,)re");
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(site)) {
        if (!entry.is_regular_file()) continue;
        auto text = content_of(entry.path());
        text = std::regex_replace(text, endpoint, R"("endpoint": "127.0.0.1:)" + std::to_string(port) + "\"");
        text = std::regex_replace(text, delay, R"("on_delay": "100ms")");
        text = std::regex_replace(text, slow, R"("limit": 3,)");
        files.emplace_back(std::filesystem::relative(entry.path(), site), std::move(text));
    }
    return files;
}

struct Case {
    std::string policy, fault, alarm;
    std::string time_of_day = "12:00";  // when the works begin; some alarms belong to the night
};
void PrintTo(const Case& each, std::ostream* out) { *out << each.policy << " by " << each.fault; }

// The works at twenty times its speed, and a server for it.
class Works {
public:
    explicit Works(const std::string& time_of_day)
        : simulation_({program("plantsim"), "--port", std::to_string(port_), "--control", control_, "--speed", "20", "--start",
                       time_of_day}),
          plant_(waterworks(port_)) {
        plant_.start();
        EXPECT_TRUE(plant_.becomes("plant.heartbeat", "good"));
    }
    void strike(const std::string& fault) const { tell({"fault", fault}); }
    void repair() const {
        tell({"clear"});
        EXPECT_EQ(plant_.cli({"write", "plant.reset_trips", "true"}).code, 0);
    }
    // The row of an alarm in a list; null if it is not there.
    [[nodiscard]] Json row(const std::string& alarm, const std::string& list = "") const {
        std::vector<std::string> arguments{"alarms"};
        if (!list.empty()) arguments.push_back(list);
        for (const auto& each : plant_.json(arguments))
            if (each.at("alarm") == alarm) return each;
        return nullptr;
    }
    // Of the newest occurrence; 0: it does not stand.
    [[nodiscard]] std::uint64_t occurrence(const std::string& alarm) const {
        const auto found = row(alarm);
        return found.is_null() ? 0 : found.at("id").get<std::uint64_t>();
    }
    [[nodiscard]] bool holds(const std::string& alarm) const {
        const auto found = row(alarm);
        return !found.is_null() && found.at("state") == "unacknowledged";
    }
    [[nodiscard]] const Plant& plant() const { return plant_; }

private:
    void tell(std::vector<std::string> words) const {
        words.insert(words.begin(), program("plantsim"));
        words.insert(words.end(), {"--control", control_});
        const auto said = run(words);
        EXPECT_EQ(said.code, 0) << said.err;
    }

    ScratchFolder folder_;
    int port_ = free_port();
    std::string control_ = folder_ / "works.sock";
    Program simulation_;
    Plant plant_;
};

class WaterworksPolicies : public ::testing::TestWithParam<Case> {};

TEST_P(WaterworksPolicies, AFaultOfTheWorksRaisesItsAlarm) {
    const auto& [policy, fault, alarm, time_of_day] = GetParam();
    const Works works(time_of_day);
    ASSERT_EQ(works.occurrence(alarm), 0U);
    works.strike(fault);
    EXPECT_TRUE(eventually([&] { return works.occurrence(alarm) != 0; }, Seconds(60))) << works.plant().cli({"alarms"}).out;
    const auto judged_by = works.plant().json({"explain", alarm}).at("policy").get<std::string>();
    EXPECT_TRUE(judged_by.starts_with(policy)) << judged_by;
}

INSTANTIATE_TEST_SUITE_P(, WaterworksPolicies,
                         ::testing::Values(Case{"limits", "drift=clear_tank.level:1000", "clear_tank.level.high_high"},
                                           Case{"deviation", "drift=dosing.residual:10", "dosing.off_setpoint.high"},
                                           Case{"rate_of_change", "leak=1000", "network.pressure_drop.falling"},
                                           Case{"discrete", "trip=intake_pump_1", "intake_pump_1.trip"},
                                           Case{"quality", "freeze-values", "dosing.analyser.no_update"},
                                           Case{"expression", "leak=150", "network.night_flow", "01:28"}),
                         [](const auto& info) { return info.param.policy; });

TEST(WaterworksFlood, TripAfterTripHoldsBackWhatIsOfLowPriority) {
    const Works works("12:00");
    const std::string trip = "pressure_pump_1.trip", low = "network.off_setpoint.low";
    for (int count = 0; count <= 10; ++count) {
        const auto before = works.occurrence(trip);
        works.strike("trip=pressure_pump_1");
        ASSERT_TRUE(eventually([&] { return works.occurrence(trip) > before; }));
        works.repair();
        ASSERT_TRUE(eventually([&] { return !works.holds(trip); }));
    }
    EXPECT_TRUE(eventually([&] { return !works.row(low, "--suppressed").is_null(); })) << works.plant().cli({"alarms"}).out;
    EXPECT_EQ(works.row(low, "--suppressed").at("reason"), "Flood of alarms in the distribution");
    EXPECT_NE(works.occurrence(trip), 0U) << "what is urgent is shown in a flood, too";
}

}  // namespace
}  // namespace penstock::testing
