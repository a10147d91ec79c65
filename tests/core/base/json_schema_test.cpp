#include "core/base/json_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <nlohmann/json.hpp>

namespace penstock::base {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// A schema as a driver has it.
constexpr std::string_view kDevice = R"({
  "type": "object",
  "required": ["endpoint"],
  "additionalProperties": false,
  "properties": {
    "endpoint": {"type": "string", "minLength": 1},
    "unit": {"type": "integer", "minimum": 0, "maximum": 255},
    "timeout_ms": {"type": "number", "exclusiveMinimum": 0},
    "order": {"enum": ["abcd", "cdab", "badc", "dcba"]},
    "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 4},
    "scan_classes": {"type": "object", "additionalProperties": {"$ref": "#/definitions/period"}},
    "limits": {"type": "array", "items": {"type": "number"}, "minItems": 2, "uniqueItems": true},
    "mode": {"oneOf": [{"const": "off"}, {"type": "object", "required": ["rate"], "properties": {"rate": {"type": "integer"}}}]}
  },
  "definitions": {"period": {"type": "string", "pattern": "^[0-9]+(ms|s)$", "description": "such as 200ms or 1s"}}
})";

std::vector<SchemaFault> faults_of(std::string_view value, std::string_view schema = kDevice) {
    const auto compiled = JsonSchema::compile(schema);
    if (!compiled) throw std::runtime_error(compiled.error().text());
    return compiled->check(nlohmann::json::parse(value));
}

SchemaFault only_fault_of(std::string_view value, std::string_view schema = kDevice) {
    auto faults = faults_of(value, schema);
    if (faults.size() != 1) {
        ADD_FAILURE() << faults.size() << " faults in " << value;
        for (const auto& fault : faults) ADD_FAILURE() << fault.pointer << ": " << fault.sentence;
        return {};
    }
    return faults.front();
}

TEST(JsonSchema, TakesAValueThatKeepsToIt) {
    EXPECT_THAT(faults_of(R"({"endpoint": "127.0.0.1:502", "unit": 255, "timeout_ms": 0.5, "order": "cdab", "name": "abc",
                              "scan_classes": {"fast": "200ms"}, "limits": [1, 2.5], "mode": {"rate": 3}})"),
                IsEmpty());
}

TEST(JsonSchema, SaysWhichTypeWasFoundAndWanted) {
    const auto fault = only_fault_of(R"({"endpoint": 502})");
    EXPECT_EQ(fault.pointer, "/endpoint");
    EXPECT_EQ(fault.sentence, "endpoint is 502; wanted a text");
    EXPECT_FALSE(fault.at_key);
}

TEST(JsonSchema, SaysTheRangeOfANumber) {
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "unit": 300})").sentence, "unit is 300; wanted a whole number from 0 to 255");
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "timeout_ms": 0})").sentence, "timeout_ms is 0; wanted a number above 0");
}

TEST(JsonSchema, NamesTheNearestKeyForAnUnknownOne) {
    const auto fault = only_fault_of(R"({"endpoint": "x", "timout_ms": 100})");
    EXPECT_EQ(fault.pointer, "/timout_ms");
    EXPECT_EQ(fault.sentence, "the key \"timout_ms\" is unknown");
    EXPECT_THAT(fault.hint, HasSubstr("timeout_ms"));
    EXPECT_TRUE(fault.at_key);
}

TEST(JsonSchema, NamesTheNearestChoice) {
    const auto fault = only_fault_of(R"({"endpoint": "x", "order": "abcc"})");
    EXPECT_EQ(fault.sentence, R"(order is "abcc"; wanted one of: "abcd", "cdab", "badc", "dcba")");
    EXPECT_THAT(fault.hint, HasSubstr("abcd"));
}

TEST(JsonSchema, NamesAMissingKey) {
    const auto fault = only_fault_of("{}");
    EXPECT_EQ(fault.pointer, "");
    EXPECT_EQ(fault.sentence, "the key \"endpoint\" is missing");
}

TEST(JsonSchema, FollowsReferencesAndDescribesPatterns) {
    const auto fault = only_fault_of(R"({"endpoint": "x", "scan_classes": {"fast": "200 ms"}})");
    EXPECT_EQ(fault.pointer, "/scan_classes/fast");
    EXPECT_EQ(fault.sentence, R"(fast is "200 ms"; wanted a text like ^[0-9]+(ms|s)$ (such as 200ms or 1s))");
}

TEST(JsonSchema, NamesElementsOfArrays) {
    const auto fault = only_fault_of(R"({"endpoint": "x", "limits": [1, "high"]})");
    EXPECT_EQ(fault.pointer, "/limits/1");
    EXPECT_EQ(fault.sentence, "element 1 of limits is \"high\"; wanted a number");
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "limits": [1]})").sentence, "limits has 1 elements; wanted at least 2");
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "limits": [1, 2, 1]})").pointer, "/limits/2");
}

TEST(JsonSchema, ExplainsTheBranchThatWasMeant) {
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "mode": {}})").sentence, "the key \"rate\" is missing in mode");
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "mode": {"rate": "fast"}})").pointer, "/mode/rate");
    EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "mode": 5})").sentence, "mode is 5; wanted \"off\", or an object");
}

TEST(JsonSchema, FindsAllFaultsAtOnce) {
    const auto faults = faults_of(R"({"unit": -1, "ordre": "abcd", "colour": "red", "name": "ABCDE"})");
    std::vector<std::string> pointers;
    for (const auto& fault : faults) pointers.push_back(fault.pointer);
    EXPECT_THAT(pointers, testing::UnorderedElementsAre("", "/unit", "/ordre", "/colour", "/name", "/name"));
}

TEST(JsonSchema, LimitsTheNumberOfFaults) {
    std::string many = R"({"endpoint": "x")";
    for (int i = 0; i < 1'000; ++i) many += ", \"key" + std::to_string(i) + "\": 1";
    EXPECT_EQ(faults_of(many + "}").size(), JsonSchema::kMaxFaults);
}

TEST(JsonSchema, HasWordsForWhatItCannotExplain) {
    const auto fault = only_fault_of(R"({"a": 1})", R"({"not": {"required": ["a"]}})");
    EXPECT_FALSE(fault.sentence.empty());
}

TEST(JsonSchema, CutsLongValuesBetweenCharacters) {
    std::string umlauts;
    for (int i = 0; i < 100; ++i) umlauts += "\xC3\xA4";
    const auto fault = only_fault_of(R"({"endpoint": "x", "unit": ")" + umlauts + "\"}");
    EXPECT_LT(fault.sentence.size(), 120U);
    EXPECT_NO_THROW((void)nlohmann::json(fault.sentence).dump());  // still UTF-8
}

TEST(JsonSchema, EscapesKeysInPointers) { EXPECT_EQ(only_fault_of(R"({"endpoint": "x", "a/b~c": 1})").pointer, "/a~1b~0c"); }

TEST(JsonSchema, RefusesAReferenceThatLeadsBackToItself) {
    EXPECT_FALSE(JsonSchema::compile(R"({"properties": {"a": {"$ref": "#/properties/a"}}})"));
    EXPECT_FALSE(JsonSchema::compile(R"({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#"}}})"));
}

TEST(JsonSchema, ChecksATreeAgainstASchemaThatRefersToTheWhole) {
    constexpr std::string_view kTree = R"({"type": "object", "additionalProperties": {"$ref": "#"}})";
    EXPECT_THAT(faults_of(R"({"works": {"intake": {"pumps": {}}}})", kTree), IsEmpty());
    EXPECT_EQ(only_fault_of(R"({"works": {"intake": {"pumps": 1}}})", kTree).pointer, "/works/intake/pumps");
}

TEST(JsonSchema, RefusesATextThatIsNoSchema) {
    EXPECT_THAT(JsonSchema::compile("{").error().sentence(), HasSubstr("draft-07"));
    EXPECT_FALSE(JsonSchema::compile(R"({"type": 5})"));
    EXPECT_FALSE(JsonSchema::compile(R"({"type": "strnig"})"));
}

}  // namespace
}  // namespace penstock::base
