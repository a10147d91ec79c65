#include "core/guests/plugin_judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <penstock/abi/widget.hpp>

namespace penstock::guests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

ManifestView good_manifest() {
    ManifestView manifest;
    manifest.interface_version = 1;
    manifest.has_factory = true;
    manifest.kind = "driver";
    manifest.id = "driver.test";
    manifest.version = "1.0.0";
    manifest.build_tag = "this build";
    manifest.compiler = "g++ 12";
    manifest.settings_schema = "{}";
    return manifest;
}

const HostAbi kHost{.build_tag = "this build", .imgui_version = "1.89"};

template <class Bend>
std::string refusal_with(Bend bend, const HostAbi& host = kHost) {
    auto manifest = good_manifest();
    bend(manifest);
    const auto verdict = judge(manifest, host);
    return verdict ? "no refusal" : verdict.error().sentence();
}

TEST(PluginJudge, TakesWhatAgreesInEverything) {
    const auto verdict = judge(good_manifest(), kHost);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->id, "driver.test");
    EXPECT_EQ(verdict->kind, PluginKind::driver);
    EXPECT_EQ(verdict->short_name(), "test");
}

TEST(PluginJudge, SaysWhichInterfaceVersionWasFoundAndWanted) {
    EXPECT_THAT(refusal_with([](auto& m) { m.interface_version = 2; }),
                AllOf(HasSubstr("version 2 of the driver interface; wanted version 1"), HasSubstr("newer Penstock")));
    EXPECT_THAT(refusal_with([](auto& m) { m.interface_version = 0; }),
                AllOf(HasSubstr("version 0 of the driver interface; wanted version 1"), HasSubstr("rebuild the plugin")));
}

// Built when parameters were handed over one by one.
TEST(PluginJudge, RefusesAnAlarmPolicyOfTheFirstInterface) {
    const auto as_policy = [](std::uint32_t version) {
        return [version](ManifestView& m) {
            m.kind = "alarm_policy";
            m.id = "alarm_policy.test";
            m.interface_version = version;
        };
    };
    EXPECT_EQ(refusal_with(as_policy(2)), "no refusal");
    EXPECT_THAT(refusal_with(as_policy(1)),
                AllOf(HasSubstr("version 1 of the alarm_policy interface; wanted version 2"), HasSubstr("rebuild the plugin")));
}

TEST(PluginJudge, SaysWhichBuildWasFoundAndWanted) {
    EXPECT_THAT(
        refusal_with([](auto& m) { m.build_tag = "that build"; }),
        AllOf(HasSubstr("\"that build\""), HasSubstr("g++ 12"), HasSubstr("wanted \"this build\""), HasSubstr("rebuild")));
    EXPECT_THAT(refusal_with([](auto& m) { m.build_tag = ""; }), HasSubstr("built as \"\""));
}

TEST(PluginJudge, ComparesTheVersionOfImguiForWidgetsAlone) {
    const auto as_widget = [](std::string_view imgui) {
        return [imgui](ManifestView& m) {
            m.kind = "widget";
            m.id = "widget.test";
            m.interface_version = abi::kWidgetInterface;
            m.imgui_version = imgui;
        };
    };
    EXPECT_EQ(refusal_with(as_widget("1.89")), "no refusal");
    EXPECT_THAT(refusal_with(as_widget("1.90")), HasSubstr("ImGui \"1.90\"; wanted \"1.89\""));
    EXPECT_THAT(refusal_with(as_widget("")), HasSubstr("ImGui \"\""));
    EXPECT_THAT(refusal_with(as_widget("1.89"), {.build_tag = "this build", .imgui_version = ""}),
                HasSubstr("built without ImGui"));
    EXPECT_EQ(refusal_with([](auto& m) { m.imgui_version = "1.90"; }), "no refusal");
}

TEST(PluginJudge, KnowsTheKindsThatItServes) {
    EXPECT_THAT(refusal_with([](auto& m) { m.kind = "toaster"; }),
                HasSubstr("kind \"toaster\"; wanted one of: driver, historian, alarm_policy, transport, widget"));
    EXPECT_THAT(refusal_with([](auto& m) { m.kind = ""; }), HasSubstr("kind \"\""));
}

TEST(PluginJudge, WantsIdsWithTheirKindAndVersionsOfThreeNumbers) {
    for (const auto* id : {"", "test", "driver.", ".driver.test", "driver.Test", "driver.te st", "transport.test",
                           "driver.test.more", "driver.9th", "driver.t\x01", "driver..test"}) {
        EXPECT_THAT(refusal_with([&](auto& m) { m.id = id; }), HasSubstr("wanted driver.NAME")) << id;
    }
    EXPECT_EQ(refusal_with([](auto& m) { m.id = "com.example.driver.foo_2"; }), "no refusal");
    for (const auto* version : {"", "1", "1.0", "1.0.0.0", "1.0.x", "v1.0.0", "1..0"}) {
        EXPECT_THAT(refusal_with([&](auto& m) { m.version = version; }), HasSubstr("three numbers")) << version;
    }
}

TEST(PluginJudge, WantsAFactory) {
    EXPECT_THAT(refusal_with([](auto& m) { m.has_factory = false; }), HasSubstr("does not export penstock_plugin_factory"));
}

TEST(PluginJudge, ShortensIdsByTheirKind) {
    auto manifest = good_manifest();
    manifest.id = "com.example.driver.foo";
    EXPECT_EQ(judge(manifest, kHost)->short_name(), "com.example.foo");
}

TEST(PluginJudge, ShowsNoControlCharactersOfAManifest) {
    const auto sentence = refusal_with([](auto& m) { m.build_tag = "\x1b[31mred\n"; });
    EXPECT_EQ(sentence.find('\x1b'), std::string::npos);
    EXPECT_EQ(sentence.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace penstock::guests
