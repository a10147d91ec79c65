#pragma once

// Names to numbers, for a hundred thousand tags, over borrowed texts.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/number_index.hpp"

namespace penstock::site {

class NameTable {
public:
    static constexpr std::uint32_t kNone = base::NumberIndex::kNone;

    // The number that `name` has already, else kNone after giving it `number`. `name` stays valid as long as the table.
    std::uint32_t insert(std::string_view name, std::uint32_t number) {
        const auto next = static_cast<std::uint32_t>(entries_.size());
        const auto keep = [&] {
            entries_.push_back({name, number});
            return next;
        };
        const auto entry = index_.find_or_make(name, IsCalled{entries_, name}, keep);
        return entry == next ? kNone : entries_[entry].number;
    }
    // kNone if there is no such name.
    [[nodiscard]] std::uint32_t find(std::string_view name) const {
        const auto entry = index_.find(name, IsCalled{entries_, name});
        return entry == base::NumberIndex::kNone ? kNone : entries_[entry].number;
    }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
    struct Entry {
        std::string_view name;
        std::uint32_t number;
    };
    struct IsCalled {
        const std::vector<Entry>& entries;
        std::string_view name;
        bool operator()(std::uint32_t entry) const { return entries[entry].name == name; }
    };

    base::NumberIndex index_;  // into entries_
    std::vector<Entry> entries_;
};

}  // namespace penstock::site
