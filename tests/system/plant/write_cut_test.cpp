// Row P10 of the reliability catalogue, through the whole server: the link to a PLC that we did not write breaks before, during and
// after a write. The operator is told done, refused or unknown, and it is the truth; nothing is ever written twice.

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fault_proxy.hpp"
#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using ::testing::HasSubstr;
using Way = FaultProxy::Way;

constexpr std::size_t kRequestBytes = 12;  // of a write of one register, and of its reply

// "setpoint" behind the proxy is polled once an hour, so that nothing but the writes and the reads after them passes; "writes" is the
// peer's own count of writes, read past the proxy.
std::vector<std::pair<std::string, std::string>> site(const ModbusPeer& peer, const FaultProxy& proxy) {
    return {
        {"site.json",
         R"({"format": 1, "name": "Test", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {"driver.modbus": {}}})"},
        {"devices/plc1.json", R"({"driver": "modbus", "endpoint": "127.0.0.1:)" + std::to_string(proxy.port())
                                  + R"(", "unit": 3, "timeout_ms": 500, "scan_classes": {"rare": "1h"}})"},
        {"devices/past.json",
         R"({"driver": "modbus", "endpoint": ")" + peer.endpoint() + R"(", "unit": 3, "scan_classes": {"fast": "20ms"}})"},
        {"tags/tags.json", R"({"tags": [
            {"name": "setpoint", "device": "plc1", "address": "holding:7", "access": "read_write"},
            {"name": "really", "device": "past", "address": "holding:7"},
            {"name": "writes", "device": "past", "address": "input:1"}]})"}};
}

class WriteCut : public ::testing::Test {
protected:
    void SetUp() override {
        plant_.start();
        ASSERT_TRUE(plant_.becomes("setpoint", "good"));
        ASSERT_TRUE(plant_.becomes("writes", "good"));
    }
    [[nodiscard]] int writes() const { return plant_.read("writes")["value"].get<int>(); }

    // Writes a value that was never written before, with the link in whatever state, and mends the link; what the operator is told.
    std::string write() {
        const auto before = writes();
        const auto result = attempt();
        proxy_.set_mode(FaultProxy::Mode::pass);
        EXPECT_TRUE(plant_.becomes("setpoint", "good"));
        const auto outcome = result.value("outcome", "(none)");
        // What was done is in the peer's count, as soon as that has been read. What is not done has a reason.
        if (outcome == "done") EXPECT_TRUE(eventually([&] { return writes() == before + 1; }));
        if (outcome != "done") EXPECT_NE(result.value("reason", ""), "");
        const auto taken = writes() - before;
        EXPECT_LE(taken, 1) << "repeated; told: " << result.dump();
        if (outcome == "refused") EXPECT_EQ(taken, 0) << result.dump();
        EXPECT_TRUE(outcome == "done" || outcome == "refused" || outcome == "unknown") << result.dump();
        return outcome;
    }
    Json attempt() {
        ++attempts_;
        return plant_.json({"write", "setpoint", std::to_string(++value_)});
    }

    ModbusPeer peer_;
    FaultProxy proxy_{static_cast<std::uint16_t>(peer_.port())};
    Plant plant_{site(peer_, proxy_)};
    int value_ = 1000;
    int attempts_ = 0;
};

TEST_F(WriteCut, P10_ALinkCutBeforeDuringOrAfterSendingLeavesATrueOutcomeAndNoRepetition) {
    EXPECT_EQ(write(), "done");

    const auto at_first = writes();
    proxy_.set_mode(FaultProxy::Mode::refuse);  // before; the first one finds out that there is no link
    EXPECT_NE(attempt().value("outcome", ""), "done");
    ASSERT_TRUE(plant_.becomes("setpoint", "bad"));
    EXPECT_EQ(write(), "refused");
    EXPECT_EQ(writes(), at_first);

    for (const std::size_t bytes : {std::size_t{1}, kRequestBytes / 2, kRequestBytes - 1}) {  // during
        const auto before = writes();
        proxy_.cut_after(Way::to_server, bytes);
        EXPECT_EQ(write(), "unknown") << bytes;
        EXPECT_EQ(writes(), before) << "half a request was taken";
    }
    for (const std::size_t bytes : {std::size_t{1}, kRequestBytes / 2, kRequestBytes - 1}) {  // after
        const auto before = writes();
        proxy_.cut_after(Way::to_client, bytes);
        EXPECT_EQ(write(), "unknown") << bytes;
        EXPECT_TRUE(eventually([&] { return writes() == before + 1; }));
        EXPECT_TRUE(eventually([&] { return plant_.read("really")["value"] == value_; }));
    }
    proxy_.set_mode(FaultProxy::Mode::swallow);  // half-open: nobody is told that it is cut
    EXPECT_EQ(write(), "unknown");

    EXPECT_EQ(write(), "done");
    EXPECT_TRUE(eventually([&] { return plant_.read("setpoint")["value"] == value_; }));
    std::printf("row P10: %d writes through the server\n", attempts_);
}

}  // namespace
}  // namespace penstock::testing
