#include <penstock/testing/json_settings.hpp>

#include <gtest/gtest.h>

namespace penstock {
namespace {

using penstock::testing::JsonSettings;

TEST(Settings, AnswersWithTheDefaultWhereAKeyIsAbsentOrOfAnotherType) {
    const JsonSettings json(R"({"unit": 5, "name": "plc", "fast": true, "gain": 1.5, "huge": 18446744073709551615})");
    const auto settings = json.view();
    EXPECT_EQ(settings.integer_or("unit", 1), 5);
    EXPECT_EQ(settings.integer_or("name", 1), 1);
    EXPECT_EQ(settings.integer_or("huge", 1), 1);
    EXPECT_EQ(settings.number_or("unit", 0), 5.0);
    EXPECT_EQ(settings.number_or("gain", 0), 1.5);
    EXPECT_EQ(settings.text_or("name", ""), "plc");
    EXPECT_EQ(settings.text_or("unit", "none"), "none");
    EXPECT_TRUE(settings.boolean_or("fast", false));
    EXPECT_FALSE(settings.has("absent"));
    EXPECT_EQ(Settings().integer_or("unit", 3), 3);
}

TEST(Settings, ReadsDurations) {
    const JsonSettings json(R"({"timeout_ms": 250, "every": "5m", "odd": "5 m", "bare": 5, "negative_ms": -1})");
    const auto settings = json.view();
    EXPECT_EQ(settings.duration_or("timeout_ms", 1s), 250ms);
    EXPECT_EQ(settings.duration_or("every", 1s), std::chrono::minutes(5));
    EXPECT_EQ(settings.duration_or("odd", 1s), 1s);
    EXPECT_EQ(settings.duration_or("bare", 1s), 1s);
    EXPECT_EQ(settings.duration_or("negative_ms", 1s), 0s);
}

TEST(Settings, WalksNestedObjectsAndArrays) {
    const JsonSettings json(R"({"units": [{"id": 1}, {"id": 2}], "map": {"b": 1, "a": 2}})");
    const auto units = json.view().at("units");
    ASSERT_EQ(units.size(), 2U);
    EXPECT_EQ(units.at(1).integer_or("id", 0), 2);
    EXPECT_FALSE(units.at(2).exists());
    EXPECT_EQ(json.view().at("map").key(0), "b");
    EXPECT_FALSE(json.view().at("nothing").has("id"));
}

TEST(Settings, PutsAFaultAtItsKeyOrElseAtItsObject) {
    const JsonSettings json(R"({"unit": 300})");
    EXPECT_EQ(json.view().fault("unit", "too large").text(), "settings/unit: too large");
    EXPECT_EQ(json.view().fault("missing", "is wanted").text(), "settings: is wanted");
}

TEST(ParseDuration, TakesOneNumberAndOneUnit) {
    EXPECT_EQ(*parse_duration("250us"), std::chrono::microseconds(250));
    EXPECT_EQ(*parse_duration("1d"), std::chrono::hours(24));
    for (const auto* const text : {"", "5", "s", "-1s", "1.5s", "1 s", "1s ", "1w", "99999999999d"}) {
        EXPECT_FALSE(parse_duration(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace penstock
