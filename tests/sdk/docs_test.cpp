// What the plugin developer's page shows is what compiles: a block that names a file after its language has to stand in that file.
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(std::string(PENSTOCK_SOURCE_DIR) + "/" + path);
    EXPECT_TRUE(file) << path << " cannot be read";
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

TEST(PluginDeveloperPage, ShowsOnlyCodeThatStandsInTheTree) {
    std::istringstream page(content_of("docs/plugin_developer.md"));
    int checked = 0;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("```")) continue;
        const auto space = line.find(' ');
        std::string block;
        for (std::string code; std::getline(page, code) && code != "```";) block += code + "\n";
        if (space == std::string::npos) continue;
        const auto path = line.substr(space + 1);
        EXPECT_NE(content_of(path).find(block), std::string::npos) << "a block is not what stands in " << path << ":\n"
                                                                   << block;
        ++checked;
    }
    EXPECT_GE(checked, 4);
}

}  // namespace
