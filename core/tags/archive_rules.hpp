#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/tags/archive_rule.hpp"

namespace penstock::tags {

// Stores equal rules once, by number. Number 0 is "off".
class ArchiveRules final {
public:
    ArchiveRules() : rules_(1) {}

    // Nothing if there would be more than 65,536.
    [[nodiscard]] std::optional<std::uint16_t> add(const ArchiveRule& rule);
    [[nodiscard]] std::span<const ArchiveRule> all() const noexcept { return rules_; }

private:
    std::vector<ArchiveRule> rules_;
    std::unordered_map<std::string, std::uint16_t> numbers_;  // by what is in them
    std::uint16_t last_ = 0;  // neighbours mostly have the same
};

}  // namespace penstock::tags
