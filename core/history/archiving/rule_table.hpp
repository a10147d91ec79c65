#pragma once

// Archiving rules as the archiver applies them. Private to core/history.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <penstock/value.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::history::archiving {

enum class Way : std::uint8_t {
    all,      // every sample
    changes,  // on_change without min_interval
    spaced,   // on_change with it
    cyclic,
};

struct Rule {
    Way way = Way::all;
    ValueType type = ValueType::none;
    bool is_blob = false;
    double deadband = 0;          // 0 for what is no number
    std::int64_t interval = 0;    // cyclic: ns; spaced: the min_interval
    std::int64_t most = std::numeric_limits<std::int64_t>::max();  // max_interval
    std::int64_t lateness = 0;    // how long after the end of an interval it is over

    [[nodiscard]] bool waits() const noexcept { return way == Way::spaced || way == Way::cyclic; }
};

// One rule for each pair of archiving rule and type that the catalog has.
class RuleTable {
public:
    explicit RuleTable(const tags::TagCatalog& catalog);

    [[nodiscard]] const Rule& operator[](std::uint32_t number) const noexcept { return rules_[number]; }
    // kNone for tags that are not archived and ids of none.
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    [[nodiscard]] std::uint32_t number_of(const tags::TagCatalog& catalog, tags::TagId tag) const noexcept;

private:
    std::vector<Rule> rules_;
    std::vector<std::uint32_t> numbers_;  // by archive number and type
};

// Times come from devices: their differences may not fit.
[[nodiscard]] inline std::int64_t plus(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) [[likely]]
        return sum;
    return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}
[[nodiscard]] inline std::int64_t minus(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t difference = 0;
    if (!__builtin_sub_overflow(a, b, &difference)) [[likely]]
        return difference;
    return b < 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

// Whether a value is a change from the kept one. Words of blobs are hashes of their bytes. NaN differs from every number.
[[nodiscard]] inline bool differs(const Rule& rule, std::uint64_t word, std::uint64_t kept) noexcept {
    if (word == kept) return false;
    if (rule.deadband == 0) return true;
    const auto number = [type = rule.type](std::uint64_t w) noexcept {
        if (type == ValueType::float64) return double_of(w);
        return type == ValueType::int64 ? static_cast<double>(static_cast<std::int64_t>(w)) : static_cast<double>(w);
    };
    const auto distance = number(word) - number(kept);
    return !((distance < 0 ? -distance : distance) < rule.deadband);
}

}  // namespace penstock::history::archiving
