#include "plugins/drivers/modbus/registers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace penstock::modbus {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> result;
    for (const int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}

// The value that the bytes of a reply, beginning at the item's own address, hold.
Value decoded(std::string_view address_text, const std::vector<std::byte>& data) {
    const auto parsed = parse_address(address_text);
    const Item<Address> item{0, parsed->type, parsed->address};
    SampleBatch batch;
    decode(item, parsed->address.start, data, batch);
    const auto columns = batch.columns();
    EXPECT_EQ(columns.count, 1U);
    if (is_scalar_word(item.type)) return Value::from_word(item.type, columns.word[0]);
    const auto offset = columns.word[0] >> 32U;
    const auto length = columns.word[0] & 0xFFFF'FFFFU;
    return *Value::from_blob(item.type, columns.blob.view().substr(offset, length));
}

std::vector<std::byte> encoded(std::string_view address_text, const Value& value) {
    const auto result = encode_registers(parse_address(address_text)->address, value);
    EXPECT_TRUE(result.has_value());
    return result.value_or(std::vector<std::byte>{});
}

struct Case {
    std::string_view address;
    Value value;
    std::vector<std::byte> wire;
};

TEST(ModbusRegisters, HoldEveryTypeInEveryOrder) {
    const Case cases[] = {
        {"holding:0", Value(0x1234U), bytes({0x12, 0x34})},
        {"holding:0:uint16:badc", Value(0x1234U), bytes({0x34, 0x12})},
        {"holding:0:int16", Value(-2), bytes({0xFF, 0xFE})},
        {"holding:0:uint32", Value(0x01020304U), bytes({1, 2, 3, 4})},
        {"holding:0:uint32:cdab", Value(0x01020304U), bytes({3, 4, 1, 2})},
        {"holding:0:uint32:badc", Value(0x01020304U), bytes({2, 1, 4, 3})},
        {"holding:0:uint32:dcba", Value(0x01020304U), bytes({4, 3, 2, 1})},
        {"holding:0:int32", Value(-1), bytes({255, 255, 255, 255})},
        {"holding:0:float32", Value(1.5), bytes({0x3F, 0xC0, 0, 0})},
        {"holding:0:float32:cdab", Value(1.5), bytes({0, 0, 0x3F, 0xC0})},
        {"holding:0:float64", Value(-0.0), bytes({0x80, 0, 0, 0, 0, 0, 0, 0})},
        {"holding:0:float64:dcba", Value(1.0), bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x3F})},
        {"holding:0:uint64", Value(std::numeric_limits<std::uint64_t>::max()), bytes({255, 255, 255, 255, 255, 255, 255, 255})},
        {"holding:0:int64", Value((std::int64_t{1} << 53) + 1), bytes({0, 0x20, 0, 0, 0, 0, 0, 1})},
        {"holding:0:uint64:cdab", Value(0x0102030405060708U), bytes({7, 8, 5, 6, 3, 4, 1, 2})},
        {"holding:0:uint64:badc", Value(0x0102030405060708U), bytes({2, 1, 4, 3, 6, 5, 8, 7})},
        {"holding:0:string4", Value("Pump"), bytes({'P', 'u', 'm', 'p'})},
        {"holding:0:string4:badc", Value("Pump"), bytes({'u', 'P', 'p', 'm'})},
        {"holding:0:string5", Value("ab"), bytes({'a', 'b', 0, 0, 0, 0})},
        {"holding:0:uint16[2]", Value(std::vector<std::uint64_t>{1, 2}), bytes({0, 1, 0, 2})},
        {"holding:0:float32[2]", Value(std::vector<double>{1.5, -1.5}), bytes({0x3F, 0xC0, 0, 0, 0xBF, 0xC0, 0, 0})},
    };
    for (const auto& c : cases) {
        EXPECT_TRUE(decoded(c.address, c.wire).identical(c.value)) << c.address << ": " << decoded(c.address, c.wire).text();
        EXPECT_EQ(encoded(c.address, c.value), c.wire) << c.address;
    }
}

TEST(ModbusRegisters, KeepNanInfinityAndDenormals) {
    EXPECT_TRUE(std::isnan(decoded("holding:0:float32", bytes({0x7F, 0xC0, 0, 0})).as_double_or(0)));
    EXPECT_EQ(decoded("holding:0:float32", bytes({0xFF, 0x80, 0, 0})).text(), "-Infinity");
    EXPECT_TRUE(decoded("holding:0:float64", bytes({0, 0, 0, 0, 0, 0, 0, 1}))
                    .identical(Value(std::numeric_limits<double>::denorm_min())));
}

TEST(ModbusRegisters, HoldBits) {
    EXPECT_TRUE(decoded("holding:0.3", bytes({0, 8})).identical(Value(true)));
    EXPECT_TRUE(decoded("holding:0.4", bytes({0, 8})).identical(Value(false)));
    EXPECT_TRUE(decoded("holding:0.15", bytes({0x80, 0})).identical(Value(true)));
    EXPECT_TRUE(decoded("coil:0", bytes({1})).identical(Value(true)));
    EXPECT_TRUE(decoded("coil:0[10]", bytes({0xCD, 0x01}))
                    .identical(Value(std::vector<bool>{true, false, true, true, false, false, true, true, true, false})));
}

TEST(ModbusRegisters, FindTheirPlaceInALongerReply) {
    const auto parsed = parse_address("holding:12:uint32");
    const Item<Address> item{0, parsed->type, parsed->address};
    SampleBatch batch;
    decode(item, 10, bytes({9, 9, 9, 9, 0, 1, 0, 2, 9, 9}), batch);
    EXPECT_EQ(batch.columns().word[0], 0x00010002U);
}

TEST(ModbusRegisters, TakeForeignTextAsLatin1) {
    EXPECT_TRUE(decoded("holding:0:string4", bytes({'G', 0xFC, 't', 0})).identical(Value("G\xC3\xBCt")));
    EXPECT_TRUE(decoded("holding:0:string4", bytes({0xC3, 0xBC, 0, 0})).identical(Value("\xC3\xBC")));
}

TEST(ModbusRegisters, RefuseWhatDoesNotFit) {
    const auto refusal = [](std::string_view address, const Value& value) {
        const auto result = encode_registers(parse_address(address)->address, value);
        return result ? std::string() : result.error().sentence();
    };
    EXPECT_EQ(refusal("holding:0", Value(70000U)), "70000 does not fit uint16 (0 to 65535)");
    EXPECT_EQ(refusal("holding:0:int16", Value(-32769)), "-32769 does not fit int16 (-32768 to 32767)");
    EXPECT_EQ(refusal("holding:0:int32", Value(std::int64_t{1} << 31)),
              "2147483648 does not fit int32 (-2147483648 to 2147483647)");
    EXPECT_EQ(refusal("holding:0:float32", Value(1e39)), "1e+39 does not fit float32 (up to 3.4e38)");
    EXPECT_EQ(refusal("holding:0:string3", Value("four")), "the text has 4 bytes; the device takes 3");
    EXPECT_EQ(refusal("holding:0:uint16[2]", Value(std::vector<std::uint64_t>{1})),
              "the array has 1 elements; the device takes 2");
}

}  // namespace
}  // namespace penstock::modbus
