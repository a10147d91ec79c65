#include <gtest/gtest.h>

#include "tests/core/expressions/calculator.hpp"

namespace penstock::expressions {
namespace {

using testing::Calculator;

class ExpressionFaults : public ::testing::Test {
protected:
    ExpressionFaults() {
        plant_.set("level", 1.0, "m")
            .set("depth", 1.0, "m")
            .set("flow", 1.0, "m3/h")
            .set("running", true)
            .set("name", "x")
            .set("list", Value(std::vector<double>{1}));
    }
    Calculator plant_;
};

TEST_F(ExpressionFaults, NameTheirPlace) {
    EXPECT_EQ(plant_.fault("level + lvel"), "8: there is no tag \"lvel\"");
    EXPECT_EQ(plant_.fault("level +"), "7: found the end, wanted a value: a tag, a number, a function, true, false or a text");
    EXPECT_EQ(plant_.fault("(level"), "6: found the end, wanted \")\"");
    EXPECT_EQ(plant_.fault("level level"), "6: found \"level\", wanted the end");
    EXPECT_EQ(plant_.fault("if running then 1"), "17: found the end, wanted \"else\"");
    EXPECT_EQ(plant_.fault("'abc"), "0: this text does not end; a text stands between ' and '");
    EXPECT_EQ(plant_.fault("{abc"), "0: this name does not end; such a name stands between { and }");
    EXPECT_EQ(plant_.fault(""), "0: found the end, wanted a value: a tag, a number, a function, true, false or a text");
}

TEST_F(ExpressionFaults, HelpThoseWhoKnowOtherLanguages) {
    EXPECT_EQ(plant_.fault("running && running"), "8: \"&\" means nothing here (and)");
    EXPECT_EQ(plant_.fault("!running"), "0: \"!\" means nothing here (not)");
    EXPECT_EQ(plant_.fault("level = 1"), "6: \"=\" sets nothing here; equal is == (==)");
    EXPECT_EQ(plant_.fault("0 < level < 2"), "10: comparisons do not follow each other; join two with \"and\"");
    EXPECT_EQ(plant_.fault("12abc"),
              "0: \"12abc\" is no number and no duration (500ms, 10s, 5m, 1h, 2d); a tag of that name goes into braces");
}

TEST_F(ExpressionFaults, TypesAndUnitsAreChecked) {
    EXPECT_EQ(plant_.fault("level + running"), "6: \"+\" wants two numbers; found double and bool");
    EXPECT_EQ(plant_.fault("level + flow"), "6: \"+\" joins m and m3/h: make them the same unit first");
    EXPECT_EQ(plant_.fault("level > flow"), "6: \">\" joins m and m3/h: make them the same unit first");
    EXPECT_EQ(plant_.fault("level > 2 and depth + 1 > level"), "");
    EXPECT_EQ(plant_.fault("level * flow + depth / level"), "");
    EXPECT_EQ(plant_.fault("not level"), "0: \"not\" wants a bool; found double");
    EXPECT_EQ(plant_.fault("if level then 1 else 2"), "3: \"if\" wants a bool; found double");
    EXPECT_EQ(plant_.fault("if running then 1 else 'a'"), "0: \"if\" wants two values of one kind; found int and string");
    EXPECT_EQ(plant_.fault("name > 'a'"), "5: \">\" compares two numbers; found string and string");
    EXPECT_EQ(plant_.fault("list + 1"), "0: the tag \"list\" is double[]; an expression takes single values");
}

TEST_F(ExpressionFaults, FunctionsSayWhatTheyWant) {
    EXPECT_EQ(plant_.fault("averag(level, 10m)"), "0: there is no function \"averag\" (average)");
    EXPECT_EQ(plant_.fault("average(level)"), "0: average(x, 10m) wants 2 arguments; found 1");
    EXPECT_EQ(plant_.fault("average(level, 10)"),
              "0: average(x, 10m) wants a duration behind the comma, as in 500ms, 5s, 10m, 1h");
    EXPECT_EQ(plant_.fault("average(running, 10m)"), "0: average(x, 10m) wants a number; found bool");
    EXPECT_EQ(plant_.fault("average"), "0: \"average\" is a function: its arguments stand in ( )");
    EXPECT_EQ(plant_.fault("rising(level)"), "0: rising(b) wants a bool; found double");
}

TEST_F(ExpressionFaults, WhatIsTooMuchIsRefused) {
    EXPECT_NE(plant_.fault(std::string(65, '(') + "1" + std::string(65, ')')).find("nested at most 64 deep"),
              std::string::npos);
    EXPECT_NE(plant_.fault(std::string(100, '-') + "1").find("nested at most 64 deep"), std::string::npos);
    std::string sum = "1";
    for (int n = 0; n < 300; ++n) sum += "+1";
    EXPECT_NE(plant_.fault(sum).find("at most 500 parts"), std::string::npos);
    EXPECT_NE(plant_.fault(std::string(5'000, ' ') + "1").find("at most 4096 bytes"), std::string::npos);
}

TEST_F(ExpressionFaults, TheResultHasTypeAndUnit) {
    const auto unit = [&](const std::string& text) {
        const auto made = plant_.compiled(text);
        return made ? std::string(to_string(made->type)) + ' ' + made->unit : made.error().sentence;
    };
    EXPECT_EQ(unit("level + 1"), "double m");
    EXPECT_EQ(unit("level / depth"), "double ");
    EXPECT_EQ(unit("rate(level, 1m)"), "double m/s");
    EXPECT_EQ(unit("level > 1"), "bool ");
    EXPECT_EQ(unit("if running then level else 0"), "double m");
    EXPECT_EQ(unit("counter(running)"), "int ");
}

}  // namespace
}  // namespace penstock::expressions
