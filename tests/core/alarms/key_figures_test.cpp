// The figures by hand: what was counted, over which time, of which area.

#include <algorithm>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "core/alarms/key_figures.hpp"
#include "tests/core/alarms/small_plant.hpp"

namespace penstock::alarms {
namespace {

using namespace std::chrono_literals;
using testing::small_alarms;
using testing::small_tags;

class KeyFiguresTest : public ::testing::Test {
protected:
    void happens(std::string_view name, AlarmEvent event, std::string user = {}) {
        Transition transition;
        transition.alarm = alarms_->find(name).value();
        transition.event = event;
        auto& state = states_[transition.alarm];
        state = after(state, event, {}).value();
        transition.to = state;
        transition.who.user = std::move(user);
        figures_.note(transition, now_);
    }
    void later(Duration by) {
        now_.monotonic += by;
        now_.utc += by;
    }
    // Raised and gone `times` times, `every` so often.
    void flaps(std::string_view name, int times, Duration every) {
        for (int i = 0; i < times; ++i) {
            happens(name, AlarmEvent::raised);
            later(every / 2);
            happens(name, AlarmEvent::returned);
            later(every - every / 2);
        }
    }
    double figure(std::string_view scope, std::string_view name) {
        std::vector<double> values;
        EXPECT_TRUE(figures_.values(now_, values));
        const auto tags = figures_.tags();
        EXPECT_EQ(tags.size(), values.size());
        const auto at = std::ranges::find(tags, figure_tag(scope, name));
        EXPECT_NE(at, tags.end()) << scope << " " << name;
        return at == tags.end() ? -1 : values[static_cast<std::size_t>(at - tags.begin())];
    }

    Now now_{utc_from_ns(1'700'000'000'000'000'000), MonotonicTime(1h)};
    std::shared_ptr<const AlarmCatalog> alarms_ = small_alarms(*small_tags());
    std::map<AlarmId, AlarmState> states_;
    KeyFigures figures_{alarms_, {"works", "works/pumps", "works/tanks", "works/tanks/north"}};
};

TEST_F(KeyFiguresTest, CountsStartsOverTheirTimes) {
    happens("tank_1.high", AlarmEvent::raised);
    later(11min);
    happens("pump.off", AlarmEvent::raised);
    EXPECT_EQ(figure("plant", "starts"), 2);
    EXPECT_EQ(figure("plant", "per_10min"), 1);
    EXPECT_EQ(figure("plant", "per_hour"), 2);
    later(1h);
    EXPECT_EQ(figure("plant", "per_hour"), 0);
    EXPECT_EQ(figure("plant", "per_day"), 2);
    later(25h);
    EXPECT_EQ(figure("plant", "per_day"), 0);
    EXPECT_EQ(figure("plant", "starts"), 2);
}

TEST_F(KeyFiguresTest, AnAreaHoldsWhatIsBelowIt) {
    happens("tank_2.high", AlarmEvent::raised);
    EXPECT_EQ(figure("area.works", "standing"), 1);
    EXPECT_EQ(figure("area.works.tanks", "standing"), 1);
    EXPECT_EQ(figure("area.works.tanks.north", "standing"), 1);
    EXPECT_EQ(figure("area.works.pumps", "standing"), 0);
    EXPECT_EQ(figure("class.process", "standing"), 1);
}

TEST_F(KeyFiguresTest, FifteenAlarmsInAMinuteAreAFloodThereOnly) {
    flaps("tank_1.high", 15, 4s);
    EXPECT_EQ(figure("area.works.tanks", "flood"), 1);
    EXPECT_EQ(figure("area.works.pumps", "flood"), 0);
    EXPECT_EQ(figure("area.works.tanks.north", "flood"), 0);
    EXPECT_EQ(figure("plant", "peak_per_10min"), 15);
    later(5min);
    EXPECT_EQ(figure("area.works.tanks", "flood"), 1);
    later(6min);
    EXPECT_EQ(figure("area.works.tanks", "flood"), 0);
    EXPECT_NEAR(figure("area.works.tanks", "time_in_flood"), 100.0 * 10 / (24 * 60), 0.1) << "about ten minutes of a day";
    EXPECT_EQ(figure("plant", "peak_per_10min"), 15);
}

TEST_F(KeyFiguresTest, AFloodBeginsAboveTenAndEndsBelowFive) {
    flaps("tank_1.high", 10, 10s);
    EXPECT_EQ(figure("plant", "flood"), 0);
    flaps("tank_1.high", 1, 10s);
    EXPECT_EQ(figure("plant", "flood"), 1);
    later(7min);
    EXPECT_EQ(figure("plant", "flood"), 1);
    later(3min);
    EXPECT_EQ(figure("plant", "flood"), 0);
}

TEST_F(KeyFiguresTest, NamesWhatChattersIsFleetingAndStale) {
    flaps("tank_1.high", 3, 20s);
    happens("pump.off", AlarmEvent::raised);
    EXPECT_EQ(figure("plant", "chattering"), 1);
    EXPECT_EQ(figure("plant", "fleeting"), 1) << "gone after 10 s";
    EXPECT_EQ(figure("plant", "stale"), 0);
    later(25h);
    EXPECT_EQ(figure("plant", "chattering"), 0);
    EXPECT_EQ(figure("plant", "stale"), 2) << "one was never acknowledged, the other still holds";
    const auto reply = figures_.describe({}, [](std::string_view) { return true; }, now_.utc);
    ASSERT_EQ(reply.top.size(), 2U);
    EXPECT_TRUE(reply.top[0].is_stale);
}

TEST_F(KeyFiguresTest, AcknowledgingIsCountedOfWhoDidIt) {
    happens("tank_1.high", AlarmEvent::raised);
    EXPECT_EQ(figure("plant", "unacknowledged"), 1);
    later(30s);
    happens("tank_1.high", AlarmEvent::acknowledged, "mueller");
    EXPECT_EQ(figure("plant", "unacknowledged"), 0);
    EXPECT_EQ(figure("plant", "standing"), 1);
    EXPECT_EQ(figure("plant", "time_to_acknowledge"), 30);
    const auto reply = figures_.describe({}, [](std::string_view) { return true; }, now_.utc);
    const auto of_mueller = std::ranges::find_if(reply.figures, [](const AlarmFigure& row) {
        return row.scope == "operator mueller" && row.figure == "time_to_acknowledge";
    });
    ASSERT_NE(of_mueller, reply.figures.end());
    EXPECT_EQ(of_mueller->value, 30);
}

TEST_F(KeyFiguresTest, SaysWhatIsBeyondTheRecommendation) {
    flaps("tank_1.high", 15, 4s);
    const auto reply = figures_.describe({"works/tanks", {}}, [](std::string_view) { return true; }, now_.utc);
    const auto peak = std::ranges::find_if(reply.figures, [](const AlarmFigure& row) {
        return row.scope == "area works/tanks" && row.figure == "peak_per_10min";
    });
    ASSERT_NE(peak, reply.figures.end());
    EXPECT_TRUE(peak->is_beyond);
    EXPECT_EQ(peak->recommended, "at most 10");
    EXPECT_EQ(peak->tag, "alarms.area.works.tanks.peak_per_10min");
    ASSERT_EQ(reply.top.size(), 1U);
    EXPECT_EQ(reply.top[0].count, 15U);
    EXPECT_EQ(reply.top[0].share, 1);
}

TEST_F(KeyFiguresTest, WhatTheCallerMayNotSeeIsNotCountedForHim) {
    happens("tank_1.high", AlarmEvent::raised);
    happens("pump.off", AlarmEvent::raised);
    const auto reply = figures_.describe({}, [](std::string_view area) { return area == "works/pumps"; }, now_.utc);
    for (const auto& row : reply.figures) EXPECT_TRUE(row.scope == "area works/pumps" || row.scope.starts_with("operator"));
    ASSERT_EQ(reply.top.size(), 1U);
    EXPECT_EQ(reply.top[0].alarm, "pump.off");
}

TEST_F(KeyFiguresTest, AreDueAfterAPeriodAndSoonAfterATransition) {
    std::vector<double> values;
    EXPECT_TRUE(figures_.values(now_, values));
    EXPECT_EQ(figures_.due(), now_.monotonic + KeyFigures::kPeriod);
    happens("pump.off", AlarmEvent::raised);
    EXPECT_EQ(figures_.due(), now_.monotonic + 1s);
}

TEST_F(KeyFiguresTest, TheEngineDoesNotWaitForWhoIsAnswered) {
    happens("pump.off", AlarmEvent::raised);
    std::vector<double> values;
    bool were_there = true;
    const auto covers = [&](std::string_view) {
        if (!were_there) return false;
        std::thread engine([&] {
            happens("tank_1.high", AlarmEvent::raised);
            were_there = figures_.values(now_, values);
        });
        engine.join();  // would hang if it waited
        return false;
    };
    (void)figures_.describe({}, covers, now_.utc);
    EXPECT_FALSE(were_there);
    EXPECT_EQ(figures_.due(), now_.monotonic + 1s);
    EXPECT_EQ(figure("plant", "starts"), states_.size()) << "what was left meanwhile is counted";
}

TEST_F(KeyFiguresTest, AClockThatIsSetBackStandsStill) {
    happens("tank_1.high", AlarmEvent::raised);
    later(-2h);
    happens("pump.off", AlarmEvent::raised);
    EXPECT_EQ(figure("plant", "per_10min"), 2);
    EXPECT_EQ(figure("plant", "starts"), 2);
}

}  // namespace
}  // namespace penstock::alarms
