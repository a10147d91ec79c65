#pragma once

// The strand's side of a remote session: connects, says hello, keeps the connection alive, connects again. Internal to
// remote_session.cpp. All [strand] but the constructor.
//
//   waiting -> connecting -> greeting -> open -> (lost) -> waiting ...

#include <memory>
#include <random>

#include "core/client/remote_inbox.hpp"
#include "core/client/remote_session.hpp"
#include "core/wire/frame_link.hpp"

namespace penstock::client {

class RemoteLink final : public std::enable_shared_from_this<RemoteLink>, private wire::FrameLink::Handler {
public:
    RemoteLink(base::Strand& strand, abi::TransportGuest& transport, RemoteOptions options, std::shared_ptr<RemoteInbox> inbox);
    ~RemoteLink();

    void start();
    // Closes, and says no more. Twice is fine.
    void stop();
    // stop() where the strand has been stopped: a connect under way will not complete any more.
    void abandon();

    // Sends on this connection (LinkStatus::connection) only; false: it is no longer there.
    bool send(std::uint64_t connection, const wire::FrameHeader& header, std::shared_ptr<const wire::Buffer> body);

private:
    enum class Phase { waiting, connecting, greeting, open, stopped };
    struct ConnectDone final : abi::Completion {
        explicit ConnectDone(RemoteLink& owner) noexcept : link(&owner) {}
        void complete(const abi::IoResult&) noexcept override;
        RemoteLink* link;
    };

    void on_message(const wire::Frame& message) override;
    void on_sent() override {}
    void on_garbage(const Error& error) override;
    void on_broken(const Error& error) override;

    void on_timer();
    void connect();
    void finish_connect();
    void greet();
    void take_hello(const wire::Frame& message);
    void take_error(const wire::Frame& message);
    void take_update(const wire::Frame& message);
    void take_reply(const wire::Frame& message);
    void keep_alive(MonotonicTime now);
    void lose(const Error& why);
    void report(LinkState state, ErrorCode code, std::string sentence);
    [[nodiscard]] Duration next_pause();
    [[nodiscard]] MonotonicTime now() const { return strand_->now().monotonic; }

    base::Strand* strand_;
    abi::TransportGuest* transport_;
    RemoteOptions options_;
    std::shared_ptr<RemoteInbox> inbox_;
    base::CallbackTimer timer_;
    std::mt19937_64 random_;

    Phase phase_ = Phase::waiting;
    MonotonicTime greeting_since_{};
    MonotonicTime last_ping_{};
    Duration pause_;
    std::uint64_t connection_ = 0;

    abi::ConnectionGuest* connected_ = nullptr;
    abi::Fault fault_;
    ConnectDone connect_done_{*this};
    std::shared_ptr<RemoteLink> kept_;  // while the transport holds connect_done_

    std::unique_ptr<wire::FrameLink> link_;
};

}  // namespace penstock::client
