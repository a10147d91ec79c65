// "journal" of site.json: how long records wait for each other before they are synced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using ::testing::HasSubstr;

std::vector<std::pair<std::string, std::string>> site_with(const std::string& journal) {
    return {{"site.json", R"({"format": 1, "name": "T", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {},
 "journal": )" + journal + "}"},
            {"tags/t.json", R"({"tags": [{"name": "a", "type": "int", "access": "read_write", "archive": "on_change"}]})"}};
}

// Of both lanes, in ns.
std::vector<std::int64_t> groups_of(const Plant& plant) {
    std::vector<std::int64_t> groups;
    for (const auto& lane : plant.json({"journal"}).at("lanes")) groups.push_back(lane.at("group").get<std::int64_t>());
    return groups;
}

TEST(GroupTime, UsualOnesAreTwoAndFiftyMilliseconds) {
    Plant plant(site_with("{}"));
    plant.start();
    EXPECT_EQ(groups_of(plant), (std::vector<std::int64_t>{2'000'000, 50'000'000}));
}

TEST(GroupTime, AreWhatTheSiteSaysAndStatusShowsThem) {
    Plant plant(site_with(R"({"events_group": "20ms", "values_group": "1s"})"));
    plant.start();
    EXPECT_EQ(groups_of(plant), (std::vector<std::int64_t>{20'000'000, 1'000'000'000}));
    const auto status = plant.cli({"status"});
    EXPECT_THAT(status.out, HasSubstr("synced within 20 ms"));
    EXPECT_THAT(status.out, HasSubstr("synced within 1 s"));
    EXPECT_EQ(plant.cli({"write", "a", "1"}).code, 0);
}

TEST(GroupTime, OutsideItsBoundsItIsRefusedWhereItStands) {
    const Plant plant(site_with(R"({"events_group": "500us",
    "values_group": "6s"})"));
    const auto checked = run({program("penstock"), "check", plant.site()});
    EXPECT_EQ(checked.code, 1);
    EXPECT_THAT(checked.out + checked.err, HasSubstr("site.json:2:30: "));
    EXPECT_THAT(checked.out + checked.err, HasSubstr("site.json:3:21: "));
    EXPECT_THAT(checked.out + checked.err, HasSubstr("wanted a duration such as \"200ms\", from 10 to 5000 ms"));
    const auto started = run({program("penstock-server"), "--data", plant.data(), "--site", plant.site(), "--allow-root"});
    EXPECT_EQ(started.code, 1);
    EXPECT_THAT(started.err, HasSubstr("site.json:3:21: "));
}

}  // namespace
}  // namespace penstock::testing
