// docs/expressions.md shows the functions as they are.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "core/expressions/functions.hpp"

namespace penstock::expressions {
namespace {

constexpr std::string_view kBegin = "<!-- table functions -->\n";
constexpr std::string_view kEnd = "<!-- end -->";

std::string table() {
    std::string text = "| function | gives |\n|---|---|\n";
    for (const auto& each : functions())
        text +=
            "| `" + std::string(each.name) + '(' + std::string(each.arguments) + ")` | " + std::string(each.meaning) + " |\n";
    return text;
}

TEST(ExpressionsPage, ListsTheFunctionsAsTheyAre) {
    const std::string path = PENSTOCK_SOURCE_DIR "/docs/expressions.md";
    std::ifstream file(path);
    std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto begin = page.find(kBegin) + kBegin.size();
    const auto end = page.find(kEnd);
    ASSERT_NE(end, std::string::npos);
    if (std::getenv("PENSTOCK_UPDATE_DOCS") != nullptr) {
        page.replace(begin, end - begin, table());
        std::ofstream(path) << page;
        return;
    }
    EXPECT_EQ(page.substr(begin, end - begin), table())
        << "run this test with PENSTOCK_UPDATE_DOCS=1 and commit docs/expressions.md";
}

}  // namespace
}  // namespace penstock::expressions
