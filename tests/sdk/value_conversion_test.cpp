#include <penstock/value.hpp>

#include <limits>

#include <gtest/gtest.h>

namespace penstock {
namespace {

void expect_becomes(const Value& from, const Value& to) {
    const auto converted = from.converted_to(to.type());
    ASSERT_TRUE(converted.has_value()) << converted.error().text();
    EXPECT_TRUE(converted->identical(to)) << from.text() << " became " << converted->text();
}

void expect_refused(const Value& from, ValueType type) {
    const auto converted = from.converted_to(type);
    ASSERT_FALSE(converted.has_value()) << from.text() << " became " << converted->text();
    EXPECT_EQ(converted.error().code(), ErrorCode::invalid_argument);
}

constexpr std::int64_t kBeyondDouble = 9007199254740993;  // 2^53 + 1

TEST(ValueConversion, KeepsWhatFits) {
    expect_becomes(5, 5.0);
    expect_becomes(5.0, 5);
    expect_becomes(5.0, 5U);
    expect_becomes(true, 1);
    expect_becomes(1.0, true);
    expect_becomes(kBeyondDouble, static_cast<std::uint64_t>(kBeyondDouble));
    expect_becomes(kBeyondDouble - 1, 9007199254740992.0);
    expect_becomes(std::numeric_limits<std::int64_t>::min(), -9223372036854775808.0);
    expect_becomes(std::vector<std::int64_t>{1, 2}, std::vector<double>{1, 2});
    expect_becomes("2.5", 2.5);
    expect_becomes(2.5, "2.5");
}

TEST(ValueConversion, RefusesWhatWouldBeLost) {
    expect_refused(5.5, ValueType::int64);
    expect_refused(-0.0, ValueType::int64);
    expect_refused(kBeyondDouble, ValueType::float64);
    expect_refused(std::numeric_limits<std::int64_t>::max(), ValueType::float64);
    expect_refused(std::numeric_limits<std::uint64_t>::max(), ValueType::float64);
    expect_refused(std::numeric_limits<std::uint64_t>::max(), ValueType::int64);
    expect_refused(-1, ValueType::uint64);
    expect_refused(2, ValueType::boolean);
    expect_refused(9223372036854775808.0, ValueType::int64);
    expect_refused(std::numeric_limits<double>::quiet_NaN(), ValueType::int64);
    expect_refused(std::numeric_limits<double>::infinity(), ValueType::uint64);
    expect_refused(std::vector<double>{1, 2.5}, ValueType::int64_array);
    expect_refused(std::vector<double>{1}, ValueType::float64);
    expect_refused(Value(), ValueType::float64);
    expect_refused("five", ValueType::int64);
}

TEST(ValueConversion, SaysWhatWasFoundAndWanted) {
    EXPECT_EQ(Value(5.5).converted_to(ValueType::int64).error().text(),
              "found double 5.5, wanted int, and the one cannot become the other without loss");
}

}  // namespace
}  // namespace penstock
