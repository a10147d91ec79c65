// Row D5 with the whole server: it is killed at any moment while an operator writes, again and again. What he was told is there when it is
// back. That no record at all is lost is shown faster with the journal alone (tests/core/journal/kill_test.cpp).

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fault_row.hpp"
#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using Steady = std::chrono::steady_clock;

using penstock::testing::is_nightly;

class ServerKill : public ::testing::Test {
protected:
    ServerKill()
        : plant_({{"site.json",
                   R"({"format": 1, "name": "Test", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {}})"},
                  {"tags/tags.json",
                   R"({"tags": [{"name": "setpoint", "type": "int", "access": "read_write", "archive": "on_change"}]})"}}) {}

    // Starts the server; how long it took until it served.
    void start() {
        const auto begin = Steady::now();
        plant_.start();
        starts_.push_back(Seconds(Steady::now() - begin).count());
    }
    void write_and_remember() {
        ++tried_;
        const auto written = plant_.cli({"write", "setpoint", std::to_string(tried_)});
        ASSERT_EQ(written.code, 0) << written.err;
        told_.push_back(tried_);
    }
    // The server dies while a write is under way.
    void write_and_kill() {
        ++tried_;
        Program writer({program("penstock"), "--server", plant_.url(), "write", "setpoint", std::to_string(tried_)});
        const auto moment = Steady::now() + std::chrono::microseconds(random_() % 30'000);
        while (Steady::now() < moment) {
        }
        plant_.kill();
        if (writer.wait() == 0) told_.push_back(tried_);
    }
    void expect_last_value() {
        const auto value = plant_.read("setpoint").value("value", Json());
        if (told_.empty() && value.is_null()) return;
        ASSERT_TRUE(value.is_number()) << value.dump();
        EXPECT_GE(value.get<int>(), told_.empty() ? 0 : told_.back());
        EXPECT_LE(value.get<int>(), tried_);
    }
    // Each write that was told is in the logs, done, once. How many are not.
    [[nodiscard]] std::uint64_t lost_or_doubled() const {
        std::map<int, int> done;
        for (const auto& event :
             plant_.json({"logs", "--object", "setpoint", "--kind", "write_answered", "--from", "-1d", "--limit", "100000"}))
            ++done[event.at("new_value").get<int>()];
        return static_cast<std::uint64_t>(std::ranges::count_if(told_, [&](int value) { return done[value] != 1; }));
    }
    // A sample may wait 50 ms for its group; what was told is in the logs all the same. What the history holds is in order, and none is
    // twice but where a gap is between: there the tag goes on as it was.
    void expect_history_in_order() const {
        std::vector<int> values;
        bool is_behind_gap = false;
        for (const auto& row : plant_.json({"history", "setpoint", "--from", "-1d"})) {
            if (row.at("value").is_null()) {
                is_behind_gap = true;
                continue;
            }
            const auto value = row.at("value").get<int>();
            const bool goes_on = is_behind_gap && !values.empty() && values.back() == value;
            if (!goes_on) values.push_back(value);
            is_behind_gap = false;
        }
        EXPECT_TRUE(std::ranges::is_sorted(values, std::less_equal<>())) << "out of order, or doubled";
        EXPECT_FALSE(values.empty());
    }
    [[nodiscard]] double slowest_start() const { return std::ranges::max(starts_); }
    [[nodiscard]] double median_start() {
        std::ranges::nth_element(starts_, starts_.begin() + static_cast<std::ptrdiff_t>(starts_.size() / 2));
        return starts_[starts_.size() / 2];
    }

    Plant plant_;
    std::mt19937_64 random_{5};
    int tried_ = 0;
    std::vector<int> told_;
    std::vector<double> starts_;
};

TEST_F(ServerKill, D5_WhatAnOperatorWasToldIsThereWhenTheServerIsBack) {
    const std::uint64_t megabytes = is_nightly() ? 1'024 : 0;
    if (megabytes != 0) {
        const auto filled =
            run({PENSTOCK_ARCHIVE_FILLER, plant_.data() + "/historians/sqlite", std::to_string(megabytes << 20U)}, {},
                Seconds(900));
        ASSERT_EQ(filled.code, 0) << filled.err;
    }
    const int rounds = is_nightly() ? 1'000 : 12;
    for (int round = 0; round < rounds; ++round) {
        start();
        expect_last_value();
        for (auto writes = random_() % 4; writes > 0; --writes) write_and_remember();
        write_and_kill();
        ASSERT_FALSE(HasFailure()) << "round " << round;
    }
    start();
    EXPECT_FALSE(told_.empty());
    EXPECT_EQ(lost_or_doubled(), 0U);
    expect_history_in_order();
    if (is_nightly()) EXPECT_LE(slowest_start(), 2.0);
    const auto what = "kills of a server with an archive of " + std::to_string(megabytes) + " MiB; of "
                      + std::to_string(told_.size()) + " acknowledged writes 0 lost, doubled or out of order; back after "
                      + std::to_string(median_start()) + " s, " + std::to_string(slowest_start()) + " s at most";
    report_row("D5", static_cast<std::uint64_t>(rounds), what.c_str());
}

}  // namespace
}  // namespace penstock::testing
