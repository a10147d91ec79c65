#include "core/base/settings_document.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

namespace penstock::base {
namespace {

using abi::SettingsKind;

SettingsDocument parsed(std::string_view text) {
    auto document = SettingsDocument::parse(text);
    if (!document) throw std::runtime_error(document.error().text());
    return std::move(*document);
}

const abi::SettingsNode& member(const SettingsDocument& document, std::string_view key) {
    return *document.root().find(abi::text(key));
}

TEST(SettingsDocument, IsAnEmptyObjectByDefault) {
    const SettingsDocument document;
    EXPECT_EQ(document.root().kind(), SettingsKind::object);
    EXPECT_EQ(document.root().size(), 0U);
    EXPECT_EQ(document.root().at(0), nullptr);
    EXPECT_EQ(document.root().find(abi::text("endpoint")), nullptr);
}

TEST(SettingsDocument, ShowsEveryKindOfValue) {
    const auto document = parsed(R"({"n": null, "b": true, "i": -5, "u": 7, "f": 2.5, "t": "text", "a": [1, 2], "o": {}})");
    EXPECT_EQ(member(document, "n").kind(), SettingsKind::null);
    EXPECT_EQ(member(document, "b").kind(), SettingsKind::boolean);
    EXPECT_TRUE(member(document, "b").boolean());
    EXPECT_EQ(member(document, "i").integer(), -5);
    EXPECT_EQ(member(document, "u").kind(), SettingsKind::integer);
    EXPECT_EQ(member(document, "u").unsigned_integer(), 7U);
    EXPECT_EQ(member(document, "f").number(), 2.5);
    EXPECT_EQ(member(document, "t").text().view(), "text");
    EXPECT_EQ(member(document, "a").size(), 2U);
    EXPECT_EQ(member(document, "a").at(1)->integer(), 2);
    EXPECT_EQ(member(document, "o").kind(), SettingsKind::object);
}

TEST(SettingsDocument, KeepsSixtyFourBitsOfIntegers) {
    const auto document = parsed(R"({"most": 18446744073709551615, "least": -9223372036854775808, "odd": 9007199254740993})");
    EXPECT_EQ(member(document, "most").kind(), SettingsKind::unsigned_integer);
    EXPECT_EQ(member(document, "most").unsigned_integer(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(member(document, "least").integer(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(member(document, "odd").integer(), 9007199254740993);
}

TEST(SettingsDocument, AnswersWithTheEmptyValueWhereTheKindIsAnother) {
    const auto document = parsed(R"({"text": "5", "negative": -1, "number": 1.5})");
    const auto& text = member(document, "text");
    EXPECT_EQ(text.integer(), 0);
    EXPECT_EQ(text.number(), 0.0);
    EXPECT_FALSE(text.boolean());
    EXPECT_EQ(text.size(), 0U);
    EXPECT_EQ(text.find(abi::text("x")), nullptr);
    EXPECT_EQ(member(document, "negative").unsigned_integer(), 0U);
    EXPECT_EQ(member(document, "number").integer(), 0);
    EXPECT_EQ(member(document, "number").text().view(), "");
}

TEST(SettingsDocument, TakesAnIntegerWhereANumberIsWanted) {
    EXPECT_EQ(parsed(R"({"level": 5})").settings().number_or("level", 0.0), 5.0);
}

TEST(SettingsDocument, ListsKeysSoThatEachIndexFindsItsOwn) {
    const auto document = parsed(R"({"zeta": 1, "alpha": 2, "mid": {"x": 3}})");
    std::map<std::string, const abi::SettingsNode*> seen;
    for (std::uint32_t i = 0; i < document.root().size(); ++i) {
        seen.emplace(document.root().key(i).view(), document.root().at(i));
    }
    ASSERT_EQ(seen.size(), 3U);
    for (const auto& [key, node] : seen) EXPECT_EQ(document.root().find(abi::text(key)), node) << key;
    EXPECT_EQ(document.root().key(3).view(), "");
}

TEST(SettingsDocument, KnowsThePlaceOfEveryNode) {
    const SettingsDocument document(nlohmann::json::parse(R"({"a/b": {"c": [10, 20]}})"),
                                    [](std::string_view pointer) { return "at " + std::string(pointer); });
    EXPECT_EQ(document.root().place().view(), "at ");
    const auto* inner = document.root().find(abi::text("a/b"))->find(abi::text("c"));
    EXPECT_EQ(inner->place().view(), "at /a~1b/c");
    EXPECT_EQ(inner->at(1)->place().view(), "at /a~1b/c/1");
}

TEST(SettingsDocument, KeepsItsNodesWhenMoved) {
    auto document = parsed(R"({"endpoint": "127.0.0.1:1502"})");
    const auto* endpoint = document.root().find(abi::text("endpoint"));
    const SettingsDocument moved = std::move(document);
    EXPECT_EQ(moved.root().find(abi::text("endpoint")), endpoint);
    EXPECT_EQ(endpoint->text().view(), "127.0.0.1:1502");
}

TEST(SettingsDocument, AllowsComments) {
    EXPECT_EQ(parsed("{ // the unit\n \"unit\": 1 /* one */ }").settings().integer_or("unit", 0), 1);
}

TEST(SettingsDocument, NamesLineAndColumnOfTextThatIsNoJson) {
    const auto document = SettingsDocument::parse("{\n  \"unit\": ,\n}", "devices/plc1.json");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code(), ErrorCode::invalid_config);
    EXPECT_EQ(document.error().where(), "devices/plc1.json");
    EXPECT_NE(document.error().sentence().find("line 2, column 11"), std::string::npos) << document.error().sentence();
    EXPECT_EQ(document.error().sentence().find("json.exception"), std::string::npos);
}

TEST(SettingsDocument, RefusesWhatIsNestedTooDeeply) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(SettingsDocument::parse(nested(SettingsDocument::kMaxDepth)));
    EXPECT_FALSE(SettingsDocument::parse(nested(SettingsDocument::kMaxDepth + 1)));
    EXPECT_FALSE(SettingsDocument::parse(nested(1'000'000)));
}

}  // namespace
}  // namespace penstock::base
