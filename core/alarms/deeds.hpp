#pragma once

// Who did the last thing that another may want to do, too: so that the second of two is told of the first.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <penstock/time.hpp>

#include "core/alarms/transition.hpp"

namespace penstock::alarms {

enum class DeedKind : std::uint8_t { acknowledged = 0, shelved = 1, taken_out = 2, silenced = 3 };

struct Deed {
    const Who* who;  // until the next set()
    UtcTime time;
};

class Deeds final {
public:
    void set(AlarmId alarm, DeedKind kind, const Who& who, UtcTime time);
    void forget(AlarmId alarm, DeedKind kind) { deeds_.erase(key(alarm, kind)); }
    [[nodiscard]] std::optional<Deed> find(AlarmId alarm, DeedKind kind) const;

private:
    struct Stored {
        UtcTime time;
        std::uint32_t person;
    };
    [[nodiscard]] static std::uint64_t key(AlarmId alarm, DeedKind kind) noexcept {
        return std::uint64_t{alarm} << 2U | static_cast<std::uint64_t>(kind);
    }
    std::vector<Who> people_;  // a plant has few of them
    std::unordered_map<std::uint64_t, Stored> deeds_;
};

// "mueller at 12:03:17 UTC"; with the date if it was not today.
[[nodiscard]] std::string who_and_when(const Deed& deed, UtcTime now);

}  // namespace penstock::alarms
