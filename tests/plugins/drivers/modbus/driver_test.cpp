#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <penstock/testing/driver_rig.hpp>

#include "tests/plugins/drivers/modbus/scripted_device.hpp"

namespace penstock::modbus {
namespace {

using testing::DriverRig;
using ::testing::HasSubstr;
using testing::ScriptedNetwork;

class ModbusDriver : public ::testing::Test {
protected:
    void begin(const std::vector<std::string>& addresses, std::string_view more = "") {
        network_.serve("tcp://plc:502", serve(device_));
        rig_ = std::make_unique<DriverRig>(
            DriverRig::plugin(network_, R"({"endpoint": "plc:502", "timeout_ms": 500)" + std::string(more) + "}"));
        ASSERT_TRUE(rig_->set_items(addresses));
        ASSERT_TRUE(rig_->connect());
    }
    std::size_t requests_of(const std::function<void()>& action) {
        const auto before = device_->requests.size();
        action();
        return device_->requests.size() - before;
    }
    static std::vector<std::string> registers(int from, int to) {
        std::vector<std::string> addresses;
        for (int i = from; i < to; ++i) addresses.push_back("holding:" + std::to_string(i));
        return addresses;
    }

    std::shared_ptr<ScriptedDevice> device_ = std::make_shared<ScriptedDevice>();
    ScriptedNetwork network_;
    std::unique_ptr<DriverRig> rig_;
};

class ModbusDriverWithAHole : public ModbusDriver, public ::testing::WithParamInterface<int> {};

TEST_P(ModbusDriverWithAHole, LosesOnlyTheTagsInTheHoleAndAsksFourTimesACycle) {
    device_->add_unit(1, 200, [](std::size_t i) { return static_cast<std::uint16_t>(1000 + i); });
    device_->most_registers = 60;
    device_->code_for_size = static_cast<std::uint8_t>(GetParam());
    device_->hole_from = 40;
    device_->hole_to = 50;
    begin(registers(0, 200));

    for (int cycle = 0; cycle < 12; ++cycle) {
        const auto result = rig_->read();
        ASSERT_TRUE(result.ok()) << result.sentence();
        for (ItemId id = 0; id < 200; ++id) {
            const auto* reading = result.find(id);
            ASSERT_NE(reading, nullptr);
            if (id >= 40 && id < 50) {
                EXPECT_TRUE(is_bad(reading->quality));
                EXPECT_EQ(reading->cause, "illegal data address " + std::to_string(id));
            } else {
                ASSERT_TRUE(is_good(reading->quality)) << id << ": " << reading->cause;
                EXPECT_TRUE(reading->value.identical(Value(1000U + id)));
            }
        }
    }
    EXPECT_LE(requests_of([&] { rig_->read(); }), 4U);
}
INSTANTIATE_TEST_SUITE_P(WhoseCodeForSizeIs, ModbusDriverWithAHole, ::testing::Values(2, 3));

TEST_F(ModbusDriver, TriesAHoleAgainAfterItsTime) {
    device_->add_unit(1, 10, [](std::size_t) { return std::uint16_t{7}; });
    device_->hole_from = 3;
    device_->hole_to = 4;
    begin(registers(0, 10), R"(, "hole_retry_s": 60)");
    ASSERT_TRUE(is_bad(rig_->read().find(3)->quality));
    device_->hole_to = device_->hole_from;
    EXPECT_TRUE(is_bad(rig_->read().find(3)->quality));
    network_.run_for(61s);
    EXPECT_TRUE(is_good(rig_->read().find(3)->quality));
}

TEST_F(ModbusDriver, LearnsAGapThatCannotBeReadAcross) {
    device_->add_unit(1, 60, [](std::size_t i) { return static_cast<std::uint16_t>(i); });
    device_->hole_from = 20;
    device_->hole_to = 30;
    begin({"holding:10", "holding:40", "holding:45"});
    const auto first = rig_->read();
    for (ItemId id = 0; id < 3; ++id) EXPECT_TRUE(is_good(first.find(id)->quality));
    EXPECT_EQ(requests_of([&] { rig_->read(); }), 2U);
}

TEST_F(ModbusDriver, KeepsTheOtherUnitsOfAGatewayWhenOneIsSilent) {
    device_->add_unit(1, 10, [](std::size_t) { return std::uint16_t{1}; });
    begin({"holding:0@1", "holding:0@9"});
    const auto result = rig_->read();
    ASSERT_TRUE(result.ok()) << result.sentence();
    EXPECT_TRUE(is_good(result.find(0)->quality));
    EXPECT_EQ(result.find(1)->quality, QualityCode::bad_timeout);
    EXPECT_THAT(result.find(1)->cause, HasSubstr("unit 9"));
    // Meanwhile the silent one costs no further waiting.
    const auto start = network_.now();
    EXPECT_TRUE(rig_->read().ok());
    EXPECT_LT(network_.now() - start, 100ms);
    device_->add_unit(9, 10, [](std::size_t) { return std::uint16_t{2}; });
    network_.run_for(2s);
    EXPECT_TRUE(is_good(rig_->read().find(1)->quality));
}

TEST_F(ModbusDriver, GivesUpTheLinkWhenNobodyAnswers) {
    device_->add_unit(1, 10, [](std::size_t) { return std::uint16_t{1}; });
    begin({"holding:0"});
    network_.set_faults({.swallow_requests = true});
    const auto result = rig_->read();
    EXPECT_FALSE(result.ok());
    EXPECT_THAT(result.sentence(), HasSubstr("500 ms"));
}

TEST_F(ModbusDriver, NeverTakesALateReplyForThePresentOne) {
    device_->add_unit(1, 10, [](std::size_t i) { return static_cast<std::uint16_t>(100 + i); });
    device_->add_unit(2, 1, [](std::size_t) { return std::uint16_t{1}; });  // a second unit, so that a timeout keeps the link
    begin({"holding:3@1", "holding:0@2"}, R"(, "retries": 1)");
    network_.set_faults({.reply_delay = 700ms});  // each reply comes after its request was given up
    EXPECT_FALSE(rig_->read().ok());
    network_.set_faults({});
    ASSERT_TRUE(rig_->connect());
    device_->holding[1][3] = 555;
    const auto result = rig_->read();
    ASSERT_TRUE(result.ok()) << result.sentence();
    EXPECT_TRUE(result.find(0)->value.identical(Value(555U)));
}

TEST_F(ModbusDriver, ExplainsTheLastExchange) {
    device_->add_unit(1, 10, [](std::size_t) { return std::uint16_t{1}; });
    begin({"holding:2", "holding:5", "holding:12"});
    rig_->read();
    EXPECT_EQ(rig_->last_request(0), "read holding 2, unit 1");  // apart, to find out what is refused
    EXPECT_EQ(rig_->last_answer(0), "1 register");
    rig_->read();
    EXPECT_EQ(rig_->last_request(0), "read holding 2-5, unit 1");
    EXPECT_EQ(rig_->last_answer(0), "4 registers");
    EXPECT_EQ(rig_->last_answer(2), "exception 2: illegal data address");
}

TEST_F(ModbusDriver, WritesOneBitOfARegisterAndLeavesTheOthers) {
    device_->add_unit(1, 10, [](std::size_t) { return std::uint16_t{0x00F0}; });
    begin({"holding:2.0", "holding:2.4"});
    EXPECT_EQ(rig_->write(0, Value(true)).outcome, abi::Outcome::done);
    EXPECT_EQ(rig_->write(1, Value(false)).outcome, abi::Outcome::done);
    EXPECT_EQ(device_->holding[1][2], 0x00E1);
}

TEST_F(ModbusDriver, UsesTheFunctionsForManyWhereTheDeviceHasNoOther) {
    device_->add_unit(1, 10, [](std::size_t) { return std::uint16_t{0}; });
    begin({"holding:2"}, R"(, "always_write_multiple": true)");
    EXPECT_EQ(rig_->write(0, Value(9U)).outcome, abi::Outcome::done);
    EXPECT_EQ(device_->requests.back()[0], 16);
}

}  // namespace
}  // namespace penstock::modbus
