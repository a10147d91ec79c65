// What of a tag's changes is noted for those who depend on it.

#include "core/engine/watch.hpp"

#include <limits>

#include "core/engine/applier.hpp"
#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Each tag of the device is watched, unless the test says which are; their values are there and good.
class Watching {
public:
    explicit Watching(const std::vector<tags::TagDefinition>& definitions) : table(make_catalog(definitions), now.utc) {}

    void watch_all() {
        std::vector<Watch::Dependence> all;
        for (const auto tag : table.catalog().by_name()) all.push_back({tag, DependentKind::calculation, 0});
        watch.add(all);
    }
    void set_band(std::string_view name, double low, double high) { watch.set_band(id(name), low, high); }
    void apply(const SampleBatch& samples) {
        Batch batch;
        batch.received = now;
        batch.copy(samples.columns());
        applier.apply(applier.routes(0), batch);
    }
    template <class T>
    void apply(ItemId item, T value) {
        SampleBatch samples;
        samples.add(item, value);
        apply(samples);
    }
    void apply_bad(ItemId item, std::string_view cause) {
        SampleBatch samples;
        samples.add_bad(item, QualityCode::bad_timeout, cause);
        apply(samples);
    }
    [[nodiscard]] tags::TagId id(std::string_view name) const { return table.catalog().find(name).value(); }
    // And forgets them.
    std::vector<std::string> noted() {
        std::vector<std::string> names;
        for (const auto tag : watch.noted()) names.emplace_back(table.catalog().name(tag));
        watch.clear();
        return names;
    }

    Now now{utc_from_ns(kStartNs), monotonic_from_ns(1)};
    tags::TagTable table;
    Watch watch{table};
    Applier applier{table, watch};
};
using Names = std::vector<std::string>;

TEST(Watch, NotesNothingOfATagThatNobodyDependsOn) {
    Watching plant({device_tag("level")});
    plant.apply(0, 1.0);
    plant.apply(0, 2.0);
    plant.apply(0, kNone);
    plant.apply_bad(0, "no answer");
    EXPECT_EQ(plant.noted(), Names());
}

TEST(Watch, NotesATagOnceACycle) {
    Watching plant({device_tag("level")});
    plant.watch_all();
    plant.apply(0, 1.0);
    plant.apply(0, 2.0);
    plant.apply_bad(0, "no answer");
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply(0, 3.0);
    EXPECT_EQ(plant.noted(), Names({"level"}));
}

TEST(Watch, NotesNoNumberInsideTheQuietBand) {
    Watching plant({device_tag("level")});
    plant.watch_all();
    plant.apply(0, 50.0);
    plant.noted();
    plant.set_band("level", 20, 80);
    for (const auto level : {20.0, 60.0, 80.0}) plant.apply(0, level);
    EXPECT_EQ(plant.noted(), Names());
    plant.apply(0, 80.1);
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply(0, 19.9);
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply(0, kNone);
    EXPECT_EQ(plant.noted(), Names({"level"}));
}

TEST(Watch, NotesEveryChangeWhileTheBandIsEmpty) {
    Watching plant({device_tag("level")});
    plant.watch_all();
    plant.apply(0, 50.0);
    plant.noted();
    plant.set_band("level", kNone, kNone);
    plant.apply(0, 50.1);
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply(0, 50.1);  // no change
    EXPECT_EQ(plant.noted(), Names());
}

TEST(Watch, LooksAtTheBandForOtherNumbersToo) {
    Watching plant({device_tag("count", ValueType::int64), device_tag("on", ValueType::boolean),
                    device_tag("share", ValueType::uint64, ValueType::float64)});
    plant.watch_all();
    SampleBatch first;
    first.add(0, std::int64_t{5});
    first.add(1, false);
    first.add(2, std::uint64_t{5});
    plant.apply(first);
    EXPECT_EQ(plant.noted(), Names({"count", "on", "share"}));
    for (const auto* name : {"count", "on", "share"}) plant.set_band(name, -10, 10);
    plant.apply(0, std::int64_t{-10});
    plant.apply(1, true);
    plant.apply(2, std::uint64_t{10});
    EXPECT_EQ(plant.noted(), Names());
    plant.apply(0, std::int64_t{-11});
    plant.apply(2, std::uint64_t{11});
    EXPECT_EQ(plant.noted(), Names({"count", "share"}));
}

TEST(Watch, NotesAChangeOfQualityOrCauseInsideTheBand) {
    Watching plant({device_tag("level")});
    plant.watch_all();
    plant.apply(0, 50.0);
    plant.noted();
    plant.set_band("level", 20, 80);
    plant.apply_bad(0, "no answer");
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply_bad(0, "no answer");
    EXPECT_EQ(plant.noted(), Names());
    plant.apply_bad(0, "broken wire");
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply(0, 50.0);
    EXPECT_EQ(plant.noted(), Names({"level"}));
}

TEST(Watch, NotesANumberThatLeavesTheTagsRange) {
    auto level = device_tag("level");
    level.range_low = 0;
    level.range_high = 60;
    Watching plant({level});
    plant.watch_all();
    plant.apply(0, 50.0);
    plant.noted();
    plant.set_band("level", 20, 80);
    plant.apply(0, 61.0);  // uncertain now
    EXPECT_EQ(plant.noted(), Names({"level"}));
    plant.apply(0, 62.0);
    EXPECT_EQ(plant.noted(), Names());
}

TEST(Watch, NotesAWholeDeviceThatTurnsBad) {
    Watching plant({device_tag("a"), device_tag("b")});
    plant.watch_all();
    plant.set_band("a", -1e9, 1e9);
    Batch batch;
    batch.received = plant.now;
    batch.all_bad = true;
    batch.all_bad_quality = QualityCode::bad_no_communication;
    batch.all_bad_cause = "the line is cut";
    plant.applier.apply(plant.applier.routes(0), batch);
    EXPECT_EQ(plant.noted(), Names({"a", "b"}));
}

TEST(Watch, NotesEveryChangeOfATextOrArray) {
    Watching plant({device_tag("state", ValueType::string)});
    plant.watch_all();
    plant.set_band("state", -1e9, 1e9);
    plant.apply(0, std::string_view("open"));
    EXPECT_EQ(plant.noted(), Names({"state"}));
    plant.apply(0, std::string_view("open"));
    EXPECT_EQ(plant.noted(), Names());
    plant.apply(0, std::string_view("shut"));
    EXPECT_EQ(plant.noted(), Names({"state"}));
}

TEST(Watch, NotesAValueThatDoesNotFitTheTag) {
    Watching plant({device_tag("count", ValueType::int64, ValueType::uint64)});
    plant.watch_all();
    plant.apply(0, std::int64_t{5});
    plant.noted();
    plant.set_band("count", -10, 10);
    plant.apply(0, std::int64_t{-1});
    EXPECT_EQ(plant.noted(), Names({"count"}));
}

TEST(Watch, NotesWhatIsWrittenToAMemoryTag) {
    Watching plant({memory_tag("limit")});
    plant.watch_all();
    ASSERT_TRUE(plant.applier.apply_memory(plant.id("limit"), Value(80.0), plant.now.utc));
    EXPECT_EQ(plant.noted(), Names({"limit"}));
}

TEST(Watch, NotesNothingWhileADeadbandHoldsAValueBack) {
    auto level = device_tag("level");
    level.deadband_kind = tags::DeadbandKind::absolute;
    level.deadband = 1;
    Watching plant({level});
    plant.watch_all();
    plant.apply(0, 50.0);
    plant.noted();
    plant.apply(0, 50.9);
    EXPECT_EQ(plant.noted(), Names());
    plant.apply(0, 51.1);
    EXPECT_EQ(plant.noted(), Names({"level"}));
}

TEST(Watch, KnowsTheDependentsOfATagInTheOrderTheyCame) {
    Watching plant({device_tag("a"), device_tag("b"), device_tag("c")});
    const auto a = plant.id("a"), c = plant.id("c");
    plant.watch.add(std::vector<Watch::Dependence>{{c, DependentKind::calculation, 7}, {a, DependentKind::calculation, 8}});
    plant.watch.add(std::vector<Watch::Dependence>{{c, DependentKind::point_input, 0x1FFF'FFFF}});
    ASSERT_EQ(plant.watch.dependents(a).size(), 1U);
    EXPECT_EQ(plant.watch.dependents(a)[0].index, 8U);
    EXPECT_TRUE(plant.watch.dependents(plant.id("b")).empty());
    const auto of_c = plant.watch.dependents(c);
    ASSERT_EQ(of_c.size(), 2U);
    EXPECT_EQ(of_c[0].is(), DependentKind::calculation);
    EXPECT_EQ(of_c[0].index, 7U);
    EXPECT_EQ(of_c[1].is(), DependentKind::point_input);
    EXPECT_EQ(of_c[1].index, 0x1FFF'FFFFU);
}

}  // namespace
}  // namespace penstock::engine
