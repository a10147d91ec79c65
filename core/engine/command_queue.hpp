#pragma once

// Commands on their way to the engine: bounded, in order, from any thread. People's actions, a few at a time: a mutex is
// right here.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include <penstock/result.hpp>

#include "core/engine/write_command.hpp"

namespace penstock::engine {

class CommandQueue final {
public:
    explicit CommandQueue(std::size_t capacity) : capacity_(capacity) {}

    // Error unavailable, retryable: full, or closed. [any-thread]
    [[nodiscard]] Result<void> push(WriteCommand command);
    // Refuses all that come from now on. [any-thread]
    void close();
    // All that wait, oldest first; `into` is replaced, its memory used again. [engine]
    void take(std::vector<WriteCommand>& into);

    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

private:
    const std::size_t capacity_;
    std::mutex mutex_;  // guards waiting_ and is_closed_
    std::vector<WriteCommand> waiting_;
    bool is_closed_ = false;
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace penstock::engine
