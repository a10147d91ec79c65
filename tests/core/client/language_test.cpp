#include "core/client/language.hpp"

#include <gtest/gtest.h>

namespace penstock::client {
namespace {

using Languages = std::vector<std::string>;

std::string chosen(const Languages& site, const LanguageWish& wish) { return choose_language(site, wish).value(); }

TEST(Language, IsTheSitesFirstIfNobodySaysAnything) {
    EXPECT_EQ(chosen({"en", "de"}, {}), "en");
    EXPECT_EQ(chosen({"en", "de"}, {"", "", "C"}), "en");
    EXPECT_EQ(chosen({"de", "en"}, {"", "", "POSIX"}), "de");
    EXPECT_EQ(chosen({"en", "de"}, {"", "", "fr_FR.UTF-8"}), "en");
    EXPECT_EQ(chosen({}, {}), "");
}

TEST(Language, IsWhatFitsTheEnvironmentBest) {
    EXPECT_EQ(chosen({"en", "de"}, {"", "", "de_CH.UTF-8"}), "de");
    EXPECT_EQ(chosen({"en", "de", "de-CH"}, {"", "", "de_CH.UTF-8"}), "de-CH");
    EXPECT_EQ(chosen({"en", "de-AT"}, {"", "", "de_CH@euro"}), "de-AT");
    EXPECT_EQ(chosen({"en", "de-AT", "de"}, {"", "", "de_CH"}), "de");
    EXPECT_EQ(chosen({"en", "de"}, {"", "", "C.UTF-8"}), "en");
}

TEST(Language, ThatWasAskedForIsThatOneOrARefusalInWords) {
    EXPECT_EQ(chosen({"en", "de-CH"}, {"DE-ch", "", "en_GB"}), "de-CH");
    const auto refused = choose_language(Languages{"en", "de"}, {"fr", "", "de_DE"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sentence(), "the site has no texts in \"fr\"; it has en, de");
    EXPECT_EQ(refused.error().code(), ErrorCode::not_found);
}

TEST(Language, ThatTheOperatorChoseStaysWhereverItIsThere) {
    EXPECT_EQ(chosen({"en", "de"}, {"en", "de", ""}), "de");
    EXPECT_EQ(chosen({"en", "it"}, {"en", "de", ""}), "en") << "another server";
}

}  // namespace
}  // namespace penstock::client
