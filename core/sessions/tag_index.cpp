#include "core/sessions/tag_index.hpp"

namespace penstock::sessions {

void TagIndex::add(tags::TagId tag, GroupNumber group, std::uint32_t place) {
    if (tag >= first_.size()) first_.resize(std::size_t{tag} + 1, kNone);
    auto node = free_;
    if (node == kNone) {
        node = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
    } else {
        free_ = nodes_[node].next;
    }
    nodes_[node] = {group, place, first_[tag]};
    first_[tag] = node;
}

void TagIndex::remove(std::span<const tags::TagId> tags, GroupNumber group) {
    for (const auto tag : tags) {
        if (tag >= first_.size()) continue;
        for (auto* link = &first_[tag]; *link != kNone;) {
            auto& node = nodes_[*link];
            if (node.group != group) {
                link = &node.next;
                continue;
            }
            const auto freed = *link;
            *link = node.next;
            node.next = free_;
            free_ = freed;
        }
    }
}

}  // namespace penstock::sessions
