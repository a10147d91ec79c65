#pragma once

// What every widget has to stand, as one line in the test of a library:
//
//     PENSTOCK_WIDGET_CONFORMANCE(Basic);
//
// Each type of the library is drawn in an ImGui frame without a window, with every value, quality and size that a plant has in
// store. Two rules stand above all: a value that is not good never looks as if it were, also to people who see no colours; and
// nothing is written that nobody asked for.

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <penstock/testing/widget_rig.hpp>

namespace penstock::testing {

// All types of a library, each twice: with the properties that its schema requires, and with all of them. Throws
// std::invalid_argument for a library that cannot be made or a schema that is no JSON.
[[nodiscard]] std::vector<WidgetKit> widget_kits(abi::Factory* factory);

// The tests themselves: what is wrong with a widget, a sentence each; nothing if it is well. A faulty drawing is reported once.
[[nodiscard]] std::vector<std::string> faults_of_values(const WidgetKit& kit);  // NaN, 2^53+1, 64 KiB of text ...
[[nodiscard]] std::vector<std::string> faults_of_states(const WidgetKit& kit);  // qualities, missing tags, writes under way
[[nodiscard]] std::vector<std::string> faults_of_places(const WidgetKit& kit);  // rectangles from a point to a wall
[[nodiscard]] std::vector<std::string> faults_of_trust(const WidgetKit& kit);  // good and not good have different shapes
[[nodiscard]] std::vector<std::string> faults_of_memory(const WidgetKit& kit);  // shows what is, not what was

class WidgetConformance : public ::testing::TestWithParam<WidgetKit> {};

void PrintTo(const WidgetKit& kit, std::ostream* out);

namespace detail {
void link_widget_tests();
}

}  // namespace penstock::testing

// `name` is the first word of the tests' names.
#define PENSTOCK_WIDGET_CONFORMANCE(name)                        \
    using ::penstock::testing::WidgetConformance;                \
    extern "C" ::penstock::abi::Factory penstock_plugin_factory; \
    INSTANTIATE_TEST_SUITE_P(name, WidgetConformance,            \
                             ::testing::ValuesIn(::penstock::testing::widget_kits(&penstock_plugin_factory)))
