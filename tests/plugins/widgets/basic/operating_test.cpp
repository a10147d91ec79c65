// Buttons and inputs in the hands of an operator.
#include <gtest/gtest.h>

#include <penstock/testing/widget_rig.hpp>

extern "C" penstock::abi::Factory penstock_plugin_factory;

namespace penstock::testing {
namespace {

WidgetKit kit(std::string type, std::string properties) {
    return {&penstock_plugin_factory, std::move(type), std::move(properties)};
}

BoundTag setpoint(Value value) {
    BoundTag bound;
    bound.value = std::move(value);
    bound.unit = "m";
    bound.range_low = 0;
    bound.range_high = 6;
    return bound;
}

TEST(ButtonWidget, WritesItsValueWhenPressed) {
    WidgetRig rig(kit("button", R"({"label": "Wash", "value": true})"));
    rig.bind("value", setpoint(false));
    const auto pressed = rig.click();
    ASSERT_EQ(pressed.writes.size(), 1U);
    EXPECT_EQ(pressed.writes[0].first, "value");
    EXPECT_TRUE(pressed.writes[0].second.identical(Value(true)));
}

TEST(ButtonWidget, CannotBePressedWhereTheTagIsReadOnly) {
    WidgetRig rig(kit("button", R"({"label": "Wash", "value": true})"));
    auto bound = setpoint(false);
    bound.writable = false;
    rig.bind("value", bound);
    EXPECT_TRUE(rig.click().writes.empty());
}

TEST(ButtonWidget, ShowsAnotherScreen) {
    WidgetRig rig(kit("button", R"({"label": "Filters", "screen": "filters"})"));
    const auto pressed = rig.click();
    EXPECT_TRUE(pressed.writes.empty());
    EXPECT_EQ(pressed.navigations, std::vector<std::string>{"filters"});
}

TEST(ButtonWidget, SaysThatItsValueIsInForce) {
    WidgetRig rig(kit("button", R"({"label": "On", "value": true})"));
    rig.bind("value", setpoint(true));
    const auto in_force = rig.draw();
    EXPECT_EQ(in_force.text, "On, in force");
    rig.bind("value", setpoint(false));
    const auto other = rig.draw();
    EXPECT_EQ(other.text, "On");
    EXPECT_FALSE(other.has_same_shape(in_force));
}

TEST(ButtonWidget, MarksOnlyWhatItAskedForItself) {
    auto bound = setpoint(true);
    bound.write_state = abi::WriteState::asked;
    bound.asked = false;
    WidgetRig rig(kit("button", R"({"label": "On", "value": true})"));
    rig.bind("value", bound);
    EXPECT_EQ(rig.draw().text, "On, in force");
    bound.asked = true;
    rig.bind("value", bound);
    EXPECT_EQ(rig.draw().text, "On, in force, → on …");
}

class InputWidget : public ::testing::Test {
protected:
    InputWidget() : rig(kit("input", R"({"label": "Level", "decimals": 2})")) { rig.bind("value", setpoint(4.0)); }
    // Opens the field and types over what stands there.
    void open_and_type(std::string_view text) {
        rig.click();
        rig.draw();
        rig.type_text(text);
        rig.draw();
    }
    WidgetRig rig;
};

TEST_F(InputWidget, WritesWhatWasTypedAtEnter) {
    open_and_type("4.5");
    const auto entered = rig.strike(ImGuiKey_Enter);
    ASSERT_EQ(entered.writes.size(), 1U);
    EXPECT_TRUE(entered.writes[0].second.identical(Value(4.5)));
    EXPECT_EQ(entered.text, "Level 4.00 m") << "nothing is shown as changed because it was asked for";
}

TEST_F(InputWidget, TakesADecimalComma) {
    open_and_type("4,25");
    const auto entered = rig.strike(ImGuiKey_Enter);
    ASSERT_EQ(entered.writes.size(), 1U);
    EXPECT_TRUE(entered.writes[0].second.identical(Value(4.25)));
}

TEST_F(InputWidget, LeavesEverythingAsItWasAtEsc) {
    open_and_type("5.5");
    const auto left = rig.strike(ImGuiKey_Escape);
    EXPECT_TRUE(left.writes.empty());
    EXPECT_EQ(left.text, "Level 4.00 m");
}

TEST_F(InputWidget, LeavesEverythingAsItWasWhenTheMouseGoesElsewhere) {
    open_and_type("5.5");
    rig.move_mouse(2000, 2000);
    rig.press_mouse(true);
    rig.draw();
    rig.press_mouse(false);
    rig.draw();
    const auto left = rig.draw();
    EXPECT_TRUE(left.writes.empty());
    EXPECT_EQ(left.text, "Level 4.00 m");
}

TEST_F(InputWidget, RefusesWhatIsOutsideTheRangeAndStaysOpen) {
    open_and_type("6.5");
    const auto refused = rig.strike(ImGuiKey_Enter);
    EXPECT_TRUE(refused.writes.empty());
    EXPECT_NE(refused.text.find("6.5 m is outside 0 to 6 m"), std::string::npos) << refused.text;
    rig.type_text("5");
    rig.draw();
    const auto entered = rig.strike(ImGuiKey_Enter);
    ASSERT_EQ(entered.writes.size(), 1U) << entered.text;
    EXPECT_TRUE(entered.writes[0].second.identical(Value(5.0)));
}

TEST_F(InputWidget, RefusesWhatIsNoNumber) {
    open_and_type("high");
    const auto refused = rig.strike(ImGuiKey_Enter);
    EXPECT_TRUE(refused.writes.empty());
    EXPECT_NE(refused.text.find("editing"), std::string::npos);
    EXPECT_NE(refused.text.find("high"), std::string::npos) << refused.text;
}

TEST_F(InputWidget, KeepsAllDigitsOfAnInteger) {
    auto bound = setpoint(std::uint64_t{1});
    bound.range_low = bound.range_high = std::numeric_limits<double>::quiet_NaN();
    rig.bind("value", bound);
    open_and_type("18446744073709551615");
    const auto entered = rig.strike(ImGuiKey_Enter);
    ASSERT_EQ(entered.writes.size(), 1U);
    EXPECT_EQ(entered.writes[0].second.text(), "18446744073709551615");
}

TEST_F(InputWidget, CannotBeOpenedWhereTheTagIsReadOnly) {
    auto bound = setpoint(4.0);
    bound.writable = false;
    rig.bind("value", bound);
    open_and_type("5");
    EXPECT_TRUE(rig.strike(ImGuiKey_Enter).writes.empty());
    EXPECT_EQ(rig.draw().text, "Level 4.00 m");
}

}  // namespace
}  // namespace penstock::testing
