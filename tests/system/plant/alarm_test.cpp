// Alarms with whole programs: a pump of the simulated works trips, somebody acknowledges, the server is killed in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

const std::vector<std::pair<std::string, std::string>> kSite{
    {"site.json",
     R"({"format": 1, "name": "Pumps", "languages": ["en"], "time_zone": "UTC", "areas": {"works": {}}, "plugins": {"driver.modbus": {}}})"},
    {"tags/pumps.json", R"({"tags": [
        {"name": "pump_1.tripped", "device": "plc1", "address": "input:130.4", "type": "bool", "area": "works"},
        {"name": "reset", "device": "plc1", "address": "coil:60", "type": "bool", "access": "read_write", "area": "works"}]})"},
    {"alarms/pumps.json", R"({"alarms": [
        {"name": "pump_1.trip", "tag": "pump_1.tripped", "priority": "high", "text": "Pressure pump 1 tripped"},
        {"name": "holds", "tag": "pump_1.tripped", "priority": "low", "text": "holds", "bad_quality": "hold"},
        {"name": "raises", "tag": "pump_1.tripped", "priority": "low", "text": "raises", "bad_quality": "raise"},
        {"name": "suppressed", "tag": "pump_1.tripped", "priority": "low", "text": "suppressed", "bad_quality": "suppress"}]})"},
};

class Alarms : public ::testing::Test {
protected:
    Alarms() {
        start_works();
        auto files = kSite;
        files.emplace_back("devices/plc1.json", R"({"driver": "modbus", "endpoint": "127.0.0.1:)" + std::to_string(port_)
                                                    + R"(", "timeout_ms": 500, "scan_classes": {"normal": "100ms"}})");
        plant_ = std::make_unique<Plant>(files);
        plant_->start();
    }
    void start_works() {
        const std::vector<std::string> arguments{program("plantsim"), "--port", std::to_string(port_), "--control", control_};
        works_ = std::make_unique<Program>(arguments);
    }
    void trip() const {
        const auto said = run({program("plantsim"), "fault", "trip=pressure_pump_1", "--control", control_});
        ASSERT_EQ(said.code, 0) << said.err;
    }
    void repair() const {
        const auto said = run({program("plantsim"), "clear", "--control", control_});
        ASSERT_EQ(said.code, 0) << said.err;
        ASSERT_EQ(plant_->cli({"write", "reset", "true"}).code, 0);
    }
    [[nodiscard]] Json list(std::vector<std::string> options = {}) const {
        options.insert(options.begin(), "alarms");
        auto rows = plant_->json(options);
        return rows.is_array() ? rows : Json::array();
    }
    // The row of an alarm in a list; null if it is not there.
    [[nodiscard]] Json row(const std::string& alarm, std::vector<std::string> options = {}) const {
        for (const auto& each : list(std::move(options)))
            if (each.at("alarm") == alarm) return each;
        return nullptr;
    }
    [[nodiscard]] bool stands(const std::string& alarm) const {
        return eventually([&] { return !row(alarm).is_null(); });
    }

    ScratchFolder folder_;
    int port_ = free_port();
    std::string control_ = folder_ / "works.sock";
    std::unique_ptr<Program> works_;
    std::unique_ptr<Plant> plant_;
};

TEST_F(Alarms, ATripIsShownAndAcknowledgedAndAKillChangesNothing) {
    ASSERT_TRUE(plant_->becomes("pump_1.tripped", "good"));
    EXPECT_EQ(list(), Json::array());
    trip();
    ASSERT_TRUE(stands("pump_1.trip"));
    const auto raised = row("pump_1.trip");
    EXPECT_EQ(raised.at("text"), "Pressure pump 1 tripped");
    EXPECT_EQ(raised.at("priority"), 2);
    EXPECT_EQ(raised.at("state"), "unacknowledged");

    plant_->kill();
    plant_->start();
    // It is uncertain until the controller has answered again; that is all.
    EXPECT_TRUE(eventually([&] { return row("pump_1.trip") == raised; })) << row("pump_1.trip") << " was " << raised;

    const auto id = std::to_string(raised.at("id").get<std::uint64_t>());
    const auto acknowledged = plant_->cli({"ack", id, "--comment", "on my way"});
    EXPECT_EQ(acknowledged.code, 0) << acknowledged.err;
    plant_->kill();
    plant_->start();
    const auto after = row("pump_1.trip");
    EXPECT_EQ(after.at("id"), raised.at("id"));
    EXPECT_EQ(after.at("state"), "acknowledged");
    EXPECT_NE(after.at("acked_by"), "");

    repair();
    EXPECT_TRUE(eventually([&] { return row("pump_1.trip").is_null(); }));
    std::vector<std::string> steps;
    for (const auto& each : list({"--history"}))
        if (each.at("alarm") == "pump_1.trip") steps.push_back(each.at("event"));
    EXPECT_EQ(steps, (std::vector<std::string>{"returned", "acknowledged", "raised"}))
        << "each once, though the server was killed twice";
}

TEST_F(Alarms, OfTwoWhoAcknowledgeAtOnceOneIsToldWhoWasFirst) {
    ASSERT_TRUE(plant_->becomes("pump_1.tripped", "good"));
    trip();
    ASSERT_TRUE(stands("pump_1.trip"));
    const auto id = std::to_string(row("pump_1.trip").at("id").get<std::uint64_t>());
    std::vector<RunResult> results(2);
    {
        std::vector<std::jthread> people;
        for (auto& result : results) people.emplace_back([&] { result = plant_->cli({"ack", id}); });
    }
    std::ranges::sort(results, {}, &RunResult::code);
    EXPECT_EQ(results[0].code, 0) << results[0].err;
    EXPECT_EQ(results[1].code, 1);
    EXPECT_NE((results[1].out + results[1].err).find("acknowledged already, by "), std::string::npos)
        << results[1].out << results[1].err;
}

// P9: an alarm on bad data does what its rule says, and is never silently normal.
TEST_F(Alarms, P9_ABadInputFollowsTheRuleOfEachAlarm) {
    ASSERT_TRUE(plant_->becomes("pump_1.tripped", "good"));
    works_.reset();
    ASSERT_TRUE(stands("raises"));
    EXPECT_TRUE(row("holds").is_null());
    EXPECT_TRUE(eventually([&] { return !row("suppressed", {"--suppressed"}).is_null(); }));
    EXPECT_EQ(row("suppressed", {"--suppressed"}).at("reason"), "its input is bad");
    EXPECT_EQ(row("raises").at("uncertain"), true);
    start_works();
    ASSERT_TRUE(plant_->becomes("pump_1.tripped", "good"));
    EXPECT_TRUE(eventually([&] { return row("suppressed", {"--suppressed"}).is_null(); }));
    EXPECT_TRUE(eventually([&] { return row("raises").is_null() || row("raises").at("state") == "returned_unacknowledged"; }));
}

// Two areas with fifteen alarms each, on memory tags.
std::vector<std::pair<std::string, std::string>> flooded_site() {
    Json tags = Json::array(), alarms = Json::array();
    for (const std::string area : {"a", "b"}) {
        for (int n = 1; n <= 15; ++n) {
            const auto name = area + std::to_string(n);
            tags.push_back(
                {{"name", name}, {"type", "bool"}, {"access", "read_write"}, {"initial", false}, {"area", "works/" + area}});
            alarms.push_back({{"name", name}, {"tag", name}, {"priority", "low"}, {"text", "x"}});
        }
    }
    const Json tag_file{{"tags", tags}}, alarm_file{{"alarms", alarms}};
    return {
        {"site.json",
         R"({"format": 1, "name": "Flood", "languages": ["en"], "time_zone": "UTC", "areas": {"works": {"a": {}, "b": {}}}})"},
        {"tags/all.json", tag_file.dump()},
        {"alarms/all.json", alarm_file.dump()}};
}

TEST(AlarmFlood, FifteenAlarmsInAnAreaAreAFloodThereOnlyAndAllInTheHistory) {
    Plant plant(flooded_site());
    plant.start();
    for (int n = 1; n <= 15; ++n) ASSERT_EQ(plant.cli({"write", "a" + std::to_string(n), "true"}).code, 0);
    ASSERT_EQ(plant.cli({"write", "b1", "true"}).code, 0);
    EXPECT_TRUE(eventually([&] { return plant.read("alarms.area.works.a.flood").at("value") == true; }));
    EXPECT_TRUE(eventually([&] { return plant.read("alarms.plant.starts").at("value") == 16; }));
    EXPECT_EQ(plant.read("alarms.area.works.b.flood").at("value"), false);
    EXPECT_EQ(plant.read("alarms.area.works.b.starts").at("value"), 1);
    std::vector<std::string> raised;
    for (const auto& each : plant.json({"alarms", "--history", "--area", "works/a"}))
        if (each.at("event") == "raised") raised.push_back(each.at("alarm"));
    EXPECT_EQ(raised.size(), 15U);
    std::ranges::sort(raised);
    EXPECT_EQ(std::ranges::unique(raised).size(), 0U) << "none twice";
    const auto stats = plant.cli({"alarms", "stats", "--area", "works/a"});
    EXPECT_EQ(stats.code, 0) << stats.err;
    EXPECT_NE(stats.out.find("peak_per_10min"), std::string::npos) << stats.out;

    plant.kill();
    plant.start();
    EXPECT_TRUE(eventually([&] { return plant.read("alarms.area.works.a.flood").at("value") == true; }))
        << "also of the day before the start";
}

}  // namespace
}  // namespace penstock::testing
