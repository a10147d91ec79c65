#pragma once

// How producers and sessions wake the engine: two flags and an eventfd. A flag that is already up costs no system call.

#include <atomic>
#include <optional>

#include <penstock/time.hpp>

namespace penstock::engine {

class Doorbell final {
public:
    Doorbell();
    ~Doorbell();
    Doorbell(const Doorbell&) = delete;
    Doorbell& operator=(const Doorbell&) = delete;

    // [any-thread]
    void values_wait() noexcept { raise(values_); }
    void command_waits() noexcept { raise(command_); }

    // The listener: lowers both flags. What is sent from now on raises them again, so look for work afterwards.
    void lower() noexcept {
        values_.exchange(false);  // not store(): the exchange also sees what was queued before the flag was raised
        command_.exchange(false);
    }
    [[nodiscard]] bool has_values() const noexcept { return values_.load(); }
    [[nodiscard]] bool has_command() const noexcept { return command_.load(); }
    // What to sleep for: a flag that is up and wanted ends the sleep at once.
    enum class For { anything, command };
    // Sleeps until a wanted flag is raised, or until the time is over; nullopt = no end. May return early. While nobody sleeps,
    // raising makes no system call. One listener.
    void sleep(For wanted, std::optional<Duration> at_most) noexcept;

private:
    void raise(std::atomic<bool>& flag) noexcept {
        if (!flag.exchange(true) && sleeping_.load()) ring();
    }
    void ring() noexcept;
    void wait_for_ring(std::optional<Duration> at_most) noexcept;

    std::atomic<bool> values_{false};
    std::atomic<bool> command_{false};
    std::atomic<bool> sleeping_{false};
    int event_;
};

}  // namespace penstock::engine
