#include "plugins/drivers/modbus/address.hpp"

#include <gtest/gtest.h>

namespace penstock::modbus {
namespace {

Address good(std::string_view text) {
    const auto parsed = parse_address(text);
    EXPECT_TRUE(parsed.has_value()) << text << ": " << (parsed ? "" : parsed.error().text());
    return parsed ? parsed->address : Address{};
}

std::string refusal(std::string_view text) {
    const auto parsed = parse_address(text);
    EXPECT_FALSE(parsed.has_value()) << text;
    return parsed ? std::string() : parsed.error().sentence();
}

TEST(ModbusAddress, NamesTablesByWordOrByClassicNumber) {
    EXPECT_EQ(good("holding:100").table, Table::holding_registers);
    EXPECT_EQ(good("input:0").table, Table::input_registers);
    EXPECT_EQ(good("coil:5").table, Table::coils);
    EXPECT_EQ(good("discrete:7").table, Table::discrete_inputs);
    EXPECT_EQ(good("400101"), good("holding:100"));
    EXPECT_EQ(good("40001"), good("holding:0"));
    EXPECT_EQ(good("30010:float32"), good("input:9:float32"));
    EXPECT_EQ(good("00017"), good("coil:16"));
    EXPECT_EQ(good("165536"), good("discrete:65535"));
}

TEST(ModbusAddress, KnowsTypesWidthsAndOrders) {
    EXPECT_EQ(good("holding:1").width, 1);
    EXPECT_EQ(good("holding:1:float32").width, 2);
    EXPECT_EQ(good("holding:1:uint64:dcba").width, 4);
    EXPECT_EQ(good("holding:1:uint64:dcba").order, Order::dcba);
    EXPECT_EQ(good("input:8:string20").width, 10);
    EXPECT_EQ(good("input:8:string5").width, 3);
    EXPECT_EQ(good("input:8:string5").elements, 5);
    EXPECT_EQ(parse_address("holding:1")->type, ValueType::uint64);
    EXPECT_EQ(parse_address("holding:1:int16")->type, ValueType::int64);
    EXPECT_EQ(parse_address("holding:1:float64")->type, ValueType::float64);
    EXPECT_EQ(parse_address("holding:1:string4")->type, ValueType::string);
}

TEST(ModbusAddress, ReadsBitsAndArrays) {
    EXPECT_EQ(good("holding:12.3").bit, 3);
    EXPECT_EQ(good("30001.15").bit, 15);
    EXPECT_EQ(parse_address("holding:12.3")->type, ValueType::boolean);
    EXPECT_EQ(good("input:40:int16[8]").width, 8);
    EXPECT_EQ(good("input:40:float32[8]").width, 16);
    EXPECT_EQ(parse_address("input:40:int16[8]")->type, ValueType::int64_array);
    EXPECT_EQ(good("holding:40[8]").width, 8);
    EXPECT_EQ(good("coil:0[16]").width, 16);
    EXPECT_EQ(parse_address("coil:0[16]")->type, ValueType::boolean_array);
    EXPECT_EQ(parse_address("coil:0[16]")->array_elements, 16U);
}

TEST(ModbusAddress, NamesAUnitBehindAGateway) {
    EXPECT_EQ(good("holding:100@3").unit, 3);
    EXPECT_TRUE(good("holding:100:float32:cdab@247").has_unit);
    EXPECT_FALSE(good("holding:100").has_unit);
}

TEST(ModbusAddress, SaysWhatCanBeWritten) {
    EXPECT_TRUE(parse_address("holding:1")->writable);
    EXPECT_TRUE(parse_address("coil:1")->writable);
    EXPECT_FALSE(parse_address("input:1")->writable);
    EXPECT_FALSE(parse_address("discrete:1")->writable);
}

TEST(ModbusAddress, RefusesWithASentence) {
    EXPECT_EQ(refusal("holding:70000"), "register number 70000 is beyond 65535");
    EXPECT_EQ(refusal("holdin:1"), "table \"holdin\" is unknown; wanted coil, discrete, input or holding, as in holding:100");
    EXPECT_EQ(refusal("holding:x"), "register number \"x\" is not a whole number");
    EXPECT_EQ(refusal("holding:1:float"),
              "type \"float\" is unknown; wanted int16, uint16, int32, uint32, int64, uint64, float32, float64 or string20");
    EXPECT_EQ(refusal("holding:1:int32:abdc"), "byte order \"abdc\" is unknown; wanted abcd, cdab, badc or dcba");
    EXPECT_EQ(refusal("holding:1.16"), "bit \"16\" is not a number from 0 to 15");
    EXPECT_EQ(refusal("500001"), "address \"500001\" starts with 5; wanted 0 (coil), 1 (discrete), 3 (input) or 4 (holding)");
    EXPECT_EQ(refusal("40000"), "number in \"40000\" is not from 1 to 65536; classic numbers count from 1");
    EXPECT_EQ(refusal("holding:1@256"), "unit \"256\" is not a number from 0 to 255");
    EXPECT_EQ(refusal("holding:65535:int32"), "the value reaches beyond register 65535: it starts at 65535 and is 2 wide");
    EXPECT_EQ(refusal("input:0:float64[40]"), "an array of 160 registers does not fit one request of 125");
    for (const auto text : {"", "holding", "holding:", "holding:1:", "holding:1::", "holding:1:int16:abcd:x", "coil:1:int16",
                            "coil:1.2", "4", "4000001", "holding:-1", "holding:1[0]", "holding:1[", "holding:1:string0",
                            "holding:1:string251", "holding:1.1:int32", "holding:1:string4[2]", "@", "holding:1@"})
        EXPECT_FALSE(refusal(text).empty()) << text;
}

}  // namespace
}  // namespace penstock::modbus
