// What calculated tags know over a restart.

#include "core/engine/calculations.hpp"
#include "core/engine/snapshot.hpp"
#include "tests/core/engine/journalled_plant.hpp"

namespace penstock::engine {
namespace {

tags::TagDefinition calculated(std::string_view name, std::string_view expression, ValueType type) {
    tags::TagDefinition tag;
    tag.name = name;
    tag.expression = expression;
    tag.type = type;
    return tag;
}

// The same tags with another expression, perhaps; an hour later by the wall clock, and the monotonic one begins anew.
class Restarted {
public:
    Restarted(JournalledPlant& former, const std::vector<tags::TagDefinition>& definitions, bool with_parts = true)
        : next(definitions) {
        wire::Buffer bytes;
        encode_snapshot(take_snapshot(former.plant->engine, {}, former.plant->now), bytes);
        auto snapshot = decode_snapshot(bytes).value();
        if (!with_parts) snapshot.sections.resize(2);
        next.plant->now = {former.plant->now.utc + 1h, monotonic_from_ns(5)};
        const auto reader = former.lane->reader(snapshot.head.events);
        report = next.plant->engine.restore(&snapshot, *reader, next.plant->now);
    }
    [[nodiscard]] Plant& plant() const { return *next.plant; }

    JournalledPlant next;
    RestoreReport report;
};

std::vector<tags::TagDefinition> counting(std::string_view expression) {
    return {device_tag("on", ValueType::boolean), calculated("starts", expression, ValueType::int64)};
}

void start_thrice(Plant& plant) {
    for (int i = 0; i < 3; ++i) {
        plant.deliver(0, false);
        plant.deliver(0, true);
    }
}

TEST(CalculationRestart, KeepsWhatItRemembers) {
    const auto tags = counting("counter(on, false)");
    JournalledPlant before(tags);
    start_thrice(*before.plant);
    const Restarted after(before, tags);
    EXPECT_EQ(after.report.findings, std::vector<std::string>());
    after.plant().deliver(0, true);
    EXPECT_TRUE(after.plant().read("starts").value().identical(Value(std::int64_t{3}))) << "it was on already";
    after.plant().deliver(0, false);
    after.plant().deliver(0, true);
    EXPECT_TRUE(after.plant().read("starts").value().identical(Value(std::int64_t{4})));
}

TEST(CalculationRestart, BeginsAnewWithoutTheSnapshotsSection) {
    const auto tags = counting("counter(on, false)");
    JournalledPlant before(tags);
    start_thrice(*before.plant);
    const Restarted after(before, tags, false);
    after.plant().deliver(0, true);
    EXPECT_TRUE(after.plant().read("starts").value().identical(Value(std::int64_t{0})));
}

TEST(CalculationRestart, BeginsAnewWhereTheExpressionIsAnother) {
    JournalledPlant before(counting("counter(on, false)"));
    start_thrice(*before.plant);
    for (const auto* other : {"counter(not on, false)", "counter(on, false) + 1"}) {
        const Restarted after(before, counting(other));
        after.plant().deliver(0, false);
        EXPECT_LE(after.plant().read("starts").value().word(), 1U) << other;
    }
}

TEST(CalculationRestart, BeginsAnewWhereOnlyAConstantIsAnother) {
    const auto averaging = [](std::string_view expression) {
        return std::vector{device_tag("level"), calculated("mean", expression, ValueType::float64)};
    };
    const auto mean_after = [&](std::string_view expression) {
        JournalledPlant before(averaging("average(level, 60s)"));
        before.plant->deliver(0, 100.0);
        before.plant->advance(60s);
        before.plant->cycle();
        const Restarted after(before, averaging(expression));
        after.plant().deliver(0, 0.0);
        after.plant().advance(4s);
        after.plant().cycle();
        return double_of(after.plant().read("mean").word);
    };
    EXPECT_GT(mean_after("average(level, 60s)"), 50);
    EXPECT_LT(mean_after("average(level, 61s)"), 1);
}

TEST(CalculationRestart, GoesOnWithADelayWhereItStood) {
    const std::vector tags{device_tag("on", ValueType::boolean), calculated("late", "on_delay(on, 10s)", ValueType::boolean)};
    JournalledPlant before(tags);
    before.plant->deliver(0, true);
    before.plant->advance(7s);
    before.plant->cycle();
    const Restarted after(before, tags);
    after.plant().deliver(0, true);
    EXPECT_TRUE(after.plant().read("late").value().identical(Value(false)));
    after.plant().advance(2999ms);
    after.plant().cycle();
    EXPECT_TRUE(after.plant().read("late").value().identical(Value(false)));
    after.plant().advance(1ms);
    after.plant().cycle();
    EXPECT_TRUE(after.plant().read("late").value().identical(Value(true)));
}

TEST(CalculationRestart, HasItsLastValueUncertainUntilItIsEvaluated) {
    const std::vector tags{device_tag("a"), calculated("twice", "a * 2", ValueType::float64)};
    JournalledPlant before(tags);
    before.plant->deliver(0, 4.0);
    const Restarted after(before, tags);
    EXPECT_EQ(after.report.memory_tags, 0U);
    EXPECT_EQ(after.report.device_tags, 2U);
    EXPECT_TRUE(after.plant().read("twice").value().identical(Value(8.0)));
    EXPECT_EQ(after.plant().read("twice").quality, QualityCode::uncertain_last_usable);
    after.plant().deliver(0, 5.0);
    EXPECT_TRUE(after.plant().read("twice").value().identical(Value(10.0)));
    EXPECT_EQ(after.plant().read("twice").quality, QualityCode::good);
}

TEST(CalculationRestart, DoesNotTakeTheValueOfAMemoryTagOfThatName) {
    JournalledPlant before({memory_tag("a"), memory_tag("b")});
    before.ask("b", Value(7.0));
    before.settle();
    const Restarted after(before, {memory_tag("a"), calculated("b", "a * 2", ValueType::float64)});
    EXPECT_FALSE(after.plant().read("b").has_value);
}

TEST(CalculationRestart, ReportsASectionThatMakesNoSense) {
    const auto tags = counting("counter(on, false)");
    JournalledPlant before(tags), after(tags);
    auto snapshot = take_snapshot(before.plant->engine, {}, before.plant->now);
    ASSERT_EQ(snapshot.sections.back().first, "expressions");
    snapshot.sections.back().second.resize(5);
    const auto reader = before.lane->reader(0);
    const auto report = after.plant->engine.restore(&snapshot, *reader, after.plant->now);
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_TRUE(report.findings[0].starts_with("snapshot, section expressions: ")) << report.findings[0];
}

// A part that counts the records it is given.
class Counting final : public SnapshotPart {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "counting"; }
    [[nodiscard]] journal::Position save(journal::Position appended, Now, wire::Buffer& out) const override {
        out.push_back(static_cast<std::byte>(appended));
        return appended;
    }
    [[nodiscard]] Result<void> restore(wire::Bytes section, Now) override {
        position = std::to_integer<journal::Position>(section[0]);
        return {};
    }
    [[nodiscard]] Result<void> replay(const journal::Record& record, Now) override {
        records.push_back(record.sequence);
        return {};
    }
    journal::Position position = 99;
    std::vector<journal::Position> records;
};

TEST(SnapshotPart, IsGivenItsSectionAndTheRecordsAfterTheSnapshot) {
    const std::vector tags{memory_tag("a")};
    JournalledPlant before(tags), after(tags);
    Counting saved, restored;
    before.plant->engine.add_part(saved);
    after.plant->engine.add_part(restored);
    before.ask("a", Value(1.0));
    before.settle();
    const auto settled = before.lane->appended();
    const auto snapshot = take_snapshot(before.plant->engine, {}, before.plant->now);
    before.ask("a", Value(2.0));
    before.settle();
    const auto reader = before.lane->reader(snapshot.head.events);
    (void)after.plant->engine.restore(&snapshot, *reader, after.plant->now);
    EXPECT_EQ(restored.position, settled);
    ASSERT_EQ(restored.records.size(), before.lane->appended() - settled);
    EXPECT_EQ(restored.records.front(), settled);
}

TEST(EngineState, IsAnsweredAtTheEndOfACycle) {
    Plant plant(counting("counter(on, false)"));
    std::optional<EngineState> state;
    ASSERT_TRUE(plant.engine.ask_state([&](EngineState s) { state = std::move(s); }));
    EXPECT_FALSE(state);
    plant.cycle();
    ASSERT_TRUE(state);
    ASSERT_EQ(state->sections.size(), 1U);
    EXPECT_EQ(state->sections[0].first, "expressions");
}

}  // namespace
}  // namespace penstock::engine
