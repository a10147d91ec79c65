// docs/alarm_policies.md has the policies as they are: each that comes with Penstock, with all its outputs and parameters, in order.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/guests/plugin_registry.hpp"
#include "core/guests/policy_instance.hpp"

namespace penstock::guests {
namespace {

std::string page() {
    std::ifstream file(PENSTOCK_SOURCE_DIR "/docs/alarm_policies.md");
    return {std::istreambuf_iterator<char>(file), {}};
}

// The section of that title, without it; "" if there is none.
std::string section(const std::string& page, const std::string& title) {
    const auto begin = page.find("\n## " + title + "\n");
    if (begin == std::string::npos) return {};
    return page.substr(begin + 1, page.find("\n## ", begin + 1) - begin);
}

// The first column of the table with that head.
std::vector<std::string> column(const std::string& section, const std::string& head) {
    std::vector<std::string> words;
    auto at = section.find("| " + head + " |");
    if (at == std::string::npos) return {"no table of each " + head};
    at = section.find('\n', section.find('\n', at) + 1) + 1;  // behind the line of dashes
    for (; section.compare(at, 3, "| `") == 0; at = section.find('\n', at) + 1)
        words.push_back(section.substr(at + 3, section.find('`', at + 3) - at - 3));
    return words;
}

TEST(AlarmPoliciesPage, HasEachPolicyWithItsOutputsAndParameters) {
    const auto text = page();
    ASSERT_FALSE(text.empty());
    const auto registry = PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    const auto settings = std::make_shared<base::SettingsDocument>();
    std::size_t policies = 0;
    for (const auto& plugin : registry.list()) {
        if (plugin.kind != PluginKind::alarm_policy || plugin.short_name() == "runs_long") continue;  // a template
        ++policies;
        const auto library = registry.load(plugin.id);
        ASSERT_TRUE(library) << library.error().text();
        const auto policy = make_policy(*library, settings, plugin.id);
        ASSERT_TRUE(policy) << policy.error().text();
        const auto found = section(text, plugin.short_name());
        ASSERT_FALSE(found.empty()) << plugin.short_name() << " is missing";
        EXPECT_EQ(column(found, "output"), (*policy)->shape().outputs) << plugin.short_name();
        EXPECT_EQ(column(found, "parameter"), (*policy)->shape().parameters) << plugin.short_name();
    }
    EXPECT_GE(policies, 7U);
}

}  // namespace
}  // namespace penstock::guests
