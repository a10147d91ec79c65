#pragma once

// A transport without sockets: frames pass from end to end on a manual strand. The test cuts, freezes and blocks connections.

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <penstock/abi/transport.hpp>
#include <penstock/result.hpp>

#include "core/base/strand.hpp"
#include "core/wire/frame.hpp"

namespace penstock::sessions::testing {

class MemoryTransport;

class MemoryEnd final : public abi::ConnectionGuest {
public:
    MemoryEnd(base::Strand& strand, std::int64_t user_id) : strand_(&strand), user_id_(user_id) {}

    bool start_send(const abi::Bytes* parts, std::uint32_t count, std::int64_t, abi::Fault& fault,
                    abi::Completion& done) noexcept override {
        wire::Buffer frame;
        for (std::uint32_t i = 0; i < count; ++i) frame.insert(frame.end(), parts[i].data, parts[i].data + parts[i].size);
        if (is_cut) {
            set_cut(fault);
            return true;
        }
        sent.push_back(frame);
        if (!is_blocked) {
            pass_on(std::move(frame));
            return true;
        }
        blocked_ = std::move(frame);
        send_done_ = &done;
        return false;
    }
    bool start_receive(std::int64_t, abi::Bytes& frame, abi::Fault& fault, abi::Completion& done) noexcept override {
        receive_frame_ = &frame;
        receive_fault_ = &fault;
        if (take()) return true;
        receive_done_ = &done;
        return false;
    }
    void peer(abi::PeerInfo& info) noexcept override {
        info = {};
        info.user_id = user_id_;
        info.process_id = 4711;
    }
    void release() noexcept override {
        is_released = true;
        receive_done_ = nullptr;
        send_done_ = nullptr;
        if (other && !other->is_released) other->cut();
    }

    // --- the test's side ---
    void cut() {
        is_cut = true;
        wake();
    }
    void unblock() {
        is_blocked = false;
        if (send_done_ == nullptr) return;
        auto* done = std::exchange(send_done_, nullptr);
        pass_on(std::move(blocked_));
        strand_->post([done] { done->complete({}); });
    }
    void deliver(wire::Buffer frame) {
        inbox.push_back(std::move(frame));
        wake();
    }

    MemoryEnd* other = nullptr;
    std::deque<wire::Buffer> inbox;
    std::vector<wire::Buffer> sent;
    bool is_cut = false;
    bool is_blocked = false;  // sends wait
    bool is_frozen = false;   // what it sends is lost on the way
    bool is_released = false;

private:
    static void set_cut(abi::Fault& fault) {
        fault.set(static_cast<std::int32_t>(ErrorCode::disconnected), "the other side has closed the connection", true);
    }
    void pass_on(wire::Buffer frame) {
        if (!is_frozen && other && !other->is_released) other->deliver(std::move(frame));
    }
    bool take() {
        if (!inbox.empty()) {
            current_ = std::move(inbox.front());
            inbox.pop_front();
            *receive_frame_ = {current_.data(), current_.size()};
            return true;
        }
        if (is_cut) set_cut(*receive_fault_);
        return is_cut;
    }
    void wake() {
        if (receive_done_ == nullptr || is_waking_) return;
        is_waking_ = true;
        strand_->post([this] {
            is_waking_ = false;
            if (receive_done_ == nullptr || !take()) return;
            std::exchange(receive_done_, nullptr)->complete({});
        });
    }

    base::Strand* strand_;
    std::int64_t user_id_;
    wire::Buffer current_, blocked_;
    abi::Bytes* receive_frame_ = nullptr;
    abi::Fault* receive_fault_ = nullptr;
    abi::Completion* receive_done_ = nullptr;
    abi::Completion* send_done_ = nullptr;
    bool is_waking_ = false;
};

class MemoryTransport final : public abi::TransportGuest {
public:
    explicit MemoryTransport(base::Strand& strand) : strand_(&strand) {}

    abi::Text scheme() noexcept override { return abi::text("memory"); }
    bool start_listen(abi::Text, abi::ListenerGuest** listener, abi::Fault&, abi::Completion&) noexcept override {
        *listener = &listener_;
        is_listening = true;
        return true;
    }
    bool start_connect(abi::Text, std::int64_t, abi::ConnectionGuest** connection, abi::Fault& fault,
                       abi::Completion&) noexcept override {
        ++connects;
        connected_at.push_back(strand_->now().monotonic);
        if (!is_listening) {
            fault.set(static_cast<std::int32_t>(ErrorCode::disconnected), "nobody listens", true);
            return true;
        }
        *connection = &open(next_user_id);
        return true;
    }
    void release() noexcept override {}

    // A connection's client end; its other end goes to who accepts.
    MemoryEnd& open(std::int64_t user_id = 0) {
        ends_.push_back(std::make_unique<MemoryEnd>(*strand_, 0));
        auto& client = *ends_.back();
        ends_.push_back(std::make_unique<MemoryEnd>(*strand_, user_id));
        auto& server = *ends_.back();
        client.other = &server;
        server.other = &client;
        backlog_.push_back(&server);
        if (accept_done_ != nullptr) {
            strand_->post([this] {
                if (accept_done_ == nullptr || backlog_.empty()) return;
                give();
                std::exchange(accept_done_, nullptr)->complete({});
            });
        }
        return client;
    }
    [[nodiscard]] MemoryEnd& newest_server_end() { return *ends_.back(); }

    bool is_listening = false;
    std::int64_t next_user_id = 0;  // of who connects
    int connects = 0;
    std::vector<MonotonicTime> connected_at;

private:
    struct Listener final : abi::ListenerGuest {
        explicit Listener(MemoryTransport& owner) : transport(&owner) {}
        bool start_accept(abi::ConnectionGuest** connection, abi::Fault&, abi::Completion& done) noexcept override {
            transport->accepted_ = connection;
            if (transport->backlog_.empty()) {
                transport->accept_done_ = &done;
                return false;
            }
            transport->give();
            return true;
        }
        abi::Text address() noexcept override { return abi::text("memory:here"); }
        void release() noexcept override {
            transport->is_listening = false;
            transport->accept_done_ = nullptr;
        }
        MemoryTransport* transport;
    };
    void give() {
        *accepted_ = backlog_.front();
        backlog_.pop_front();
    }

    Listener listener_{*this};
    base::Strand* strand_;
    std::vector<std::unique_ptr<MemoryEnd>> ends_;
    std::deque<MemoryEnd*> backlog_;
    abi::ConnectionGuest** accepted_ = nullptr;
    abi::Completion* accept_done_ = nullptr;
};

}  // namespace penstock::sessions::testing
