#pragma once

// Times at which alarms want to be looked at: one delay and one shelf each. Setting one again replaces it.

#include <cstdint>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include <penstock/time.hpp>

#include "core/alarms/alarm.hpp"

namespace penstock::alarms {

enum class TimerKind : std::uint8_t { delay, shelf };

class Timers final {
public:
    struct Due {
        AlarmId alarm;
        TimerKind kind;
    };
    void set(AlarmId alarm, TimerKind kind, MonotonicTime at);
    void cancel(AlarmId alarm, TimerKind kind);
    [[nodiscard]] bool is_set(AlarmId alarm, TimerKind kind) const { return set_.contains(key(alarm, kind)); }
    [[nodiscard]] MonotonicTime due() const noexcept;  // of the first; max: none
    // The next whose time has come, and forgets it.
    [[nodiscard]] std::optional<Due> next(MonotonicTime now);

private:
    struct Entry {
        MonotonicTime at;
        std::uint64_t key;
        bool operator>(const Entry& other) const noexcept { return at != other.at ? at > other.at : key > other.key; }
    };
    [[nodiscard]] static std::uint64_t key(AlarmId alarm, TimerKind kind) noexcept {
        return std::uint64_t{alarm} << 1U | static_cast<std::uint64_t>(kind);
    }
    void drop_stale();

    std::unordered_map<std::uint64_t, MonotonicTime> set_;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;  // also of timers that were cancelled or set anew
};

}  // namespace penstock::alarms
