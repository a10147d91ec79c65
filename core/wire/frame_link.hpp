#pragma once

// One connection of a transport, as both of its ends use it: messages out through a queue, messages in one at a time.

#include <cstddef>
#include <deque>
#include <memory>

#include <penstock/abi/transport.hpp>

#include "core/base/strand.hpp"
#include "core/wire/frame.hpp"

namespace penstock::wire {

// All [strand]: the strand of the transport instance.
class FrameLink {
public:
    // Called on the strand. None of them may destroy the link: post a job that does.
    class Handler {
    public:
        virtual void on_message(const Frame& message) = 0;  // the bytes are valid during the call
        virtual void on_sent() = 0;                         // the queue has become shorter
        // The peer breaks the protocol. What it sends from here on is thrown away; sending still works.
        virtual void on_garbage(const Error& error) = 0;
        // The connection is gone. Nothing is called after it.
        virtual void on_broken(const Error& error) = 0;

    protected:
        ~Handler() = default;
    };

    // Owns the connection. The handler outlives the link.
    FrameLink(base::Strand& strand, abi::ConnectionGuest& connection, Handler& handler, std::size_t most_message_bytes);
    ~FrameLink();  // closes; nothing is called after it
    FrameLink(const FrameLink&) = delete;
    FrameLink& operator=(const FrameLink&) = delete;

    // Begins to receive.
    void start();
    // Queues a message; split over frames if it must be. The body is shared, not copied, and not changed until it was sent.
    void send(FrameHeader header, std::shared_ptr<const Buffer> body);
    void send(const FrameHeader& header);  // without body
    // Bytes that wait, those under way included.
    [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_; }
    // What arrives from here on is thrown away.
    void discard_input() noexcept { is_discarding_ = true; }
    void set_most_message_bytes(std::size_t most) noexcept { assembler_.set_most(most); }
    // When the last frame arrived.
    [[nodiscard]] MonotonicTime last_received() const noexcept { return last_received_; }
    [[nodiscard]] abi::PeerInfo peer() const;

private:
    // A frame takes at most this long to leave: a peer that reads so slowly is as good as gone.
    static constexpr Duration kSendWithin = std::chrono::seconds(30);
    static constexpr Duration kReceiveWithin = std::chrono::hours(1);
    static constexpr int kFramesAtATime = 32;  // then others on the strand get their turn

    struct Outgoing {
        HeaderBytes header;
        std::shared_ptr<const Buffer> owner;
        Bytes body;
        [[nodiscard]] std::size_t size() const noexcept { return header.bytes().size() + body.size(); }
    };
    struct SendDone final : abi::Completion {
        explicit SendDone(FrameLink& owner) noexcept : link(&owner) {}
        void complete(const abi::IoResult&) noexcept override;
        FrameLink* link;
    };
    struct ReceiveDone final : abi::Completion {
        explicit ReceiveDone(FrameLink& owner) noexcept : link(&owner) {}
        void complete(const abi::IoResult&) noexcept override;
        FrameLink* link;
    };

    void post(void (FrameLink::*step)());
    void push(const FrameHeader& header, std::shared_ptr<const Buffer> owner, Bytes body);
    void send_next();
    void finish_send();
    void receive();
    bool take_frame();
    void break_off(const abi::Fault& fault);
    void report_broken();
    void report_sent();
    [[nodiscard]] std::int64_t deadline(Duration within) const;

    base::Strand* strand_;
    abi::ConnectionGuest* connection_;
    Handler* handler_;
    MessageAssembler assembler_;
    MonotonicTime last_received_;

    std::deque<Outgoing> queue_;
    std::size_t queued_bytes_ = 0;
    abi::Bytes parts_[2] = {};
    abi::Fault send_fault_;
    SendDone send_done_{*this};
    bool is_sending_ = false;
    bool is_reporting_sent_ = false;

    abi::Bytes frame_ = {};
    abi::Fault receive_fault_;
    ReceiveDone receive_done_{*this};
    bool is_discarding_ = false;

    std::unique_ptr<Error> broken_;
    std::shared_ptr<FrameLink*> self_ = std::make_shared<FrameLink*>(this);  // for posted jobs that outlive the link
};

}  // namespace penstock::wire
