// Row F12 of the reliability catalogue: mutated sites. Reading never crashes and is all or nothing: a site without faults, or
// faults without a site. Every change runs 2,000 of each of two sites and 20,000 single files; PENSTOCK_SITE_MUTATIONS sets how many whole
// sites (nightly: 1,000,000).
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "core/site/format.hpp"
#include "core/site/site.hpp"
#include "tests/core/site/fake_plugins.hpp"
#include "tests/core/site/scratch_folder.hpp"

namespace penstock::site {
namespace {

namespace fs = std::filesystem;

unsigned mutations() {
    const char* const text = std::getenv("PENSTOCK_SITE_MUTATIONS");
    return text == nullptr ? 2'000 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

std::string mutate(std::string text, std::mt19937& random) {
    static constexpr const char* kInserts[] = {"\"",         "{",
                                               "}",          "[",
                                               "]",          ",",
                                               ":",          "\\",
                                               "\\u",        "//",
                                               "/*",         "\n",
                                               "\xC3",       "\xEF\xBB\xBF",
                                               "0",          "-",
                                               "1e999",      "null",
                                               "true",       ";",
                                               "\"param\":", "99999999999999999999",
                                               "\t",         "é",
                                               "{base}",     ".",
                                               "null",       "}}"};
    for (auto edits = 1 + random() % 4; edits > 0; --edits) {
        const std::size_t at = text.empty() ? 0 : random() % text.size();
        switch (random() % 5) {
            case 0: text.erase(at, random() % 20); break;
            case 1: text.insert(at, kInserts[random() % std::size(kInserts)]); break;
            case 2:
                if (!text.empty()) text[at] = static_cast<char>(random());
                break;
            case 3: text.insert(at, text.substr(random() % (text.size() + 1), random() % 40)); break;
            default:
                if (!text.empty()) std::swap(text[at], text[random() % text.size()]);
        }
    }
    return text;
}

// The shape of a file alone, without the folder around it.
TEST(MutatedSite, FileIsReadOrHasAFault) {
    const std::string text = testing::read_text(fs::path(PENSTOCK_SOURCE_DIR) / "tests/core/site/good/small/tags/plain.json");
    std::mt19937 random(1);
    for (unsigned i = 0; i < 20'000; ++i) {
        const std::string mutated = mutate(text, random);
        FaultList faults;
        const auto document = JsonDocument::parse(std::make_shared<const SourceText>("a.json", mutated), faults);
        ASSERT_TRUE(document || !faults.empty()) << mutated;
        if (document) check_object(document->root(), tags_format(), faults);
        for (const Fault& fault : faults.take()) ASSERT_FALSE(fault.text().empty());
    }
}

class MutatedGoodSite : public ::testing::TestWithParam<const char*> {};

TEST_P(MutatedGoodSite, IsReadWholeOrNotAtAll) {
    testing::ScratchFolder scratch;
    fs::copy(fs::path(PENSTOCK_SOURCE_DIR) / "tests/core/site/good" / GetParam(), scratch.path() / "site",
             fs::copy_options::recursive);
    std::vector<std::pair<fs::path, std::string>> files;
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path() / "site")) {
        if (entry.path().extension() != ".json" && entry.path().extension() != ".csv") continue;
        files.emplace_back(entry.path(), testing::read_text(entry.path()));
    }
    testing::FakePlugins plugins;
    std::mt19937 random(20261120);
    unsigned good = 0;
    for (unsigned i = 0; i < mutations(); ++i) {
        const auto& [path, text] = files[random() % files.size()];
        const std::string mutated = mutate(text, random);
        testing::write_text(path, mutated);
        const SiteResult result = load_site(scratch.path() / "site", {}, plugins);
        ASSERT_NE(result.site != nullptr, !result.faults.empty()) << mutated;
        for (const Fault& fault : result.faults) ASSERT_FALSE(fault.message.empty()) << mutated;
        good += result.site ? 1U : 0U;
        testing::write_text(path, text);
    }
    // Control: a reader that refuses all, or accepts all, is no reader.
    EXPECT_GT(good, mutations() / 100);
    EXPECT_LT(good, mutations() / 2);
}
INSTANTIATE_TEST_SUITE_P(All, MutatedGoodSite, ::testing::Values("small", "types", "alarms"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace penstock::site
