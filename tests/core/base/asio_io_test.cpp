#include "core/base/asio_io.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/unique_fd.hpp"
#include "tests/core/base/io_bench.hpp"

namespace penstock::base {
namespace {

using test::IoBench;
using test::Outcome;
using test::StreamPair;

constexpr ErrorCode kDone{};

abi::Handle handle_of(const Outcome& outcome) { return static_cast<abi::Handle>(outcome.value); }

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = std::filesystem::temp_directory_path() / "penstock-io-XXXXXX";
        path = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

TEST(AsioIo, CarriesBytesBothWaysOverTcp) {
    IoBench bench;
    const StreamPair pair(bench);
    ASSERT_NE(pair.near, 0U);
    ASSERT_NE(pair.far, 0U);
    EXPECT_EQ(bench.write(pair.near, "question").value, 8U);
    EXPECT_EQ(bench.read(pair.far).data, "question");
    EXPECT_EQ(bench.write(pair.far, "answer").code, kDone);
    EXPECT_EQ(bench.read(pair.near).data, "answer");
}

TEST(AsioIo, ReadsAtMostWhatWasAskedForAndKeepsTheRest) {
    IoBench bench;
    const StreamPair pair(bench);
    ASSERT_EQ(bench.write(pair.near, "abcdef").code, kDone);
    EXPECT_EQ(bench.read(pair.far, 2).data, "ab");
    EXPECT_EQ(bench.read(pair.far, 100).data, "cdef");
}

TEST(AsioIo, SaysDisconnectedAtTheEndOfTheStreamAsOftenAsAsked) {
    IoBench bench;
    const StreamPair pair(bench);
    bench.close(pair.near);
    EXPECT_EQ(bench.read(pair.far).code, ErrorCode::disconnected);
    EXPECT_EQ(bench.read(pair.far).code, ErrorCode::disconnected);
}

TEST(AsioIo, RefusedConnectionsNameTheSystemsReason) {
    IoBench bench;
    const auto listener = handle_of(bench.listen("tcp://127.0.0.1:0"));
    const auto address = bench.address(listener);
    bench.close(listener);
    const auto outcome = bench.open(address);
    EXPECT_EQ(outcome.code, ErrorCode::disconnected);
    EXPECT_EQ(outcome.system_error, ECONNREFUSED);
}

TEST(AsioIo, ResolvesNamesWithoutBlockingTheStrand) {
    IoBench bench;
    const auto listener = handle_of(bench.listen("tcp://127.0.0.1:0"));
    auto address = bench.address(listener);
    address.replace(address.find("127.0.0.1"), 9, "localhost");
    EXPECT_EQ(bench.open(address).code, kDone);
    EXPECT_EQ(bench.open("no-such-host.invalid:502").code, ErrorCode::not_found);
}

TEST(AsioIo, SpeaksIpv6WhereTheMachineDoes) {
    IoBench bench;
    const auto listening = bench.listen("tcp://[::1]:0");
    if (listening.code != kDone) GTEST_SKIP() << "this machine has no IPv6 loopback";
    const auto address = bench.address(handle_of(listening));
    EXPECT_TRUE(address.starts_with("tcp://[::1]:")) << address;
    EXPECT_EQ(bench.open(address).code, kDone);
}

TEST(AsioIo, RejectsEndpointsItCannotRead) {
    IoBench bench;
    EXPECT_EQ(bench.open("nonsense").code, ErrorCode::invalid_argument);
    EXPECT_EQ(bench.open("tls://127.0.0.1:1").code, ErrorCode::unsupported);
}

TEST(AsioIo, ReadsThatTimeOutLoseNothing) {
    IoBench bench;
    const StreamPair pair(bench);
    EXPECT_EQ(bench.read(pair.far, 10, 5ms).code, ErrorCode::timeout);
    EXPECT_EQ(bench.read(pair.far, 10, 5ms).code, ErrorCode::timeout);
    ASSERT_EQ(bench.write(pair.near, "late").code, kDone);
    EXPECT_EQ(bench.read(pair.far).data, "late");
}

TEST(AsioIo, WithdrawnReadsAreNotCompletedAndLoseNothing) {
    IoBench bench;
    const StreamPair pair(bench);
    test::Waiter gone;
    bench.on_strand([&] {
        bench.io->read(pair.far, 10, bench.in(5s), gone);
        bench.io->withdraw(gone);
    });
    ASSERT_EQ(bench.write(pair.near, "bytes").code, kDone);
    EXPECT_EQ(bench.read(pair.far).data, "bytes");
    EXPECT_EQ(gone.future().wait_for(0s), std::future_status::timeout);
}

TEST(AsioIo, GathersPartsAndWritesMoreThanTheSystemBuffers) {
    IoBench bench;
    const StreamPair pair(bench);
    std::string large(8'000'000, '\0');
    std::iota(large.begin(), large.end(), '\0');
    const std::string head = "head";
    const std::array<abi::Bytes, 3> parts{abi::Bytes{reinterpret_cast<const std::byte*>(head.data()), head.size()},
                                          abi::Bytes{nullptr, 0},
                                          abi::Bytes{reinterpret_cast<const std::byte*>(large.data()), large.size()}};
    const auto writer = bench.start([&](AsioIo& io, abi::Completion& waiter) {
        io.write(pair.near, parts.data(), static_cast<std::uint32_t>(parts.size()), bench.in(20s), waiter);
    });
    std::string received;
    while (received.size() < head.size() + large.size()) {
        const auto outcome = bench.read(pair.far);
        ASSERT_EQ(outcome.code, kDone);
        ASSERT_LE(outcome.data.size(), 65'536U);
        received += outcome.data;
    }
    EXPECT_EQ(writer->future().get().value, head.size() + large.size());
    EXPECT_TRUE(received == head + large);
}

TEST(AsioIo, WritesThatTimeOutCloseTheStream) {
    IoBench bench;
    const StreamPair pair(bench);
    const std::string flood(16'000'000, 'x');
    EXPECT_EQ(bench.write(pair.near, flood, 20ms).code, ErrorCode::timeout);
    EXPECT_EQ(bench.write(pair.near, "more").code, ErrorCode::disconnected);
    Outcome last;
    while ((last = bench.read(pair.far)).code == kDone) {
    }
    EXPECT_EQ(last.code, ErrorCode::disconnected) << "the peer sees the end";
}

TEST(AsioIo, WithdrawnWritesCloseTheStreamAndItsReader) {
    IoBench bench;
    const StreamPair pair(bench);
    const std::string flood(16'000'000, 'x');
    const abi::Bytes part{reinterpret_cast<const std::byte*>(flood.data()), flood.size()};
    const auto reader = bench.start([&](AsioIo& io, abi::Completion& waiter) { io.read(pair.near, 1, bench.in(5s), waiter); });
    test::Waiter writer;
    bench.on_strand([&] {
        bench.io->write(pair.near, &part, 1, bench.in(5s), writer);
        bench.io->withdraw(writer);
    });
    EXPECT_EQ(reader->future().get().code, ErrorCode::disconnected);
}

TEST(AsioIo, ASecondReadOnOneHandleIsRefused) {
    IoBench bench;
    const StreamPair pair(bench);
    const auto first = bench.start([&](AsioIo& io, abi::Completion& waiter) { io.read(pair.far, 1, bench.in(5s), waiter); });
    EXPECT_EQ(bench.read(pair.far).code, ErrorCode::invalid_argument);
    ASSERT_EQ(bench.write(pair.near, "x").code, kDone);
    EXPECT_EQ(first->future().get().data, "x");
}

TEST(AsioIo, ClosingAHandleCancelsItsWaits) {
    IoBench bench;
    const StreamPair pair(bench);
    const auto reader = bench.start([&](AsioIo& io, abi::Completion& waiter) { io.read(pair.far, 1, bench.in(5s), waiter); });
    bench.close(pair.far);
    EXPECT_EQ(reader->future().get().code, ErrorCode::cancelled);
}

TEST(AsioIo, HandlesOfClosedStreamsAreNotTakenForNewOnes) {
    IoBench bench;
    const StreamPair pair(bench);
    bench.close(pair.near);
    const auto again = bench.open(bench.address(pair.listener));
    ASSERT_EQ(again.code, kDone);
    EXPECT_NE(handle_of(again), pair.near);
    EXPECT_EQ(bench.write(pair.near, "x").code, ErrorCode::invalid_argument);
}

TEST(AsioIo, WithdrawnOpensLeaveNoStreamBehind) {
    IoBench bench;
    const auto listener = handle_of(bench.listen("tcp://127.0.0.1:0"));
    const auto address = bench.address(listener);
    test::Waiter gone;
    bench.on_strand([&] {
        bench.io->open(abi::text(address), bench.in(5s), gone);
        bench.io->withdraw(gone);
    });
    const auto accepted = bench.accept(listener, 100ms);
    if (accepted.code == kDone) EXPECT_EQ(bench.read(handle_of(accepted)).code, ErrorCode::disconnected);
}

TEST(AsioIo, AcceptsTimeOutAndMayBeAskedAgain) {
    IoBench bench;
    const auto listener = handle_of(bench.listen("tcp://127.0.0.1:0"));
    EXPECT_EQ(bench.accept(listener, 5ms).code, ErrorCode::timeout);
    ASSERT_EQ(bench.open(bench.address(listener)).code, kDone);
    EXPECT_EQ(bench.accept(listener).code, kDone);
}

TEST(AsioIo, APortInUseIsUnavailable) {
    IoBench bench;
    const auto listener = handle_of(bench.listen("tcp://127.0.0.1:0"));
    const auto second = bench.listen(bench.address(listener));
    EXPECT_EQ(second.code, ErrorCode::unavailable);
    EXPECT_EQ(second.system_error, EADDRINUSE);
}

TEST(AsioIo, SleepsUntilItsTime) {
    IoBench bench;
    const auto due = bench.in(5ms);
    EXPECT_EQ(bench.call([&](AsioIo& io, abi::Completion& waiter) { io.sleep_until(due, waiter); }).code, kDone);
    EXPECT_GE(bench.in(0s), due);
}

TEST(AsioIo, StopCompletesEveryWaitWithCancelledAndParksLaterOnes) {
    IoBench bench;
    const StreamPair pair(bench);
    const auto reader = bench.start([&](AsioIo& io, abi::Completion& waiter) { io.read(pair.far, 1, bench.in(5s), waiter); });
    const auto sleeper = bench.start([&](AsioIo& io, abi::Completion& waiter) { io.sleep_until(bench.in(1h), waiter); });
    test::Waiter parked;
    bench.on_strand([&] {
        bench.io->stop();
        bench.io->stop();
        bench.io->sleep_until(bench.in(-1s), parked);
    });
    EXPECT_EQ(reader->future().get().code, ErrorCode::cancelled);
    EXPECT_EQ(sleeper->future().get().code, ErrorCode::cancelled);
    bench.on_strand([] {});
    EXPECT_EQ(parked.future().wait_for(20ms), std::future_status::timeout);
}

TEST(AsioIo, MayBeDestroyedWithWaitsUnderWay) {
    IoBench bench;
    const StreamPair pair(bench);
    test::Waiter reader, sleeper, opener;
    bench.on_strand([&] {
        bench.io->read(pair.far, 1, bench.in(5s), reader);
        bench.io->sleep_until(bench.in(1ms), sleeper);
        bench.io->open(abi::text("tcp://localhost:1"), bench.in(5s), opener);
        bench.io.reset();
    });
    bench.on_strand([] {});
    EXPECT_EQ(reader.future().wait_for(20ms), std::future_status::timeout);
}

TEST(AsioIo, CarriesDatagramsOneByOne) {
    IoBench bench;
    const UniqueFd server(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(server.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::getsockname(server.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    const auto stream = handle_of(bench.open("udp://127.0.0.1:" + std::to_string(ntohs(address.sin_port))));
    ASSERT_NE(stream, 0U);
    ASSERT_EQ(bench.write(stream, "one").code, kDone);
    ASSERT_EQ(bench.write(stream, "two").code, kDone);
    std::array<char, 16> buffer{};
    sockaddr_in peer{};
    ASSERT_EQ(::recvfrom(server.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size), 3);
    ASSERT_EQ(::sendto(server.get(), "x", 1, 0, reinterpret_cast<sockaddr*>(&peer), size), 1);
    ASSERT_EQ(::sendto(server.get(), "yz", 2, 0, reinterpret_cast<sockaddr*>(&peer), size), 2);
    EXPECT_EQ(bench.read(stream).data, "x");
    EXPECT_EQ(bench.read(stream).data, "yz");
}

TEST(AsioIo, TalksToASerialLine) {
    IoBench bench;
    const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    ASSERT_TRUE(master.is_open());
    ASSERT_EQ(::grantpt(master.get()), 0);
    ASSERT_EQ(::unlockpt(master.get()), 0);
    const std::string path = ::ptsname(master.get());
    const auto opened = bench.open("serial:" + path + "?baud=9600&parity=even");
    ASSERT_EQ(opened.code, kDone);
    const auto line = handle_of(opened);
    EXPECT_EQ(bench.read(line, 10, 5ms).code, ErrorCode::timeout) << "a silent line has not ended";
    ASSERT_EQ(::write(master.get(), "\x01\x03\x0A", 3), 3);
    EXPECT_EQ(bench.read(line).data, "\x01\x03\x0A");
    ASSERT_EQ(bench.write(line, "\r\n").code, kDone);
    std::array<char, 16> buffer{};
    ASSERT_EQ(::read(master.get(), buffer.data(), buffer.size()), 2);
    EXPECT_EQ(std::string_view(buffer.data(), 2), "\r\n") << "nothing is translated";
    EXPECT_EQ(std::string_view(bench.peer(line).address, bench.peer(line).address_size), path);
}

TEST(AsioIo, AFileThatIsNoSerialLineIsRefused) {
    IoBench bench;
    EXPECT_EQ(bench.open("serial:/dev/null").code, ErrorCode::invalid_argument);
    EXPECT_EQ(bench.open("serial:/dev/no-such-line").code, ErrorCode::disconnected);
}

TEST(AsioIoUnix, KnowsThePeersUserAndProcess) {
    IoBench bench;
    const TemporaryFolder folder;
    const StreamPair pair(bench, "unix:" + (folder.path / "s").string());
    const auto peer = bench.peer(pair.far);
    EXPECT_EQ(peer.user_id, static_cast<std::int64_t>(::geteuid()));
    EXPECT_EQ(peer.process_id, static_cast<std::int64_t>(::getpid()));
    EXPECT_EQ(std::string_view(peer.address, peer.address_size), "unix");
}

TEST(AsioIoUnix, MakesTheSocketFileForItsOwnerAloneAndRemovesIt) {
    IoBench bench;
    const TemporaryFolder folder;
    const auto path = folder.path / "s";
    const auto listener = handle_of(bench.listen("unix:" + path.string()));
    struct stat found{};
    ASSERT_EQ(::stat(path.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
    EXPECT_EQ(bench.address(listener), "unix:" + path.string());
    bench.close(listener);
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(AsioIoUnix, RefusesAPathThatSomebodyAnswersOn) {
    IoBench bench;
    const TemporaryFolder folder;
    const auto endpoint = "unix:" + (folder.path / "s").string();
    ASSERT_EQ(bench.listen(endpoint).code, kDone);
    const auto second = bench.listen(endpoint);
    EXPECT_EQ(second.code, ErrorCode::unavailable);
    EXPECT_EQ(second.system_error, EADDRINUSE);
    EXPECT_EQ(bench.open(endpoint).code, kDone) << "the first still serves";
}

TEST(AsioIoUnix, ReplacesTheFileOfADeadProcess) {
    IoBench bench;
    const TemporaryFolder folder;
    const auto path = folder.path / "s";
    {
        const UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ASSERT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(bench.listen("unix:" + path.string()).code, kDone);
}

TEST(AsioIoUnix, LeavesAFileAloneThatIsNoSocket) {
    IoBench bench;
    const TemporaryFolder folder;
    const auto path = folder.path / "precious";
    {
        const UniqueFd file(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    }
    EXPECT_EQ(bench.listen("unix:" + path.string()).system_error, EEXIST);
    EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

}  // namespace
}  // namespace penstock::base
