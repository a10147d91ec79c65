// The plant's memory, with whole programs and a device that we did not write: what was durable is there after a kill, and what
// nobody could see is a gap.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/plant.hpp"
#include "tests/support/unix_relay.hpp"

namespace penstock::testing {
namespace {

constexpr auto kServerDown = "the server was not running";

// Rows of `penstock history TAG --from -5m`.
Json history_of(const Plant& plant, const std::string& tag) {
    auto rows = plant.json({"history", tag, "--from", "-5m"});
    return rows.is_array() ? rows : Json::array();
}
std::vector<int> good_values(const Json& rows) {
    std::vector<int> values;
    for (const auto& row : rows)
        if (row.at("quality") == "good") values.push_back(row.at("value").get<int>());
    return values;
}
// True once the history holds this value as its newest good one.
bool remembers(const Plant& plant, const std::string& tag, int value) {
    return eventually([&] {
        const auto values = good_values(history_of(plant, tag));
        return !values.empty() && values.back() == value;
    });
}

class Memory : public ::testing::Test {
protected:
    Memory() : plant_(Plant::made_for(peer_.endpoint())) { plant_->start(); }

    void write(const std::string& tag, int value) const {
        const auto written = plant_->cli({"write", tag, std::to_string(value)});
        ASSERT_EQ(written.code, 0) << written.err;
    }

    ModbusPeer peer_;
    std::unique_ptr<Plant> plant_;
};

TEST_F(Memory, KeepsEveryDurableValueOverAKillAndShowsTheGap) {
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    for (int value = 1001; value <= 1010; ++value) write("plc1.h5", value);
    ASSERT_TRUE(remembers(*plant_, "plc1.h5", 1010));
    const auto before = history_of(*plant_, "plc1.h5");

    plant_->kill();
    plant_->start();
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    write("plc1.h5", 2000);
    ASSERT_TRUE(remembers(*plant_, "plc1.h5", 2000));
    const auto after = history_of(*plant_, "plc1.h5");

    ASSERT_GT(after.size(), before.size());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin())) << before.dump(1) << "\n" << after.dump(1);
    const auto is_gap = [](const Json& row) { return row.at("cause") == kServerDown; };
    EXPECT_TRUE(std::none_of(before.begin(), before.end(), is_gap)) << "no server ran before the first one: " << before.dump(1);
    const auto gap = std::find_if(after.begin(), after.end(), is_gap);
    ASSERT_NE(gap, after.end()) << after.dump(1);
    EXPECT_TRUE(gap->at("value").is_null());
    EXPECT_EQ(gap->at("quality"), "bad");
    EXPECT_GT(gap->at("time").get<std::string>(), before.back().at("time").get<std::string>());
}

TEST_F(Memory, KeepsItsPastWhenItIsStoppedAndStartedOften) {
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    std::vector<int> wanted;
    for (int round = 0; round < 3; ++round) {
        wanted.push_back(3000 + round);
        write("plc1.h5", wanted.back());
        ASSERT_TRUE(remembers(*plant_, "plc1.h5", wanted.back()));
        EXPECT_EQ(plant_->stop(), 0);
        plant_->start();
        ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    }
    const auto values = good_values(history_of(*plant_, "plc1.h5"));
    for (const int value : wanted) EXPECT_NE(std::find(values.begin(), values.end(), value), values.end()) << value;
}

TEST_F(Memory, StoresTheTimeInWhichADeviceWasSilentAsAGap) {
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    peer_.freeze();
    ASSERT_TRUE(plant_->becomes("plc1.h5", "bad"));
    peer_.go_on();
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    EXPECT_TRUE(eventually([&] {
        const auto rows = history_of(*plant_, "plc1.h5");
        return !rows.empty() && rows.back().at("quality") == "good"
               && std::any_of(rows.begin(), rows.end(), [](const Json& row) {
                      return row.at("quality") == "bad" && row.at("value").is_null()
                             && row.at("cause").get<std::string>().find("no answer") != std::string::npos;
                  });
    })) << history_of(*plant_, "plc1.h5").dump(1);
}

TEST_F(Memory, TellsWhoWroteWhatInItsLogs) {
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    write("plc1.h5", 4711);
    const auto logs = plant_->json({"logs", "--object", "plc1.h5"});
    ASSERT_TRUE(logs.is_array());
    const auto is_write = [](const Json& event) { return event.at("new_value") == 4711; };
    EXPECT_TRUE(std::any_of(logs.begin(), logs.end(), is_write)) << logs.dump(1);
}

TEST_F(Memory, TellsWhenADeviceIsLostAndBackInItsLogs) {
    const auto told = [&](const std::string& words) {
        return eventually([&] { return plant_->cli({"logs", "--kind", "device_state"}).out.find(words) != std::string::npos; });
    };
    EXPECT_TRUE(told("plc1 is connected"));
    peer_.freeze();
    EXPECT_TRUE(told("plc1: the link is lost: "));
    peer_.go_on();
    EXPECT_TRUE(eventually([&] { return plant_->json({"logs", "--kind", "device_state"}).size() == 3; }))
        << plant_->cli({"logs"}).out;
}

// The answer is cut off; what was asked has been carried out.
TEST_F(Memory, WritesOnceHoweverOftenItIsAsked) {
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    const auto relayed = plant_->data() + "/relay.sock";
    UnixRelay relay(relayed, plant_->data() + "/penstock.sock");
    constexpr int kAnswer = 2;  // the first is that of the greeting
    relay.cut_before_piece(kAnswer);
    const auto written = run({program("penstock"), "--server", "unix:" + relayed, "write", "plc1.h5", "77"});
    EXPECT_EQ(written.code, 0) << written.out << written.err;
    EXPECT_EQ(written.out, "plc1.h5: done\n");
    EXPECT_EQ(relay.cuts(), 1);
    const auto asked = plant_->json({"logs", "--kind", "write_asked"});
    ASSERT_EQ(asked.size(), 1U) << asked.dump(1);
    EXPECT_EQ(asked[0].at("new_value"), 77);
    EXPECT_NE(asked[0].at("command"), 0);
}

TEST_F(Memory, FindsItsJournalWhole) {
    ASSERT_TRUE(plant_->becomes("plc1.h5", "good"));
    write("plc1.h5", 1);
    ASSERT_TRUE(remembers(*plant_, "plc1.h5", 1));
    const auto verified = plant_->cli({"journal", "--verify"});
    EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
}

}  // namespace
}  // namespace penstock::testing
