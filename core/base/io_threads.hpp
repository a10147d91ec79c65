#pragma once

// The host's I/O threads: each runs one event loop of its own, so what lives on one needs no lock.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strand.hpp"

namespace penstock::base {

class IoThread final : public Strand {
public:
    // Starts the thread, named `name` (at most 15 bytes are shown by the system). `clock` outlives it.
    explicit IoThread(std::string name, const Clock& clock);
    ~IoThread() override;

    [[nodiscard]] Now now() const noexcept override;
    void post(Job job) override;
    [[nodiscard]] bool is_current() const noexcept override;
    void arm(Timer& timer, MonotonicTime due) override;
    void disarm(Timer& timer) noexcept override;

    // Ends the loop after the job that runs, waits for the thread, and destroys jobs that have not run. Stopping twice is
    // fine. Not from the thread itself. [any-thread]
    void stop() noexcept;

    // The io_context and what belongs to it: asio_access.hpp, for sources only.
    struct Loop;
    [[nodiscard]] Loop& loop() noexcept { return *loop_; }

private:
    std::unique_ptr<Loop> loop_;
};

class IoThreads {
public:
    // `count` threads, at least 1, at most 64.
    explicit IoThreads(std::size_t count, const Clock& clock, std::string_view name = "io");
    ~IoThreads();

    // The next thread in turn. [any-thread]
    [[nodiscard]] IoThread& pick() noexcept;
    [[nodiscard]] IoThread& at(std::size_t index) noexcept { return *threads_[index]; }
    [[nodiscard]] std::size_t size() const noexcept { return threads_.size(); }

    // Stops all of them; what still lives on them is destroyed afterwards, by its owners, without callbacks. [any-thread,
    // none of these]
    void stop() noexcept;

private:
    std::vector<std::unique_ptr<IoThread>> threads_;
    std::atomic<std::size_t> next_{0};
};

}  // namespace penstock::base
