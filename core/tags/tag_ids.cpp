#include "core/tags/tag_ids.hpp"

#include <unordered_map>

#include "core/tags/name_index.hpp"

namespace penstock::tags {
namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::string_view TagIdStore::name(const Entry& entry) const noexcept {
    return {arena_.data() + entry.name + 1, static_cast<unsigned char>(arena_[entry.name])};
}

std::uint32_t TagIdStore::slot_of(std::string_view name) const noexcept {
    return static_cast<std::uint32_t>(find_slot(index_, name, [this](std::uint32_t e) { return this->name(entries_[e]); }));
}

std::uint32_t TagIdStore::store_name(std::string_view name) {
    const auto offset = static_cast<std::uint32_t>(arena_.size());
    arena_.push_back(static_cast<char>(name.size()));
    arena_.append(name);
    return offset;
}

std::optional<TagId> TagIdStore::find(std::string_view name) const noexcept {
    if (index_.empty()) return std::nullopt;
    const auto entry = index_[slot_of(name)];
    if (entry == 0) return std::nullopt;
    return entries_[entry - 1].id;
}

// Live names to entries, with room for `names`.
void TagIdStore::rebuild_index(std::size_t names) {
    index_.assign(index_size(names), 0);
    live_ = 0;
    for (std::uint32_t e = 0; e < entries_.size(); ++e) {
        if (entries_[e].retired) continue;
        index_[slot_of(name(entries_[e]))] = e + 1;
        ++live_;
    }
}

// A new id for a name, which may have one of another type: that one retires. `slot` is the name's; returns what it then holds.
std::uint32_t TagIdStore::give(std::uint32_t slot, std::string_view name, ValueType type) {
    const auto older = index_[slot];
    const auto text = older == 0 ? store_name(name) : entries_[older - 1].name;
    if (older == 0)
        ++live_;
    else
        entries_[older - 1].retired = true;
    entries_.push_back({text, next_id_++, type, false});
    changed_ = true;
    return index_[slot] = static_cast<std::uint32_t>(entries_.size());
}

void TagIdStore::rename(std::uint32_t entry, std::string_view to) {
    entries_[entry].name = store_name(to);
    changed_ = true;
}

Result<std::vector<TagId>> TagIdStore::assign(std::span<const Wanted> wanted) {
    if (index_size(live_ + wanted.size()) > index_.size()) rebuild_index(live_ + wanted.size());

    // A rename counts where the new name has no id yet and the old one has: later starts find it done.
    std::unordered_map<std::uint32_t, std::string_view> renames;  // entry -> new name
    std::unordered_map<std::string_view, std::string_view> former;
    std::size_t new_ids = 0;
    for (const auto& tag : wanted) {
        const auto known = index_[slot_of(tag.name)];
        if (known != 0) {
            new_ids += entries_[known - 1].type != tag.type;
            continue;
        }
        const auto old = tag.was.empty() ? 0U : index_[slot_of(tag.was)];
        if (old == 0) {
            ++new_ids;
            continue;
        }
        former.emplace(tag.was, tag.name);
        const auto [at, is_first] = renames.emplace(old - 1, tag.name);
        if (!is_first) {
            return fail(ErrorCode::invalid_config, quoted(at->second) + " and " + quoted(tag.name) + " both say that they were "
                                                       + quoted(tag.was) + "; only one tag can take over its history");
        }
        new_ids += entries_[old - 1].type != tag.type;
    }
    if (!former.empty()) {
        for (const auto& tag : wanted) {
            const auto claimed = former.find(tag.name);
            if (claimed == former.end()) continue;
            return fail(ErrorCode::invalid_config, quoted(claimed->second) + " says that it was " + quoted(tag.name)
                                                       + ", but a tag of that name is still defined");
        }
    }
    if (new_ids > kMaxTags - next_id_) {
        return fail(ErrorCode::invalid_config, "this server has given " + std::to_string(next_id_) + " of "
                                                   + std::to_string(kMaxTags) + " tag ids; " + std::to_string(new_ids)
                                                   + " more are wanted");
    }

    for (const auto& [entry, to] : renames) rename(entry, to);
    if (!renames.empty()) rebuild_index(live_ + wanted.size());
    std::vector<TagId> ids;
    ids.reserve(wanted.size());
    for (const auto& tag : wanted) {
        const auto slot = slot_of(tag.name);
        auto known = index_[slot];
        if (known == 0 || entries_[known - 1].type != tag.type) known = give(slot, tag.name, tag.type);
        ids.push_back(entries_[known - 1].id);
    }
    return ids;
}

}  // namespace penstock::tags
