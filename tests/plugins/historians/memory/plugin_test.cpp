// The historian as the host has it: a library that is found, judged, loaded and born.

#include <gtest/gtest.h>

#include "core/guests/historian_instance.hpp"
#include "core/guests/plugin_registry.hpp"

namespace {

using namespace penstock;  // NOLINT(google-build-using-namespace): a test

class Words final : public SampleSink {
public:
    bool take(const SampleView& samples) override {
        words.insert(words.end(), samples.word.begin(), samples.word.end());
        return true;
    }
    std::vector<std::uint64_t> words;
};

TEST(HistorianPlugin, IsLoadedAndKeepsSamples) {
    const auto registry = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_FILE});
    const auto library = registry.load(PluginKind::historian, "memory");
    ASSERT_TRUE(library) << library.error().text();
    const auto factory =
        guests::make_historian_factory(*library, std::make_shared<base::SettingsDocument>(), "historian.memory");
    auto instance = factory();
    ASSERT_TRUE(instance) << instance.error().text();
    auto& historian = **instance;
    ASSERT_EQ(historian.open("/nowhere").value_or(99), 0U);
    const std::vector<SeriesInfo> series{{.id = 8, .name = "pressure", .unit = "bar", .type = ValueType::float64}};
    ASSERT_TRUE(historian.define(series));
    const std::vector<SeriesRun> runs{{8, 0, 2}};
    const std::vector<std::int64_t> time{100, 200};
    const std::vector<StatusWord> status{0, 0};
    const std::vector<std::uint64_t> word{word_of(1.5), word_of(2.5)};
    ASSERT_TRUE(historian.append({.runs = runs, .samples = {time, status, word, {}, {}}, .begin = 0, .end = 1}));
    ASSERT_TRUE(historian.flush());
    EXPECT_EQ(historian.persisted(), 1U);
    auto reader = historian.open_reader();
    ASSERT_TRUE(reader);
    Words words;
    ASSERT_TRUE((*reader)->read({.series = 8, .from = 0, .to = 1000}, words));
    EXPECT_EQ(words.words, word);
    reader->reset();
}

}  // namespace
