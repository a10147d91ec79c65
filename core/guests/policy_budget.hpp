#pragma once

// What an alarm policy may cost, measured from outside: CPU time of the engine's thread, so a machine that is busy elsewhere
// costs it nothing.

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include <penstock/time.hpp>

namespace penstock::guests {

// CPU time that the calling thread has used.
using CpuClock = std::function<Duration()>;
[[nodiscard]] Duration thread_cpu_time() noexcept;

class PolicyBudget final {
public:
    static constexpr Duration kCall = std::chrono::milliseconds(1), kRow = std::chrono::microseconds(1);
    static constexpr Duration kMost = std::chrono::milliseconds(100);  // once is enough
    static constexpr std::size_t kStrikes = 3;  // so many calls over their budget ...
    static constexpr Duration kWindow = std::chrono::seconds(10);  // ... within this

    [[nodiscard]] static constexpr Duration of(std::size_t rows) noexcept {
        return kCall + kRow * static_cast<Duration::rep>(rows);
    }
    // A call is over. A sentence once the policy has spent too much.
    [[nodiscard]] std::optional<std::string> spend(Duration took, std::size_t rows, MonotonicTime now);

private:
    std::array<MonotonicTime, kStrikes> strikes_{};  // the last ones, in a ring
    std::size_t count_ = 0;
};

}  // namespace penstock::guests
