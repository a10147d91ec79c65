#include "core/wire/frame_link.hpp"

#include <utility>

namespace penstock::wire {
namespace {

abi::Bytes plain(Bytes bytes) noexcept { return {bytes.data(), bytes.size()}; }

Error to_error(const abi::Fault& fault) {
    return Error(static_cast<ErrorCode>(fault.code), std::string(fault.sentence()), {}, fault.retryable != 0);
}

}  // namespace

FrameLink::FrameLink(base::Strand& strand, abi::ConnectionGuest& connection, Handler& handler, std::size_t most_message_bytes)
    : strand_(&strand),
      connection_(&connection),
      handler_(&handler),
      assembler_(most_message_bytes),
      last_received_(strand.now().monotonic) {}

FrameLink::~FrameLink() { connection_->release(); }

void FrameLink::start() { post(&FrameLink::receive); }

void FrameLink::post(void (FrameLink::*step)()) {
    strand_->post([self = std::weak_ptr(self_), step] {
        if (const auto link = self.lock()) ((*link)->*step)();
    });
}

std::int64_t FrameLink::deadline(Duration within) const { return to_ns(strand_->now().monotonic + within); }

abi::PeerInfo FrameLink::peer() const {
    abi::PeerInfo info{};
    connection_->peer(info);
    return info;
}

// --- out ---

void FrameLink::send(const FrameHeader& header) {
    push(header, nullptr, {});
    send_next();
}

void FrameLink::send(FrameHeader header, std::shared_ptr<const Buffer> body) {
    Bytes rest(*body);
    for (; rest.size() > kMaxBodyBytes; rest = rest.subspan(kMaxBodyBytes)) {
        header.more = true;
        push(header, body, rest.first(kMaxBodyBytes));
    }
    header.more = false;
    push(header, std::move(body), rest);
    send_next();
}

void FrameLink::push(const FrameHeader& header, std::shared_ptr<const Buffer> owner, Bytes body) {
    if (broken_) return;
    queue_.push_back({HeaderBytes(header), std::move(owner), body});
    queued_bytes_ += queue_.back().size();
}

void FrameLink::send_next() {
    for (int n = 0; !is_sending_ && !queue_.empty() && !broken_; ++n) {
        if (n == kFramesAtATime) return post(&FrameLink::send_next);
        const auto& next = queue_.front();
        parts_[0] = plain(next.header.bytes());
        parts_[1] = plain(next.body);
        send_fault_ = {};
        is_sending_ = true;
        if (!connection_->start_send(parts_, 2, deadline(kSendWithin), send_fault_, send_done_)) return;
        finish_send();
    }
}

void FrameLink::finish_send() {
    is_sending_ = false;
    if (send_fault_.failed()) return break_off(send_fault_);
    queued_bytes_ -= queue_.front().size();
    queue_.pop_front();
    if (!std::exchange(is_reporting_sent_, true)) post(&FrameLink::report_sent);
}

void FrameLink::report_sent() {
    is_reporting_sent_ = false;
    if (!broken_) handler_->on_sent();
}

void FrameLink::SendDone::complete(const abi::IoResult&) noexcept {
    link->finish_send();
    link->send_next();
}

// --- in ---

void FrameLink::receive() {
    for (int n = 0; !broken_; ++n) {
        if (n == kFramesAtATime) return post(&FrameLink::receive);
        receive_fault_ = {};
        frame_ = {};
        if (!connection_->start_receive(deadline(kReceiveWithin), frame_, receive_fault_, receive_done_)) return;
        if (!take_frame()) return;
    }
}

void FrameLink::ReceiveDone::complete(const abi::IoResult&) noexcept {
    if (link->take_frame()) link->receive();
}

// False if nothing more can be received.
bool FrameLink::take_frame() {
    if (receive_fault_.failed()) {
        if (receive_fault_.code == static_cast<std::int32_t>(ErrorCode::timeout)) return true;
        break_off(receive_fault_);
        return false;
    }
    last_received_ = strand_->now().monotonic;
    if (is_discarding_) return true;
    const auto message = assembler_.add({frame_.data, static_cast<std::size_t>(frame_.size)});
    if (!message) {
        is_discarding_ = true;
        handler_->on_garbage(message.error());
    } else if (*message) {
        handler_->on_message(**message);
    }
    return true;
}

void FrameLink::break_off(const abi::Fault& fault) {
    if (broken_) return;
    broken_ = std::make_unique<Error>(to_error(fault));
    post(&FrameLink::report_broken);
}

void FrameLink::report_broken() { handler_->on_broken(*broken_); }

}  // namespace penstock::wire
