#include <penstock/transport.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

#include <penstock/detail/host_call.hpp>

namespace penstock::detail {
namespace {

class ConnectionAdapter final : public abi::ConnectionGuest {
public:
    explicit ConnectionAdapter(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

    bool start_send(const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns, abi::Fault& fault,
                    abi::Completion& completion) noexcept override {
        return send_.start(fault, completion, [&] {
            parts_.clear();
            for (std::uint32_t i = 0; i < part_count; ++i)
                parts_.emplace_back(parts[i].data, static_cast<std::size_t>(parts[i].size));
            return connection_->send(parts_, monotonic_from_ns(deadline_ns));
        });
    }
    bool start_receive(std::int64_t deadline_ns, abi::Bytes& frame, abi::Fault& fault,
                       abi::Completion& completion) noexcept override {
        frame = abi::Bytes();
        return receive_.start(fault, completion, [&] { return receive(monotonic_from_ns(deadline_ns), &frame); });
    }
    void peer(abi::PeerInfo& info) noexcept override {
        info = abi::PeerInfo();
        info.user_id = -1;
        info.process_id = -1;
        abi::Fault ignored;
        guarded(ignored, [&] {
            const auto peer = connection_->peer();
            if (peer.user_id) info.user_id = *peer.user_id;
            if (peer.process_id) info.process_id = *peer.process_id;
            info.address_size = static_cast<std::uint32_t>(std::min(peer.address.size(), sizeof info.address));
            std::memcpy(info.address, peer.address.data(), info.address_size);
        });
    }
    void release() noexcept override {
        send_.drop();
        receive_.drop();
        delete this;
    }

private:
    Task<void> receive(Deadline deadline, abi::Bytes* frame) {
        const auto bytes = co_await connection_->receive(deadline);
        *frame = abi::Bytes{bytes.data(), bytes.size()};
    }

    std::unique_ptr<Connection> connection_;
    std::vector<std::span<const std::byte>> parts_;
    HostCall send_;
    HostCall receive_;
};

class ListenerAdapter final : public abi::ListenerGuest {
public:
    explicit ListenerAdapter(std::unique_ptr<FrameListener> listener)
        : listener_(std::move(listener)), address_(listener_->address()) {}

    bool start_accept(abi::ConnectionGuest** connection, abi::Fault& fault, abi::Completion& completion) noexcept override {
        return accept_.start(fault, completion, [&] { return accept(connection); });
    }
    abi::Text address() noexcept override { return abi::text(address_); }
    void release() noexcept override {
        accept_.drop();
        delete this;
    }

private:
    Task<void> accept(abi::ConnectionGuest** connection) {
        auto accepted = co_await listener_->accept();
        *connection = new ConnectionAdapter(std::move(accepted));
    }

    std::unique_ptr<FrameListener> listener_;
    std::string address_;
    HostCall accept_;
};

class TransportAdapter final : public abi::TransportGuest {
public:
    explicit TransportAdapter(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

    abi::Text scheme() noexcept override { return abi::text(transport_->scheme()); }
    bool start_listen(abi::Text url, abi::ListenerGuest** listener, abi::Fault& fault,
                      abi::Completion& completion) noexcept override {
        return listen_.start(fault, completion, [&] { return listen(std::string(url.view()), listener); });
    }
    bool start_connect(abi::Text url, std::int64_t deadline_ns, abi::ConnectionGuest** connection, abi::Fault& fault,
                       abi::Completion& completion) noexcept override {
        return connect_.start(fault, completion,
                              [&] { return connect(std::string(url.view()), monotonic_from_ns(deadline_ns), connection); });
    }
    void release() noexcept override {
        listen_.drop();
        connect_.drop();
        delete this;
    }

private:
    Task<void> listen(std::string url, abi::ListenerGuest** listener) {
        auto made = co_await transport_->listen(url);
        *listener = new ListenerAdapter(std::move(made));
    }
    Task<void> connect(std::string url, Deadline deadline, abi::ConnectionGuest** connection) {
        auto made = co_await transport_->connect(url, deadline);
        *connection = new ConnectionAdapter(std::move(made));
    }

    std::unique_ptr<Transport> transport_;
    HostCall listen_;
    HostCall connect_;
};

}  // namespace

abi::TransportGuest* adapt_transport(std::unique_ptr<Transport> transport) {
    return new TransportAdapter(std::move(transport));
}

}  // namespace penstock::detail
