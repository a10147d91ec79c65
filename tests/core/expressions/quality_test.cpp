#include <limits>

#include <gtest/gtest.h>

#include "tests/core/expressions/calculator.hpp"

namespace penstock::expressions {
namespace {

using testing::Calculator;

class ExpressionQuality : public ::testing::Test {
protected:
    ExpressionQuality() {
        plant_.set("good", 1.0).set("uncertain", 2.0).set("bad", 3.0).set("also_bad", 4.0).set("yes", true).set("lost", false);
        plant_.spoil("uncertain", QualityCode::uncertain_range_exceeded, "above 1");
        plant_.spoil("bad", QualityCode::bad_timeout, "plc1 does not answer");
        plant_.spoil("also_bad", QualityCode::bad_no_communication, "plc2 is away");
        plant_.spoil("lost", QualityCode::bad_timeout, "plc1 does not answer");
    }
    Calculator plant_;
};

TEST_F(ExpressionQuality, IsTheWorstOfTheInputsWithTheCauseOfTheFirst) {
    EXPECT_EQ(plant_.text("good + uncertain"), "uncertain 3: above 1");
    EXPECT_EQ(plant_.text("good + uncertain + bad"), "bad: plc1 does not answer");
    EXPECT_EQ(plant_.text("also_bad + bad"), "bad: plc2 is away");
    EXPECT_EQ(plant_.ask("bad + good").quality, QualityCode::bad_timeout);
    EXPECT_EQ(plant_.text("'level ' + text(bad)"), "bad: plc1 does not answer");
    EXPECT_EQ(plant_.text("max(good, uncertain)"), "uncertain 2: above 1");
}

TEST_F(ExpressionQuality, OfAnInputThatIsNotANumberIsBad) {
    plant_.set("nan", std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(plant_.text("nan > 1"), "bad: it is not a number") << "not false";
    EXPECT_EQ(plant_.text("not (nan > 1)"), "bad: it is not a number");
    EXPECT_EQ(plant_.text("nan + 1"), "bad: it is not a number");
    EXPECT_EQ(plant_.text("substitute(nan, 7.0)"), plant_.text("substitute(bad, 7.0)"));
    EXPECT_EQ(plant_.ask("nan").quality, QualityCode::bad_no_data);
    plant_.spoil("nan", QualityCode::bad_timeout, "plc1 does not answer");
    EXPECT_EQ(plant_.text("nan > 1"), "bad: plc1 does not answer") << "its own reason";
}

TEST_F(ExpressionQuality, CountsOnlyWhatIsUsed) {
    EXPECT_EQ(plant_.text("if yes then good else bad"), "1");
    EXPECT_EQ(plant_.text("if lost then good else good"), "bad: plc1 does not answer");
    EXPECT_EQ(plant_.text("yes or lost"), "true");
    EXPECT_EQ(plant_.text("lost or yes"), "true");
    EXPECT_EQ(plant_.text("not yes and lost"), "false");
    EXPECT_EQ(plant_.text("yes and lost"), "bad: plc1 does not answer");
}

TEST_F(ExpressionQuality, CanBeAskedForAndReplaced) {
    EXPECT_EQ(plant_.text("bad(bad) and uncertain(uncertain) and good(good)"), "true");
    EXPECT_EQ(plant_.text("good(bad)"), "false");
    EXPECT_EQ(plant_.text("substitute(bad, 7)"), "uncertain 7: substituted");
    EXPECT_EQ(plant_.text("substitute(good, 7)"), "1");
    EXPECT_EQ(plant_.text("substitute(bad, also_bad)"), "bad: plc2 is away");
}

}  // namespace
}  // namespace penstock::expressions
