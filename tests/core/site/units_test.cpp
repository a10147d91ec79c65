#include "core/site/units.hpp"

#include <gtest/gtest.h>

namespace penstock::site {
namespace {

TEST(Units, KnowsThoseOfThePlant) {
    for (const char* unit : {"m", "m³/h", "m3/h", "l/s", "°C", "%", "bar", "mbar", "kPa", "mS/cm", "µS/cm", "kWh/m³", "mg/l",
                             "rpm", "1/min", "pH", "NTU", "kg/m3", "W/(m²)"}) {
        EXPECT_EQ(is_known_unit(unit), std::string_view(unit) != "W/(m²)") << unit;
    }
}

TEST(Units, RefusesWhatOnlyLooksLikeOne) {
    for (const char* unit : {"", "baar", "BAR", "m³/", "/h", "m//h", "Celsius", "m³/hh", "m/m/m/m/m/m", "kk", "°", " m"}) {
        EXPECT_EQ(is_known_unit(unit), std::string_view(unit) == "°") << unit;
    }
}

TEST(Units, SuggestsOnlyWhatItKnows) {
    for (const std::string_view unit : common_units()) EXPECT_TRUE(is_known_unit(unit)) << unit;
}

}  // namespace
}  // namespace penstock::site
