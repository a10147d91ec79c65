#include "core/site/site.hpp"

#include <sys/stat.h>

#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <penstock/operations.hpp>

#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;
const fs::path kGood = fs::path(PENSTOCK_SOURCE_DIR) / "tests/core/site/good/small";

std::string listed(const SiteResult& result) {
    std::string text;
    for (const Fault& fault : result.faults) text += fault.text() + "\n";
    return text;
}

// A copy of the good site that a test may change.
class LoadSite : public ::testing::Test {
protected:
    LoadSite() : folder_(scratch_.path() / "site") { fs::copy(kGood, folder_, fs::copy_options::recursive); }

    SiteResult load(const Params& params = {}) { return load_site(folder_, params, plugins_); }
    std::string revision() {
        const SiteResult result = load();
        return result.site ? result.site->revision() : listed(result);
    }
    void replace(const std::string& file, std::string_view from, std::string_view to) {
        std::string text = testing::read_text(folder_ / file);
        const std::size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        testing::write_text(folder_ / file, text.replace(at, from.size(), to));
    }
    static const tags::TagDefinition* find(const Site& site, std::string_view name) {
        for (const auto& tag : site.tags()) {
            if (tag.name == name) return &tag;
        }
        return nullptr;
    }

    testing::ScratchFolder scratch_;
    fs::path folder_;
    testing::FakePlugins plugins_;
};

TEST_F(LoadSite, SaysHowThePlantsMemoryIsKept) {
    const SiteResult usual = load();
    ASSERT_TRUE(usual.site) << listed(usual);
    EXPECT_EQ(usual.site->journal().events_group, 2ms);
    EXPECT_EQ(usual.site->journal().buffer_bytes, 20'000'000'000U);
    replace("site.json", "\"plugins\": {",
            R"("journal": {"events_group": "1ms", "values_group": "100ms", "buffer_time": "2d", "buffer_gigabytes": 5},
               "plugins": {)");
    const SiteResult own = load();
    ASSERT_TRUE(own.site) << listed(own);
    EXPECT_EQ(own.site->journal().events_group, 1ms);
    EXPECT_EQ(own.site->journal().values_group, 100ms);
    EXPECT_EQ(own.site->journal().buffer_time, 48h);
    EXPECT_EQ(own.site->journal().buffer_bytes, 5'000'000'000U);
}

TEST_F(LoadSite, ATagSaysWhatOfItIsArchivedAndForHowLong) {
    replace("site.json", "\"plugins\": {", "\"plugins\": {\"historian.memory\": {}, \"historian.sqlite\": {}, ");
    testing::write_text(folder_ / "tags/archived.json", R"({"tags": [
        {"name": "a.changes", "type": "double", "archive": "on_change"},
        {"name": "a.off", "type": "double", "archive": "off"},
        {"name": "a.thin", "type": "double", "archive": {"mode": "on_change", "deadband": 0.5, "min_interval": "1s",
            "max_interval": "10m", "keep_raw": "10y"}},
        {"name": "a.cyclic", "type": "double", "archive": {"mode": "cyclic", "interval": "200ms", "keep_raw": "3000d",
            "historians": ["historian.memory", "historian.sqlite"]}},
        {"name": "a.short", "type": "double", "archive": {"mode": "on_change", "keep_hours": "30d"}}]})");
    testing::write_text(folder_ / "tags/archived.csv",
                        "name,type,archive\nc.changes,double,on_change\nc.cyclic,double,1s\nc.off,int,\n");
    replace("tags/archived.json", "\"10y\"", "\"36525d\"");
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const auto rule = [&](std::string_view name) { return find(*result.site, name)->archive; };

    ASSERT_NE(rule("a.changes"), nullptr);
    EXPECT_EQ(rule("a.changes")->mode, tags::ArchiveMode::on_change);
    EXPECT_EQ(rule("a.changes")->keep_raw, 400 * 24h);
    EXPECT_EQ(rule("a.changes")->keep_minutes, 1'827 * 24h);
    EXPECT_EQ(rule("a.changes")->keep_hours, 7'305 * 24h);
    EXPECT_EQ(rule("a.changes"), rule("c.changes")) << "equal rules are one";
    EXPECT_EQ(rule("a.off"), nullptr);
    EXPECT_EQ(rule("c.off"), nullptr);

    EXPECT_EQ(rule("a.thin")->deadband, 0.5);
    EXPECT_EQ(rule("a.thin")->min_interval, 1s);
    EXPECT_EQ(rule("a.thin")->max_interval, 10min);
    EXPECT_EQ(rule("a.thin")->keep_hours, 36'525 * 24h) << "nothing coarse is dropped before what is fine";

    EXPECT_EQ(rule("a.cyclic")->mode, tags::ArchiveMode::cyclic);
    EXPECT_EQ(rule("a.cyclic")->interval, 200ms);
    EXPECT_EQ(rule("a.cyclic")->keep_minutes, 3'000 * 24h);
    EXPECT_EQ(rule("a.cyclic")->historians, (std::vector<std::string>{"historian.memory", "historian.sqlite"}));
    EXPECT_EQ(rule("c.cyclic")->interval, 1s);
    EXPECT_EQ(rule("a.short")->keep_raw, 30 * 24h);
    EXPECT_EQ(rule("a.short")->keep_minutes, 30 * 24h);
}

TEST_F(LoadSite, AGoodSiteHasNoFaultAndPrintsOneLine) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    EXPECT_EQ(result.site->summary().find("Kläranlage Ü: 1 device, 11 tags, 1 screen, revision "), 0U)
        << result.site->summary();
    EXPECT_EQ(result.site->summary().find('\n'), std::string::npos);
}

TEST_F(LoadSite, ReadsTheSettingsOfTheSite) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const Site& site = *result.site;
    EXPECT_EQ(std::vector<std::string>(site.languages().begin(), site.languages().end()),
              (std::vector<std::string>{"en", "de-CH"}));
    EXPECT_EQ(std::vector<std::string>(site.areas().begin(), site.areas().end()),
              (std::vector<std::string>{"works", "works/intake", "works/storage"}));
    EXPECT_EQ(site.time_zone(), "Europe/Zurich");
    EXPECT_EQ(site.start_screen(), "overview");
    ASSERT_EQ(site.plugins().size(), 2U);
    EXPECT_EQ(site.plugins()[1].settings->settings().text_or("theme", ""), "dark");
}

TEST_F(LoadSite, GivesADeviceWhatTheHostAndTheDriverNeed) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const Device& device = result.site->devices().front();
    EXPECT_EQ(device.name, "plc1");
    EXPECT_EQ(device.driver, "driver.modbus");
    EXPECT_EQ(device.endpoint, "127.0.0.1:1502");
    ASSERT_EQ(device.scan_classes.size(), 2U);
    EXPECT_EQ(device.scan_classes[0].period, 200ms);
    EXPECT_EQ(device.default_scan_class, "slow");
    EXPECT_EQ(device.backoff_max, 2s);
    EXPECT_EQ(device.settings->settings().integer_or("unit", 0), 1);
    EXPECT_EQ(device.settings->settings().fault("unit", "x").where(), "devices/plc1.json:4:11");
}

TEST_F(LoadSite, ReadsTheSameFromJsonAndCsv) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const auto* const flow = find(*result.site, "intake.flow");
    ASSERT_NE(flow, nullptr);
    EXPECT_EQ(flow->type, ValueType::float64);
    EXPECT_EQ(flow->native_type, ValueType::uint64);
    EXPECT_EQ(flow->description, "raw \"water\"; total");
    EXPECT_EQ(flow->scaling, (tags::Scaling{0, 27648, 0, 500, true}));
    EXPECT_EQ(flow->deadband, 0.5);
    EXPECT_EQ(flow->scan_class, "fast");
    EXPECT_EQ(flow->line, 2U);
    const auto* const level = find(*result.site, "clear_tank.level");
    ASSERT_NE(level, nullptr);
    EXPECT_EQ(level->scaling, (tags::Scaling{0, 27648, 0, 6, true}));
    EXPECT_EQ(level->deadband_kind, tags::DeadbandKind::percent);
    EXPECT_EQ(level->range_high, 6);
    EXPECT_EQ(level->file, "tags/plain.json");
    EXPECT_EQ(level->column, 3U);
}

TEST_F(LoadSite, GivesACalculatedTagWhatItsExpressionGives) {
    testing::write_text(folder_ / "tags/calculated.json", R"json({"tags": [
        {"name": "c.is_high", "expression": "c.sum > 5"},
        {"name": "c.sum", "expression": "c.a + 2", "range": [0, 10], "archive": "on_change"},
        {"name": "c.rounded", "expression": "int(c.sum)", "type": "double", "unit": ""},
        {"name": "c.a", "type": "int", "unit": "m", "access": "read_write"},
        {"name": "c.km", "expression": "c.sum / 1000", "unit": "km"},
        {"name": "c.word", "expression": "if c.is_high then 'high' else 'low'"}]})json");
    testing::write_text(folder_ / "tags/calculated.csv", "name;expression;unit\nc.csv;c.a * 2.5;m\n");
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const auto tag = [&result](std::string_view name) { return *find(*result.site, name); };
    EXPECT_EQ(tag("c.sum").type, ValueType::int64);
    EXPECT_EQ(tag("c.sum").unit, "m") << "taken over from its input";
    EXPECT_EQ(tag("c.sum").expression, "c.a + 2");
    EXPECT_EQ(tag("c.sum").device, "");
    EXPECT_EQ(tag("c.sum").access, tags::Access::read);
    EXPECT_EQ(tag("c.sum").range_high, 10);
    EXPECT_NE(tag("c.sum").archive, nullptr);
    EXPECT_EQ(tag("c.is_high").type, ValueType::boolean) << "its input stands behind it";
    EXPECT_EQ(tag("c.rounded").type, ValueType::float64) << "an int may be kept as a double";
    EXPECT_EQ(tag("c.km").unit, "km") << "a product with a number may convert";
    EXPECT_EQ(tag("c.word").type, ValueType::string);
    EXPECT_EQ(tag("c.csv").type, ValueType::float64);
    EXPECT_EQ(tag("c.a").expression, "");
}

TEST_F(LoadSite, TakesOpenRangesFormerNamesAndDefaultScanClasses) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const auto* const setpoint = find(*result.site, "clear_tank.setpoint");
    ASSERT_NE(setpoint, nullptr);
    EXPECT_TRUE(std::isnan(setpoint->range_low));
    EXPECT_EQ(setpoint->was, "tank.setpoint");
    EXPECT_EQ(setpoint->scan_class, "slow");
    EXPECT_EQ(setpoint->source_time_tolerance, 10min);
    EXPECT_EQ(setpoint->access, tags::Access::read_write);
}

TEST_F(LoadSite, KeepsAllBitsOfInitialValues) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    EXPECT_TRUE(find(*result.site, "largest")->initial.identical(Value(std::uint64_t{18446744073709551615U})));
    EXPECT_TRUE(find(*result.site, "odd")->initial.identical(Value(std::int64_t{9007199254740993})));
    EXPECT_TRUE(std::isnan(*find(*result.site, "not_a_number")->initial.get_if<double>()));
    EXPECT_TRUE(find(*result.site, "curve")->initial.identical(Value(std::vector<double>{1, 2.5, INFINITY})));
    EXPECT_TRUE(find(*result.site, "intake.count")->initial.identical(Value(std::uint64_t{12})));
}

TEST_F(LoadSite, GivesStationsCanonicalScreensWithTheirHash) {
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    const Document* const screen = result.site->document(DefinitionKind::screen, "overview");
    ASSERT_NE(screen, nullptr);
    EXPECT_EQ(screen->content.find("{\"area\":\"works\",\"format\":1,\"size\":[1280,800]"), 0U) << screen->content;
    EXPECT_EQ(screen->hash.size(), 64U);
    EXPECT_NE(result.site->document(DefinitionKind::site, "site"), nullptr);
    EXPECT_EQ(result.site->document(DefinitionKind::screen, "other"), nullptr);
}

TEST_F(LoadSite, RevisionIgnoresSpacesCommentsAndTheOrderOfKeys) {
    const std::string before = revision();
    EXPECT_EQ(before.size(), 64U);
    replace("site.json", "\"format\": 1, \"name\"", "/* moved */ \"format\"  :1,\n\"name\"");
    replace("devices/plc1.json", "  \"driver\": \"modbus\",\n", "");
    replace("devices/plc1.json", "\"timeout_ms\": 1000,", "\"timeout_ms\": 1000, \"driver\": \"modbus\",");
    EXPECT_EQ(revision(), before);
}

TEST_F(LoadSite, RevisionChangesWithEveryValue) {
    const std::string before = revision();
    replace("devices/plc1.json", "1000", "1001");
    const std::string after = revision();
    EXPECT_NE(after, before);
    replace("tags/intake/flow.csv", "27648", "27647");
    EXPECT_NE(revision(), after);
}

TEST_F(LoadSite, PutsParametersInTheirPlace) {
    const std::string before = revision();
    const SiteResult result = load({.set = {{"plc_endpoint", "10.0.0.7:502"}, {"plc_unit", "9"}}});
    ASSERT_TRUE(result.site) << listed(result);
    EXPECT_EQ(result.site->devices()[0].endpoint, "10.0.0.7:502");
    EXPECT_EQ(result.site->devices()[0].settings->settings().integer_or("unit", 0), 9);
    EXPECT_NE(result.site->revision(), before);
}

TEST_F(LoadSite, PrefersASetParameterToTheOverlayAndThatToTheDefault) {
    testing::write_text(scratch_.path() / "overlay.json", R"({"plc_endpoint": "10.0.0.8:502", "plc_unit": 8})");
    const SiteResult result = load({.set = {{"plc_unit", "9"}}, .overlay = scratch_.path() / "overlay.json"});
    ASSERT_TRUE(result.site) << listed(result);
    EXPECT_EQ(result.site->devices()[0].endpoint, "10.0.0.8:502");
    EXPECT_EQ(result.site->devices()[0].settings->settings().integer_or("unit", 0), 9);
}

TEST_F(LoadSite, NamesAParameterThatNoFileHas) {
    EXPECT_EQ(listed(load({.set = {{"plc_endpont", "a:1"}}})),
              "--set: no file of the site has a parameter \"plc_endpont\"; did you mean \"plc_endpoint\"?\n");
}

TEST_F(LoadSite, NamesAParameterOfTheWrongType) {
    EXPECT_EQ(listed(load({.set = {{"plc_unit", "one"}}})),
              "--set: plc_unit is \"one\"; wanted a whole number as its default at devices/plc1.json:4:44\n");
    testing::write_text(scratch_.path() / "overlay.json", "{\n \"plc_unit\": \"one\"}");
    const std::string overlay = (scratch_.path() / "overlay.json").string();
    EXPECT_EQ(listed(load({.overlay = overlay})), overlay + ":2:14: the parameter \"plc_unit\" is the text \"one\"; wanted a whole number as its default at devices/plc1.json:4:44\n");
}

TEST_F(LoadSite, ChecksASetParameterAsIfItWereWritten) {
    EXPECT_EQ(listed(load({.set = {{"plc_unit", "300"}}})),
              "devices/plc1.json:4:11: unit is 300; wanted a whole number from 0 to 255\n");
}

TEST_F(LoadSite, RefusesALinkThatLeadsOut) {
    testing::write_text(scratch_.path() / "secret.json", "{\"tags\": []}");
    fs::create_symlink(scratch_.path() / "secret.json", folder_ / "tags/more.json");
    EXPECT_EQ(
        listed(load()),
        "tags/more.json: the link leads out of the site folder; a site is complete in itself; copy the file into the site\n");
}

TEST_F(LoadSite, RefusesAFolderLinkThatLeadsOut) {
    fs::create_directory(scratch_.path() / "elsewhere");
    fs::create_directory_symlink("../../elsewhere", folder_ / "tags/more");
    EXPECT_EQ(listed(load()),
              "tags/more: the link leads out of the site folder; a site is complete in itself; copy the file into the site\n");
}

TEST_F(LoadSite, FollowsALinkThatStaysInside) {
    fs::rename(folder_ / "screens/overview.json", folder_ / "screens/second.json");
    fs::create_symlink("second.json", folder_ / "screens/overview.json");
    EXPECT_EQ(listed(load()), "");
}

TEST_F(LoadSite, DoesNotWaitForAPipe) {
    ASSERT_EQ(::mkfifo((folder_ / "tags/pipe.json").c_str(), 0600), 0);
    EXPECT_EQ(listed(load()),
              "tags/pipe.json: found something that is neither a file nor a folder (a pipe, socket or device)\n");
}

TEST_F(LoadSite, RefusesAFileBeyondTheLimit) {
    fs::resize_file(folder_ / "tags/plain.json", (64UL << 20U) + 1);
    fs::remove_all(folder_ / "screens");
    replace("site.json", "\"start_screen\": \"overview\",", "");
    EXPECT_EQ(listed(load()), "tags/plain.json: the file has 64 MiB; at most 64 MiB a file and 512 MiB a site are read\n");
}

TEST_F(LoadSite, PassesOverHiddenFilesAndNotes) {
    testing::write_text(folder_ / ".git/config", "x");
    testing::write_text(folder_ / "tags/.plain.json.swp", "x");
    testing::write_text(folder_ / "LICENSE", "x");
    EXPECT_EQ(listed(load()), "");
}

TEST_F(LoadSite, NamesAFolderThatIsNotThere) {
    const SiteResult result = load_site("/nonexistent/site", {}, plugins_);
    EXPECT_EQ(listed(result), "there is no site folder \"/nonexistent/site\": No such file or directory\n");
}

TEST_F(LoadSite, ListsAtMostTenThousandFaultsAndCountsTheRest) {
    std::string csv = "name,type,unit\n";
    for (int i = 0; i < 12'000; ++i) csv += "t" + std::to_string(i) + ",int,baar\n";
    testing::write_text(folder_ / "tags/many.csv", csv);
    const SiteResult result = load();
    ASSERT_EQ(result.faults.size(), kMaxFaults);
    EXPECT_EQ(result.faults.back().text(), "and 2001 more faults that are not listed");
}

TEST_F(LoadSite, TellsFaultsToToolsInParts) {
    replace("tags/plain.json", "\"unit\": \"m\"", "\"unit\": \"baar\"");
    const auto json = nlohmann::json::parse(to_json(load().faults));
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0], nlohmann::json({{"file", "tags/plain.json"},
                                       {"line", 2},
                                       {"column", 100},
                                       {"path", "/tags/0/unit"},
                                       {"message", "the unit \"baar\" is unknown"},
                                       {"hint", "did you mean \"bar\"?"}}));
}

TEST_F(LoadSite, ShowsNoControlCharactersOfAFile) {
    replace("tags/plain.json", "\"unit\": \"m\"", "\"unit\": \"\\u001b[2J\\n\"");
    EXPECT_EQ(listed(load()).find("tags/plain.json:2:100: the unit \"\\u001b[2J\\n\" is unknown"), 0U) << listed(load());
}

TEST_F(LoadSite, TakesNamesOf255BytesAndUtf8) {
    std::string name;
    while (name.size() < 255) name += "水";
    testing::write_text(folder_ / "tags/long.csv", "name,type\n" + name + ",int\n");
    const SiteResult result = load();
    ASSERT_TRUE(result.site) << listed(result);
    EXPECT_NE(find(*result.site, name), nullptr);
}

}  // namespace
}  // namespace penstock::site
