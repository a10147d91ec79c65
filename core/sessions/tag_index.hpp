#pragma once

// Which places of which subscriptions show a tag: the inverted index of the fan-out. 4 bytes a tag and 12 bytes a place.

#include <cstdint>
#include <span>
#include <vector>

#include "core/tags/tag_catalog.hpp"

namespace penstock::sessions {

class TagIndex {
public:
    using GroupNumber = std::uint32_t;

    void add(tags::TagId tag, GroupNumber group, std::uint32_t place);
    // Takes out all places of a group that has these tags.
    void remove(std::span<const tags::TagId> tags, GroupNumber group);

    // Calls visit(group, place) for each.
    template <class Visit>
    void for_each(tags::TagId tag, Visit&& visit) const {
        if (tag >= first_.size()) return;
        for (auto n = first_[tag]; n != kNone; n = nodes_[n].next) visit(nodes_[n].group, nodes_[n].place);
    }

private:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
    struct Node {
        GroupNumber group;
        std::uint32_t place;
        std::uint32_t next;  // of the same tag, or of the free list
    };
    std::vector<std::uint32_t> first_;  // by tag
    std::vector<Node> nodes_;
    std::uint32_t free_ = kNone;
};

}  // namespace penstock::sessions
