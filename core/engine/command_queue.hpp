#pragma once

// Commands on their way to the engine: bounded, in order, from any thread. People's actions, a few at a time: a mutex is
// right here.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <penstock/result.hpp>

namespace penstock::engine {

template <class Command>
class CommandQueue final {
public:
    explicit CommandQueue(std::size_t capacity) : capacity_(capacity) {}

    // Error unavailable, retryable: full, or closed. [any-thread]
    [[nodiscard]] Result<void> push(Command command) {
        const std::scoped_lock lock(mutex_);
        if (!is_closed_ && waiting_.size() < capacity_) {
            waiting_.push_back(std::move(command));
            return {};
        }
        refused_.fetch_add(1, std::memory_order_relaxed);
        if (is_closed_) return fail(ErrorCode::unavailable, "the server is stopping");
        return fail(ErrorCode::unavailable, std::to_string(capacity_) + " commands are waiting already; try again", {}, true);
    }
    // Refuses all that come from now on. [any-thread]
    void close() {
        const std::scoped_lock lock(mutex_);
        is_closed_ = true;
    }
    // All that wait, oldest first; `into` is replaced, its memory used again. [engine]
    void take(std::vector<Command>& into) {
        into.clear();
        const std::scoped_lock lock(mutex_);
        into.swap(waiting_);
    }

    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

private:
    const std::size_t capacity_;
    std::mutex mutex_;  // guards waiting_ and is_closed_
    std::vector<Command> waiting_;
    bool is_closed_ = false;
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace penstock::engine
