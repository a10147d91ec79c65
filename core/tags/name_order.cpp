#include "core/tags/name_order.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/base/text_order.hpp"

namespace penstock::tags {
namespace {

struct Key {
    std::uint64_t head;  // the next eight bytes, the first one highest: compares as the bytes do
    std::uint32_t number;
};

std::string_view rest_of(std::string_view name, std::size_t at) { return name.substr(std::min(at, name.size())); }

std::size_t shared_beginning(std::span<const Key> keys, const std::vector<NamedId>& names, std::size_t from) {
    const auto first = names[keys.front().number].name;
    auto shared = first.size();
    for (const auto& key : keys) {
        const auto name = names[key.number].name;
        const auto most = std::min(shared, name.size());
        shared = from;
        while (shared < most && name[shared] == first[shared]) ++shared;
    }
    return shared;
}

// Sorts names that agree in their first `from` bytes: by the eight bytes where they begin to differ, then each run of equal
// ones by what follows.
void sort(std::span<Key> keys, const std::vector<NamedId>& names, std::size_t from) {
    if (keys.size() < 2) return;
    const auto at = shared_beginning(keys, names, from);
    for (auto& key : keys) key.head = base::first_eight(rest_of(names[key.number].name, at));
    std::ranges::sort(keys, {}, &Key::head);
    for (auto begin = keys.begin(); begin != keys.end();) {
        const auto end = std::find_if(begin, keys.end(), [&](const Key& key) { return key.head != begin->head; });
        const auto ends_here = [&](const Key& key) { return names[key.number].name.size() <= at + 8; };
        if (std::any_of(begin, end, ends_here)) {  // alone in its run, but for zero bytes in names
            std::sort(begin, end, [&](const Key& a, const Key& b) { return names[a.number].name < names[b.number].name; });
        } else {
            sort({begin, end}, names, at + 8);
        }
        begin = end;
    }
}

}  // namespace

std::vector<TagId> in_order_of_name(std::vector<NamedId> names) {
    std::vector<Key> keys(names.size());
    for (std::uint32_t i = 0; i < keys.size(); ++i) keys[i] = {0, i};
    if (!std::ranges::is_sorted(names, {}, &NamedId::name)) sort(keys, names, 0);
    std::vector<TagId> ids(names.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = names[keys[i].number].id;
    return ids;
}

}  // namespace penstock::tags
