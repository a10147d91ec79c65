#include "core/client/screen_model.hpp"

#include <bit>
#include <limits>

#include <gtest/gtest.h>

#include "tests/core/client/fake_session.hpp"

namespace penstock::client {
namespace {

using testing::known_tag;

constexpr std::string_view kScreen = R"({"title": "Tanks", "size": [1280, 774], "widgets": [
    {"id": "level", "type": "value", "x": 10, "y": 20, "width": 100, "height": 44, "properties": {"decimals": 2}, "bindings": {"value": "tank.level"}},
    {"id": "tank", "type": "tank", "x": 10, "y": 80, "width": 100, "height": 300, "bindings": {"level": "tank.level", "setpoint": "tank.setpoint"}}]})";

constexpr MonotonicTime kStart = monotonic_from_ns(1'000'000'000);

class ScreenModelTest : public ::testing::Test {
protected:
    ScreenModelTest() : model(ScreenModel::parse("tanks", kScreen).value()) {
        SubscribeReply reply;
        reply.tags = {known_tag("tank.level"), known_tag("tank.setpoint")};
        model.apply(reply);
    }
    void update(std::uint32_t tag, Value value, MonotonicTime now = kStart) {
        LatestUpdate update;
        update.index = {tag};
        update.value = {std::move(value)};
        update.quality = {QualityCode::good};
        update.time = {1};
        update.cause = {""};
        model.apply(update, now);
    }
    static WriteReply answer(WriteResult outcome, std::string reason = {}) {
        WriteReply reply;
        auto& item = reply.items.emplace_back();
        item.outcome = outcome;
        item.reason = std::move(reason);
        return reply;
    }
    const StationWrite& write() const { return model.tags()[1].write; }
    ScreenModel model;
};

TEST_F(ScreenModelTest, SubscribesEachTagOnce) {
    EXPECT_EQ(model.subscription().tags, (std::vector<std::string>{"tank.level", "tank.setpoint"}));
    EXPECT_EQ(model.binding(model.widgets()[0], "value"), 0U);
    EXPECT_EQ(model.binding(model.widgets()[1], "level"), 0U);
    EXPECT_EQ(model.binding(model.widgets()[1], "setpoint"), 1U);
    EXPECT_EQ(model.binding(model.widgets()[1], "value"), std::nullopt);
}

TEST_F(ScreenModelTest, KeepsExtremeValuesUnharmed) {
    for (const Value& value :
         {Value(std::int64_t{9'007'199'254'740'993}), Value(std::numeric_limits<std::uint64_t>::max()), Value(-0.0),
          Value(5e-324), Value(std::numeric_limits<double>::quiet_NaN()), Value(std::string(255, 'x')), Value("höhe")}) {
        update(0, value);
        EXPECT_TRUE(model.tags()[0].value.identical(value)) << value.text();
    }
}

TEST_F(ScreenModelTest, GrowsItsVersionWithEveryChangeAndOnlyThen) {
    const auto before = model.version();
    update(0, 4.2);
    EXPECT_GT(model.version(), before);
    const auto after = model.version();
    model.apply(LatestUpdate(), kStart);
    model.tick(kStart);
    EXPECT_EQ(model.version(), after);
}

TEST_F(ScreenModelTest, NamesATagThatTheServerDoesNotKnow) {
    SubscribeReply reply;
    reply.tags = {SubscribedTag{.name = "tank.level"}, known_tag("tank.setpoint")};
    model.apply(reply);
    EXPECT_EQ(model.tags()[0].quality, QualityCode::bad_configuration);
    EXPECT_EQ(model.tags()[0].cause, "there is no tag \"tank.level\"");
}

TEST_F(ScreenModelTest, IgnoresAnUpdateOfATagThatItDoesNotHave) {
    update(7, 1.0);
    EXPECT_FALSE(model.tags()[0].value.has_value());
}

TEST_F(ScreenModelTest, ShowsAskedUntilTheConfirmedValueIsHere) {
    update(1, 4.0);
    model.write_asked(1, 4.5, kStart);
    EXPECT_EQ(write().state, abi::WriteState::asked);
    update(1, 4.1);
    EXPECT_EQ(write().state, abi::WriteState::asked) << "an old value on its way confirms nothing";
    model.write_answered(1, answer(WriteResult::done), kStart);
    EXPECT_EQ(write().state, abi::WriteState::asked) << "the device's value is still awaited";
    EXPECT_TRUE(model.tags()[1].value.identical(Value(4.1))) << "nothing is shown as changed because it was asked for";
    update(1, 4.5);
    EXPECT_EQ(write().state, abi::WriteState::none);
}

TEST_F(ScreenModelTest, ForgetsAConfirmedWriteWhoseValueNeverChanged) {
    model.write_asked(1, 4.5, kStart);
    model.write_answered(1, answer(WriteResult::done), kStart);
    const auto next = model.tick(kStart);
    ASSERT_TRUE(next);
    EXPECT_EQ(write().state, abi::WriteState::asked);
    EXPECT_EQ(model.tick(*next), std::nullopt);
    EXPECT_EQ(write().state, abi::WriteState::none);
}

TEST_F(ScreenModelTest, ShowsARefusalForAWhile) {
    model.write_asked(1, 4.5, kStart);
    model.write_answered(1, answer(WriteResult::refused, "in local operation"), kStart);
    EXPECT_EQ(write().state, abi::WriteState::refused);
    EXPECT_EQ(write().reason, "in local operation");
    const auto next = model.tick(kStart + 1s);
    ASSERT_TRUE(next);
    model.tick(*next);
    EXPECT_EQ(write().state, abi::WriteState::none);
}

TEST_F(ScreenModelTest, TellsUnknownFromRefused) {
    model.write_asked(1, 4.5, kStart);
    model.write_answered(1, fail(ErrorCode::unknown_outcome, "the connection broke"), kStart);
    EXPECT_EQ(write().state, abi::WriteState::unknown);
    model.write_asked(1, 4.5, kStart);
    model.write_answered(1, fail(ErrorCode::denied, "you may not"), kStart);
    EXPECT_EQ(write().state, abi::WriteState::refused);
    model.write_asked(1, 4.5, kStart);
    model.write_answered(1, WriteReply(), kStart);
    EXPECT_EQ(write().state, abi::WriteState::unknown);
}

TEST_F(ScreenModelTest, TrustsNothingAfterTheServerIsLost) {
    update(0, 4.2);
    model.link_lost("connection refused");
    EXPECT_TRUE(is_bad(model.tags()[0].quality));
    EXPECT_EQ(model.tags()[0].cause, "the server is lost: connection refused");
    EXPECT_TRUE(model.tags()[0].value.identical(Value(4.2))) << "the last value stays, as what it is";
    update(0, 4.3);
    EXPECT_EQ(model.tags()[0].quality, QualityCode::good);
}

TEST(ScreenModelParse, RefusesWhatIsNoScreen) {
    for (const auto* text :
         {"", "[]", "{", R"({"title": "x"})", R"({"size": [1]})", R"({"size": [0, 100]})", R"({"size": ["a", "b"]})"}) {
        const auto screen = ScreenModel::parse("broken", text);
        ASSERT_FALSE(screen) << text;
        EXPECT_EQ(screen.error().code(), ErrorCode::invalid_config);
        EXPECT_EQ(screen.error().where(), "screen broken");
    }
}

}  // namespace
}  // namespace penstock::client
