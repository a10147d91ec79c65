#include "core/guests/address_checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/guests/support/guests.hpp"

namespace penstock::guests {
namespace {

using ::testing::HasSubstr;

class AddressCheckerTest : public ::testing::Test {
protected:
    testing::TemporaryFolder folder_;
    PluginRegistry registry_ = testing::scan_in(folder_, {testing::guest_file("good")});
    std::shared_ptr<PluginLibrary> library_ = *registry_.load("driver.good");
};

TEST_F(AddressCheckerTest, SaysWhatAnAddressMeans) {
    const base::SettingsDocument settings;
    auto checker = AddressChecker::create(*library_, settings, "plc1");
    ASSERT_TRUE(checker) << checker.error().text();
    const auto even = checker->parse("42");
    ASSERT_TRUE(even) << even.error().text();
    EXPECT_EQ(even->type, ValueType::uint64);
    EXPECT_TRUE(even->writable);
    EXPECT_FALSE(checker->parse("43")->writable);
}

TEST_F(AddressCheckerTest, PassesTheDriversOwnSentenceOn) {
    const base::SettingsDocument settings;
    auto checker = AddressChecker::create(*library_, settings, "plc1");
    const auto parsed = checker->parse("100000");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(parsed.error().text(), "the counter is \"100000\"; wanted a number from 0 to 99999");
    EXPECT_TRUE(checker->parse("1")) << "a fault stayed behind";
}

TEST_F(AddressCheckerTest, ReportsSettingsThatTheDriverRefuses) {
    const auto settings = testing::settings_from(R"({"refuse": "this"})");
    const auto checker = AddressChecker::create(*library_, settings, "plc1");
    ASSERT_FALSE(checker);
    EXPECT_EQ(checker.error().code(), ErrorCode::invalid_config);
    EXPECT_THAT(checker.error().sentence(), HasSubstr("refuse is this"));
}

TEST_F(AddressCheckerTest, ChecksAHundredThousandAddresses) {
    const base::SettingsDocument settings;
    auto checker = AddressChecker::create(*library_, settings, "plc1");
    int good = 0;
    for (int i = 0; i < 100'000; ++i) good += checker->parse(std::to_string(i)).has_value() ? 1 : 0;
    EXPECT_EQ(good, 100'000);
}

TEST_F(AddressCheckerTest, MovesWithItsDriver) {
    const base::SettingsDocument settings;
    auto checker = AddressChecker::create(*library_, settings, "plc1");
    AddressChecker moved = std::move(*checker);
    EXPECT_TRUE(moved.parse("5"));
}

}  // namespace
}  // namespace penstock::guests
