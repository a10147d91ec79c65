#pragma once

// What travels from the link's strand to the session's owner. Internal to remote_session.cpp and remote_link.cpp.

#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include <penstock/session.hpp>

#include "core/base/wakeup.hpp"

namespace penstock::client {

// The answer to a request.
struct ReplyEvent {
    std::uint64_t number;
    OperationId operation;  // of the reply, as the server says
    Result<AnyReply> reply;
};
struct UpdateEvent {
    std::uint64_t connection;
    std::uint64_t stream;
    AnyUpdate update;
};
struct StreamEndEvent {
    std::uint64_t connection;
    std::uint64_t stream;
    Error why;
};
struct LinkEvent {
    LinkStatus status;
};
using RemoteEvent = std::variant<ReplyEvent, UpdateEvent, StreamEndEvent, LinkEvent>;

// Bounded by what it carries: 1,000 requests, and the credit of 64 streams.
class RemoteInbox {
public:
    [[nodiscard]] base::Wakeup& wakeup() noexcept { return wakeup_; }
    void push(RemoteEvent event) {
        {
            const std::lock_guard lock(mutex_);
            events_.push_back(std::move(event));
        }
        wakeup_.signal();
    }
    [[nodiscard]] std::vector<RemoteEvent> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(events_, {});
    }

private:
    base::Wakeup wakeup_;
    std::mutex mutex_;  // guards events_
    std::vector<RemoteEvent> events_;
};

}  // namespace penstock::client
