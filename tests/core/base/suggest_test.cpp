#include "core/base/suggest.hpp"

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

TEST(EditDistance, CountsEditsInCharacters) {
    EXPECT_EQ(edit_distance("bar", "bar", 9), 0U);
    EXPECT_EQ(edit_distance("baar", "bar", 9), 1U);
    EXPECT_EQ(edit_distance("abr", "bar", 9), 1U);  // a swap of neighbours is one
    EXPECT_EQ(edit_distance("µS", "mS", 9), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting", 9), 3U);
    EXPECT_EQ(edit_distance("", "abc", 9), 3U);
}

TEST(EditDistance, EndsAtTheLimit) {
    EXPECT_EQ(edit_distance("kitten", "sitting", 1), 2U);
    EXPECT_EQ(edit_distance("a", "abcdef", 2), 3U);
}

TEST(EditDistance, DoesNotMindCase) { EXPECT_EQ(edit_distance("Modbus", "mODBUS", 9), 0U); }

TEST(Nearest, ListsTheNearestFirstAndNothingFar) {
    const std::vector<std::string> words{"read_write", "level", "levels", "lever"};
    EXPECT_EQ(nearest("level", std::span<const std::string>(words)),
              (std::vector<std::string_view>{"level", "levels", "lever"}));
    EXPECT_EQ(nearest("level", std::span<const std::string>(words), 1), (std::vector<std::string_view>{"level"}));
    EXPECT_TRUE(nearest("temperature", std::span<const std::string>(words)).empty());
}

TEST(Nearest, FindsAWordByItsBeginning) {
    const std::vector<std::string> words{"description", "device"};
    EXPECT_EQ(nearest("desc", std::span<const std::string>(words)), (std::vector<std::string_view>{"description"}));
}

TEST(DidYouMean, ListsAFewWordsWhereNoneIsNear) {
    const std::vector<std::string_view> words{"fast", "slow"};
    EXPECT_EQ(did_you_mean("fats", words), "did you mean \"fast\"?");
    EXPECT_EQ(did_you_mean("medium", words), "known: fast, slow");
    EXPECT_EQ(did_you_mean("medium", std::vector<std::string_view>(9, "x")), "");
}

}  // namespace
}  // namespace penstock::base
