// The main job against a Modbus server that we did not write: pymodbus holds the registers, mbpoll looks over our shoulder.

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using ::testing::HasSubstr;

std::string tag(std::string_view name, std::string_view address, std::string_view more = "") {
    return R"({"name": ")" + std::string(name) + R"(", "device": "plc1", "address": ")" + std::string(address) + "\""
           + std::string(more) + "}";
}

std::vector<std::pair<std::string, std::string>> site(const ModbusPeer& peer, const std::vector<std::string>& tags,
                                                      std::string_view device = "") {
    std::string list;
    for (const auto& one : tags) list += (list.empty() ? "" : ",\n") + one;
    return {
        {"site.json",
         R"({"format": 1, "name": "Test", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {"driver.modbus": {}}})"},
        {"devices/plc1.json", R"({"driver": "modbus", "endpoint": ")" + peer.endpoint()
                                  + R"(", "timeout_ms": 500, "scan_classes": {"fast": "50ms"})" + std::string(device) + "}"},
        {"tags/tags.json", R"({"tags": [)" + list + "]}"}};
}

constexpr std::string_view kWritable = R"(, "access": "read_write")";

// What mbpoll reads of one holding register of unit 1.
std::string mbpoll(const ModbusPeer& peer, int address) {
    const auto result = run({"mbpoll", "-m", "tcp", "-p", std::to_string(peer.port()), "-a", "1", "-r",
                             std::to_string(address + 1), "-c", "1", "-1", "127.0.0.1"});
    const auto at = result.out.find("]: \t");
    const auto end = result.out.find('\n', at);
    return at == std::string::npos ? result.out + result.err : result.out.substr(at + 4, end - at - 4);
}

TEST(ModbusPlant, ReadsARegisterOfASiteMadeByOneCommand) {
    const ModbusPeer peer;
    const auto plant = Plant::made_for(peer.endpoint());
    plant->start();
    ASSERT_TRUE(plant->becomes("plc1.h5", "good"));
    EXPECT_EQ(plant->read("plc1.h5")["value"], 105);
    EXPECT_THAT(plant->cli({"read", "plc1.h5"}).out, HasSubstr("105"));
    EXPECT_EQ(plant->stop(), 0);
}

TEST(ModbusPlant, ReadsEveryKindAndType) {
    const ModbusPeer peer;
    Plant plant(site(peer, {tag("h", "holding:7"),
                            tag("classic", "400008"),
                            tag("i", "input:9"),
                            tag("on", "coil:3"),
                            tag("off", "coil:4"),
                            tag("d", "discrete:5"),
                            tag("f32", "holding:200:float32"),
                            tag("f64", "holding:202:float64"),
                            tag("i64", "holding:206:int64"),
                            tag("u64", "holding:210:uint64"),
                            tag("nan", "holding:214:float32"),
                            tag("denormal", "holding:216:float64"),
                            tag("i32", "holding:220:int32"),
                            tag("swapped", "holding:222:float32:cdab"),
                            tag("text", "holding:224:string10"),
                            tag("i16", "holding:230:int16"),
                            tag("bit", "holding:231.3"),
                            tag("unit2", "holding:7@2"),
                            tag("array", "holding:0:uint16[3]"),
                            tag("bits", "coil:0[4]")}));
    plant.start();
    ASSERT_TRUE(plant.becomes("h", "good"));
    EXPECT_EQ(plant.read("h")["value"], 107);
    EXPECT_EQ(plant.read("classic")["value"], 107);
    EXPECT_EQ(plant.read("i")["value"], 5009);
    EXPECT_EQ(plant.read("on")["value"], true);
    EXPECT_EQ(plant.read("off")["value"], false);
    EXPECT_EQ(plant.read("d")["value"], true);
    EXPECT_EQ(plant.read("f32")["value"], 1.5);
    EXPECT_EQ(plant.cli({"read", "f64"}).out.find("-0") != std::string::npos, true);
    EXPECT_EQ(plant.read("i64")["value"].get<std::int64_t>(), 9007199254740993);
    EXPECT_EQ(plant.read("u64")["value"].get<std::uint64_t>(), 18446744073709551615U);
    EXPECT_EQ(plant.read("nan")["value"], "NaN");
    EXPECT_EQ(plant.read("denormal")["value"].get<double>(), 5e-324);
    EXPECT_EQ(plant.read("i32")["value"], -123456);
    EXPECT_EQ(plant.read("swapped")["value"], 1.5);
    EXPECT_EQ(plant.read("text")["value"], "Pumpe \xC3\xBC");
    EXPECT_EQ(plant.read("i16")["value"], -5);
    EXPECT_EQ(plant.read("bit")["value"], true);
    EXPECT_EQ(plant.read("unit2")["value"], 1107);
    EXPECT_EQ(plant.read("array")["value"], Json::parse("[100,101,102]"));
    EXPECT_EQ(plant.read("bits")["value"], Json::parse("[true,false,false,true]"));
}

TEST(ModbusPlant, WritesThatAnotherClientConfirms) {
    const ModbusPeer peer;
    Plant plant(site(
        peer, {tag("h", "holding:7", kWritable), tag("wide", "holding:10:uint32", kWritable),
               tag("bit", "holding:20.0", kWritable), tag("coil", "coil:1", kWritable), tag("coils", "coil:10[10]", kWritable),
               tag("fixed", "input:0"), tag("text", "holding:30:string4", kWritable),
               tag("scaled", "holding:40",
                   R"(, "access": "read_write", "type": "double", "scaling": {"raw": [0, 1000], "eng": [0, 10]})")}));
    plant.start();
    ASSERT_TRUE(plant.becomes("h", "good"));

    EXPECT_EQ(plant.json({"write", "h", "4711"}), Json::parse(R"({"tag": "h", "outcome": "done", "reason": ""})"));
    EXPECT_EQ(mbpoll(peer, 7), "4711");
    EXPECT_TRUE(eventually([&] { return plant.read("h")["value"] == 4711; }));

    EXPECT_EQ(plant.cli({"write", "wide", "65539"}).code, 0);
    EXPECT_EQ(mbpoll(peer, 10), "1");
    EXPECT_EQ(mbpoll(peer, 11), "3");
    EXPECT_EQ(plant.cli({"write", "bit", "true"}).code, 0);
    EXPECT_EQ(mbpoll(peer, 20), "121");  // 120 with bit 0
    EXPECT_EQ(plant.cli({"write", "coil", "true"}).code, 0);
    EXPECT_TRUE(eventually([&] { return plant.read("coil")["value"] == true; }));
    EXPECT_EQ(plant.cli({"write", "coils", "[true,false,true,false,true,false,true,false,true,true]"}).code, 0);
    EXPECT_TRUE(eventually([&] {
        return plant.read("coils")["value"] == Json::parse("[true,false,true,false,true,false,true,false,true,true]");
    }));
    EXPECT_EQ(plant.cli({"write", "text", "Auf"}).code, 0);
    EXPECT_TRUE(eventually([&] { return plant.read("text")["value"] == "Auf"; }));
    EXPECT_EQ(plant.cli({"write", "scaled", "2.5"}).code, 0);
    EXPECT_EQ(mbpoll(peer, 40), "250");

    const auto refused = plant.cli({"write", "fixed", "1"});
    EXPECT_EQ(refused.code, 1);
    const auto too_large = plant.cli({"write", "h", "70000"});
    EXPECT_EQ(too_large.code, 1);
    EXPECT_THAT(too_large.out + too_large.err, HasSubstr("70000"));
    EXPECT_EQ(mbpoll(peer, 7), "4711");
}

TEST(ModbusPlant, P7_TellsWhenTheDeviceFreezesDiesAndComesBack) {
    ModbusPeer peer;
    Plant plant(site(peer, {tag("h", "holding:7")}));
    plant.start();
    ASSERT_TRUE(plant.becomes("h", "good"));

    peer.freeze();
    ASSERT_TRUE(plant.becomes("h", "bad", Seconds(5)));
    EXPECT_THAT(plant.read("h")["cause"].get<std::string>(), HasSubstr("500 ms"));
    EXPECT_EQ(plant.read("h")["value"], 107);  // the last value stays, marked bad
    const auto explained = plant.cli({"explain", "h"}).out;
    EXPECT_THAT(explained, HasSubstr(peer.endpoint()));
    EXPECT_THAT(explained, HasSubstr("holding:7"));

    peer.go_on();
    EXPECT_TRUE(plant.becomes("h", "good", Seconds(4)));  // the target is 2 s; a busy machine gets twice that

    peer.kill();
    ASSERT_TRUE(plant.becomes("h", "bad", Seconds(5)));
    peer.restart();
    EXPECT_TRUE(plant.becomes("h", "good", Seconds(5)));
    std::printf("row P7: 2 outages of a server that is not ours\n");
}

TEST(ModbusPlant, FindsAHoleAndALimitAndLosesOnlyTheTagsInTheHole) {
    const ModbusPeer peer;
    std::vector<std::string> tags{tag("reads", "input:0@3")};
    for (int i = 0; i < 200; ++i) tags.push_back(tag("h" + std::to_string(i), "holding:" + std::to_string(i) + "@3"));
    Plant plant(site(peer, tags));
    plant.start();
    ASSERT_TRUE(plant.becomes("h199", "good"));
    ASSERT_TRUE(plant.becomes("h45", "bad"));
    EXPECT_THAT(plant.read("h45")["cause"].get<std::string>(), HasSubstr("illegal data address 45"));

    const auto all = plant.json({"read", "h0", "h39", "h40", "h49", "h50", "h199"});
    ASSERT_EQ(all.size(), 6U);
    EXPECT_EQ(all[0]["value"], 100);
    EXPECT_EQ(all[1]["quality"], "good");
    EXPECT_EQ(all[2]["quality"], "bad");
    EXPECT_EQ(all[3]["quality"], "bad");
    EXPECT_EQ(all[4]["value"], 150);
    EXPECT_EQ(all[5]["value"], 299);

    // Once the device is known, a cycle takes 4 reads: 0-39, 50-109, 110-169, 170-199. The peer validates each once.
    const auto device_reads = [&] { return plant.json({"status"})["devices"][0]["reads"].get<std::uint64_t>(); };
    const auto cycles_before = device_reads();
    ASSERT_TRUE(eventually([&] { return device_reads() > cycles_before + 20; }));  // has learned by now
    const auto cycles = device_reads();
    const auto asked = plant.read("reads")["value"].get<int>();
    ASSERT_TRUE(eventually([&] { return device_reads() > cycles + 20; }));
    const auto asked_later = plant.read("reads")["value"].get<int>();
    const auto cycles_later = device_reads();
    EXPECT_LE(asked_later - asked, 4 * static_cast<int>(cycles_later - cycles + 1));
}

}  // namespace
}  // namespace penstock::testing
