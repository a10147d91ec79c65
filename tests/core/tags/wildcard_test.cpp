#include "core/tags/wildcard.hpp"

#include <gtest/gtest.h>

namespace penstock::tags {
namespace {

TEST(Wildcard, StarIsAnyTextAlsoNone) {
    EXPECT_TRUE(matches_wildcard("a*c", "ac"));
    EXPECT_TRUE(matches_wildcard("a*c", "abcbc"));
    EXPECT_TRUE(matches_wildcard("**", ""));
    EXPECT_FALSE(matches_wildcard("a*c", "abd"));
    EXPECT_TRUE(matches_wildcard("*pump*speed", "works.pump12.motor.speed"));
    EXPECT_FALSE(matches_wildcard("*pump*speed", "works.pump12.motor.speeds"));
}

TEST(Wildcard, QuestionMarkIsOneCharacterOfAnyLength) {
    EXPECT_TRUE(matches_wildcard("B?r", "Bär"));
    EXPECT_FALSE(matches_wildcard("B??r", "Bär"));
    EXPECT_FALSE(matches_wildcard("a?", "a"));
}

TEST(Wildcard, TakesAllElseAsItIs) {
    EXPECT_TRUE(matches_wildcard("a.b[1]", "a.b[1]"));
    EXPECT_FALSE(matches_wildcard("a", "A"));
    EXPECT_FALSE(matches_wildcard("", "a"));
}

TEST(Wildcard, EndsSoonOnPatternsThatBackTrack) {
    const std::string text(255, 'a');
    EXPECT_FALSE(matches_wildcard("*a*a*a*a*a*a*a*a*a*a*b", text));
}

}  // namespace
}  // namespace penstock::tags
