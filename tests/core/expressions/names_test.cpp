#include "core/expressions/names.hpp"

#include <gtest/gtest.h>

namespace penstock::expressions {
namespace {

std::vector<std::string> names_of(std::string_view text) {
    std::vector<std::string> names;
    const auto found = tag_names(text);
    if (!found) return {"fault: " + found.error().sentence};
    for (const Word& word : *found) names.push_back(std::string(word.inner) + "@" + std::to_string(word.offset));
    return names;
}

TEST(NamesOfAnExpression, AreTheTagsInTheOrderOfTheText) {
    EXPECT_EQ(names_of("if a.b > {pump 1} then max(c, a.b) else 1"),
              (std::vector<std::string>{"a.b@3", "pump 1@9", "c@27", "a.b@30"}));
}

TEST(NamesOfAnExpression, AreNoFunctionsWordsOrTexts) { EXPECT_TRUE(names_of("round(1.5) == 2 and 'a' == 'b'").empty()); }

TEST(NamesOfAnExpression, AreAFaultWhereTheTextIsNone) {
    EXPECT_EQ(names_of("a +").size(), 1U);
    EXPECT_TRUE(names_of("a +").front().starts_with("fault: "));
}

TEST(WordsOfAnExpression, AreNamesBareAndBracedAndTexts) {
    const auto found = words(".speed > {high} and mode == 'it''s'");
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].kind, WordKind::name);
    EXPECT_EQ(found[0].inner, ".speed");
    EXPECT_EQ(found[1].kind, WordKind::braced);
    EXPECT_EQ(found[1].inner, "high");
    EXPECT_EQ(found[1].offset, 9U);
    EXPECT_EQ(found[1].length, 6U);
    EXPECT_EQ(found[3].kind, WordKind::text);
    EXPECT_EQ(found[3].inner, "it''s");
}

TEST(NameInAnExpression, IsInBracesWhereItIsNoWordByItself) {
    EXPECT_EQ(spelled("pump_1.speed"), "pump_1.speed");
    EXPECT_EQ(spelled("becken.füllstand"), "becken.füllstand");
    EXPECT_EQ(spelled("P-101.speed"), "{P-101.speed}");
    EXPECT_EQ(spelled("pump 1"), "{pump 1}");
    EXPECT_EQ(spelled("and"), "{and}");
    EXPECT_EQ(spelled("1st"), "{1st}");
}

}  // namespace
}  // namespace penstock::expressions
