#include "core/site/alarms/alarm_names.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/tags/area_path.hpp"
#include "core/tags/wildcard.hpp"

namespace penstock::site {
namespace {

using tags::is_inside;
constexpr auto& fits = tags::matches_wildcard;

TEST(AlarmNames, StarsStandForAnyTextAndQuestionMarksForOneCharacter) {
    EXPECT_TRUE(fits("pump_1.*", "pump_1.trip"));
    EXPECT_TRUE(fits("pump_1.*", "pump_1."));
    EXPECT_FALSE(fits("pump_1.*", "pump_10.trip"));
    EXPECT_TRUE(fits("*.trip", "works.pump_1.trip"));
    EXPECT_FALSE(fits("*.trip", "pump_1.tripped"));
    EXPECT_TRUE(fits("pump_?.trip", "pump_7.trip"));
    EXPECT_FALSE(fits("pump_?.trip", "pump_10.trip"));
    EXPECT_TRUE(fits("a*b*c", "a.b.b.c"));
    EXPECT_FALSE(fits("a*b*c", "a.c.b"));
    EXPECT_TRUE(fits("*", "anything"));
    EXPECT_FALSE(fits("", "a"));
}

TEST(AlarmNames, ACharacterMayHaveSeveralBytes) {
    EXPECT_TRUE(fits("Rechen_?.zu", "Rechen_ü.zu"));
    EXPECT_FALSE(fits("Rechen_??.zu", "Rechen_ü.zu"));
    EXPECT_TRUE(fits("*ü", "Rechen_ü"));
}

TEST(AlarmNames, ManyStarsDoNotTakeForever) {
    const std::string name(10'000, 'a');
    std::string pattern;
    for (int i = 0; i < 50; ++i) pattern += "a*";
    EXPECT_FALSE(fits(pattern + "b", name));
    EXPECT_TRUE(fits(pattern, name));
}

TEST(AlarmNames, AnAreaHasThoseInsideOfIt) {
    EXPECT_TRUE(is_inside("works", "works"));
    EXPECT_TRUE(is_inside("works/intake", "works"));
    EXPECT_FALSE(is_inside("workshop", "works"));
    EXPECT_FALSE(is_inside("works", "works/intake"));
    EXPECT_TRUE(is_inside("", ""));
}

TEST(AlarmNames, FindsByPatternAndByArea) {
    SiteAlarms alarms;
    const std::pair<std::string_view, std::string_view> rows[] = {{"pump_2.dry", "works/b"},
                                                                  {"pump_1.trip", "works"},
                                                                  {"tank", "work"},
                                                                  {"pump_1.dry", "works/a"},
                                                                  {"pump", "works shop"}};
    for (const auto& [name, area] : rows) {
        alarms.alarms.push_back({.name = name, .area = area});
    }
    const AlarmNames names(alarms);
    using Places = std::vector<alarms::AlarmPlace>;
    const auto found = [&](std::string_view pattern) {
        Places places;
        names.find(pattern, places);
        return places;
    };
    const auto inside = [&](std::string_view area) {
        Places places;
        names.in_area(area, places);
        std::ranges::sort(places);
        return places;
    };
    EXPECT_EQ(found("pump_1.*"), (Places{3, 1}));
    EXPECT_EQ(found("*.dry"), (Places{3, 0}));
    EXPECT_EQ(found("pump"), (Places{4}));
    EXPECT_EQ(found("valve*"), Places{});
    EXPECT_EQ(inside("works"), (Places{0, 1, 3})) << "not the shop, nor what is only spelled alike";
    EXPECT_EQ(inside("works/a"), (Places{3}));
    EXPECT_EQ(inside("").size(), 5U);
}

}  // namespace
}  // namespace penstock::site
