// What the widgets say they show. The shapes are the conformance kit's.
#include <limits>

#include <gtest/gtest.h>

#include <penstock/testing/widget_rig.hpp>

extern "C" penstock::abi::Factory penstock_plugin_factory;

namespace penstock::testing {
namespace {

WidgetKit kit(std::string type, std::string properties = "{}") {
    return {&penstock_plugin_factory, std::move(type), std::move(properties)};
}

BoundTag tag(Value value, std::string unit = {}) {
    BoundTag bound;
    bound.value = std::move(value);
    bound.unit = std::move(unit);
    return bound;
}

std::string shown(const std::string& properties, BoundTag bound) {
    WidgetRig rig(kit("value", properties));
    rig.bind("value", std::move(bound));
    return rig.draw().text;
}

TEST(ValueWidget, ShowsAllDigitsOfExtremeNumbers) {
    EXPECT_EQ(shown("{}", tag(std::int64_t{9'007'199'254'740'993})), "9007199254740993");
    EXPECT_EQ(shown("{}", tag(std::numeric_limits<std::uint64_t>::max())), "18446744073709551615");
    EXPECT_EQ(shown("{}", tag(-0.0)), "-0");
    EXPECT_EQ(shown("{}", tag(5e-324)), "5e-324");
    EXPECT_EQ(shown("{}", tag(std::numeric_limits<double>::quiet_NaN())), "NaN");
    EXPECT_EQ(shown("{}", tag(-std::numeric_limits<double>::infinity())), "-Infinity");
}

TEST(ValueWidget, NeverRoundsAnInteger) {
    EXPECT_EQ(shown(R"({"decimals": 1})", tag(std::numeric_limits<std::uint64_t>::max())), "18446744073709551615");
    EXPECT_EQ(shown(R"({"decimals": 1})", tag(std::int64_t{9'007'199'254'740'993})), "9007199254740993");
}

TEST(ValueWidget, RoundsADoubleToTheDecimalsAskedFor) {
    EXPECT_EQ(shown(R"({"label": "Level", "decimals": 2})", tag(4.2391, "m")), "Level 4.24 m");
    EXPECT_EQ(shown(R"({"decimals": 2})", tag(-0.001)), "0.00");
    EXPECT_EQ(shown(R"({"decimals": 2})", tag(std::numeric_limits<double>::quiet_NaN())), "NaN");
    EXPECT_EQ(shown(R"({"decimals": 2})", tag(1e300)), "1e+300");
}

TEST(ValueWidget, ShowsTheWordOfANumber) {
    const std::string words = R"({"words": ["filtering", "closing", "air scour"]})";
    EXPECT_EQ(shown(words, tag(2)), "air scour");
    EXPECT_EQ(shown(words, tag(3)), "3") << "a number without a word stays a number";
    EXPECT_EQ(shown(words, tag(-1)), "-1");
    EXPECT_EQ(shown(R"({"words": ["closed", "open"]})", tag(true)), "open");
    EXPECT_EQ(shown("{}", tag(false)), "off");
}

TEST(ValueWidget, KeepsLongTextsWhole) {
    std::string name;
    while (name.size() < 255) name += "höhe";
    EXPECT_EQ(shown("{}", tag(name)), name);
}

TEST(ValueWidget, SaysWhyAValueIsBad) {
    auto bound = tag(4.2, "m");
    bound.quality = QualityCode::bad_timeout;
    bound.cause = "plc1 did not answer within 1 s";
    EXPECT_EQ(shown("{}", bound), "4.2 m, bad: plc1 did not answer within 1 s");
    bound.quality = QualityCode::uncertain_initial;
    bound.cause = "";
    EXPECT_EQ(shown("{}", bound), "4.2 m, uncertain initial");
}

TEST(ValueWidget, NamesATagThatDoesNotExist) {
    auto bound = tag({});
    bound.tag = "clear_tank.levle";
    bound.found = false;
    bound.quality = QualityCode::bad_configuration;
    EXPECT_EQ(shown("{}", bound), "no such tag, there is no tag \"clear_tank.levle\"");
    WidgetRig rig(kit("value"));
    EXPECT_EQ(rig.draw().text, "not bound, nothing is bound");
}

TEST(ValueWidget, ShowsAnAskedWriteBesideTheOldValue) {
    auto bound = tag(4.2, "m");
    bound.write_state = abi::WriteState::asked;
    bound.asked = 4.5;
    EXPECT_EQ(shown(R"({"decimals": 2})", bound), "4.20 m, → 4.50 …");
    bound.write_state = abi::WriteState::refused;
    bound.write_reason = "the pump is in local operation";
    EXPECT_EQ(shown(R"({"decimals": 2})", bound), "4.20 m, × refused: the pump is in local operation");
}

TEST(PumpWidget, SaysWhetherItRuns) {
    WidgetRig rig(kit("pump", R"({"label": "Pump 1"})"));
    rig.bind("running", tag(true));
    rig.bind("tripped", tag(false));
    const auto running = rig.draw();
    EXPECT_EQ(running.text, "Pump 1 running");
    rig.bind("running", tag(false));
    const auto stopped = rig.draw();
    EXPECT_EQ(stopped.text, "Pump 1 stopped");
    EXPECT_FALSE(running.has_same_shape(stopped)) << "the two differ by more than a colour";
    rig.bind("tripped", tag(true));
    EXPECT_EQ(rig.draw().text, "Pump 1 TRIPPED");
}

TEST(TankWidget, SaysLevelSetpointAndLimits) {
    WidgetRig rig(kit("tank", R"({"label": "Clear water", "decimals": 2})"));
    rig.bind("level", tag(4.0, "m"));
    rig.bind("setpoint", tag(4.5, "m"));
    rig.bind("high_alarm", tag(false));
    EXPECT_EQ(rig.draw().text, "Clear water 4.00 m, setpoint 4.50 m");
    rig.bind("high_alarm", tag(true));
    EXPECT_EQ(rig.draw().text, "Clear water 4.00 m, setpoint 4.50 m, HIGH");
}

TEST(TankWidget, DrawsAnotherLevelDifferently) {
    WidgetRig rig(kit("tank"));
    rig.place(50, 50, 100, 300);
    rig.bind("level", tag(40.0));
    const auto low = rig.draw();
    rig.bind("level", tag(41.0));
    EXPECT_FALSE(rig.draw().has_same_shape(low));
}

}  // namespace
}  // namespace penstock::testing
