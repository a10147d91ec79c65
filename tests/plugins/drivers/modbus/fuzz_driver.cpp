// Row P6: the whole driver against a device whose replies the input spoils, one after the other. Every call ends, every item gets one
// reading a poll; and when the device is itself again, the next poll over a fresh link reads all of it well.
//
// The input is a list of orders, one for each reply: what is done (1 byte) and its arguments. At its end the device behaves.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <penstock/testing/driver_rig.hpp>

#include "tests/plugins/drivers/modbus/scripted_device.hpp"

namespace {

using namespace penstock;
using namespace penstock::modbus;
using penstock::testing::DriverRig;

constexpr std::size_t kMostOrders = 24;  // an input is done soon, however long it is

void require(bool is_so) {
    if (!is_so) std::abort();
}

class Orders {
public:
    Orders(const std::uint8_t* data, std::size_t size) : left_(reinterpret_cast<const char*>(data), size) {}

    [[nodiscard]] bool is_over() const { return left_.empty() || taken_ >= kMostOrders; }

    std::string spoil(std::string reply) {
        if (is_over()) return reply;
        ++taken_;
        const auto kind = byte() % 8U;
        switch (kind) {
            case 0: break;
            case 1: return text(byte());  // anything
            case 2: return with_pdu(reply, text(byte()));
            case 3: return change_byte(std::move(reply));
            case 4: return reply.substr(0, byte());
            case 5: return reply + text(byte());
            case 6: return text(byte()) + reply;
            case 7: return {};
            default: break;
        }
        return reply;
    }

private:
    unsigned byte() {
        if (left_.empty()) return 0;
        const auto first = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return first;
    }
    std::string text(std::size_t size) {
        const std::string text(left_.substr(0, size));
        left_.remove_prefix(text.size());
        return text;
    }
    std::string change_byte(std::string reply) {
        const auto at = byte() % std::max<std::size_t>(reply.size(), 1);
        const auto by = byte();
        if (!reply.empty()) reply[at] = static_cast<char>(static_cast<unsigned char>(reply[at]) ^ by);
        return reply;
    }
    // A header that fits: the bytes get as far as the PDU's own checks.
    static std::string with_pdu(std::string reply, const std::string& pdu) {
        reply.resize(7);
        reply[4] = static_cast<char>((pdu.size() + 1) >> 8U);
        reply[5] = static_cast<char>((pdu.size() + 1) & 0xFFU);
        return reply + pdu;
    }

    std::string_view left_;
    std::size_t taken_ = 0;
};

const std::vector<std::string>& addresses() {
    static const std::vector<std::string> all{"holding:0",          "holding:3:uint32:cdab", "holding:5.2",
                                              "holding:6:string4",  "holding:9:float32",     "coil:1",
                                              "holding:12:int16[3]"};
    return all;
}

bool is_good_read(const testing::ReadResult& result) {
    if (!result.ok() || result.values.size() != addresses().size()) return false;
    for (const auto& reading : result.values)
        if (!is_good(reading.quality)) return false;
    return result.find(0)->value.identical(Value(0x4100U)) && result.find(1)->value.identical(Value(0x4104'4103U));
}

void poll(DriverRig& rig) {
    const auto result = rig.read();
    require(result.has_ended);
    if (!result.ok()) {
        require(!result.sentence().empty());
        rig.disconnect();
        require(rig.connect().ok());
        return;
    }
    require(result.values.size() == addresses().size());
    for (ItemId item = 0; item < addresses().size(); ++item) require(result.find(item) != nullptr);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto orders = std::make_shared<Orders>(data, size);
    const auto device = std::make_shared<ScriptedDevice>();
    device->add_unit(1, 20, [](std::size_t i) { return static_cast<std::uint16_t>(0x4100 + i); });
    testing::ScriptedNetwork network;
    network.serve("tcp://plc:502", serve(device));
    auto rig = DriverRig::plugin(network, R"({"endpoint": "plc:502", "timeout_ms": 100, "hole_retry_s": 60})");
    require(rig.set_items(addresses()).ok());
    require(rig.connect().ok());
    testing::LinkFaults faults;
    faults.garble_reply = [orders](std::string reply) { return orders->spoil(std::move(reply)); };
    network.set_faults(std::move(faults));

    // A spoilt device may refuse everything, and is then not asked at all for a while: time passes between polls.
    for (int i = 0; i < 16 && !orders->is_over(); ++i) {
        poll(rig);
        if (i % 4 == 3) {
            const auto written = rig.write(0, Value(0x4100U));
            require(written.has_ended);
            if (written.is_link_broken) {
                rig.disconnect();
                require(rig.connect().ok());
            }
        }
        network.run_for(20s);
    }
    network.set_faults({});
    network.run_for(61s);  // what was refused is asked again
    rig.disconnect();  // an invented reply to a coming request may lie in the old stream
    require(rig.connect().ok());
    require(is_good_read(rig.read()));
    return 0;
}
