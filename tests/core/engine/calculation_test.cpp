// Calculated tags in the running engine.

#include "core/engine/calculations.hpp"

#include <random>
#include <stdexcept>

#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

tags::TagDefinition calculated(std::string_view name, std::string_view expression, ValueType type = ValueType::float64) {
    tags::TagDefinition tag;
    tag.name = name;
    tag.expression = expression;
    tag.type = type;
    return tag;
}

TEST(Calculation, FollowsItsInputsInTheSameCycle) {
    Plant plant({device_tag("a"), device_tag("b"), calculated("sum", "a + b")});
    SampleBatch batch;
    batch.add(0, 1.0);
    batch.add(1, 2.0);
    plant.deliver(batch);
    EXPECT_TRUE(plant.read("sum").value().identical(Value(3.0)));
    EXPECT_EQ(plant.read("sum").quality, QualityCode::good);
    plant.deliver(0, 5.0);
    EXPECT_TRUE(plant.read("sum").value().identical(Value(7.0)));
}

TEST(Calculation, IsEvaluatedInTheFirstCycleThoughNothingComes) {
    auto limit = memory_tag("limit");
    limit.initial = Value(80.0);
    Plant plant({limit, calculated("half", "limit / 2"), calculated("constant", "1 + 1", ValueType::int64)});
    plant.cycle();
    EXPECT_TRUE(plant.read("half").value().identical(Value(40.0)));
    EXPECT_EQ(plant.read("half").quality, QualityCode::uncertain_initial);
    EXPECT_TRUE(plant.read("constant").value().identical(Value(std::int64_t{2})));
    EXPECT_EQ(plant.read("constant").quality, QualityCode::good);
}

TEST(Calculation, GoesThroughAllLevelsInOneCycle) {
    // Named so that neither names nor ids are in the order of evaluation.
    Plant plant({calculated("a", "b + 1"), calculated("b", "c + 1"), calculated("c", "x * 2"), device_tag("x"),
                 calculated("d", "a + c + x")});
    plant.deliver(0, 10.0);
    EXPECT_TRUE(plant.read("a").value().identical(Value(22.0)));
    EXPECT_TRUE(plant.read("d").value().identical(Value(52.0)));
    (void)plant.changes();
    plant.deliver(0, 20.0);
    EXPECT_TRUE(plant.read("d").value().identical(Value(102.0)));
    EXPECT_EQ(plant.changes().size(), 5U);
}

// Against values that are computed anew from all inputs, with more of a kind than go at a time.
TEST(Calculation, OfManyIsRightAfterEveryCycle) {
    constexpr std::uint32_t kDeviceTags = 700;
    std::vector<std::string> texts;
    for (std::uint32_t i = 0; i < kDeviceTags; ++i) texts.push_back("x" + std::to_string(i));
    for (std::uint32_t i = 0; i < kDeviceTags; ++i) {
        texts.push_back("y" + std::to_string(i));
        texts.push_back("x" + std::to_string(i) + (i % 3 == 0 ? " + 2 * x" : " - x") + std::to_string((i + 1) % kDeviceTags));
        texts.push_back("z" + std::to_string(i));
        texts.push_back("y" + std::to_string(i) + " * y" + std::to_string((i * 7 + 1) % kDeviceTags));
    }
    std::vector<tags::TagDefinition> definitions;
    for (std::uint32_t i = 0; i < kDeviceTags; ++i) definitions.push_back(device_tag(texts[i]));
    for (std::uint32_t i = kDeviceTags; i < texts.size(); i += 2) definitions.push_back(calculated(texts[i], texts[i + 1]));
    Plant plant(definitions);

    std::mt19937 random(7);
    std::vector<double> x(kDeviceTags), y(kDeviceTags);
    for (int cycle = 0; cycle < 30; ++cycle) {
        SampleBatch batch;
        for (std::uint32_t i = 0; i < kDeviceTags; ++i) {
            if (cycle != 0 && random() % 5 != 0) continue;
            x[i] = static_cast<double>(random() % 100);
            batch.add(i, x[i]);
        }
        plant.deliver(batch);
        for (std::uint32_t i = 0; i < kDeviceTags; ++i) {
            const auto other = x[(i + 1) % kDeviceTags];
            y[i] = i % 3 == 0 ? x[i] + 2 * other : x[i] - other;
            ASSERT_TRUE(plant.read("y" + std::to_string(i)).value().identical(Value(y[i]))) << cycle;
        }
        for (std::uint32_t i = 0; i < kDeviceTags; ++i)
            ASSERT_TRUE(plant.read("z" + std::to_string(i)).value().identical(Value(y[i] * y[(i * 7 + 1) % kDeviceTags])))
                << cycle;
    }
}

TEST(Calculation, WithABadInputIsBadWithItsCauseAndKeepsTheLastValue) {
    Plant plant({device_tag("a"), calculated("twice", "a * 2")});
    plant.deliver(0, 4.0);
    SampleBatch bad;
    bad.add_bad(0, QualityCode::bad_timeout, "no answer within 1 s");
    plant.deliver(bad);
    EXPECT_EQ(plant.read("twice").quality, QualityCode::bad_timeout);
    EXPECT_EQ(plant.cause("twice"), "no answer within 1 s");
    EXPECT_TRUE(plant.read("twice").value().identical(Value(8.0)));
    plant.deliver(0, 4.0);
    EXPECT_EQ(plant.read("twice").quality, QualityCode::good);
    EXPECT_EQ(plant.cause("twice"), "");
}

TEST(Calculation, ThatIsNoNumberIsBadAndSaysSo) {
    Plant plant({device_tag("a"), calculated("inverse", "1 / a")});
    plant.deliver(0, 4.0);
    plant.deliver(0, 0.0);
    EXPECT_TRUE(is_bad(plant.read("inverse").quality));
    EXPECT_NE(plant.cause("inverse"), "");
    EXPECT_TRUE(plant.read("inverse").value().identical(Value(0.25)));
}

TEST(Calculation, BeforeThereIsAnythingIsBadWithACause) {
    Plant plant({device_tag("a"), calculated("before", "previous(a)")});
    plant.deliver(0, 4.0);
    EXPECT_TRUE(is_bad(plant.read("before").quality));
    EXPECT_EQ(plant.cause("before"), "the expression has no result yet");
    EXPECT_FALSE(plant.read("before").has_value);
    plant.deliver(0, 5.0);
    EXPECT_TRUE(plant.read("before").value().identical(Value(4.0)));
}

TEST(Calculation, OutsideTheRangeOfItsTagIsUncertain) {
    auto twice = calculated("twice", "a * 2");
    twice.range_high = 10;
    Plant plant({device_tag("a"), twice});
    plant.deliver(0, 6.0);
    EXPECT_EQ(plant.read("twice").quality, QualityCode::uncertain_range_exceeded);
    EXPECT_TRUE(plant.read("twice").value().identical(Value(12.0)));
}

TEST(Calculation, HasADeadbandLikeOtherTags) {
    auto twice = calculated("twice", "a * 2");
    twice.deadband_kind = tags::DeadbandKind::absolute;
    twice.deadband = 1;
    Plant plant({device_tag("a"), twice});
    plant.deliver(0, 5.0);
    plant.deliver(0, 5.4);
    EXPECT_TRUE(plant.read("twice").value().identical(Value(10.0)));
    plant.deliver(0, 5.6);
    EXPECT_TRUE(plant.read("twice").value().identical(Value(11.2)));
}

TEST(Calculation, IsConvertedToTheTypeOfItsTag) {
    Plant plant({device_tag("a"), calculated("rounded", "a * 2", ValueType::uint64)});
    plant.deliver(0, 2.2);
    EXPECT_TRUE(plant.read("rounded").value().identical(Value(std::uint64_t{4})));
    EXPECT_TRUE(plant.read("rounded").raw_value().identical(Value(std::uint64_t{4})));
    plant.deliver(0, -1.0);
    EXPECT_EQ(plant.read("rounded").quality, QualityCode::bad_out_of_range);
    EXPECT_EQ(plant.cause("rounded"), "the result does not fit the tag's type uint");
}

TEST(Calculation, MayBeAText) {
    Plant plant(
        {device_tag("on", ValueType::boolean), calculated("shown", "if on then 'runs' else 'stands'", ValueType::string)});
    plant.deliver(0, true);
    EXPECT_TRUE(plant.read("shown").value().identical(Value(std::string("runs"))));
    plant.deliver(0, false);
    EXPECT_TRUE(plant.read("shown").value().identical(Value(std::string("stands"))));
}

TEST(Calculation, HasTheSourceTimeOfItsNewestInput) {
    Plant plant({device_tag("a"), device_tag("b"), calculated("sum", "a + b")});
    SampleBatch batch;
    batch.add_word(0, word_of(1.0), QualityCode::good, kStartNs - 3'000);
    batch.add_word(1, word_of(2.0), QualityCode::good, kStartNs - 7'000);
    plant.deliver(batch);
    EXPECT_EQ(to_ns(plant.read("sum").time), kStartNs - 3'000);
}

TEST(Calculation, OfAnOldButGoodInputIsGood) {
    Plant plant({memory_tag("limit"), memory_tag("other"), calculated("sum", "limit + other")});
    plant.write("limit", Value(1.0));
    plant.write("other", Value(1.0));
    plant.advance(72h);
    plant.write("other", Value(2.0));
    EXPECT_EQ(plant.read("sum").quality, QualityCode::good);
}

TEST(Calculation, ComesBackWhenItsTimeIsOver) {
    Plant plant({device_tag("on", ValueType::boolean), calculated("late", "on_delay(on, 2s)", ValueType::boolean)});
    plant.deliver(0, true);
    EXPECT_TRUE(plant.read("late").value().identical(Value(false)));
    EXPECT_EQ(plant.cycle().due, plant.now.monotonic + 2s);
    plant.advance(1999ms);
    plant.cycle();
    EXPECT_TRUE(plant.read("late").value().identical(Value(false)));
    plant.advance(1ms);
    EXPECT_EQ(plant.cycle().due, MonotonicTime::max());
    EXPECT_TRUE(plant.read("late").value().identical(Value(true)));
    EXPECT_EQ(plant.read("late").time, plant.now.utc);
}

TEST(Calculation, ForgetsATimeThatIsNoLongerWanted) {
    Plant plant({device_tag("on", ValueType::boolean), calculated("late", "on_delay(on, 2s)", ValueType::boolean)});
    plant.deliver(0, true);
    plant.advance(1s);
    plant.deliver(0, false);
    EXPECT_EQ(plant.cycle().due, MonotonicTime::max());
    plant.advance(5s);
    plant.cycle();
    EXPECT_TRUE(plant.read("late").value().identical(Value(false)));
}

TEST(Calculation, KnowsTheFirstOfManyTimes) {
    std::vector<std::string> texts;
    for (int i = 0; i < 200; ++i) {
        texts.push_back("late" + std::to_string(i));
        texts.push_back("on_delay(on, " + std::to_string(1 + (i * 37) % 200) + "s)");
    }
    std::vector<tags::TagDefinition> definitions{device_tag("on", ValueType::boolean)};
    for (std::size_t i = 0; i < texts.size(); i += 2)
        definitions.push_back(calculated(texts[i], texts[i + 1], ValueType::boolean));
    Plant plant(definitions);
    plant.deliver(0, true);
    const auto begin = plant.now.monotonic;
    for (int second = 1; second <= 200; ++second) {
        plant.advance(1s);
        const auto due = plant.cycle().due;
        EXPECT_EQ(due, second == 200 ? MonotonicTime::max() : begin + std::chrono::seconds(second + 1));
        int are_true = 0;
        for (int i = 0; i < 200; ++i) are_true += plant.read(texts[static_cast<std::size_t>(2 * i)]).word != 0 ? 1 : 0;
        ASSERT_EQ(are_true, second);
    }
}

TEST(Calculation, SeesAnEdgeForOneCycle) {
    Plant plant({device_tag("on", ValueType::boolean), calculated("starts", "counter(rising(on), false)", ValueType::int64),
                 calculated("edge", "rising(on)", ValueType::boolean)});
    plant.deliver(0, false);
    plant.deliver(0, true);
    EXPECT_TRUE(plant.read("edge").value().identical(Value(true)));
    plant.cycle();
    EXPECT_TRUE(plant.read("edge").value().identical(Value(false)));
    plant.deliver(0, false);
    plant.deliver(0, true);
    EXPECT_TRUE(plant.read("starts").value().identical(Value(std::int64_t{2})));
}

TEST(Calculation, TakesNoWritesAndSaysWhatItIs) {
    Plant plant({device_tag("a"), calculated("twice", "a*2")});
    const auto answer = plant.write("twice", Value(1.0));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, WriteResult::refused);
    EXPECT_EQ(answer->code, ErrorCode::denied);
    EXPECT_EQ(answer->reason, "twice: it is calculated: a * 2");
}

TEST(Calculation, IsCapturedForTheArchive) {
    Plant plant({device_tag("a"), calculated("twice", "a * 2")});
    const auto twice = plant.id("twice");
    Capture capture(plant.engine.catalog().id_limit());
    plant.engine.set_capture(capture, [&](tags::TagId tag) { return tag == twice ? CaptureMode::changes : CaptureMode::off; });
    plant.deliver(0, 1.0);
    plant.deliver(0, 2.0);
    std::vector<double> seen;
    while (auto* block = capture.pop()) {
        for (std::uint32_t row = 0; row < block->count; ++row) {
            EXPECT_EQ(block->tag[row], twice);
            seen.push_back(double_of(block->word[row]));
        }
        capture.give_back(block);
    }
    EXPECT_EQ(seen, std::vector<double>({2.0, 4.0}));
}

TEST(Calculation, ThatIsFaultyStopsTheEngineFromBeingMade) {
    const auto why = [](const std::vector<tags::TagDefinition>& definitions) -> std::string {
        try {
            Engine engine(make_catalog(definitions));
        } catch (const std::invalid_argument& fault) {
            return fault.what();
        }
        return {};
    };
    EXPECT_TRUE(why({calculated("sum", "a + 1")}).starts_with("tag sum, expression \"a + 1\": "))
        << why({calculated("sum", "a + 1")});
    EXPECT_EQ(why({calculated("a", "b + 1"), calculated("b", "a + 1")}), "tag a, expression \"b + 1\": it uses itself");
}

}  // namespace
}  // namespace penstock::engine
