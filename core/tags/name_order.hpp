#pragma once

// Ids in byte order of their names. Names of a plant share long beginnings, so most of the sorting compares eight bytes
// behind the beginning that all of them share, as one number, without looking at the texts.

#include <string_view>
#include <vector>

#include "core/tags/tag_catalog.hpp"

namespace penstock::tags {

struct NamedId {
    std::string_view name;
    TagId id;
};

[[nodiscard]] std::vector<TagId> in_order_of_name(std::vector<NamedId> names);

}  // namespace penstock::tags
