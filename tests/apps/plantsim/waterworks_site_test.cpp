// config/waterworks is the site of this plant: what it says of the controller's registers must be what plantsim serves.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "apps/plantsim/point_table.hpp"

namespace penstock::plantsim {
namespace {

using Json = nlohmann::json;

const std::filesystem::path kSite = PENSTOCK_SOURCE_DIR "/config/waterworks";

Json load(const std::filesystem::path& file) {
    std::ifstream in(file);
    return Json::parse(in, nullptr, true, true);
}

// A line of a CSV file without quotes.
std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> result;
    std::stringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) result.push_back(cell);
    return result;
}

Json tag_of_row(const std::vector<std::string>& head, const std::vector<std::string>& row) {
    std::map<std::string, std::string> cell;
    for (std::size_t i = 0; i < head.size(); ++i) cell[head[i]] = i < row.size() ? row[i] : "";
    Json tag;
    for (const char* key : {"name", "device", "address", "type", "unit", "area", "scan_class", "description"})
        tag[key] = cell[key];
    if (cell["raw_high"].empty()) return tag;
    tag["scaling"] = {{"raw", {std::stod(cell["raw_low"]), std::stod(cell["raw_high"])}},
                      {"eng", {std::stod(cell["eng_low"]), std::stod(cell["eng_high"])}}};
    return tag;
}

void add_csv(const std::filesystem::path& file, std::vector<Json>& tags) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    const auto head = cells(line);
    while (std::getline(in, line)) tags.push_back(tag_of_row(head, cells(line)));
}

const std::vector<Json>& site_tags() {
    static const std::vector<Json> tags = [] {
        std::vector<Json> all;
        for (const auto& entry : std::filesystem::directory_iterator(kSite / "tags")) {
            if (entry.path().extension() == ".csv") {
                add_csv(entry.path(), all);
            } else {
                const Json file = load(entry.path());
                for (const Json& tag : file.at("tags")) all.push_back(tag);
            }
        }
        return all;
    }();
    return tags;
}

const Json& tag_of(const Point& point) {
    static const Json kNone = Json::object();
    const auto& tags = site_tags();
    const auto found = std::ranges::find_if(tags, [&](const Json& tag) { return tag.at("name") == point.name; });
    return found == tags.end() ? kNone : *found;
}

TEST(WaterworksSite, HasATagForEveryPointAndNoOther) {
    std::multiset<std::string> tags;
    std::multiset<std::string> points;
    for (const Json& tag : site_tags()) tags.insert(tag.at("name").get<std::string>());
    for (const Point& point : point_table()) points.insert(point.name);
    EXPECT_EQ(tags, points);
}

TEST(WaterworksSite, AgreesWithTheRegisterMap) {
    for (const Point& point : point_table()) {
        SCOPED_TRACE(point.name);
        const Json& tag = tag_of(point);
        EXPECT_EQ(tag.value("device", ""), "plc1");
        EXPECT_EQ(tag.value("address", ""), point.address_text());
        EXPECT_EQ(tag.value("type", ""), point.type);
        EXPECT_EQ(tag.value("unit", ""), point.unit);
        EXPECT_EQ(tag.value("area", ""), point.area);
        EXPECT_EQ(tag.value("scan_class", ""), point.scan_class);
        EXPECT_EQ(tag.value("access", "read"), point.is_writable() ? "read_write" : "read");
        EXPECT_EQ(tag.value("description", ""), point.description);
    }
}

TEST(WaterworksSite, ScalesAsThePlantDoes) {
    for (const Point& point : point_table()) {
        SCOPED_TRACE(point.name);
        const Json& tag = tag_of(point);
        ASSERT_EQ(tag.contains("scaling"), point.is_scaled());
        if (!point.is_scaled()) continue;
        EXPECT_EQ(tag["scaling"]["raw"], Json({point.raw_low, point.raw_high}));
        EXPECT_EQ(tag["scaling"]["eng"], Json({point.low, point.high}));
    }
}

TEST(WaterworksSite, GivesTheRangeOfEveryMeasurementAndSetpoint) {
    for (const Point& point : point_table()) {
        SCOPED_TRACE(point.name);
        const Json& tag = tag_of(point);
        const bool is_counter = point.raw == RawType::uint32;
        if (tag.contains("range")) {
            EXPECT_EQ(tag["range"], Json({point.low, point.high}));
        }
        if (point.type == "double" && !is_counter) {
            EXPECT_TRUE(tag.contains("range"));
        }
        if (point.type == "double" && !is_counter && !point.is_writable()) {
            EXPECT_TRUE(tag.contains("deadband"));
        }
    }
}

TEST(WaterworksSite, KnowsTheAreasOfItsTags) {
    std::set<std::string> areas;
    const auto add = [&](const auto& self, const std::string& path, const Json& below) -> void {
        for (const auto& [name, inner] : below.items()) {
            const std::string area = path.empty() ? name : path + "/" + name;
            areas.insert(area);
            self(self, area, inner);
        }
    };
    add(add, "", load(kSite / "site.json").at("areas"));
    for (const Json& tag : site_tags()) EXPECT_TRUE(areas.contains(tag.at("area").get<std::string>())) << tag.at("name");
}

struct Rectangle {
    int x, y, width, height;
    explicit Rectangle(const Json& w) : x(w.at("x")), y(w.at("y")), width(w.at("width")), height(w.at("height")) {}
    bool overlaps(const Rectangle& o) const {
        return x < o.x + o.width && o.x < x + width && y < o.y + o.height && o.y < y + height;
    }
};

class WaterworksOverview : public ::testing::Test {
protected:
    Json screen = load(kSite / "screens/overview.json");
    const Json& widgets() const { return screen.at("widgets"); }
};

TEST_F(WaterworksOverview, BindsTagsThatExist) {
    std::set<std::string> names;
    for (const Json& tag : site_tags()) names.insert(tag.at("name").get<std::string>());
    for (const Json& widget : widgets()) {
        const Json bindings = widget.value("bindings", Json::object());
        for (const auto& [key, tag] : bindings.items()) {
            EXPECT_TRUE(names.contains(tag.get<std::string>())) << widget.at("id") << " " << key << ": " << tag;
        }
    }
}

TEST_F(WaterworksOverview, HasEveryWidgetOnceOnTheScreen) {
    std::set<std::string> ids;
    for (const Json& widget : widgets()) {
        EXPECT_TRUE(ids.insert(widget.at("id").get<std::string>()).second) << widget.at("id");
        const Rectangle r(widget);
        EXPECT_GE(r.x, 0);
        EXPECT_GE(r.y, 0);
        EXPECT_LE(r.x + r.width, screen.at("size").at(0).get<int>()) << widget.at("id");
        EXPECT_LE(r.y + r.height, screen.at("size").at(1).get<int>()) << widget.at("id");
    }
}

// A panel is there to lie under others, but not over one that was drawn before it.
TEST_F(WaterworksOverview, LetsNoWidgetHideAnother) {
    for (std::size_t i = 0; i < widgets().size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            if (widgets()[k].at("type") == "panel") continue;
            EXPECT_FALSE(Rectangle(widgets()[i]).overlaps(Rectangle(widgets()[k])))
                << widgets()[i].at("id") << " " << widgets()[k].at("id");
        }
    }
}

}  // namespace
}  // namespace penstock::plantsim
