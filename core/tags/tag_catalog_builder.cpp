#include "core/tags/tag_catalog_builder.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/tags/interning.hpp"
#include "core/tags/name_index.hpp"
#include "core/tags/name_order.hpp"
#include "core/tags/tag_catalog_data.hpp"
#include "core/tags/tag_ids.hpp"

namespace penstock::tags {
namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

// Rows in the order in which they came, until they have ids.
struct TagCatalogBuilder::Draft {
    TagCatalog::Data data;
    Interner texts{data.texts};
    Repeated<TagLimits> limits;
    Repeated<Scaling> scalings;
    std::unordered_map<std::string, std::uint32_t> device_numbers;  // -> data.devices
    std::vector<std::uint32_t> device_items;                        // how many so far
    std::string_view last_device;                                   // into device_numbers
    std::uint32_t last_device_number = kNoDevice;
    std::vector<std::pair<std::uint32_t, TextOffset>> renames;      // row, former name
    std::optional<Error> fault;

    [[nodiscard]] Error fault_at(const TagRow& row, std::string sentence) const {
        std::string where(data.texts.at(row.file));
        if (row.line != 0) where += ":" + std::to_string(row.line) + ":" + std::to_string(row.column);
        return {ErrorCode::invalid_config, std::move(sentence), std::move(where)};
    }
    std::uint32_t device_number(std::string_view device);
    std::uint16_t archive_number(const TagRow& row, const ArchiveRule* rule);
    void check(const TagRow& row, const TagDefinition& tag);
    void add_extra(std::uint32_t row, const TagDefinition& tag);
    [[nodiscard]] Result<void> index_names();
    [[nodiscard]] Result<std::vector<TagId>> assign_ids(TagIdStore& ids) const;
    void move_to_ids(const std::vector<TagId>& ids);
    void sort_names();
    void sort_devices();
    void list_items();
};

TagCatalogBuilder::TagCatalogBuilder() : draft_(std::make_unique<Draft>()) {}
TagCatalogBuilder::~TagCatalogBuilder() = default;
TagCatalogBuilder::TagCatalogBuilder(TagCatalogBuilder&&) noexcept = default;
TagCatalogBuilder& TagCatalogBuilder::operator=(TagCatalogBuilder&&) noexcept = default;

std::size_t TagCatalogBuilder::size() const noexcept { return draft_->data.rows.size(); }

void TagCatalogBuilder::reserve(std::size_t tags) {
    draft_->data.rows.reserve(tags);
    draft_->data.texts.reserve(tags * 64);
}

void TagCatalogBuilder::add(const TagDefinition& tag) {
    auto& draft = *draft_;
    auto& data = draft.data;
    const auto text_bytes = tag.name.size() + tag.address.size() + tag.description.size() + tag.area.size() + tag.unit.size()
                            + tag.scan_class.size() + tag.file.size() + tag.was.size() + tag.expression.size()
                            + tag.instance.size() + tag.overridden.size();
    if (!data.texts.has_room(text_bytes + 64)) {
        if (!draft.fault) draft.fault.emplace(ErrorCode::invalid_config, "the texts of all tags together exceed 4 GiB");
        return;
    }
    const TagRow last = data.rows.empty() ? TagRow{} : data.rows.back();
    TagRow row;
    row.name = data.texts.add(tag.name);
    row.address = data.texts.add(tag.address);
    row.description = draft.texts.intern(tag.description, last.description);
    row.area = draft.texts.intern(tag.area, last.area);
    row.unit = draft.texts.intern(tag.unit, last.unit);
    row.scan_class = draft.texts.intern(tag.scan_class, last.scan_class);
    row.file = draft.texts.intern(tag.file, last.file);
    row.line = tag.line;
    row.column = tag.column;
    row.type = tag.type;
    row.native_type = tag.native_type == ValueType::none ? tag.type : tag.native_type;
    row.access = tag.access;
    draft.check(row, tag);
    if (!tag.device.empty()) {
        row.device = draft.device_number(tag.device);
        row.item = draft.device_items[row.device]++;
    }
    const auto tolerance =
        tag.source_time_tolerance == Duration::zero() ? kDefaultSourceTimeTolerance : tag.source_time_tolerance;
    TagLimits limits;
    std::memset(&limits, 0, sizeof(limits));  // padding too: sets are compared by their bytes
    limits.range_low = tag.range_low;
    limits.range_high = tag.range_high;
    limits.deadband = tag.deadband;
    limits.tolerance_ns = tolerance.count();
    limits.deadband_kind = tag.deadband_kind;
    limits.archive = draft.archive_number(row, tag.archive);
    row.limits = draft.limits.add(data.limits, limits);
    if (tag.scaling) {
        Scaling scaling;
        std::memset(static_cast<void*>(&scaling), 0, sizeof(scaling));
        scaling.raw_low = tag.scaling->raw_low;
        scaling.raw_high = tag.scaling->raw_high;
        scaling.eng_low = tag.scaling->eng_low;
        scaling.eng_high = tag.scaling->eng_high;
        scaling.clamp = tag.scaling->clamp;
        row.scaling = draft.scalings.add(data.scalings, scaling) + 1;
    }
    const auto number = static_cast<std::uint32_t>(data.rows.size());
    draft.add_extra(number, tag);
    if (!tag.was.empty()) draft.renames.emplace_back(number, data.texts.add(tag.was));
    if (tag.initial.has_value() && !draft.fault) {
        auto initial = tag.initial.converted_to(tag.type);
        if (initial)
            data.initials.emplace_back(number, std::move(*initial));
        else
            draft.fault = draft.fault_at(row, "initial value of " + quoted(tag.name) + ": " + initial.error().sentence());
    }
    data.rows.push_back(row);
}

void TagCatalogBuilder::Draft::check(const TagRow& row, const TagDefinition& tag) {
    if (fault) return;
    if (tag.name.empty()) {
        fault = fault_at(row, "a tag has no name");
    } else if (tag.name.size() > kMaxTagNameBytes) {
        fault = fault_at(row, "the name " + quoted(tag.name.substr(0, 40)) + "... has " + std::to_string(tag.name.size())
                                  + " bytes, at most " + std::to_string(kMaxTagNameBytes) + " are allowed");
    } else if (tag.type == ValueType::none) {
        fault = fault_at(row, quoted(tag.name) + " has no type");
    } else if (!tag.device.empty() && (!tag.expression.empty() || tag.system)) {
        fault = fault_at(row, quoted(tag.name) + " has a device, but its values are made by the server");
    }
}

void TagCatalogBuilder::Draft::add_extra(std::uint32_t row, const TagDefinition& tag) {
    if (tag.expression.empty() && tag.instance.empty() && tag.overridden.empty() && !tag.system) return;
    const TagExtra last = data.extras.empty() ? TagExtra{} : data.extras.back();
    data.extras.push_back({row, texts.intern(tag.expression, last.expression), texts.intern(tag.instance, last.instance),
                           texts.intern(tag.overridden, last.overridden), tag.system});
}

std::uint32_t TagCatalogBuilder::Draft::device_number(std::string_view device) {
    if (device == last_device) return last_device_number;
    const auto [at, is_new] = device_numbers.try_emplace(std::string(device), static_cast<std::uint32_t>(data.devices.size()));
    if (is_new) {
        data.devices.emplace_back(device);
        device_items.push_back(0);
    }
    last_device = at->first;
    return last_device_number = at->second;
}

std::uint16_t TagCatalogBuilder::Draft::archive_number(const TagRow& row, const ArchiveRule* rule) {
    if (rule == nullptr) return 0;
    const auto number = data.archive_rules.add(*rule);
    if (!number && !fault) fault = fault_at(row, "there are more than 65,536 different archiving rules");
    return number.value_or(0);
}

// Names to rows, for now; a name given twice is found here.
Result<void> TagCatalogBuilder::Draft::index_names() {
    data.index.assign(index_size(data.rows.size()), 0);
    for (std::uint32_t row = 0; row < data.rows.size(); ++row) {
        const auto name = data.name(row);
        const auto slot = find_slot(data.index, name, [this](std::uint32_t other) { return data.name(other); });
        if (data.index[slot] != 0) {
            const auto first = fault_at(data.rows[data.index[slot] - 1], "");
            const auto again = fault_at(data.rows[row], "");
            return fail(
                ErrorCode::invalid_config,
                "the tag " + quoted(name) + " is defined twice" + (first.where().empty() ? "" : ", first at " + first.where()),
                again.where());
        }
        data.index[slot] = row + 1;
    }
    return {};
}

Result<std::vector<TagId>> TagCatalogBuilder::Draft::assign_ids(TagIdStore& ids) const {
    std::vector<TagIdStore::Wanted> wanted(data.rows.size());
    for (std::size_t row = 0; row < wanted.size(); ++row) {
        wanted[row] = {data.texts.at(data.rows[row].name), {}, data.rows[row].type};
    }
    for (const auto& [row, was] : renames) wanted[row].was = data.texts.at(was);
    return ids.assign(wanted);
}

void TagCatalogBuilder::Draft::move_to_ids(const std::vector<TagId>& ids) {
    for (auto& slot : data.index) {
        if (slot != 0) slot = ids[slot - 1] + 1;
    }
    for (auto& [tag, value] : data.initials) tag = ids[tag];
    std::ranges::sort(data.initials, {}, &std::pair<TagId, Value>::first);
    for (auto& extra : data.extras) extra.tag = ids[extra.tag];
    std::ranges::sort(data.extras, {}, &TagExtra::tag);
    for (const auto& extra : data.extras) {
        if (extra.expression != 0) data.calculated.push_back(extra.tag);
    }
    const auto limit = ids.empty() ? TagId{0} : *std::ranges::max_element(ids) + 1;
    std::vector<TagRow> rows(limit);
    for (std::size_t row = 0; row < ids.size(); ++row) rows[ids[row]] = data.rows[row];
    data.rows = std::move(rows);
}

void TagCatalogBuilder::Draft::sort_names() {
    std::vector<NamedId> names;
    names.reserve(data.rows.size());
    for (TagId id = 0; id < data.rows.size(); ++id) {
        if (data.rows[id].name != kNoText) names.push_back({data.name(id), id});
    }
    data.by_name = in_order_of_name(std::move(names));
}

// Devices get their numbers by name, so that they do not depend on the order of files.
void TagCatalogBuilder::Draft::sort_devices() {
    std::map<std::string_view, std::uint32_t> sorted;
    for (std::uint32_t number = 0; number < data.devices.size(); ++number) sorted.emplace(data.devices[number], number);
    std::vector<std::uint32_t> new_number(data.devices.size());
    std::vector<std::string> devices;
    for (const auto& [name, number] : sorted) {
        new_number[number] = static_cast<std::uint32_t>(devices.size());
        devices.emplace_back(name);
    }
    for (auto& row : data.rows) {
        if (row.device != kNoDevice) row.device = new_number[row.device];
    }
    data.devices = std::move(devices);
}

void TagCatalogBuilder::Draft::list_items() {
    data.device_begin.assign(data.devices.size() + 1, 0);
    for (const auto& row : data.rows) {
        if (row.device != kNoDevice) ++data.device_begin[row.device + 1];
    }
    for (std::size_t d = 0; d < data.devices.size(); ++d) data.device_begin[d + 1] += data.device_begin[d];
    data.device_tags.resize(data.device_begin.back());
    for (TagId id = 0; id < data.rows.size(); ++id) {
        const auto& row = data.rows[id];
        if (row.device != kNoDevice) data.device_tags[data.device_begin[row.device] + row.item] = id;
    }
}

Result<std::shared_ptr<const TagCatalog>> TagCatalogBuilder::build(TagIdStore& ids) {
    const auto draft = std::exchange(draft_, std::make_unique<Draft>());
    if (draft->fault) return std::unexpected(*draft->fault);
    if (auto indexed = draft->index_names(); !indexed) return std::unexpected(std::move(indexed.error()));
    auto given = draft->assign_ids(ids);
    if (!given) return std::unexpected(std::move(given.error()));
    draft->move_to_ids(*given);
    draft->sort_names();
    draft->sort_devices();
    draft->list_items();
    draft->data.texts.shrink();
    auto data = std::make_unique<const TagCatalog::Data>(std::move(draft->data));
    return std::shared_ptr<const TagCatalog>(new TagCatalog(std::move(data)));
}

}  // namespace penstock::tags
