// config/waterworks as `penstock check` sees it, with the plugins that it names: it is the site of this plant, so what it says of the
// controller's registers must be what plantsim serves.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "apps/plantsim/point_table.hpp"
#include "core/alarms/alarm_catalog_builder.hpp"
#include "core/guests/plugin_registry.hpp"
#include "core/site/site.hpp"
#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::plantsim {
namespace {

site::SiteResult load(const guests::PluginRegistry& registry, site::Params params = {}) {
    return site::load_site(PENSTOCK_SOURCE_DIR "/config/waterworks", params, registry);
}

class WaterworksSite : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        registry_ = std::make_unique<guests::PluginRegistry>(guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR}));
        result_ = std::make_unique<site::SiteResult>(load(*registry_));
    }
    static void TearDownTestSuite() {
        result_.reset();
        registry_.reset();
    }
    void SetUp() override {
        for (const site::Fault& fault : result_->faults) ADD_FAILURE() << fault.text();
        ASSERT_NE(result_->site, nullptr);
        for (const auto& tag : result_->site->tags())
            if (!tag.device.empty()) tags_.emplace(tag.name, &tag);
    }
    const tags::TagDefinition* tag_of(const Point& point) const {
        const auto found = tags_.find(point.name);
        return found == tags_.end() ? nullptr : found->second;
    }

    static std::unique_ptr<guests::PluginRegistry> registry_;
    static std::unique_ptr<site::SiteResult> result_;
    std::map<std::string_view, const tags::TagDefinition*> tags_;  // of the controller
};
std::unique_ptr<guests::PluginRegistry> WaterworksSite::registry_;
std::unique_ptr<site::SiteResult> WaterworksSite::result_;

TEST_F(WaterworksSite, HasATagForEveryPointAndNoOther) {
    std::set<std::string> tags, points;
    for (const auto& [name, tag] : tags_) tags.insert(std::string(name));
    for (const Point& point : point_table()) points.insert(point.name);
    EXPECT_EQ(tags, points);
    EXPECT_EQ(result_->site->start_screen(), "overview");
}

TEST_F(WaterworksSite, AgreesWithTheRegisterMap) {
    for (const Point& point : point_table()) {
        SCOPED_TRACE(point.name);
        const auto* tag = tag_of(point);
        ASSERT_NE(tag, nullptr);
        EXPECT_EQ(tag->device, "plc1");
        EXPECT_EQ(tag->address, point.address_text());
        EXPECT_EQ(to_string(tag->type), point.type);
        EXPECT_EQ(tag->unit, point.unit);
        EXPECT_EQ(tag->area, point.area);
        EXPECT_EQ(tag->scan_class, point.scan_class);
        EXPECT_EQ(tag->access == tags::Access::read_write, point.is_writable());
        EXPECT_EQ(tag->description, point.description);
    }
}

TEST_F(WaterworksSite, ScalesAsThePlantDoes) {
    for (const Point& point : point_table()) {
        SCOPED_TRACE(point.name);
        const auto* tag = tag_of(point);
        ASSERT_NE(tag, nullptr);
        ASSERT_EQ(tag->scaling.has_value(), point.is_scaled());
        if (!point.is_scaled()) continue;
        EXPECT_EQ(tag->scaling->raw_low, point.raw_low);
        EXPECT_EQ(tag->scaling->raw_high, point.raw_high);
        EXPECT_EQ(tag->scaling->eng_low, point.low);
        EXPECT_EQ(tag->scaling->eng_high, point.high);
    }
}

TEST_F(WaterworksSite, GivesTheRangeOfEveryMeasurementAndSetpoint) {
    for (const Point& point : point_table()) {
        SCOPED_TRACE(point.name);
        const auto* tag = tag_of(point);
        ASSERT_NE(tag, nullptr);
        const bool has_range = !std::isnan(tag->range_low);
        const bool is_measurement = point.type == "double" && point.raw != RawType::uint32;
        if (has_range) {
            EXPECT_EQ(tag->range_low, point.low);
            EXPECT_EQ(tag->range_high, point.high);
        }
        if (is_measurement) {
            EXPECT_TRUE(has_range);
        }
        if (is_measurement && !point.is_writable()) {
            EXPECT_NE(tag->deadband_kind, tags::DeadbandKind::none);
        }
    }
}

TEST_F(WaterworksSite, HasRationalisedAlarms) {
    EXPECT_GE(result_->site->alarm_count(), 60U);
    tags::TagIdStore tag_ids, alarm_ids;
    tags::TagCatalogBuilder builder;
    result_->site->add_tags(builder);
    const auto tags = builder.build(tag_ids);
    ASSERT_TRUE(tags) << tags.error().text();
    const auto alarms = result_->site->take_alarms().build(**tags, alarm_ids);
    ASSERT_TRUE(alarms) << alarms.error().text();
    std::set<std::string> policies;
    std::size_t urgent = 0;
    for (std::size_t number = 0; number < (*alarms)->points(); ++number)
        policies.insert(std::string((*alarms)->point(number).policy));
    for (const auto id : (*alarms)->by_name()) urgent += (*alarms)->priority(id) == 1 ? 1 : 0;
    for (const char* policy : {"limits", "deviation", "rate_of_change", "discrete", "quality", "expression", "flood"})
        EXPECT_TRUE(policies.contains(std::string("alarm_policy.") + policy)) << policy;
    EXPECT_LE(urgent * 4, (*alarms)->size()) << "what is urgent is rare";
}

TEST_F(WaterworksSite, WorksWithAPlantOnAnyPort) {
    const site::SiteResult result = load(*registry_, {{{"plc_endpoint", "127.0.0.1:40123"}}, {}});
    ASSERT_NE(result.site, nullptr);
    ASSERT_EQ(result.site->devices().size(), 1U);
    EXPECT_EQ(result.site->devices()[0].endpoint, "127.0.0.1:40123");
}

}  // namespace
}  // namespace penstock::plantsim
