// Row P5 of the reliability catalogue: whatever a device replies, no value is taken that it did not give to the present request.
// Values are f(register, round), so one that belongs elsewhere is recognised.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include <penstock/testing/driver_rig.hpp>

#include "tests/plugins/drivers/modbus/scripted_device.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::modbus {
namespace {

using testing::DriverRig;
using testing::ScriptedNetwork;

constexpr std::size_t kRegisters = 8;

enum class Mischief : unsigned {
    wrong_transaction,
    old_transaction,
    wrong_unit,
    wrong_function,
    exception,
    short_data,
    long_data,
    wrong_protocol,
    wrong_length,
    flipped_count,
    twice,
    previous_reply,
    swapped,
    nothing,
    rubbish,
    count
};

void add_to(char& byte, int number) { byte = static_cast<char>(byte + number); }

// Spoils replies, one kind of mischief after the other by chance.
class FaultyReplies {
public:
    explicit FaultyReplies(unsigned seed) : random_(seed) {}

    // While it is off, replies pass as they are.
    void set_on(bool is_on) { is_on_ = is_on; }
    [[nodiscard]] std::size_t count() const { return count_; }

    std::string pass(std::string reply) {
        auto result = is_on_ ? spoil(reply) : reply;
        previous_ = std::move(reply);
        return result;
    }

private:
    std::string spoil(std::string reply) {
        ++count_;
        switch (static_cast<Mischief>(random_() % static_cast<unsigned>(Mischief::count))) {
            case Mischief::wrong_transaction: add_to(reply[0], 1 + static_cast<int>(random_() % 250)); break;
            case Mischief::old_transaction: add_to(reply[1], -1); break;
            case Mischief::wrong_unit: add_to(reply[6], 1); break;
            case Mischief::wrong_function: reply[7] = 4; break;
            case Mischief::exception: return exception_instead_of(reply);
            case Mischief::short_data:
                reply.resize(reply.size() - 2);
                add_to(reply[5], -2);
                break;
            case Mischief::long_data:
                reply += "xy";
                add_to(reply[5], 2);
                break;
            case Mischief::wrong_protocol: reply[3] = 1; break;
            case Mischief::wrong_length: add_to(reply[5], 1); break;
            case Mischief::flipped_count: reply[8] = static_cast<char>(reply[8] ^ 2); break;
            case Mischief::twice: return reply + reply;
            case Mischief::previous_reply: return previous_;
            case Mischief::swapped: return reply + previous_;
            case Mischief::nothing: return {};
            case Mischief::rubbish:
                for (auto& c : reply) c = static_cast<char>(random_());
                break;
            case Mischief::count: break;
        }
        return reply;
    }

    std::string exception_instead_of(std::string reply) {
        reply.resize(7);
        reply[4] = 0;
        reply[5] = 3;
        reply += '\x83';
        reply += static_cast<char>(4 + random_() % 3);  // none that speaks of addresses: those are learned
        return reply;
    }

    std::mt19937 random_;
    std::string previous_;
    std::size_t count_ = 0;
    bool is_on_ = true;
};

class ModbusFaults : public ::testing::Test {
protected:
    // `pass` stands between the device's replies and the driver.
    void begin(std::function<std::string(std::string)> pass, std::size_t split = 0) {
        device_->add_unit(1, kRegisters, [](std::size_t) { return std::uint16_t{0}; });
        network_.serve("tcp://plc:502", serve(device_));
        rig_ = std::make_unique<DriverRig>(DriverRig::plugin(network_, R"({"endpoint": "plc:502", "timeout_ms": 500})"));
        std::vector<std::string> addresses;
        for (std::size_t r = 0; r < kRegisters; ++r) addresses.push_back("holding:" + std::to_string(r));
        ASSERT_TRUE(rig_->set_items(addresses));
        ASSERT_TRUE(rig_->connect());
        testing::LinkFaults faults;
        faults.split = split;
        faults.garble_reply = std::move(pass);
        network_.set_faults(std::move(faults));
    }

    // One poll with new values in the device; connects again if the driver gives the link up, as the host does.
    struct Poll {
        std::size_t good = 0;
        std::size_t wrong = 0;
    };
    Poll poll() {
        ++round_;
        for (std::size_t r = 0; r < kRegisters; ++r) device_->holding[1][r] = value_of(r);
        const auto result = rig_->read();
        EXPECT_TRUE(result.has_ended);
        Poll poll;
        for (const auto& reading : result.values) {
            if (!is_good(reading.quality)) continue;
            ++poll.good;
            if (!reading.value.identical(Value(std::uint64_t{value_of(reading.item)}))) ++poll.wrong;
        }
        if (!result.ok()) EXPECT_TRUE(rig_->connect());
        return poll;
    }

    std::shared_ptr<ScriptedDevice> device_ = std::make_shared<ScriptedDevice>();
    ScriptedNetwork network_;
    std::unique_ptr<DriverRig> rig_;

private:
    [[nodiscard]] std::uint16_t value_of(std::size_t item) const {
        return static_cast<std::uint16_t>(round_ * kRegisters + item);
    }
    std::uint32_t round_ = 0;
};

TEST_F(ModbusFaults, P5_TakesNoWrongValueFromFaultyRepliesAndRecoversInOnePoll) {
    const std::size_t wanted = penstock::testing::is_nightly() ? 1'000'000 : 10'000;
    const auto faulty = std::make_shared<FaultyReplies>(3);
    begin([faulty](std::string reply) { return faulty->pass(std::move(reply)); });
    std::mt19937 random(4);
    while (faulty->count() < wanted) {
        faulty->set_on(true);
        ASSERT_EQ(poll().wrong, 0U) << "after " << faulty->count() << " faulty replies";
        if (random() % 2 == 0) continue;  // several faults in a row have sequels of their own
        faulty->set_on(false);
        const auto recovered = poll();
        ASSERT_EQ(recovered.wrong, 0U) << "after " << faulty->count() << " faulty replies";
        ASSERT_EQ(recovered.good, kRegisters) << "after " << faulty->count() << " faulty replies";
    }
    std::printf("row P5: %zu faulty replies\n", faulty->count());
}

TEST_F(ModbusFaults, P5_TakesNoWrongValueFromFaultyRepliesThatComeByteByByte) {
    const auto faulty = std::make_shared<FaultyReplies>(5);
    begin([faulty](std::string reply) { return faulty->pass(std::move(reply)); }, 1);
    while (faulty->count() < 1'000) ASSERT_EQ(poll().wrong, 0U) << "after " << faulty->count() << " faulty replies";
}

// The control: to a driver that did not look at transaction numbers, an earlier reply would look as it looks here, with the number
// of the present request. If the checks above saw nothing wrong in that, they would prove nothing.
TEST_F(ModbusFaults, P5_ControlSeesWrongValuesWhereTransactionNumbersTellNothing) {
    auto previous = std::make_shared<std::string>();
    begin([previous](std::string reply) {
        std::string earlier = previous->empty() ? reply : *previous;
        earlier.replace(0, 2, reply, 0, 2);
        *previous = std::move(reply);
        return earlier;
    });
    EXPECT_EQ(poll().wrong, 0U);
    EXPECT_EQ(poll().wrong, kRegisters);
}

}  // namespace
}  // namespace penstock::modbus
