#include <gtest/gtest.h>

#include "tests/core/expressions/calculator.hpp"

namespace penstock::expressions {
namespace {

using namespace std::chrono_literals;
using testing::Calculator;

class TimedExpressions : public ::testing::Test {
protected:
    TimedExpressions() { plant_.set("b", false).set("x", 0.0, "m").set("reset", false); }
    void later(Duration by) { plant_.now += by; }
    Calculator plant_;
};

TEST_F(TimedExpressions, AnEdgeLastsOneCycle) {
    EXPECT_EQ(plant_.text("rising(b)"), "false");
    plant_.set("b", true);
    later(1s);
    EXPECT_EQ(plant_.ask("rising(b)").due, plant_.now);
    EXPECT_EQ(plant_.text("rising(b)"), "false");
    EXPECT_EQ(plant_.text("falling(b)"), "false");
    plant_.set("b", false);
    EXPECT_EQ(plant_.text("falling(b)"), "true");
}

TEST_F(TimedExpressions, WhatIsTrueAtFirstHasNotRisen) {
    plant_.set("b", true);
    EXPECT_EQ(plant_.text("rising(b)"), "false");
}

TEST_F(TimedExpressions, AnEdgeIsNotLostWhileItsInputIsBad) {
    EXPECT_EQ(plant_.text("rising(b)"), "false");
    plant_.spoil("b", QualityCode::bad_timeout, "away");
    EXPECT_EQ(plant_.text("rising(b)"), "bad: away");
    plant_.set("b", true);
    EXPECT_EQ(plant_.text("rising(b)"), "true");
}

TEST_F(TimedExpressions, AnOnDelayWaitsAndSaysWhenItIsDue) {
    EXPECT_EQ(plant_.text("on_delay(b, 5s)"), "false");
    plant_.set("b", true);
    const auto begin = plant_.now;
    EXPECT_EQ(plant_.ask("on_delay(b, 5s)").due, begin + 5s);
    later(4s);
    EXPECT_EQ(plant_.text("on_delay(b, 5s)"), "false");
    later(1s);
    EXPECT_EQ(plant_.text("on_delay(b, 5s)"), "true");
    plant_.set("b", false);
    EXPECT_EQ(plant_.text("on_delay(b, 5s)"), "false");
}

TEST_F(TimedExpressions, AnOffDelayHolds) {
    EXPECT_EQ(plant_.text("off_delay(b, 5s)"), "false");
    plant_.set("b", true);
    EXPECT_EQ(plant_.text("off_delay(b, 5s)"), "true");
    later(10s);
    plant_.set("b", false);
    EXPECT_EQ(plant_.text("off_delay(b, 5s)"), "true");
    later(5s);
    EXPECT_EQ(plant_.text("off_delay(b, 5s)"), "false");
    later(-3s);
    EXPECT_EQ(plant_.text("off_delay(b, 5s)"), "false") << "it does not begin again by itself";
}

TEST_F(TimedExpressions, ACounterCountsEdges) {
    const std::string count = "counter(b, reset)";
    for (int n = 0; n < 3; ++n) {
        plant_.set("b", false);
        (void)plant_.ask(count);
        plant_.set("b", true);
        (void)plant_.ask(count);
    }
    EXPECT_EQ(plant_.text(count), "3");
    plant_.set("reset", true);
    EXPECT_EQ(plant_.text(count), "0");
}

TEST_F(TimedExpressions, PreviousIsWhatWasBefore) {
    EXPECT_EQ(plant_.text("previous(x)"), "bad");
    plant_.set("x", 1.0);
    EXPECT_EQ(plant_.text("previous(x)"), "0");
    EXPECT_EQ(plant_.text("previous(x)"), "0");
    plant_.set("x", 5.0);
    EXPECT_EQ(plant_.text("x - previous(x)"), "bad") << "another expression has a memory of its own";
    EXPECT_EQ(plant_.text("previous(x)"), "1");
}

TEST_F(TimedExpressions, AnAverageIsWeightedByTime) {
    const std::string average = "average(x, 32s)";
    EXPECT_EQ(plant_.text(average), "0");
    later(10s);
    plant_.set("x", 10.0);
    EXPECT_EQ(plant_.text(average), "0");
    later(10s);
    EXPECT_EQ(plant_.text(average), "5");
    later(11s);
    EXPECT_NEAR(plant_.ask(average).value.as_double_or(-1), 10.0 * 21 / 31, 0.01);
    later(10s);  // the first ten seconds have left the window
    EXPECT_NEAR(plant_.ask(average).value.as_double_or(-1), 10, 0.5);
    later(100s);
    EXPECT_EQ(plant_.text(average), "10");
    EXPECT_EQ(plant_.ask(average).due, MonotonicTime::max()) << "nothing changes it any more";
}

TEST_F(TimedExpressions, AnAverageLeavesOutWhatWasBad) {
    const std::string average = "average(x, 32s)";
    plant_.set("x", 4.0);
    (void)plant_.ask(average);
    later(5s);
    plant_.spoil("x", QualityCode::bad_timeout, "away");
    EXPECT_EQ(plant_.text(average), "bad: away");
    later(10s);
    plant_.set("x", 8.0);
    (void)plant_.ask(average);
    later(5s);
    EXPECT_EQ(plant_.text(average), "6");
}

TEST_F(TimedExpressions, ExtremesLeaveWithTheirSlot) {
    plant_.set("x", 3.0);
    (void)plant_.ask("maximum(x, 32s)");
    later(1s);
    plant_.set("x", 9.0);
    (void)plant_.ask("maximum(x, 32s)");
    later(1s);
    plant_.set("x", 4.0);
    EXPECT_EQ(plant_.text("maximum(x, 32s)"), "9");
    later(29s);
    EXPECT_EQ(plant_.text("maximum(x, 32s)"), "9");
    later(3s);
    EXPECT_EQ(plant_.text("maximum(x, 32s)"), "4");
}

TEST_F(TimedExpressions, OverARestartDelaysAndWindowsGoOn) {
    plant_.set("b", true).set("x", 4.0);
    for (const auto* const text : {"on_delay(b, 5s)", "average(x, 32s)"}) (void)plant_.ask(text);
    later(3s);
    plant_.restart(MonotonicTime(7s));
    plant_.set("x", 8.0);
    EXPECT_EQ(plant_.ask("on_delay(b, 5s)").due, plant_.now + 2s);
    EXPECT_EQ(plant_.text("average(x, 32s)"), "4");
    later(3s);
    EXPECT_EQ(plant_.text("average(x, 32s)"), "6");
    EXPECT_EQ(plant_.text("on_delay(b, 5s)"), "true");
}

TEST_F(TimedExpressions, ARateIsPerSecond) {
    const std::string rate = "rate(x, 32s)";
    double value = 0;
    for (int n = 0; n < 100; ++n) {
        plant_.set("x", value);
        (void)plant_.ask(rate);
        later(1s);
        value += 2;
    }
    plant_.set("x", value);
    EXPECT_NEAR(plant_.ask(rate).value.as_double_or(-1), 2, 0.07);
    later(1000s);
    EXPECT_EQ(plant_.text(rate), "0");
}

}  // namespace
}  // namespace penstock::expressions
