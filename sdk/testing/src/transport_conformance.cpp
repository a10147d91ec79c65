#include <penstock/testing/transport_conformance.hpp>

#include <array>
#include <stdexcept>

#include <penstock/transport.hpp>

namespace penstock::testing {

using namespace std::chrono_literals;

void PrintTo(const TransportKit& kit, std::ostream* out) { *out << kit.url; }

TransportKit checked_kit(TransportKit kit, DriverRig::Factory factory) {
    if (kit.url.empty()) throw std::invalid_argument("a transport kit wants a url");
    kit.factory = factory;
    return kit;
}

// One call under way.
struct TransportConformance::Call final : abi::Completion {
    void complete(const abi::IoResult& result) noexcept override {
        has_ended = true;
        is_code_repeated = result.code == fault.code;
    }
    abi::Fault fault;
    bool has_ended = false;
    bool is_code_repeated = true;
};

TransportConformance::TransportConformance() = default;

TransportConformance::~TransportConformance() {
    release_connections();
    if (listener_ != nullptr) listener_->release();
    if (client_ != nullptr) client_->release();
    if (server_ != nullptr) server_->release();
}

void TransportConformance::SetUp() {
    settings_ = JsonSettings(GetParam().settings);
    const auto born = [this](ScriptedIo& io) {
        abi::Fault fault;
        const abi::Birth birth{abi::kTransportInterface, 0, &io, settings_.node(), abi::text("transport")};
        auto* const guest = static_cast<abi::TransportGuest*>(GetParam().factory(birth, fault));
        if (guest == nullptr) throw std::runtime_error(std::string(fault.sentence()));
        return guest;
    };
    server_ = born(server_io_);
    client_ = born(client_io_);
    Call call;
    call.has_ended = server_->start_listen(abi::text(GetParam().url), &listener_, call.fault, call);
    const auto listening = run(call);
    ASSERT_TRUE(listening.ok()) << listening.sentence();
    ASSERT_NE(listener_, nullptr);
}

void TransportConformance::release_connections() {
    if (at_client_ != nullptr) std::exchange(at_client_, nullptr)->release();
    if (at_server_ != nullptr) std::exchange(at_server_, nullptr)->release();
}

void TransportConformance::connect() {
    release_connections();
    Call accepting, connecting;
    accepting.has_ended = listener_->start_accept(&at_server_, accepting.fault, accepting);
    connecting.has_ended =
        client_->start_connect(listener_->address(), to_ns(network_.now() + 10s), &at_client_, connecting.fault, connecting);
    const auto connected = run(connecting);
    ASSERT_TRUE(connected.ok()) << connected.sentence();
    const auto accepted = run(accepting);
    ASSERT_TRUE(accepted.ok()) << accepted.sentence();
}

CallResult TransportConformance::run(Call& call) {
    network_.run_until([&] { return call.has_ended; }, std::chrono::minutes(1));
    EXPECT_TRUE(call.is_code_repeated) << "the completion's code is not that of the fault";
    CallResult result;
    result.has_ended = call.has_ended;
    result.fault = call.fault;
    return result;
}

// In three parts, of which one is empty.
CallResult TransportConformance::send(abi::ConnectionGuest& from, std::string_view frame) {
    const auto bytes = std::as_bytes(std::span(frame.data(), frame.size()));
    const auto half = frame.size() / 2;
    const std::array<abi::Bytes, 3> parts{abi::Bytes{bytes.data(), half}, abi::Bytes{bytes.data(), 0},
                                          abi::Bytes{bytes.data() + half, frame.size() - half}};
    Call call;
    call.has_ended = from.start_send(parts.data(), parts.size(), to_ns(network_.now() + 10s), call.fault, call);
    return run(call);
}

CallResult TransportConformance::receive(abi::ConnectionGuest& at, std::string& frame, Duration patience) {
    abi::Bytes bytes{};
    Call call;
    call.has_ended = at.start_receive(to_ns(network_.now() + patience), bytes, call.fault, call);
    auto result = run(call);
    if (result.ok()) frame.assign(reinterpret_cast<const char*>(bytes.data), static_cast<std::size_t>(bytes.size));
    return result;
}

namespace {

// Different bytes everywhere, so that a shifted or doubled part is seen.
std::string frame_of(std::size_t size) {
    std::string frame(size, '\0');
    std::uint32_t state = static_cast<std::uint32_t>(size) + 1;
    for (auto& byte : frame) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24U);
    }
    return frame;
}

}  // namespace

TEST_P(TransportConformance, NamesItsSchemeAndWhereItListens) {
    const auto scheme = std::string(server_->scheme().view());
    EXPECT_FALSE(scheme.empty());
    EXPECT_TRUE(listener_->address().view().starts_with(scheme + ":")) << listener_->address().view();
}

TEST_P(TransportConformance, KnowsAnAddressOfItsPeer) {
    connect();
    abi::PeerInfo peer{};
    at_server_->peer(peer);
    EXPECT_GT(peer.address_size, 0U);
    EXPECT_LE(peer.address_size, sizeof peer.address);
}

TEST_P(TransportConformance, CarriesFramesOfAnySizeBothWays) {
    connect();
    for (const std::size_t size : {0U, 1U, 2U, 255U, 256U, 65'535U, 65'536U, 65'537U, 1'000'000U, 1'048'576U}) {
        for (auto [from, to] : {std::pair(at_client_, at_server_), std::pair(at_server_, at_client_)}) {
            std::string received = "none";
            ASSERT_TRUE(send(*from, frame_of(size)).ok()) << size;
            const auto result = receive(*to, received);
            ASSERT_TRUE(result.ok()) << size << ": " << result.sentence();
            EXPECT_TRUE(received == frame_of(size)) << size << " bytes became " << received.size();
        }
    }
}

TEST_P(TransportConformance, PutsFramesTogetherHoweverTheyArrive) {
    for (const std::size_t split : {1U, 3U, 1000U}) {
        connect();
        network_.set_faults({.split = split});
        for (const std::size_t size : {0U, 1U, 300U, 5000U}) {
            std::string received;
            ASSERT_TRUE(send(*at_client_, frame_of(size)).ok());
            ASSERT_TRUE(receive(*at_server_, received).ok()) << size;
            EXPECT_TRUE(received == frame_of(size)) << size;
        }
        network_.set_faults({});
    }
}

TEST_P(TransportConformance, KeepsFramesApartThatArriveTogether) {
    connect();
    for (std::size_t size = 0; size < 100; ++size) ASSERT_TRUE(send(*at_client_, frame_of(size)).ok());
    for (std::size_t size = 0; size < 100; ++size) {
        std::string received;
        ASSERT_TRUE(receive(*at_server_, received).ok()) << size;
        ASSERT_EQ(received, frame_of(size));
    }
}

TEST_P(TransportConformance, RefusesToSendAFrameBeyondTheLimit) {
    connect();
    const auto result = send(*at_client_, frame_of(kMaxFrameBytes + 1));
    EXPECT_TRUE(result.has_ended && !result.ok());
}

TEST_P(TransportConformance, LosesNothingWhenAReceiveTimesOut) {
    connect();
    std::string received;
    const auto result = receive(*at_server_, received, 100ms);
    EXPECT_EQ(result.fault.code, static_cast<std::int32_t>(ErrorCode::timeout)) << result.sentence();
    ASSERT_TRUE(send(*at_client_, "later").ok());
    ASSERT_TRUE(receive(*at_server_, received).ok());
    EXPECT_EQ(received, "later");
}

TEST_P(TransportConformance, DeliversWhatCameBeforeTheEndThenSaysSo) {
    connect();
    ASSERT_TRUE(send(*at_client_, "last words").ok());
    std::exchange(at_client_, nullptr)->release();
    std::string received;
    ASSERT_TRUE(receive(*at_server_, received).ok());
    EXPECT_EQ(received, "last words");
    EXPECT_EQ(receive(*at_server_, received).fault.code, static_cast<std::int32_t>(ErrorCode::disconnected));
}

TEST_P(TransportConformance, NeverDeliversAPartOfAFrame) {
    connect();
    network_.set_faults({});
    ASSERT_TRUE(send(*at_client_, frame_of(20)).ok());
    const auto bytes = network_.request_bytes();
    for (std::size_t cut = 0; cut < bytes; ++cut) {
        connect();
        network_.set_faults({.cut_request_after = cut});
        send(*at_client_, frame_of(20));
        std::string received;
        EXPECT_FALSE(receive(*at_server_, received).ok()) << "a frame came although the link broke after " << cut << " bytes";
        network_.set_faults({});
    }
}

TEST_P(TransportConformance, EndsOnRubbish) {
    for (int kind = 0; kind < 50; ++kind) {
        connect();
        network_.set_faults({.garble_reply = [&](std::string reply) {
            for (auto& byte : reply) byte = static_cast<char>(network_.random() | 0x80U);
            return reply;
        }});
        ASSERT_TRUE(send(*at_server_, frame_of(64)).ok());
        std::string received;
        const auto result = receive(*at_client_, received, 1s);
        EXPECT_TRUE(result.has_ended && !result.ok());
        network_.set_faults({});
    }
}

TEST_P(TransportConformance, SaysWhereNobodyListens) {
    network_.set_faults({.refuse = true});
    Call call;
    call.has_ended = client_->start_connect(listener_->address(), to_ns(network_.now() + 1s), &at_client_, call.fault, call);
    const auto result = run(call);
    EXPECT_TRUE(result.has_ended && !result.ok());
    EXPECT_NE(result.sentence().find(' '), std::string::npos) << result.sentence();
}

TEST_P(TransportConformance, LeavesNoWaitBehindWhenReleased) {
    connect();
    abi::Bytes frame{};
    Call receiving, accepting;
    abi::ConnectionGuest* never = nullptr;
    EXPECT_FALSE(at_server_->start_receive(to_ns(network_.now() + 1h), frame, receiving.fault, receiving));
    EXPECT_FALSE(listener_->start_accept(&never, accepting.fault, accepting));
    release_connections();
    std::exchange(listener_, nullptr)->release();
    EXPECT_EQ(server_io_.pending_waits(), 0U);
    EXPECT_EQ(client_io_.pending_waits(), 0U);
    EXPECT_EQ(server_io_.open_handles(), 0U);
    network_.run_for(2h);
    EXPECT_FALSE(receiving.has_ended);
}

}  // namespace penstock::testing
