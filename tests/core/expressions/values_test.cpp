#include <limits>

#include <gtest/gtest.h>

#include "tests/core/expressions/calculator.hpp"

namespace penstock::expressions {
namespace {

using testing::Calculator;

TEST(Expressions, FollowTheUsualRankOfOperators) {
    Calculator plant;
    EXPECT_EQ(plant.text("1 + 2 * 3"), "7");
    EXPECT_EQ(plant.text("(1 + 2) * 3"), "9");
    EXPECT_EQ(plant.text("10 - 4 - 3"), "3");
    EXPECT_EQ(plant.text("2 ^ 3"), "8");
    EXPECT_EQ(plant.text("-2 ^ 2"), "-4");
    EXPECT_EQ(plant.text("7 / 2"), "3.5");
    EXPECT_EQ(plant.text("7 mod 4"), "3");
    EXPECT_EQ(plant.text("1 < 2 and not 3 < 2 or false"), "true");
    EXPECT_EQ(plant.text("if 1 == 1 then 'yes' else 'no'"), "yes");
}

TEST(Expressions, ReadTags) {
    Calculator plant;
    plant.set("clear_tank.level", 4.5).set("pump 1-a.running", true).set("füllstand", 2);
    EXPECT_EQ(plant.text("clear_tank.level * 2"), "9");
    EXPECT_EQ(plant.text("{pump 1-a.running} and clear_tank.level > 4"), "true");
    EXPECT_EQ(plant.text("füllstand + füllstand"), "4");
}

TEST(Expressions, KeepAllBitsOfIntegers) {
    Calculator plant;
    plant.set("n", std::int64_t{9'007'199'254'740'993}).set("u", std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(plant.text("n + 1"), "9007199254740994");
    EXPECT_EQ(plant.text("u - 1"), "18446744073709551614");
    EXPECT_EQ(plant.text("u > 5"), "true");
    EXPECT_EQ(plant.text("abs(-n)"), "9007199254740993");
}

TEST(Expressions, WithoutAResultAreBadAndSayWhy) {
    Calculator plant;
    plant.set("zero", 0).set("most", std::numeric_limits<std::int64_t>::max()).set("minus", -1.0);
    EXPECT_EQ(plant.text("1 / zero"), "bad: divided by 0");
    EXPECT_EQ(plant.text("1 mod zero"), "bad: divided by 0");
    EXPECT_EQ(plant.text("most + 1"), "bad: the result does not fit an integer");
    EXPECT_EQ(plant.text("sqrt(minus)"), "bad: the result is no number");
    EXPECT_EQ(plant.text("int(1e300)"), "bad: the value does not fit an integer");
    EXPECT_EQ(plant.text("if zero == 0 then 0 else 1 / zero"), "0");
}

TEST(Expressions, HaveFunctionsOfNumbers) {
    Calculator plant;
    plant.set("x", -2.5).set("n", 7);
    EXPECT_EQ(plant.text("abs(x)"), "2.5");
    EXPECT_EQ(plant.text("min(3, n, 5)"), "3");
    EXPECT_EQ(plant.text("max(x, n)"), "7");
    EXPECT_EQ(plant.text("clamp(x, 0, 10)"), "0");
    EXPECT_EQ(plant.text("round(x)"), "-3");
    EXPECT_EQ(plant.text("floor(x) + ceil(x)"), "-5");
    EXPECT_EQ(plant.text("sqrt(16) + ln(exp(1))"), "5");
    EXPECT_EQ(plant.text("int(2.6) + int(n > 3)"), "4");
    EXPECT_EQ(plant.text("double(n) / 2"), "3.5");
}

TEST(Expressions, JoinAndCompareTexts) {
    Calculator plant;
    plant.set("batch", "A-17").set("n", 42);
    EXPECT_EQ(plant.text("'batch ' + batch + ' has ' + text(n)"), "batch A-17 has 42");
    EXPECT_EQ(plant.text("batch == 'A-17'"), "true");
    EXPECT_EQ(plant.text("batch != 'A-17'"), "false");
    EXPECT_EQ(plant.text("contains(batch, '17') and length(batch) == 4"), "true");
    EXPECT_EQ(plant.text("'it''s ' + (if n > 1 then 'many' else 'one')"), "it's many");
}

TEST(Expressions, OfOneShapeAreOneProgram) {
    Calculator plant;
    plant.set("a.level", 1.0).set("b.level", 2.0);
    const auto first = plant.compiled("a.level > 80 and a.level < 100");
    const auto second = plant.compiled("b.level > 70 and b.level < 90");
    const auto other = plant.compiled("b.level > 70 or b.level < 90");
    ASSERT_TRUE(first && second && other);
    EXPECT_EQ(first->program, second->program);
    EXPECT_NE(first->program, other->program);
}

TEST(Expressions, ThatTakeTooManyStepsAreBad) {
    Calculator plant;
    plant.set("long", std::string(60'000, 'x'));
    std::string text = "contains(long, 'y')";
    for (int n = 0; n < 5; ++n) text += " or contains(long, 'y')";
    EXPECT_EQ(plant.text(text), "bad: the expression takes more than 10000 steps");
    EXPECT_EQ(plant.text("long + long"), "bad: the text is longer than 64 KiB");
}

}  // namespace
}  // namespace penstock::expressions
