#include "core/tags/tag_catalog.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/tags/name_index.hpp"
#include "core/tags/tag_catalog_data.hpp"
#include "core/tags/wildcard.hpp"

namespace penstock::tags {

TagCatalog::TagCatalog(std::unique_ptr<const Data> data) noexcept : data_(std::move(data)) {}
TagCatalog::~TagCatalog() = default;

std::size_t TagCatalog::size() const noexcept { return data_->by_name.size(); }
TagId TagCatalog::id_limit() const noexcept { return static_cast<TagId>(data_->rows.size()); }
bool TagCatalog::exists(TagId id) const noexcept { return id < data_->rows.size() && data_->rows[id].name != kNoText; }
std::string_view TagCatalog::name(TagId id) const { return data_->name(id); }
ValueType TagCatalog::type(TagId id) const { return data_->rows[id].type; }
ValueType TagCatalog::native_type(TagId id) const { return data_->rows[id].native_type; }
std::span<const TagId> TagCatalog::by_name() const noexcept { return data_->by_name; }
std::span<const std::string> TagCatalog::devices() const noexcept { return data_->devices; }

TagView TagCatalog::view(TagId id) const {
    const auto& row = data_->rows[id];
    const auto& limits = data_->limits[row.limits];
    const auto& texts = data_->texts;
    TagView view;
    view.id = id;
    view.name = texts.at(row.name);
    if (row.device != kNoDevice) view.device = data_->devices[row.device];
    view.address = texts.at(row.address);
    view.area = texts.at(row.area);
    view.unit = texts.at(row.unit);
    view.description = texts.at(row.description);
    view.scan_class = texts.at(row.scan_class);
    view.file = texts.at(row.file);
    view.line = row.line;
    view.column = row.column;
    view.type = row.type;
    view.native_type = row.native_type;
    view.access = row.access;
    view.scaling = row.scaling == 0 ? nullptr : &data_->scalings[row.scaling - 1];
    view.range_low = limits.range_low;
    view.range_high = limits.range_high;
    view.deadband_kind = limits.deadband_kind;
    view.deadband = limits.deadband;
    view.source_time_tolerance = Duration(limits.tolerance_ns);
    view.archive = &data_->archive_rules.all()[limits.archive];
    view.device_index = row.device;
    view.item = row.item;
    if (const TagExtra* const extra = data_->extra(id)) {
        view.expression = texts.at(extra->expression);
        view.instance = texts.at(extra->instance);
        view.overridden = texts.at(extra->overridden);
        view.is_system = extra->is_system;
    }
    return view;
}

Value TagCatalog::initial(TagId id) const {
    const auto at = std::ranges::lower_bound(data_->initials, id, {}, &std::pair<TagId, Value>::first);
    return at != data_->initials.end() && at->first == id ? at->second : Value();
}

const ArchiveRule& TagCatalog::archive(TagId id) const { return archive_rules()[archive_number(id)]; }
std::span<const ArchiveRule> TagCatalog::archive_rules() const noexcept { return data_->archive_rules.all(); }
std::uint16_t TagCatalog::archive_number(TagId id) const { return data_->limits[data_->rows[id].limits].archive; }

std::span<const TagId> TagCatalog::calculated() const noexcept { return data_->calculated; }
std::string_view TagCatalog::expression(TagId id) const noexcept {
    const TagExtra* const extra = data_->extra(id);
    return extra == nullptr ? std::string_view() : data_->texts.at(extra->expression);
}

std::optional<TagId> TagCatalog::find(std::string_view name) const noexcept {
    const auto slot = find_slot(data_->index, name, [this](TagId id) { return data_->name(id); });
    if (data_->index[slot] == 0) return std::nullopt;
    return data_->index[slot] - 1;
}

std::span<const TagId> TagCatalog::tags_of_device(std::size_t device_index) const noexcept {
    const auto begin = data_->device_begin[device_index];
    const auto end = data_->device_begin[device_index + 1];
    return std::span(data_->device_tags).subspan(begin, end - begin);
}

std::vector<std::string_view> TagCatalog::nearest(std::string_view name, std::size_t most) const {
    std::vector<std::string_view> names;
    names.reserve(size());
    for (const auto id : by_name()) names.push_back(data_->name(id));
    return base::nearest(name, names, most);
}

std::vector<TagId> TagCatalog::matching(std::string_view pattern) const {
    const auto all = by_name();
    if (pattern.empty()) return {all.begin(), all.end()};
    const auto prefix = literal_prefix(pattern);
    const auto start_of = [this, &prefix](TagId id) { return data_->name(id).substr(0, prefix.size()); };
    const auto candidates = std::ranges::equal_range(all, prefix, {}, start_of);
    std::vector<TagId> matching;
    std::ranges::copy_if(candidates, std::back_inserter(matching),
                         [&](TagId id) { return matches_wildcard(pattern, data_->name(id)); });
    return matching;
}

}  // namespace penstock::tags
