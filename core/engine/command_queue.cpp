#include "core/engine/command_queue.hpp"

#include <string>

namespace penstock::engine {

Result<void> CommandQueue::push(WriteCommand command) {
    const std::scoped_lock lock(mutex_);
    if (!is_closed_ && waiting_.size() < capacity_) {
        waiting_.push_back(std::move(command));
        return {};
    }
    refused_.fetch_add(1, std::memory_order_relaxed);
    if (is_closed_) return fail(ErrorCode::unavailable, "the server is stopping");
    return fail(ErrorCode::unavailable, std::to_string(capacity_) + " commands are waiting already; try again", {}, true);
}

void CommandQueue::close() {
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
}

void CommandQueue::take(std::vector<WriteCommand>& into) {
    into.clear();
    const std::scoped_lock lock(mutex_);
    into.swap(waiting_);
}

}  // namespace penstock::engine
