// The overview of the waterworks: nothing off the screen, nothing hidden. What it binds, `penstock check` knows.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace penstock::plantsim {
namespace {

using Json = nlohmann::json;

const std::filesystem::path kSite = PENSTOCK_SOURCE_DIR "/config/waterworks";

Json load(const std::filesystem::path& file) {
    std::ifstream in(file);
    return Json::parse(in, nullptr, true, true);
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
