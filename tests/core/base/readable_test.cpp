#include "core/base/readable.hpp"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>

namespace penstock::base {
namespace {

using namespace std::chrono_literals;

TEST(Readable, GivesMeasurementsFourDigits) {
    EXPECT_EQ(readable(Value(2.9720845222473145)), "2.972");
    EXPECT_EQ(readable(Value(-0.0123456)), "-0.01235");
    EXPECT_EQ(readable(Value(11'234.56)), "11235");
    EXPECT_EQ(readable(Value(9'999.9)), "10000");
    EXPECT_EQ(readable(Value(5.0)), "5");
    EXPECT_EQ(readable(Value(100.0)), "100");
    EXPECT_EQ(readable(Value(0.0)), "0");
}

TEST(Readable, LeavesTheRestAsItIs) {
    for (const auto number : {1e300, 1e-300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        EXPECT_EQ(readable(Value(number)), Value(number).text());
    EXPECT_EQ(readable(Value(std::uint64_t{123'456'789})), "123456789");
    EXPECT_EQ(readable(Value(true)), "true");
    EXPECT_EQ(readable(Value(std::string("open"))), "open");
    EXPECT_EQ(readable(Value()), Value().text());
}

TEST(Readable, GivesDurationsTwoUnitsAtMost) {
    EXPECT_EQ(readable(850ms), "850 ms");
    EXPECT_EQ(readable(12s), "12 s");
    EXPECT_EQ(readable(2s + 500ms), "2 s 500 ms");
    EXPECT_EQ(readable(12s + 500ms), "12 s");
    EXPECT_EQ(readable(3min + 20s), "3 min 20 s");
    EXPECT_EQ(readable(26h + 5min), "1 d 2 h");
    EXPECT_EQ(readable(Duration()), "0 s");
}

TEST(Readable, WritesNamesInWords) { EXPECT_EQ(in_words("returned_unacknowledged"), "returned unacknowledged"); }

}  // namespace
}  // namespace penstock::base
