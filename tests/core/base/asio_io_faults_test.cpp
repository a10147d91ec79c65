// AsioIo behind a proxy that does to the link what plants do to links.

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/core/base/io_bench.hpp"
#include "tests/support/fault_proxy.hpp"

namespace penstock::base {
namespace {

using penstock::testing::FaultProxy;
using test::IoBench;

constexpr ErrorCode kDone{};

// near <-> proxy <-> far
struct Line {
    Line()
        : listener(static_cast<abi::Handle>(bench.listen("tcp://127.0.0.1:0").value)), proxy(port_of(bench.address(listener))) {
        near = connect();
        far = static_cast<abi::Handle>(bench.accept(listener).value);
    }
    static std::uint16_t port_of(const std::string& address) {
        return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
    [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(proxy.port()); }
    abi::Handle connect() { return static_cast<abi::Handle>(bench.open(endpoint()).value); }
    std::string read_all(abi::Handle handle, ErrorCode& end) {
        std::string all;
        for (;;) {
            const auto outcome = bench.read(handle);
            end = outcome.code;
            if (outcome.code != kDone) return all;
            all += outcome.data;
        }
    }

    IoBench bench;
    abi::Handle listener, near = 0, far = 0;
    FaultProxy proxy;
};

TEST(AsioIoFaults, BytesOfAnAnswerMayComeOneByOne) {
    Line line;
    line.proxy.set_piece_size(1);
    line.proxy.set_delay(std::chrono::milliseconds(1));
    ASSERT_EQ(line.bench.write(line.far, "answer").code, kDone);
    std::string received;
    while (received.size() < 6) received += line.bench.read(line.near).data;
    EXPECT_EQ(received, "answer");
}

TEST(AsioIoFaults, AHalfOpenLinkTimesOut) {
    Line line;
    line.proxy.set_mode(FaultProxy::Mode::swallow);
    ASSERT_EQ(line.bench.write(line.near, "question").code, kDone) << "nobody is told";
    EXPECT_EQ(line.bench.read(line.near, 100, 20ms).code, ErrorCode::timeout);
}

TEST(AsioIoFaults, ALinkThatIsCutGivesWhatArrivedAndThenItsEnd) {
    Line line;
    line.proxy.cut_after(FaultProxy::Way::to_client, 3);
    ASSERT_EQ(line.bench.write(line.far, "answer").code, kDone);
    auto end = kDone;
    EXPECT_EQ(line.read_all(line.near, end), "ans");
    EXPECT_EQ(end, ErrorCode::disconnected);
}

TEST(AsioIoFaults, ARefusingDeviceCutsItsLinksAndMayComeBackOnItsPort) {
    Line line;
    line.proxy.set_mode(FaultProxy::Mode::refuse);
    auto end = kDone;
    line.read_all(line.near, end);
    EXPECT_EQ(end, ErrorCode::disconnected);
    EXPECT_EQ(line.bench.open(line.endpoint()).system_error, ECONNREFUSED);
    line.proxy.set_mode(FaultProxy::Mode::pass);
    auto again = line.bench.open(line.endpoint());
    while (again.system_error == ECONNREFUSED) again = line.bench.open(line.endpoint());
    EXPECT_EQ(again.code, kDone);
}

TEST(AsioIoFaults, GarbageArrivesAsItIs) {
    Line line;
    line.proxy.set_mode(FaultProxy::Mode::garbage);
    ASSERT_EQ(line.bench.write(line.far, std::string(100, 'a')).code, kDone);
    const auto outcome = line.bench.read(line.near);
    EXPECT_EQ(outcome.code, kDone);
    EXPECT_NE(outcome.data, std::string(outcome.data.size(), 'a'));
}

}  // namespace
}  // namespace penstock::base
