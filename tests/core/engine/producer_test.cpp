// Queues: order, budgets, merging, counting.

#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

std::vector<tags::TagDefinition> numbered(int count, ValueType type, std::vector<std::string>& names) {
    for (int i = 0; i < count; ++i) names.push_back("t" + std::to_string(1000 + i));
    std::vector<tags::TagDefinition> tags;
    for (const auto& name : names) tags.push_back(device_tag(name, type));
    return tags;
}

SampleBatch all_ten(double value) {
    SampleBatch batch;
    for (ItemId item = 0; item < 10; ++item) batch.add(item, value);
    return batch;
}

TEST(ProducerQueue, KeepsTheOrderOfRowsAndBatches) {
    Plant plant({device_tag("d")});
    SampleBatch batch;
    batch.add(0, 1.0);
    batch.add(0, 2.0);
    plant.publish(batch);
    batch.clear();
    batch.add(0, 3.0);
    plant.publish(batch);
    plant.cycle();
    EXPECT_TRUE(plant.read("d").value().identical(Value(3.0)));
    EXPECT_EQ(plant.engine.counters().changes, 3U);
    EXPECT_EQ(plant.changes().size(), 1U) << "a reader gets the newest";
}

TEST(ProducerQueue, WhenFullKeepsTheNewestOfEachTagAndCountsTheRest) {
    std::vector<std::string> names;
    Plant plant(make_catalog(numbered(10, ValueType::float64, names)), {.capacity = 20}, {});
    for (int i = 1; i <= 100; ++i) plant.publish(all_ten(i));
    EXPECT_EQ(plant.producers[0]->counters().waiting, 20U);
    plant.cycle();
    for (const auto& name : names) EXPECT_TRUE(plant.read(name).value().identical(Value(100.0)));
    const auto counters = plant.engine.counters().producers[0];
    EXPECT_EQ(counters.name, "plc");
    EXPECT_EQ(counters.samples, 1000U);
    EXPECT_EQ(counters.applied, 30U) << "two batches and the merged one";
    EXPECT_EQ(counters.merged, 970U);
    EXPECT_EQ(counters.most_waiting, 20U);
    EXPECT_EQ(counters.waiting, 0U);
    plant.deliver(all_ten(101));
    EXPECT_TRUE(plant.read(names[0]).value().identical(Value(101.0))) << "and goes on as before";
}

TEST(ProducerQueue, MergesStringsCausesAndTimesOfTheirOwn) {
    Plant plant({device_tag("text", ValueType::string), device_tag("d")}, {.capacity = 1});
    SampleBatch batch;
    batch.add(0, std::string_view("first"));
    plant.publish(batch);
    for (int i = 0; i < 3000; ++i) {
        plant.advance(1ms);
        batch.clear();
        batch.add(0, std::string_view(std::string(2000, static_cast<char>('a' + i % 26))));
        plant.publish(batch);
    }
    const auto text_time = plant.now.utc;
    plant.advance(1s);
    batch.clear();
    batch.add_bad(1, QualityCode::bad_not_found, "illegal data address 7");
    plant.publish(batch);
    plant.cycle();
    EXPECT_TRUE(plant.read("text").value().identical(Value(std::string(2000, static_cast<char>('a' + 2999 % 26)))));
    EXPECT_EQ(plant.read("text").time, text_time) << "not the time at which another tag was merged";
    EXPECT_EQ(plant.cause("d"), "illegal data address 7");
}

TEST(ProducerQueue, AllBadOutlivesWhatItOverflows) {
    Plant plant({device_tag("a"), device_tag("b")}, {.capacity = 1});
    SampleBatch batch;
    for (const double value : {1.0, 2.0}) {
        batch.clear();
        batch.add(0, value);
        batch.add(1, value);
        plant.publish(batch);
    }
    plant.producers[0]->all_bad(QualityCode::bad_timeout, "no answer within 500 ms", plant.now);
    batch.clear();
    batch.add(1, 3.0);
    plant.publish(batch);
    plant.cycle();
    EXPECT_EQ(plant.read("a").quality, QualityCode::bad_timeout);
    EXPECT_EQ(plant.cause("a"), "no answer within 500 ms");
    EXPECT_EQ(plant.read("b").quality, QualityCode::good) << "it came after";
    EXPECT_TRUE(plant.read("b").value().identical(Value(3.0)));
}

TEST(ProducerQueue, AllBadTurnsEveryTagOfTheDeviceBadAndNoOther) {
    auto other = device_tag("other");
    other.device = "quiet";
    Plant plant({device_tag("a"), device_tag("b"), other});
    SampleBatch batch;
    batch.add(0, 1.0);
    plant.deliver(batch);
    plant.producers[1]->publish(batch.columns(), plant.now);
    plant.producers[0]->all_bad(QualityCode::bad_communication, "connection reset", plant.now);
    plant.cycle();
    EXPECT_EQ(plant.read("a").quality, QualityCode::bad_communication);
    EXPECT_TRUE(plant.read("a").value().identical(Value(1.0)));
    EXPECT_EQ(plant.read("b").quality, QualityCode::bad_communication);
    EXPECT_FALSE(plant.read("b").value().has_value());
    EXPECT_EQ(plant.read("other").quality, QualityCode::good);
    EXPECT_EQ(plant.engine.counters().tags_bad, 2U);
    (void)plant.changes();
    plant.producers[0]->all_bad(QualityCode::bad_communication, "connection reset", plant.now);
    plant.cycle();
    EXPECT_TRUE(plant.changes().empty()) << "nothing new";
}

TEST(ProducerQueue, DropsAndCountsItemsThatTheDeviceDoesNotHave) {
    Plant plant({device_tag("a"), device_tag("b")});
    SampleBatch batch;
    batch.add(0, 1.0);
    batch.add(2, 2.0);
    batch.add(0xFFFF'FFFF, 3.0);
    batch.add(1, 4.0);
    plant.deliver(batch);
    EXPECT_TRUE(plant.read("a").value().identical(Value(1.0)));
    EXPECT_TRUE(plant.read("b").value().identical(Value(4.0)));
    EXPECT_EQ(plant.producers[0]->counters().refused, 2U);
}

TEST(ProducerQueue, OneThatFloodsTakesNothingFromAnother) {
    auto quiet = device_tag("quiet");
    quiet.device = "quiet";
    Plant plant({device_tag("loud"), quiet}, {.capacity = 100'000, .samples_per_second = 1000}, {.samples_per_cycle = 10'000});
    SampleBatch batch;
    for (int i = 0; i < 100; ++i) batch.add(0, i * 1.0);
    for (int i = 0; i < 500; ++i) plant.publish(batch);
    SampleBatch one;
    one.add(0, 7.0);
    plant.producers[1]->publish(one.columns(), plant.now);
    const auto report = plant.cycle();
    EXPECT_TRUE(report.work_left);
    EXPECT_TRUE(plant.read("quiet").value().identical(Value(7.0)));
    EXPECT_EQ(plant.engine.counters().producers[0].applied, 1000U) << "a second's worth";
    plant.cycle();
    EXPECT_EQ(plant.engine.counters().producers[0].applied, 1000U) << "no time has passed";
    plant.advance(500ms);
    plant.cycle();
    EXPECT_EQ(plant.engine.counters().producers[0].applied, 1500U);
    plant.advance(1h);
    plant.cycle();
    EXPECT_EQ(plant.engine.counters().producers[0].applied, 2500U) << "no more than a second's worth is saved up";
}

TEST(ProducerQueue, ShortCyclesLoseNoneOfTheRate) {
    Plant plant({device_tag("a")}, {.capacity = 100'000, .samples_per_second = 1000});
    SampleBatch batch;
    batch.add(0, 1.0);
    for (int i = 0; i < 250; ++i) plant.publish(batch);
    plant.cycle();
    for (int i = 0; i < 100; ++i) plant.publish(batch);
    for (int i = 0; i < 1000; ++i) {
        plant.advance(100us);
        plant.cycle();
    }
    EXPECT_EQ(plant.engine.counters().producers[0].applied, 350U);
}

TEST(ProducerQueue, TheCyclesBudgetIsSharedInTurn) {
    auto second = device_tag("b");
    second.device = "second";
    Plant plant({device_tag("a"), second}, {}, {.samples_per_cycle = 20});
    SampleBatch batch;
    for (int i = 0; i < 10; ++i) batch.add(0, i * 1.0);
    for (int i = 0; i < 3; ++i) {
        for (auto* producer : plant.producers) producer->publish(batch.columns(), plant.now);
    }
    EXPECT_TRUE(plant.cycle().work_left);
    const auto counters = plant.engine.counters();
    EXPECT_EQ(counters.producers[0].applied, 10U);
    EXPECT_EQ(counters.producers[1].applied, 10U);
    EXPECT_EQ(counters.cycles_cut_short, 1U);
    plant.cycle();
    EXPECT_FALSE(plant.cycle().work_left);
}

}  // namespace
}  // namespace penstock::engine
