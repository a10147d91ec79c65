// Streams on the scripted network: what Io promises, and what the sentences say.
#include <array>

#include <gtest/gtest.h>

#include <penstock/detail/host_call.hpp>
#include <penstock/testing/scripted_io.hpp>

namespace penstock {
namespace {

using penstock::testing::line_device;
using penstock::testing::ScriptedIo;
using penstock::testing::ScriptedNetwork;

// Runs one task to its end and keeps what it threw.
class StreamTest : public ::testing::Test, public abi::Completion {
protected:
    StreamTest() {
        network.serve("tcp://echo:7", line_device([](std::string line) { return line; }));
    }
    void complete(const abi::IoResult&) noexcept override { has_ended = true; }

    template <class MakeTask>
    std::string failure_of(MakeTask make_task) {
        abi::Fault fault;
        has_ended = call.start(fault, *this, make_task);
        network.run_until([this] { return has_ended; }, std::chrono::hours(1));
        EXPECT_TRUE(has_ended);
        return std::string(fault.sentence());
    }

    ScriptedNetwork network;
    ScriptedIo host{network};
    Io io{host};
    detail::HostCall call;
    bool has_ended = false;
};

Task<void> connect_only(Io io, std::string endpoint) {
    auto stream = co_await io.connect(endpoint, io.in(1500ms));
    EXPECT_TRUE(stream.is_open());
}

TEST_F(StreamTest, TakesABareHostAndPortForTcp) {
    EXPECT_EQ(failure_of([&] { return connect_only(io, "echo:7"); }), "");
    EXPECT_EQ(host.open_handles(), 0U);
}

TEST_F(StreamTest, NamesEndpointAndReasonOfAFailedConnect) {
    EXPECT_EQ(failure_of([&] { return connect_only(io, "nobody:1"); }), "tcp://nobody:1: cannot connect: Connection refused");
    network.set_faults({.black_hole = true});
    EXPECT_EQ(failure_of([&] { return connect_only(io, "echo:7"); }), "tcp://echo:7: no connection within 1.5 s");
}

Task<void> read_seven(Io io, std::string sent) {
    auto stream = co_await io.connect("tcp://echo:7", io.in(1s));
    const auto deadline = io.in(1s);
    co_await stream.write(std::string_view(sent), deadline);
    std::array<std::byte, 7> bytes;
    co_await stream.read_exactly(bytes, deadline);
}

TEST_F(StreamTest, SaysHowManyBytesWereMissing) {
    EXPECT_EQ(failure_of([&] { return read_seven(io, "abc\n"); }), "tcp://echo:7: found 4 bytes, wanted 7 within 1 s");
    EXPECT_EQ(failure_of([&] { return read_seven(io, ""); }), "tcp://echo:7: no answer (wanted 7 bytes) within 1 s");
}

Task<void> exchange_lines(Io io, std::vector<std::string>* lines) {
    auto stream = co_await io.connect("tcp://echo:7", io.in(1s));
    const auto deadline = io.in(1s);
    co_await stream.write(std::string_view("one\ntwo\nthree\n"), deadline);
    for (int i = 0; i < 3; ++i) {
        auto line = co_await stream.read_line('\n', 5, deadline);
        lines->push_back(std::move(line));
    }
}

TEST_F(StreamTest, ReadsLinesHoweverTheyArrive) {
    for (const std::size_t split : {0U, 1U, 3U}) {
        network.set_faults({.split = split});
        std::vector<std::string> lines;
        EXPECT_EQ(failure_of([&] { return exchange_lines(io, &lines); }), "");
        EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "three"}));
    }
}

Task<void> read_long_line(Io io) {
    auto stream = co_await io.connect("tcp://echo:7", io.in(1s));
    const auto deadline = io.in(1s);
    co_await stream.write(std::string_view("a long line\n"), deadline);
    const auto line = co_await stream.read_line('\n', 5, deadline);
}

TEST_F(StreamTest, RefusesALineBeyondItsBound) {
    EXPECT_EQ(failure_of([&] { return read_long_line(io); }), "tcp://echo:7: found a line of more than 5 bytes");
}

Task<void> write_stalled(Io io, Stream* stream) {
    auto opened = co_await io.connect("tcp://echo:7", io.in(1s));
    *stream = std::move(opened);
    co_await stream->write(std::string_view("x"), io.in(2s));
}

TEST_F(StreamTest, ClosesAfterAWriteThatDidNotEnd) {
    Stream stream;
    network.set_faults({.stall_writes = true});
    EXPECT_EQ(failure_of([&] { return write_stalled(io, &stream); }), "tcp://echo:7: the bytes were not taken within 2 s");
    EXPECT_FALSE(stream.is_open());
    EXPECT_EQ(host.open_handles(), 0U);
}

Task<void> wait_for_ever(Io io, Stream* stream) {
    auto opened = co_await io.connect("tcp://echo:7", io.in(1s));
    *stream = std::move(opened);
    const auto line = co_await stream->read_line('\n', 10, io.in(std::chrono::hours(1)));
}

TEST_F(StreamTest, AClosedStreamEndsItsTaskWithoutBeingTouched) {
    auto stream = std::make_unique<Stream>();
    abi::Fault fault;
    has_ended = call.start(fault, *this, [&] { return wait_for_ever(io, stream.get()); });
    network.run_for(1s);
    ASSERT_FALSE(has_ended);
    stream.reset();
    network.run_for(1s);
    EXPECT_TRUE(has_ended);
    EXPECT_EQ(fault.code, static_cast<std::int32_t>(ErrorCode::cancelled));
}

TEST_F(StreamTest, ADroppedTaskWithdrawsItsWait) {
    Stream stream;
    abi::Fault fault;
    has_ended = call.start(fault, *this, [&] { return wait_for_ever(io, &stream); });
    network.run_for(1s);
    EXPECT_EQ(host.pending_waits(), 1U);
    call.drop();
    EXPECT_EQ(host.pending_waits(), 0U);
    EXPECT_FALSE(has_ended);
}

Task<void> sleep_an_hour_of_polls(Io io) {
    for (int i = 0; i < 36'000; ++i) {
        const auto next = io.in(100ms);
        co_await io.sleep_until(next);
    }
}

TEST_F(StreamTest, VirtualTimeRunsWhenEverybodyWaits) {
    const auto start = network.now();
    EXPECT_EQ(failure_of([&] { return sleep_an_hour_of_polls(io); }), "");
    EXPECT_EQ(network.now() - start, std::chrono::hours(1));
}

}  // namespace
}  // namespace penstock
