#pragma once

// What the driver has learned about a device's address space: addresses it refuses, how many registers it gives at once, and
// between which registers a request must not reach. A plan is made from it, and each refusal makes it better.

#include <array>
#include <cstdint>
#include <map>
#include <unordered_map>

#include <penstock/time.hpp>

#include "address.hpp"

namespace penstock::modbus {

// One table of one unit: limits and holes are learned for each.
struct Space {
    std::uint8_t unit;
    Table table;
    auto operator<=>(const Space&) const = default;
};

// The largest count that a request may ask for. The truth lies in [works, refused): while the two differ by more than one,
// plans try the middle, so a limit of 60 below 125 is found within a few refusals.
class CountLimit {
public:
    explicit CountLimit(std::uint16_t most) noexcept : refused_(static_cast<std::uint16_t>(most + 1)) {}
    // What to ask for at most in the next plan.
    [[nodiscard]] std::uint16_t current() const noexcept;
    void worked(std::uint16_t count) noexcept;
    // A request that was refused for its size alone.
    void refused(std::uint16_t count) noexcept;

private:
    std::uint16_t works_ = 1;
    std::uint16_t refused_;
    bool was_refused_ = false;
};

class DeviceMap {
public:
    DeviceMap(std::uint16_t max_registers, std::uint16_t max_bits) noexcept
        : max_registers_(max_registers), max_bits_(max_bits) {}

    // The largest count to ask for now, and what requests taught about it.
    [[nodiscard]] std::uint16_t most_at_once(Space space);
    void worked(Space space, std::uint16_t count);
    void refused_for_size(Space space, std::uint16_t count);

    // An item that the device refuses by itself, with the exception's code.
    void refuse(ItemId item, std::uint8_t exception, MonotonicTime retry_at);
    // 0 if it is not refused (or its time has come to be tried again).
    [[nodiscard]] std::uint8_t refusal(ItemId item, MonotonicTime now) const;

    // A request must not hold both `before` and the register after it: what lies between cannot be read.
    void add_barrier(Space space, std::uint32_t before);
    [[nodiscard]] bool has_barrier(Space space, std::uint32_t from, std::uint32_t to) const;

    // When the next refused item may be tried again; MonotonicTime::max() if there is none.
    [[nodiscard]] MonotonicTime next_retry() const noexcept { return next_retry_; }
    // Forgets refusals whose time has come. True if there were any.
    bool expire(MonotonicTime now);
    void clear();

    // Changes whenever a plan made before may be worse than a new one.
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

private:
    void changed() noexcept { ++version_; }
    CountLimit& limit(Space space);
    // Applies a lesson to a limit; plans are void if it changes what to ask for.
    void learn(Space space, auto lesson);

    struct Refusal {
        std::uint8_t exception;
        MonotonicTime retry_at;
    };
    std::map<Space, CountLimit> limits_;
    std::multimap<Space, std::uint32_t> barriers_;
    std::unordered_map<ItemId, Refusal> refusals_;
    MonotonicTime next_retry_ = MonotonicTime::max();
    std::uint64_t version_ = 0;
    std::uint16_t max_registers_;
    std::uint16_t max_bits_;
};

}  // namespace penstock::modbus
