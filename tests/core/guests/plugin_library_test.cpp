#include "core/guests/plugin_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "core/guests/no_io.hpp"
#include "core/guests/policy_instance.hpp"
#include "tests/core/guests/support/guests.hpp"

namespace penstock::guests {
namespace {

using ::testing::AllOf;
using testing::guest_file;
using ::testing::HasSubstr;

class PluginLibraryTest : public ::testing::Test {
protected:
    testing::TemporaryFolder folder_;
    NoIo io_;
    base::SettingsDocument settings_;
};

TEST_F(PluginLibraryTest, MakesATransport) {
    const auto registry = testing::scan_in(folder_, {guest_file("transport")});
    const auto library = registry.load(PluginKind::transport, "dead");
    ASSERT_TRUE(library) << library.error().text();
    const auto transport = create_transport(**library, settings_, io_, "dead");
    ASSERT_TRUE(transport) << transport.error().text();
    EXPECT_EQ((*transport)->scheme().view(), "dead");
}

TEST_F(PluginLibraryTest, MakesAnAlarmPolicyThatJudges) {
    const auto registry = testing::scan_in(folder_, {guest_file("alarm_policy")});
    const auto library = registry.load(PluginKind::alarm_policy, "high");
    ASSERT_TRUE(library) << library.error().text();
    const auto policy = make_policy(*library, std::make_shared<base::SettingsDocument>(), "alarm_policy.high");
    ASSERT_TRUE(policy) << policy.error().text();
    EXPECT_EQ((*policy)->shape().outputs, std::vector<std::string>{"high"});
    const double limit[] = {4};
    const auto point = (*policy)->add_point(limit);
    (*policy)->begin();
    (*policy)->add({.point = point, .number = 5});
    ASSERT_TRUE((*policy)->evaluate(monotonic_from_ns(1)));
    EXPECT_EQ((*policy)->verdicts().holds[0], 1);
}

TEST_F(PluginLibraryTest, ATransportIsNoAlarmPolicy) {
    const auto registry = testing::scan_in(folder_, {guest_file("transport")});
    const auto library = registry.load("transport.dead");
    ASSERT_TRUE(library) << library.error().text();
    const auto policy = create_alarm_policy(**library, settings_, "dead");
    ASSERT_FALSE(policy);
    EXPECT_THAT(policy.error().text(), HasSubstr("is of kind transport; wanted alarm_policy"));
}

#ifdef PENSTOCK_HAVE_IMGUI
TEST_F(PluginLibraryTest, MakesWidgetsOfALibrary) {
    const auto registry = testing::scan_in(folder_, {guest_file("widget")});
    const auto library = registry.load("widget.blank");
    ASSERT_TRUE(library) << library.error().text();
    const auto widgets = create_widget_library(**library, settings_);
    ASSERT_TRUE(widgets) << widgets.error().text();
    ASSERT_EQ((*widgets)->type_count(), 2U);
    EXPECT_EQ((*widgets)->type(0).view(), "blank");

    EXPECT_TRUE(create_widget(**widgets, (*library)->info(), "blank"));
    const auto broken = create_widget(**widgets, (*library)->info(), "broken");
    ASSERT_FALSE(broken);
    EXPECT_THAT(broken.error().text(), AllOf(HasSubstr("widget.blank"), HasSubstr("the widget's own words")));
    EXPECT_FALSE(create_widget(**widgets, (*library)->info(), "no_such_type"));
}
#endif

TEST_F(PluginLibraryTest, IsLoadedOnceHoweverManyThreadsAsk) {
    const auto registry = testing::scan_in(folder_, {guest_file("good")});
    std::vector<std::shared_ptr<PluginLibrary>> loaded(8);
    {
        std::vector<std::jthread> threads;
        for (auto& library : loaded)
            threads.emplace_back([&registry, &library] { library = registry.load("driver.good").value_or(nullptr); });
    }
    ASSERT_NE(loaded.front(), nullptr);
    for (const auto& library : loaded) EXPECT_EQ(library, loaded.front());
}

TEST_F(PluginLibraryTest, BearsInstancesSideBySide) {
    const auto registry = testing::scan_in(folder_, {guest_file("good")});
    const auto library = registry.load("driver.good");
    ASSERT_TRUE(library);
    std::vector<DriverOwner> drivers;
    for (int i = 0; i < 300; ++i)
        drivers.push_back(std::move(*create_driver(**library, settings_, io_, "plc" + std::to_string(i))));
    std::set<abi::DriverGuest*> different;
    for (const auto& driver : drivers) different.insert(driver.get());
    EXPECT_EQ(different.size(), 300U);
}

}  // namespace
}  // namespace penstock::guests
