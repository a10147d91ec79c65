#pragma once

// The way to an open stream or listener: name, addresses one after the other, connection.

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/base/io_core.hpp"
#include "core/base/sockets.hpp"

namespace penstock::base {

// Owned by its wait; destroying it gives up. Of several addresses each gets an equal share of the time that is left, so
// that one which swallows packets does not use up the time of the next.
class IoOpening final : public std::enable_shared_from_this<IoOpening>, private Timer {
public:
    IoOpening(IoCore& core, IoWait& wait, Endpoint endpoint, bool is_listener, MonotonicTime deadline);
    ~IoOpening();
    void start();

private:
    void with_addresses(std::vector<SocketAddress> addresses);
    void try_next_address();
    void on_writable(std::uint32_t attempt);
    void attempt_failed(int error);
    void on_timer() noexcept override;  // an attempt has used up its share, or a pause is over
    void listen(const SocketAddress& address);
    void opened(OpenedFd opened);

    IoCore& core_;
    IoWait& wait_;
    const Endpoint endpoint_;
    const MonotonicTime deadline_;
    NameResolver::Lookup lookup_;
    std::vector<SocketAddress> addresses_;
    std::size_t next_address_ = 0;
    boost::asio::posix::stream_descriptor connecting_;
    std::uint32_t attempt_ = 0;  // tells a late event of an earlier attempt from one of this
    int last_error_ = 0;
    const bool is_listener_;
};

}  // namespace penstock::base
