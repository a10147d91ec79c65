// The tests that PENSTOCK_WIDGET_CONFORMANCE brings.
#include <penstock/testing/widget_conformance.hpp>

namespace penstock::testing {

void detail::link_widget_tests() {}

// A test of the kit itself asks for the faults only.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(WidgetConformance);

namespace {

void expect_none(const std::vector<std::string>& faults) {
    for (const auto& fault : faults) ADD_FAILURE() << fault;
}

}  // namespace

TEST_P(WidgetConformance, DrawsEveryValue) { expect_none(faults_of_values(GetParam())); }

TEST_P(WidgetConformance, DrawsEveryState) { expect_none(faults_of_states(GetParam())); }

TEST_P(WidgetConformance, FitsIntoEveryRectangle) { expect_none(faults_of_places(GetParam())); }

TEST_P(WidgetConformance, ShowsByItsShapeThatAValueIsNotGood) { expect_none(faults_of_trust(GetParam())); }

TEST_P(WidgetConformance, ShowsWhatIsAndNotWhatWas) { expect_none(faults_of_memory(GetParam())); }

}  // namespace penstock::testing
