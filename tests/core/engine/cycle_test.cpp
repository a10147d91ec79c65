// Cycles: commands first, publication at the end, one wake-up, time as input.

#include <cmath>

#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

class CountingWaker final : public Waker {
public:
    void wake() noexcept override { ++wakes; }
    int wakes = 0;
};

TEST(EngineCycle, CarriesOutCommandsBeforeValues) {
    Plant plant({device_tag("level"), memory_tag("limit")});
    std::optional<QualityCode> level_at_command;
    SampleBatch batch;
    batch.add(0, 1.0);
    plant.publish(batch);
    const auto look = [&](const WriteAnswer&) { level_at_command = plant.read("level").quality; };
    ASSERT_TRUE(plant.engine.post({plant.id("limit"), Value(1.0), look}));
    plant.cycle();
    EXPECT_EQ(level_at_command, QualityCode::bad_waiting_for_initial) << "the command came later and was served first";
    EXPECT_EQ(plant.read("level").quality, QualityCode::good);
}

TEST(EngineCycle, WakesEachWakerOnceAndOnlyForChanges) {
    std::vector<tags::TagDefinition> tags;
    std::vector<std::string> names;
    for (int i = 0; i < 100; ++i) names.push_back("t" + std::to_string(i));
    for (const auto& name : names) tags.push_back(device_tag(name));
    Plant plant(tags);
    CountingWaker first, second;
    plant.engine.add_waker(first);
    plant.engine.add_waker(second);
    SampleBatch batch;
    for (ItemId item = 0; item < 100; ++item) batch.add(item, 1.0);
    plant.publish(batch);
    plant.deliver(batch);
    EXPECT_EQ(first.wakes, 1);
    EXPECT_EQ(second.wakes, 1);
    plant.deliver(batch);
    EXPECT_EQ(first.wakes, 1) << "nothing changed";
    plant.cycle();
    EXPECT_EQ(first.wakes, 1);
}

TEST(EngineCycle, PublishesAtItsEnd) {
    Plant plant({device_tag("a")});
    SampleBatch batch;
    batch.add(0, 1.0);
    plant.publish(batch);
    EXPECT_TRUE(plant.changes().empty());
    EXPECT_EQ(plant.cycle().changes, 1U);
    EXPECT_EQ(plant.changes(), std::vector<tags::TagId>{0});
    EXPECT_EQ(plant.reader.version(0), plant.reader.head());
}

TEST(EngineCycle, WithoutProducersOrTagsIsFine) {
    Plant plant({});
    EXPECT_EQ(plant.cycle().changes, 0U);
    EXPECT_FALSE(plant.cycle().work_left);
}

// A simulated day in a second: one sample a second of ten tags, a link that breaks at noon for an hour.
TEST(EngineCycle, PlaysADayAsFastAsItCan) {
    std::vector<std::string> names;
    for (int i = 0; i < 10; ++i) names.push_back("t" + std::to_string(i));
    std::vector<tags::TagDefinition> tags;
    for (const auto& name : names) tags.push_back(device_tag(name));
    Plant plant(tags);
    const auto start = plant.now.utc;
    SampleBatch batch;
    std::uint64_t seen = 0;
    for (int second = 0; second < 86'400; ++second) {
        plant.advance(1s);
        if (second == 12 * 3600) plant.producers[0]->all_bad(QualityCode::bad_timeout, "no answer", plant.now);
        batch.clear();
        for (ItemId item = 0; item < 10; ++item) batch.add(item, std::sin(second * 1e-3 + item));
        if (second >= 12 * 3600 && second < 13 * 3600) batch.clear();
        plant.deliver(batch);
        if (second == 13 * 3600 - 1) {
            EXPECT_EQ(plant.read("t3").since, start + 12h + 1s);
            EXPECT_EQ(plant.engine.counters().tags_bad, 10U);
        }
        seen += plant.changes().size();
    }
    EXPECT_EQ(plant.read("t3").since, start + 13h + 1s);
    EXPECT_EQ(seen, 10U * (86'400 - 3600) + 10);
    EXPECT_EQ(plant.engine.counters().samples, 10U * (86'400 - 3600));
    EXPECT_EQ(plant.engine.counters().producers[0].merged, 0U);
}

}  // namespace
}  // namespace penstock::engine
