#include "core/wire/json_text.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace penstock::wire {
namespace {

using Bits = std::numeric_limits<double>;

TEST(Json, OfATagValueHasTheFixedKeysInOrder) {
    TagValue value;
    value.tag = "plc1.h5";
    value.value = Value(41U);
    value.quality = QualityCode::good;
    value.time = utc_from_ns(1'772'366'400'250'999'999);
    value.unit = "m";
    EXPECT_EQ(json_line(to_json(value)),
              R"({"tag":"plc1.h5","value":41,"quality":"good","cause":"","time":"2026-03-01T12:00:00.250Z","unit":"m"})");
}

TEST(Json, KeepsSixtyFourBits) {
    EXPECT_EQ(json_line(to_json(Value(std::int64_t{9007199254740993}))), "9007199254740993");
    EXPECT_EQ(json_line(to_json(Value(std::numeric_limits<std::uint64_t>::max()))), "18446744073709551615");
    EXPECT_EQ(json_line(to_json(Value(std::numeric_limits<std::int64_t>::min()))), "-9223372036854775808");
}

TEST(Json, KeepsEveryDouble) {
    EXPECT_EQ(json_line(to_json(Value(-0.0))), "-0.0");
    EXPECT_EQ(json_line(to_json(Value(Bits::quiet_NaN()))), "\"NaN\"");
    EXPECT_EQ(json_line(to_json(Value(Bits::infinity()))), "\"Infinity\"");
    EXPECT_EQ(json_line(to_json(Value(-Bits::infinity()))), "\"-Infinity\"");
    const auto denormal = Bits::denorm_min();
    EXPECT_EQ(Json::parse(json_line(to_json(Value(denormal)))).get<double>(), denormal);
    EXPECT_EQ(json_line(to_json(Value(std::vector<double>{1.5, Bits::quiet_NaN()}))), R"([1.5,"NaN"])");
}

TEST(Json, OfNothingIsNull) {
    EXPECT_EQ(json_line(to_json(Value())), "null");
    EXPECT_EQ(json_line(to_json(UtcTime())), "null");
}

TEST(Json, EscapesControlCharactersAndRepairsBytes) {
    EXPECT_EQ(json_line(to_json(Value("a\x1B[2J\n"))), R"("a\u001b[2J\n")");
    EXPECT_EQ(json_line(to_json(Value("\xFF"))), "\"\xEF\xBF\xBD\"");
}

TEST(Json, OfAWriteSaysItsOutcomeInAWord) {
    WriteItem item;
    item.tag = "pump.speed";
    item.outcome = WriteResult::refused;
    item.reason = "read only";
    item.code = ErrorCode::denied;
    EXPECT_EQ(json_line(to_json(item)), R"({"tag":"pump.speed","outcome":"refused","reason":"read only","code":"denied"})");
}

TEST(UtcText, CountsBackwardsBeforeTheEpoch) {
    EXPECT_EQ(utc_text(utc_from_ns(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(utc_text(utc_from_ns(951'782'400'000'000'000)), "2000-02-29T00:00:00.000Z");
}

}  // namespace
}  // namespace penstock::wire
