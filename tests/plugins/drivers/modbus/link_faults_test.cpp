// Rows P7 and P10 of the reliability catalogue for this driver: a link that goes away in any manner is noticed in time, and a write
// that it takes along has a true outcome and is sent once. (The same through the whole server: tests/system/plant.)

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <gtest/gtest.h>

#include <penstock/testing/driver_rig.hpp>

#include "tests/plugins/drivers/modbus/scripted_device.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::modbus {
namespace {

using testing::DriverRig;
using testing::LinkFaults;
using testing::ScriptedNetwork;

using penstock::testing::is_nightly;

class ModbusLink : public ::testing::Test {
protected:
    void SetUp() override {
        device_->add_unit(1, 10, [](std::size_t i) { return static_cast<std::uint16_t>(100 + i); });
        network_.serve("tcp://plc:502", serve(device_));
        rig_ = std::make_unique<DriverRig>(DriverRig::plugin(network_, R"({"endpoint": "plc:502", "timeout_ms": 500})"));
        ASSERT_TRUE(rig_->set_items({"holding:3", "holding:5.0", "coil:4", "holding:6:uint32"}));
        ASSERT_TRUE(rig_->connect());
    }
    // As the host does it when a call has failed.
    void reconnect() {
        rig_->disconnect();
        network_.set_faults({});
        ASSERT_TRUE(rig_->connect());
    }
    [[nodiscard]] int writes_taken() const {
        return static_cast<int>(std::ranges::count_if(device_->requests, [](const std::string& pdu) { return pdu[0] >= 5; }));
    }

    std::shared_ptr<ScriptedDevice> device_ = std::make_shared<ScriptedDevice>();
    ScriptedNetwork network_;
    std::unique_ptr<DriverRig> rig_;
};

TEST_F(ModbusLink, P7_NoticesEveryKindOfOutageWithinItsTimeout) {
    LinkFaults refuse;
    refuse.refuse = true;
    LinkFaults half_open;
    half_open.swallow_requests = true;
    LinkFaults stalled;
    stalled.stall_writes = true;
    LinkFaults black_hole;
    black_hole.black_hole = true;
    const int rounds = is_nightly() ? 2'500 : 25;
    int outages = 0;
    for (int round = 0; round < rounds; ++round) {
        for (const auto& outage : {refuse, half_open, stalled, black_hole}) {
            network_.set_faults(outage);
            if (outage.refuse || outage.black_hole) network_.cut_all();
            const auto start = network_.now();
            EXPECT_FALSE(rig_->read().ok());
            rig_->disconnect();
            EXPECT_LE(network_.now() - start, 510ms);
            if (outage.refuse || outage.black_hole) EXPECT_FALSE(rig_->connect().ok());
            EXPECT_LE(network_.now() - start, 1020ms);
            reconnect();
            const auto back = rig_->read();
            ASSERT_TRUE(back.ok()) << back.sentence();
            ASSERT_TRUE(back.find(0)->value.identical(Value(103U)));
            ++outages;
        }
    }
    std::printf("row P7: %d outages of a Modbus link\n", outages);
}

// Item, what is written, and how many bytes go each way: a bit of a register is read before it is written.
struct Write {
    ItemId item;
    Value value;
    std::size_t request_bytes, reply_bytes;
};

TEST_F(ModbusLink, P10_AWriteCutAtAnyByteHasATrueOutcomeAndIsNeverRepeated) {
    const int wanted = is_nightly() ? 10'000 : 500;
    int cuts = 0;
    int unknown = 0;
    for (unsigned round = 1; cuts < wanted; ++round) {
        const bool is_odd = round % 2 != 0;
        for (const auto& write : {Write{0, Value(round % 60'000), 12, 12}, Write{1, Value(is_odd), 24, 23},
                                  Write{2, Value(is_odd), 12, 12}, Write{3, Value(std::uint64_t{round} << 16U), 17, 12}}) {
            for (std::size_t at = 0; at < write.request_bytes + write.reply_bytes; ++at, ++cuts) {
                LinkFaults cut;
                (at < write.request_bytes ? cut.cut_request_after : cut.cut_reply_after) =
                    at < write.request_bytes ? at : at - write.request_bytes;
                network_.set_faults(cut);
                const auto before = writes_taken();
                const auto result = rig_->write(write.item, write.value);
                ASSERT_TRUE(result.has_ended);
                reconnect();
                network_.run_for(2s);  // whatever might be sent again would be by now
                const auto taken = writes_taken() - before;
                ASSERT_LE(taken, 1) << "item " << write.item << " cut at " << at;
                if (result.outcome == abi::Outcome::done) ASSERT_EQ(taken, 1);
                if (result.outcome == abi::Outcome::refused) ASSERT_EQ(taken, 0) << "item " << write.item << " cut at " << at;
                if (result.outcome == abi::Outcome::unknown) ++unknown;
                device_->requests.clear();
            }
        }
    }
    EXPECT_GE(unknown, cuts / 2);  // the cuts did meet the writes
    std::printf("row P10: %d writes cut\n", cuts);
}

}  // namespace
}  // namespace penstock::modbus
