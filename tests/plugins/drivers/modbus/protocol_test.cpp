#include "plugins/drivers/modbus/protocol.hpp"

#include <gtest/gtest.h>

#include <random>

namespace penstock::modbus {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> result;
    for (const int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}
std::vector<std::byte> bytes(const Frame& frame) { return {frame.view().begin(), frame.view().end()}; }

// Requests and replies as printed in the specification (V1.1b3), behind the MBAP header.
TEST(ModbusProtocol, MakesTheRequestsOfTheSpecification) {
    EXPECT_EQ(bytes(make_read(1, 17, Function::read_holding_registers, 0x6B, 3)),
              bytes({0, 1, 0, 0, 0, 6, 17, 3, 0, 0x6B, 0, 3}));  // 6.3
    EXPECT_EQ(bytes(make_read(2, 1, Function::read_coils, 0x13, 0x13)),
              bytes({0, 2, 0, 0, 0, 6, 1, 1, 0, 0x13, 0, 0x13}));          // 6.1
    EXPECT_EQ(bytes(make_write_coil(3, 1, 0xAC, true)), bytes({0, 3, 0, 0, 0, 6, 1, 5, 0, 0xAC, 0xFF, 0}));  // 6.5
    EXPECT_EQ(bytes(make_write_register(4, 1, 1, 3)), bytes({0, 4, 0, 0, 0, 6, 1, 6, 0, 1, 0, 3}));  // 6.6
    EXPECT_EQ(bytes(make_write_coils(5, 1, 0x13, 10, bytes({0xCD, 0x01}))),
              bytes({0, 5, 0, 0, 0, 9, 1, 15, 0, 0x13, 0, 10, 2, 0xCD, 1}));  // 6.11
    EXPECT_EQ(bytes(make_write_registers(6, 1, 1, bytes({0, 10, 1, 2}))),
              bytes({0, 6, 0, 0, 0, 11, 1, 16, 0, 1, 0, 2, 4, 0, 10, 1, 2}));  // 6.12
}

TEST(ModbusProtocol, ReadsTheRepliesOfTheSpecification) {
    const auto request = make_read(1, 17, Function::read_holding_registers, 0x6B, 3);
    const auto pdu = bytes({3, 6, 2, 0x2B, 0, 0, 0, 0x64});
    const auto reply = parse_reply(request, pdu);
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->exception, 0);
    EXPECT_EQ(std::vector(reply->data.begin(), reply->data.end()), bytes({2, 0x2B, 0, 0, 0, 0x64}));

    const auto exception = parse_reply(request, bytes({0x83, 2}));
    ASSERT_TRUE(exception.has_value());
    EXPECT_EQ(exception->exception, 2);
    EXPECT_EQ(exception_text(2), "illegal data address");
}

TEST(ModbusProtocol, BelievesNoReplyToAnotherRequest) {
    const auto read = make_read(1, 1, Function::read_holding_registers, 0, 2);
    const auto believed = [&](const Frame& request, std::initializer_list<int> pdu) {
        const auto data = bytes(pdu);
        return parse_reply(request, data).has_value();
    };
    EXPECT_TRUE(believed(read, {3, 4, 0, 1, 0, 2}));
    EXPECT_FALSE(believed(read, {4, 4, 0, 1, 0, 2}));  // another function
    EXPECT_FALSE(believed(read, {3, 2, 0, 1}));  // fewer registers
    EXPECT_FALSE(believed(read, {3, 6, 0, 1, 0, 2, 0, 3}));  // more
    EXPECT_FALSE(believed(read, {3, 4, 0, 1, 0}));  // cut
    EXPECT_FALSE(believed(read, {3, 4, 0, 1, 0, 2, 0}));  // longer than it says
    EXPECT_FALSE(believed(read, {0x84, 2}));  // exception of another function
    EXPECT_FALSE(believed(read, {0x83}));
    EXPECT_FALSE(believed(read, {0x83, 0}));
    EXPECT_FALSE(believed(read, {}));
    const auto write = make_write_register(1, 1, 7, 9);
    EXPECT_TRUE(believed(write, {6, 0, 7, 0, 9}));
    EXPECT_FALSE(believed(write, {6, 0, 7, 0, 8}));
    EXPECT_FALSE(believed(write, {6, 0, 8, 0, 9}));
}

TEST(ModbusProtocol, RefusesHeadersThatNoDeviceSends) {
    const auto header = [](std::initializer_list<int> values) {
        const auto data = bytes(values);
        return parse_header(std::span<const std::byte, kHeaderBytes>(data.data(), kHeaderBytes));
    };
    ASSERT_TRUE(header({1, 2, 0, 0, 0, 5, 9}).has_value());
    EXPECT_EQ(header({1, 2, 0, 0, 0, 5, 9})->transaction, 0x0102);
    EXPECT_EQ(header({1, 2, 0, 0, 0, 5, 9})->pdu_bytes, 4);
    EXPECT_EQ(header({1, 2, 0, 0, 0, 5, 9})->unit, 9);
    EXPECT_FALSE(header({1, 2, 0, 1, 0, 5, 9}).has_value());  // not Modbus
    EXPECT_FALSE(header({1, 2, 0, 0, 0, 1, 9}).has_value());  // no function
    EXPECT_FALSE(header({1, 2, 0, 0, 0, 255, 9}).has_value());
    EXPECT_TRUE(header({1, 2, 0, 0, 0, 254, 9}).has_value());
}

TEST(ModbusProtocol, SurvivesAnyBytesAsAReply) {
    std::mt19937 random(1);
    const auto request = make_read(1, 1, Function::read_holding_registers, 0, 2);
    int believed = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::vector<std::byte> pdu(random() % 12);
        for (auto& byte : pdu) byte = static_cast<std::byte>(random());
        const auto reply = parse_reply(request, pdu);
        if (reply && reply->exception == 0) EXPECT_EQ(reply->data.size(), 4U), ++believed;
    }
    EXPECT_LT(believed, 100);
}

}  // namespace
}  // namespace penstock::modbus
