// Writes: what is refused, what the device is told, who answers.

#include <cmath>
#include <limits>

#include "core/engine/write_check.hpp"
#include "tests/core/engine/plant.hpp"

namespace penstock::engine {
namespace {

class Writing : public testing::Test {
protected:
    // What the device is told for this value, or the refusal.
    static Result<Value> native(const tags::TagDefinition& tag, const Value& value) {
        const auto catalog = make_catalog({tag});
        return to_native(catalog->view(0), value);
    }
    static std::string refusal(const tags::TagDefinition& tag, const Value& value) {
        const auto result = native(tag, value);
        EXPECT_FALSE(result);
        return result ? "" : result.error().text();
    }
};

TEST_F(Writing, RefusesATagThatIsReadOnly) {
    auto tag = setpoint();
    tag.access = tags::Access::read;
    const auto result = native(tag, Value(1.0));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::denied);
    EXPECT_EQ(result.error().text(), "setpoint: the tag is read-only");
}

TEST_F(Writing, ConvertsWhatLosesNothing) {
    EXPECT_TRUE(native(setpoint(), Value(5))->identical(Value(5.0)));
    EXPECT_TRUE(native(setpoint(), Value("2.5"))->identical(Value(2.5)));
    EXPECT_TRUE(native(setpoint(ValueType::int64), Value(5.0))->identical(Value(5)));
    EXPECT_TRUE(native(setpoint(ValueType::uint64), Value("18446744073709551615"))->identical(Value(UINT64_MAX)));
    EXPECT_TRUE(native(setpoint(ValueType::boolean), Value("true"))->identical(Value(true)));
    EXPECT_TRUE(native(setpoint(ValueType::string), Value("12"))->identical(Value("12")));
    EXPECT_TRUE(native(setpoint(ValueType::uint64, ValueType::float64), Value(7.0))->identical(Value(7U)));
}

TEST_F(Writing, RefusesWhatWouldLoseSomething) {
    EXPECT_NE(refusal(setpoint(ValueType::int64), Value(5.5)).find("setpoint: "), std::string::npos);
    EXPECT_NE(refusal(setpoint(), Value("fast")), "");
    EXPECT_NE(refusal(setpoint(), Value((std::int64_t{1} << 53) + 1)), "");
    EXPECT_NE(refusal(setpoint(ValueType::uint64), Value(-1)), "");
    EXPECT_NE(refusal(setpoint(), Value()), "");
    EXPECT_NE(refusal(setpoint(ValueType::uint64, ValueType::float64), Value(7.5)).find("the device's type is uint"),
              std::string::npos);
}

TEST_F(Writing, RefusesValuesOutsideTheRange) {
    auto tag = setpoint();
    tag.range_low = 0;
    tag.range_high = 6;
    tag.unit = "m";
    EXPECT_EQ(refusal(tag, Value(6.5)), "setpoint: 6.5 is outside the range 0 to 6 m");
    EXPECT_NE(refusal(tag, Value(std::nan(""))), "");
    EXPECT_TRUE(native(tag, Value(6.0)));
    tag.range_low = std::nan("");
    EXPECT_EQ(refusal(tag, Value("7")), "setpoint: 7 is outside the range at most 6 m");
}

TEST_F(Writing, UndoesTheScalingAndRoundsToNearest) {
    auto tag = setpoint(ValueType::uint64, ValueType::float64);
    tag.scaling = tags::Scaling{0, 27648, 0, 6, false};
    EXPECT_TRUE(native(tag, Value(3.0))->identical(Value(13824U)));
    EXPECT_TRUE(native(tag, Value(0.0001))->identical(Value(0U)));
    EXPECT_TRUE(native(tag, Value(0.00012))->identical(Value(1U)));
    EXPECT_TRUE(native(tag, Value(6.0))->identical(Value(27648U)));
}

TEST_F(Writing, OfEveryRawValueIsReadBackTheSame) {
    auto tag = setpoint(ValueType::int64, ValueType::float64);
    tag.scaling = tags::Scaling{-3, 27648, 0.1, -6.3, false};
    Plant plant({tag});
    for (std::int64_t raw = -3; raw <= 27648; raw += 7) {
        plant.deliver(0, raw);
        const auto back = to_native(plant.engine.catalog().view(0), plant.read("setpoint").value());
        ASSERT_TRUE(back) << back.error().text();
        EXPECT_TRUE(back->identical(Value(raw)));
    }
}

TEST_F(Writing, RefusesWhatOverflowsTheDevicesType) {
    auto tag = setpoint(ValueType::uint64, ValueType::float64);
    tag.scaling = tags::Scaling{0, 100, 0, 10, false};
    EXPECT_EQ(refusal(tag, Value(-1.0)), "setpoint: -1 would be the raw value -10, which does not fit the device's type uint");
    EXPECT_NE(refusal(tag, Value(1e300)), "");
    EXPECT_NE(refusal(tag, Value(std::nan(""))), "");
    tag.native_type = ValueType::int64;
    EXPECT_NE(refusal(tag, Value(9.3e17)), "");
}

TEST_F(Writing, RefusesWhatTheClampWouldNeverShow) {
    auto tag = setpoint(ValueType::uint64, ValueType::float64);
    tag.scaling = tags::Scaling{0, 100, 0, 10, true};
    EXPECT_EQ(refusal(tag, Value(11.0)), "setpoint: 11 is outside the scaling's 0 to 10");
}

TEST_F(Writing, RefusesTextsAndArraysThatAreTooLong) {
    EXPECT_TRUE(native(setpoint(ValueType::string), Value(std::string(kMaxValueBytes, 'x'))));
    EXPECT_NE(
        refusal(setpoint(ValueType::string), Value(std::string(kMaxValueBytes + 1, 'x'))).find("65537 bytes, at most 65536"),
        std::string::npos);
}

TEST_F(Writing, GoesToTheDeviceAndAnswersWhenItAnswers) {
    Plant plant({device_tag("other"), setpoint()});
    Device device;
    plant.engine.set_writer(0, &device);
    std::vector<WriteAnswer> answers;
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(
            plant.engine.post({plant.id("setpoint"), Value(i), [&](WriteAnswer a) { answers.push_back(std::move(a)); }}));
    }
    plant.cycle();
    ASSERT_EQ(device.waiting.size(), 3U);
    EXPECT_TRUE(answers.empty());
    EXPECT_EQ(device.items[0], 1U);
    EXPECT_TRUE(device.values[2].identical(Value(2.0))) << "in order";
    device.waiting[0](WriteOutcome::done());
    device.waiting[1](WriteOutcome::refused("exception 3 (illegal data value)"));
    device.waiting[2](WriteOutcome::unknown("the link broke before the answer"));
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].outcome, WriteResult::done);
    EXPECT_EQ(answers[1].outcome, WriteResult::refused);
    EXPECT_EQ(answers[1].reason, "exception 3 (illegal data value)");
    EXPECT_EQ(answers[2].outcome, WriteResult::unknown);
    EXPECT_EQ(answers[2].code, ErrorCode::unknown_outcome);
    EXPECT_FALSE(plant.read("setpoint").value().has_value()) << "nothing is shown as changed because it was asked for";
}

TEST_F(Writing, AnswersUnknownWhenTheDeviceForgets) {
    Plant plant({setpoint()});
    Device device;
    plant.engine.set_writer(0, &device);
    std::optional<WriteAnswer> answer;
    ASSERT_TRUE(plant.engine.post({0, Value(1.0), [&](WriteAnswer a) { answer = std::move(a); }}));
    plant.cycle();
    device.waiting.clear();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, WriteResult::unknown);
}

TEST_F(Writing, IsRefusedWhileTheDeviceIsNotRunning) {
    Plant plant({setpoint()});
    const auto answer = plant.write("setpoint", Value(1.0));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->code, ErrorCode::disconnected);
    EXPECT_EQ(answer->reason, "the device \"plc\" is not running");
}

TEST_F(Writing, ToAMemoryTagTakesEffectAtOnce) {
    Plant plant({memory_tag("note", ValueType::string), memory_tag("limit")});
    plant.advance(1s);
    EXPECT_EQ(plant.write("limit", Value("2.5"))->outcome, WriteResult::done);
    EXPECT_EQ(plant.write("note", Value("filter 2 is being washed"))->outcome, WriteResult::done);
    EXPECT_TRUE(plant.read("limit").value().identical(Value(2.5)));
    EXPECT_TRUE(plant.read("note").value().identical(Value("filter 2 is being washed")));
    EXPECT_EQ(plant.read("limit").quality, QualityCode::good);
    EXPECT_EQ(plant.read("limit").time, plant.now.utc);
    EXPECT_EQ(plant.engine.counters().tags_bad, 0U);
    EXPECT_EQ(plant.changes().size(), 2U);
    EXPECT_EQ(plant.write("limit", Value("x"))->outcome, WriteResult::refused);
}

TEST_F(Writing, ToATagThatIsGoneIsRefused) {
    Plant plant({setpoint()});
    std::optional<WriteAnswer> answer;
    ASSERT_TRUE(plant.engine.post({77, Value(1.0), [&](WriteAnswer a) { answer = std::move(a); }}));
    plant.cycle();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->code, ErrorCode::not_found);
}

TEST_F(Writing, IsRefusedWithASentenceWhenTheQueueIsFull) {
    int answers = 0;  // outlives the plant, whose end answers what waits
    Plant plant({memory_tag("limit")}, {}, {.command_capacity = 2});
    const auto post = [&] { return plant.engine.post({0, Value(1.0), [&](WriteAnswer) { ++answers; }}); };
    ASSERT_TRUE(post());
    ASSERT_TRUE(post());
    const auto third = post();
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code(), ErrorCode::unavailable);
    EXPECT_TRUE(third.error().retryable());
    EXPECT_EQ(third.error().sentence(), "2 commands are waiting already; try again");
    plant.cycle();
    EXPECT_EQ(answers, 2);
    EXPECT_TRUE(post()) << "there is room again";
    EXPECT_EQ(plant.engine.counters().commands_refused, 1U);
}

TEST_F(Writing, IsAnsweredWhenTheEngineGoesAway) {
    std::optional<WriteAnswer> answer;
    {
        Plant plant({memory_tag("limit")});
        ASSERT_TRUE(plant.engine.post({0, Value(1.0), [&](WriteAnswer a) { answer = std::move(a); }}));
    }
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, WriteResult::refused);
    EXPECT_EQ(answer->reason, "the server is stopping");
}

}  // namespace
}  // namespace penstock::engine
