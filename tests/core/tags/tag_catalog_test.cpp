#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "core/tags/tag_catalog_builder.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::tags {
namespace {

TagDefinition named(std::string_view name) {
    TagDefinition tag;
    tag.name = name;
    return tag;
}

std::shared_ptr<const TagCatalog> build(const std::vector<TagDefinition>& tags) {
    TagIdStore ids;
    TagCatalogBuilder builder;
    for (const auto& tag : tags) builder.add(tag);
    auto catalog = builder.build(ids);
    EXPECT_TRUE(catalog) << catalog.error().text();
    return catalog ? *catalog : nullptr;
}

Error refusal(const std::vector<TagDefinition>& tags) {
    TagIdStore ids;
    TagCatalogBuilder builder;
    for (const auto& tag : tags) builder.add(tag);
    const auto catalog = builder.build(ids);
    EXPECT_FALSE(catalog);
    EXPECT_EQ(ids.size(), 0U) << "a refused build gives no ids";
    return catalog ? Error(ErrorCode::internal, "") : catalog.error();
}

TEST(TagCatalog, KnowsWhichTagsAreCalculatedAndWhichTheEngineWritesItself) {
    auto sum = named("sum");
    sum.expression = "a + b";
    auto starts = named("alarms.works.starts");
    starts.system = true;
    const auto catalog = build({sum, named("a"), starts, named("b")});
    const auto view = [&catalog](std::string_view name) { return catalog->view(*catalog->find(name)); };
    EXPECT_EQ(view("sum").expression, "a + b");
    EXPECT_TRUE(view("sum").is_calculated());
    EXPECT_FALSE(view("sum").is_system);
    EXPECT_TRUE(view("alarms.works.starts").is_system);
    EXPECT_FALSE(view("alarms.works.starts").is_calculated());
    EXPECT_FALSE(view("a").is_calculated() || view("a").is_system);
    ASSERT_EQ(catalog->calculated().size(), 1U);
    EXPECT_EQ(catalog->calculated().front(), *catalog->find("sum"));
    EXPECT_EQ(catalog->expression(*catalog->find("sum")), "a + b");
    EXPECT_EQ(catalog->expression(*catalog->find("b")), "");
}

TEST(TagCatalog, KeepsOfWhichInstanceATagIsAndWhatIsOverridden) {
    auto speed = named("pump_1.speed");
    speed.instance = "pump_1 (tags/pumps.json:4:3)";
    speed.overridden = "range";
    const auto catalog = build({speed, named("a")});
    EXPECT_EQ(catalog->view(*catalog->find("pump_1.speed")).instance, speed.instance);
    EXPECT_EQ(catalog->view(*catalog->find("pump_1.speed")).overridden, "range");
    EXPECT_EQ(catalog->view(*catalog->find("a")).instance, "");
}

TEST(TagCatalog, RefusesACalculatedTagWithADevice) {
    auto tag = named("sum");
    tag.expression = "a + b";
    tag.device = "plc1";
    EXPECT_EQ(refusal({tag}).sentence(), "\"sum\" has a device, but its values are made by the server");
}

TEST(TagCatalog, GivesBackEveryFieldOfADefinition) {
    auto tag = named("clear_tank.level");
    tag.device = "plc1";
    tag.address = "input:100:float32";
    tag.area = "works/storage";
    tag.unit = "m";
    tag.description = "level of the clear water tank";
    tag.scan_class = "fast";
    tag.file = "tags/storage.json";
    tag.line = 14;
    tag.column = 9;
    tag.native_type = ValueType::uint64;
    tag.access = Access::read_write;
    tag.scaling = Scaling{0, 27648, 0, 6, true};
    tag.range_low = 0;
    tag.range_high = 6;
    tag.deadband_kind = DeadbandKind::percent;
    tag.deadband = 0.1;
    tag.initial = Value(5);

    const auto catalog = build({tag});
    const auto view = catalog->view(*catalog->find("clear_tank.level"));
    EXPECT_EQ(view.name, tag.name);
    EXPECT_EQ(view.device, tag.device);
    EXPECT_EQ(view.address, tag.address);
    EXPECT_EQ(view.area, tag.area);
    EXPECT_EQ(view.unit, tag.unit);
    EXPECT_EQ(view.description, tag.description);
    EXPECT_EQ(view.scan_class, tag.scan_class);
    EXPECT_EQ(view.file, tag.file);
    EXPECT_EQ(view.line, 14U);
    EXPECT_EQ(view.column, 9U);
    EXPECT_EQ(view.type, ValueType::float64);
    EXPECT_EQ(view.native_type, ValueType::uint64);
    EXPECT_EQ(view.access, Access::read_write);
    ASSERT_NE(view.scaling, nullptr);
    EXPECT_EQ(*view.scaling, *tag.scaling);
    EXPECT_EQ(view.range_low, 0);
    EXPECT_EQ(view.range_high, 6);
    EXPECT_EQ(view.deadband_kind, DeadbandKind::percent);
    EXPECT_EQ(view.deadband, 0.1);
    EXPECT_EQ(view.source_time_tolerance, kDefaultSourceTimeTolerance);
    EXPECT_TRUE(catalog->initial(view.id).identical(Value(5.0))) << "the initial value has the tag's type";
}

TEST(TagCatalog, MakesNoLimitsUp) {
    const auto catalog = build({named("a")});
    const auto view = catalog->view(0);
    EXPECT_TRUE(std::isnan(view.range_low) && std::isnan(view.range_high));
    EXPECT_EQ(view.scaling, nullptr);
    EXPECT_EQ(view.device_index, kNoDevice);
    EXPECT_FALSE(catalog->initial(0).has_value());
    EXPECT_EQ(view.native_type, view.type) << "a memory tag takes its own type";
}

TEST(TagCatalog, ListsNamesInByteOrderWhateverTheyShare) {
    std::mt19937 random(7);
    std::vector<std::string> names;
    for (int i = 0; i < 3000; ++i) {
        auto name = std::string("works/line") + std::to_string(random() % 7);
        for (auto parts = random() % 5; parts > 0; --parts) name += ".pumpstation" + std::to_string(random() % 4);
        name.resize(std::min<std::size_t>(name.size(), 1 + random() % 40));
        if (random() % 5 == 0) name.push_back('\0');
        if (random() % 5 == 0) name += "é";
        names.push_back(name);
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    auto shuffled = names;
    std::ranges::shuffle(shuffled, random);
    std::vector<TagDefinition> tags;
    for (const auto& name : shuffled) tags.push_back(named(name));

    const auto catalog = build(tags);
    ASSERT_EQ(catalog->by_name().size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(catalog->name(catalog->by_name()[i]), names[i]);
    for (const auto& name : names) EXPECT_EQ(catalog->name(catalog->find(name).value()), name);
    EXPECT_FALSE(catalog->find("works/line9"));
}

TEST(TagCatalog, StoresEqualArchivingRulesOnce) {
    ArchiveRule fast{.mode = ArchiveMode::cyclic, .interval = 10ms, .keep_raw = 24h, .historians = {"historian.a"}};
    const ArchiveRule slow{.mode = ArchiveMode::cyclic, .interval = 10s, .keep_raw = 24h, .historians = {"historian.a"}};
    const ArchiveRule again = fast;
    const ArchiveRule off;
    std::vector<TagDefinition> tags;
    for (const auto* name : {"a", "b", "c", "d", "e"}) tags.push_back(named(name));
    tags[0].archive = &fast;
    tags[1].archive = &slow;
    tags[2].archive = &again;
    tags[3].archive = &off;
    const auto catalog = build(tags);
    fast.historians.clear();  // the catalog has its own

    const auto rule = [&](std::string_view name) { return catalog->view(*catalog->find(name)).archive; };
    EXPECT_EQ(*rule("a"), again);
    EXPECT_EQ(rule("a"), rule("c"));
    EXPECT_EQ(*rule("b"), slow);
    EXPECT_EQ(rule("d")->mode, ArchiveMode::off);
    EXPECT_EQ(rule("e")->mode, ArchiveMode::off) << "a tag that says nothing is not archived";
    EXPECT_EQ(catalog->archive_number(*catalog->find("e")), 0U);
    EXPECT_EQ(catalog->archive_rules().size(), 3U);
    EXPECT_EQ(&catalog->archive(*catalog->find("b")), &catalog->archive_rules()[catalog->archive_number(*catalog->find("b"))]);
}

TEST(TagCatalog, NumbersItemsInTheOrderOfTheirDevice) {
    std::vector<TagDefinition> tags;
    for (const auto* name : {"b1", "a1", "memory", "b2", "a2"}) {
        auto tag = named(name);
        tag.device = *name == 'm' ? "" : *name == 'a' ? "alpha" : "beta";
        tags.push_back(tag);
    }
    const auto catalog = build(tags);
    ASSERT_EQ(catalog->devices().size(), 2U);
    EXPECT_EQ(catalog->devices()[0], "alpha");
    const auto beta = catalog->tags_of_device(1);
    ASSERT_EQ(beta.size(), 2U);
    EXPECT_EQ(catalog->name(beta[0]), "b1");
    EXPECT_EQ(catalog->name(beta[1]), "b2");
    EXPECT_EQ(catalog->view(beta[1]).item, 1U);
    EXPECT_EQ(catalog->view(beta[1]).device_index, 1U);
}

TEST(TagCatalog, KeepsGapsOfTagsThatAreGone) {
    TagIdStore ids;
    TagCatalogBuilder builder;
    for (const auto* name : {"a", "b", "c"}) builder.add(named(name));
    ASSERT_TRUE(builder.build(ids));
    for (const auto* name : {"c", "d"}) builder.add(named(name));
    const auto catalog = *builder.build(ids);
    EXPECT_EQ(catalog->size(), 2U);
    EXPECT_EQ(catalog->id_limit(), 4U);
    EXPECT_EQ(catalog->find("c"), 2U);
    EXPECT_EQ(catalog->find("d"), 3U);
    EXPECT_FALSE(catalog->exists(0));
    EXPECT_FALSE(catalog->exists(4));
    EXPECT_FALSE(catalog->find("a"));
}

TEST(TagCatalog, TakesNamesOf255BytesAndRefusesLongerOnes) {
    const std::string longest(kMaxTagNameBytes, 'x');
    EXPECT_EQ(build({named(longest)})->name(0), longest);
    const auto fault = refusal({named(longest + "y")});
    EXPECT_EQ(fault.code(), ErrorCode::invalid_config);
    EXPECT_NE(fault.sentence().find("256 bytes, at most 255"), std::string::npos) << fault.text();
}

TEST(TagCatalog, NamesBothPlacesOfANameGivenTwice) {
    auto first = named("pump.speed"), again = named("pump.speed");
    first.file = again.file = "tags/pumps.json";
    first.line = 3, first.column = 5;
    again.line = 9, again.column = 7;
    const auto fault = refusal({first, again});
    EXPECT_EQ(fault.text(), "tags/pumps.json:9:7: the tag \"pump.speed\" is defined twice, first at tags/pumps.json:3:5");
}

TEST(TagCatalog, RefusesAnInitialValueOfAnotherType) {
    auto tag = named("pump.count");
    tag.type = ValueType::int64;
    tag.initial = Value(2.5);
    EXPECT_NE(refusal({tag}).sentence().find("initial value of \"pump.count\""), std::string::npos);
}

TEST(TagCatalog, FindsWhatMatchesAPattern) {
    const auto catalog = build({named("pump2.speed"), named("pump1.speed"), named("pump1.flow"), named("tank.level")});
    const auto names = [&](std::string_view pattern) {
        std::string found;
        for (const auto id : catalog->matching(pattern)) found += std::string(catalog->name(id)) + " ";
        return found;
    };
    EXPECT_EQ(names("pump?.speed"), "pump1.speed pump2.speed ");
    EXPECT_EQ(names("pump1*"), "pump1.flow pump1.speed ");
    EXPECT_EQ(names("*l"), "tank.level ");
    EXPECT_EQ(names("tank.level"), "tank.level ");
    EXPECT_EQ(names(""), "pump1.flow pump1.speed pump2.speed tank.level ");
    EXPECT_EQ(names("zebra*"), "");
}

TEST(TagCatalog, OffersTheNearestNames) {
    const auto catalog = build({named("clear_tank.level"), named("raw_tank.level"), named("pump.speed")});
    const auto nearest = catalog->nearest("clear_tank.lvel", 1);
    ASSERT_EQ(nearest.size(), 1U);
    EXPECT_EQ(nearest[0], "clear_tank.level");
}

TEST(TagCatalog, IsEmptyForASiteWithoutTags) {
    const auto catalog = build({});
    EXPECT_EQ(catalog->size(), 0U);
    EXPECT_EQ(catalog->id_limit(), 0U);
    EXPECT_FALSE(catalog->find("x"));
    EXPECT_TRUE(catalog->devices().empty());
}

}  // namespace
}  // namespace penstock::tags
