#include <penstock/value.hpp>

#include <clocale>
#include <cstdint>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace penstock {
namespace {

using namespace std::string_literals;
using Doubles = std::numeric_limits<double>;

Value read_back(const Value& value) {
    const auto parsed = Value::parse(value.type(), value.text());
    EXPECT_TRUE(parsed.has_value()) << value.text() << ": " << (parsed ? "" : parsed.error().text());
    return parsed.value_or(Value());
}

TEST(Value, KeepsEveryEdgeOfItsTypesThroughText) {
    const Value edges[] = {
        Value(),
        true,
        false,
        std::int64_t{9007199254740993},  // 2^53 + 1
        std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::uint64_t>::max(),
        -0.0,
        0.1,
        Doubles::denorm_min(),
        -Doubles::denorm_min(),
        Doubles::min(),
        Doubles::max(),
        Doubles::lowest(),
        Doubles::quiet_NaN(),
        Doubles::infinity(),
        -Doubles::infinity(),
        "",
        "gr\xC3\xBC\xC3\x9F dich",
        std::string(255, 'x'),
        std::vector<bool>{true, false},
        std::vector<std::int64_t>{-1, 9007199254740993},
        std::vector<std::uint64_t>{},
        std::vector<double>{-0.0, Doubles::denorm_min(), Doubles::quiet_NaN()},
        std::vector<std::string>{"", "a, b]", "quote \" and \\", "line\nbreak\x01"},
    };
    for (const auto& edge : edges) EXPECT_TRUE(read_back(edge).identical(edge)) << edge.text();
}

TEST(Value, ReadsBackAnyDoubleToTheSameBits) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const auto value = double_of(random());
        if (value != value) continue;  // a NaN's payload has no text
        ASSERT_TRUE(read_back(value).identical(value)) << Value(value).text();
    }
}

TEST(Value, PrintsTheShortestForm) {
    EXPECT_EQ(Value(0.1).text(), "0.1");
    EXPECT_EQ(Value(5.0).text(), "5");
    EXPECT_EQ(Value(-0.0).text(), "-0");
    EXPECT_EQ(Value(Doubles::denorm_min()).text(), "5e-324");
    EXPECT_EQ(Value(-Doubles::infinity()).text(), "-Infinity");
    EXPECT_EQ(Value(std::vector<double>{1, 2.5}).text(), "[1, 2.5]");
    EXPECT_EQ(Value(std::vector<std::string>{"a", "b\n"}).text(), R"(["a", "b\u000a"])");
}

TEST(Value, TextDoesNotDependOnTheLocale) {
    const auto* const before = std::setlocale(LC_ALL, nullptr);
    const std::string saved = before;
    for (const auto* const locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"}) std::setlocale(LC_ALL, locale);
    EXPECT_EQ(Value(1234.5).text(), "1234.5");
    EXPECT_EQ(*Value::parse(ValueType::float64, "1234.5")->get_if<double>(), 1234.5);
    std::setlocale(LC_ALL, saved.c_str());
}

TEST(Value, TakesAPlusSign) {
    EXPECT_EQ(*Value::parse(ValueType::float64, "+4.998E+00")->get_if<double>(), 4.998);
    EXPECT_EQ(*Value::parse(ValueType::int64, "+5")->get_if<std::int64_t>(), 5);
    EXPECT_FALSE(Value::parse(ValueType::int64, "+-5").has_value());
    EXPECT_FALSE(Value::parse(ValueType::float64, "+").has_value());
}

TEST(Value, RefusesTextThatIsNotWhollyUsedUp) {
    const std::pair<ValueType, const char*> faulty[] = {
        {ValueType::boolean, "TRUE"},
        {ValueType::boolean, ""},
        {ValueType::int64, "5.0"},
        {ValueType::int64, " 5"},
        {ValueType::int64, ""},
        {ValueType::int64, "9223372036854775808"},
        {ValueType::uint64, "-1"},
        {ValueType::float64, "1,5"},
        {ValueType::float64, "nan"},
        {ValueType::float64, "1e999"},
        {ValueType::float64, "0x10"},
        {ValueType::float64_array, "1, 2"},
        {ValueType::int64_array, "[1, ]"},
        {ValueType::int64_array, "[1 2]"},
        {ValueType::string_array, "[a]"},
        {ValueType::string_array, "[\"a\"b\"]"},
        {ValueType::none, "x"},
    };
    for (const auto& [type, text] : faulty) {
        const auto value = Value::parse(type, text);
        ASSERT_FALSE(value.has_value()) << to_string(type) << " " << text;
        EXPECT_EQ(value.error().code(), ErrorCode::invalid_argument);
        EXPECT_NE(value.error().sentence().find("wanted"), std::string::npos) << value.error().text();
    }
}

TEST(Value, SaysWhatWasFoundAndWanted) {
    EXPECT_EQ(Value::parse(ValueType::uint64, "-3").error().text(),
              "found \"-3\", wanted a whole number from 0 to 18446744073709551615");
}

TEST(Value, KeepsStringsAndArraysThroughBlobs) {
    const Value values[] = {"with \0 zero"s,
                            std::vector<bool>{true, false, true},
                            std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), 9007199254740993},
                            std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()},
                            std::vector<double>{-0.0, Doubles::quiet_NaN(), Doubles::denorm_min()},
                            std::vector<std::string>{"", "b", std::string(300, 'c')},
                            std::vector<double>{}};
    for (const auto& value : values) {
        const auto back = Value::from_blob(value.type(), value.blob());
        ASSERT_TRUE(back.has_value()) << back.error().text();
        EXPECT_TRUE(back->identical(value)) << value.text();
    }
}

TEST(Value, RefusesBlobsThatDoNotFitTheirType) {
    EXPECT_EQ(Value::from_blob(ValueType::float64_array, "1234567").error().code(), ErrorCode::protocol);
    EXPECT_FALSE(Value::from_blob(ValueType::string_array, std::string_view("\5\0\0\0abc", 7)).has_value());
    EXPECT_FALSE(Value::from_blob(ValueType::string_array, std::string_view("\xFF\xFF\xFF\xFF", 4)).has_value());
    EXPECT_FALSE(Value::from_blob(ValueType::string, std::string(kMaxValueBytes + 1, 'x')).has_value());
    EXPECT_FALSE(Value::from_blob(ValueType::int64, "12345678").has_value());
    EXPECT_FALSE(Value::from_blob(static_cast<ValueType>(77), "").has_value());
}

TEST(Value, KeepsScalarsThroughWords) {
    for (const auto& value : {Value(true), Value(std::int64_t{-5}), Value(std::uint64_t{1} << 63U), Value(-0.0)}) {
        EXPECT_TRUE(Value::from_word(value.type(), value.word()).identical(value));
    }
    EXPECT_FALSE(Value::from_word(ValueType::string, 5).has_value());
}

TEST(Value, TellsValuesApartByTypeAndBits) {
    EXPECT_TRUE(Value(Doubles::quiet_NaN()).identical(Doubles::quiet_NaN()));
    EXPECT_FALSE(Value(0.0).identical(-0.0));
    EXPECT_FALSE(Value(1).identical(1.0));
    EXPECT_FALSE(Value(1).identical(1U));
    EXPECT_TRUE(Value().identical(Value()));
}

TEST(Value, NamesItsTypes) {
    for (const auto* const word :
         {"none", "bool", "int", "uint", "double", "string", "bool[]", "int[]", "uint[]", "double[]", "string[]"}) {
        EXPECT_EQ(to_string(parse_value_type(word)), word);
    }
    EXPECT_EQ(parse_value_type("float"), ValueType::none);
}

}  // namespace
}  // namespace penstock
