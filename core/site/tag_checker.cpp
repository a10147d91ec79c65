#include "core/site/tag_checker.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/suggest.hpp"
#include "core/site/names.hpp"
#include "core/site/tag_values.hpp"
#include "core/site/units.hpp"

namespace penstock::site {
namespace {

std::string word(ValueType type) { return "\"" + std::string(to_string(type)) + "\""; }

tags::TagDefinition define(const TagDraft& draft) {
    tags::TagDefinition tag;
    tag.name = draft.name;
    tag.device = draft.device;
    tag.address = draft.address;
    tag.area = draft.area;
    tag.unit = draft.unit;
    tag.description = draft.description;
    tag.scan_class = draft.scan_class;
    tag.was = draft.was;
    tag.expression = draft.expression;
    tag.overridden = draft.overridden;
    if (draft.instance != nullptr) tag.instance = draft.instance->text;
    tag.type = draft.type;
    tag.access = draft.access;
    tag.range_low = draft.range_low;
    tag.range_high = draft.range_high;
    tag.source_time_tolerance = draft.source_time_tolerance;
    const Place place = draft.source->place(draft.offset);
    tag.file = draft.source->name();
    tag.line = place.line;
    tag.column = place.column;
    return tag;
}

}  // namespace

void TagChecker::add(const TagDraft& draft) {
    check_name(draft);
    check_was(draft);
    check_area(draft);
    check_unit(draft);
    tags::TagDefinition tag = define(draft);
    check_source(draft, tag);
    keep(draft, tag);
}

// Where its values come from, and what hangs on their type.
void TagChecker::check_source(const TagDraft& draft, tags::TagDefinition& tag) {
    if (draft.has(TagKey::expression)) {
        check_calculated_keys(draft, faults_);
        tag.device = tag.address = tag.scan_class = {};
        tag.type = ValueType::none;  // until finish(), as range and archive
        return;
    }
    check_device(draft, tag);
    check_type(draft, tag);
    check_scaling(draft, tag);
    check_range(draft, tag);
    check_deadband(draft, tag);
    check_initial(draft, tag);
    check_archive(draft, tag);
}

void TagChecker::check_name(const TagDraft& draft) {
    if (!draft.is_good(TagKey::name)) return;
    const std::string fault = name_fault(draft.name);
    if (!fault.empty()) add_fault(faults_, draft, TagKey::name, "the tag's name " + in_quotes(draft.name) + " " + fault);
}

void TagChecker::check_was(const TagDraft& draft) {
    if (!draft.is_good(TagKey::was)) return;
    const std::string fault = name_fault(draft.was);
    if (!fault.empty()) return add_fault(faults_, draft, TagKey::was, "the former name " + in_quotes(draft.was) + " " + fault);
    if (draft.was == draft.name) return add_fault(faults_, draft, TagKey::was, "\"was\" is the tag's present name");
    FaultList place;
    add_fault(place, draft, TagKey::was, {});
    former_.push_back({draft.was, static_cast<std::uint32_t>(context_.content.tags.size()), std::move(place.take().front())});
}

void TagChecker::check_area(const TagDraft& draft) {
    if (!draft.is_good(TagKey::area) || !context_.knows_settings || draft.area == last_area_) return;
    last_area_ = draft.area;
    if (context_.has_area(draft.area)) return;
    last_area_ = {};
    add_fault(faults_, draft, TagKey::area, "the area " + in_quotes(draft.area) + " is not in site.json",
              base::did_you_mean(draft.area, std::span<const std::string>(context_.content.areas)));
}

void TagChecker::check_unit(const TagDraft& draft) {
    if (!draft.is_good(TagKey::unit) || draft.unit.empty() || draft.unit == last_unit_) return;
    last_unit_ = draft.unit;
    if (is_known_unit(draft.unit) || std::ranges::find(context_.units, draft.unit) != context_.units.end()) return;
    last_unit_ = {};
    if (!context_.knows_settings) return;
    std::vector<std::string_view> known(common_units().begin(), common_units().end());
    known.insert(known.end(), context_.units.begin(), context_.units.end());
    std::string hint = base::did_you_mean(draft.unit, known);
    if (hint.empty()) hint = "a unit of this plant's own goes into \"units\" of site.json";
    add_fault(faults_, draft, TagKey::unit, "the unit " + in_quotes(draft.unit) + " is unknown", std::move(hint));
}

DeviceInfo* TagChecker::find_device(const TagDraft& draft) {
    if (last_device_info_ != nullptr && draft.device == last_device_) return last_device_info_;
    const auto found = context_.devices.find(draft.device);
    if (found == context_.devices.end()) return nullptr;
    last_device_ = draft.device;
    last_device_info_ = &found->second;
    return last_device_info_;
}

void TagChecker::check_device(const TagDraft& draft, tags::TagDefinition& tag) {
    if (!draft.has(TagKey::device)) return check_memory(draft);
    if (!draft.is_good(TagKey::device)) return;
    if (find_device(draft) == nullptr) {
        std::vector<std::string_view> names;
        for (const auto& [name, info] : context_.devices) names.push_back(name);
        return add_fault(faults_, draft, TagKey::device, "there is no device " + in_quotes(draft.device),
                         base::did_you_mean(draft.device, names));
    }
    check_scan_class(draft, tag);
    check_address(draft, tag);
}

void TagChecker::check_memory(const TagDraft& draft) {
    if (draft.has(TagKey::address))
        add_fault(faults_, draft, TagKey::address, "the tag has an address, but no device", "name its \"device\"");
    if (draft.has(TagKey::scan_class))
        add_fault(faults_, draft, TagKey::scan_class, "the tag has a scan class, but no device to be polled");
    if (draft.has(TagKey::raw_low))
        add_fault(faults_, draft, TagKey::raw_low, "the tag has a scaling, but no device whose values could be scaled");
    if (draft.has(TagKey::type) || draft.has(TagKey::address)) return;
    add_fault(faults_, draft, TagKey::type, "a tag without a device wants a \"type\"",
              "name its \"device\" and \"address\", or its \"type\"");
}

void TagChecker::check_scan_class(const TagDraft& draft, tags::TagDefinition& tag) {
    const DeviceInfo& info = *last_device_info_;
    if (!info.is_good || draft.is_faulty(TagKey::scan_class)) return;
    const Device& device = context_.content.devices[info.index];
    if (!draft.has(TagKey::scan_class)) {
        tag.scan_class = device.default_scan_class;
        return;
    }
    std::vector<std::string_view> names;
    for (const ScanClass& scan : device.scan_classes) {
        if (scan.name == draft.scan_class) return;
        names.push_back(scan.name);
    }
    add_fault(faults_, draft, TagKey::scan_class,
              "the device " + in_quotes(draft.device) + " has no scan class " + in_quotes(draft.scan_class),
              base::did_you_mean(draft.scan_class, names));
}

void TagChecker::check_address(const TagDraft& draft, tags::TagDefinition& tag) {
    if (!draft.has(TagKey::address)) {
        return add_fault(faults_, draft, TagKey::address, "a tag of a device wants an \"address\"");
    }
    if (draft.is_faulty(TagKey::address) || !last_device_info_->addresses) return;
    const auto info = last_device_info_->addresses->parse(draft.address);
    if (!info) {
        return add_fault(faults_, draft, TagKey::address,
                         "the address " + in_quotes(draft.address) + " cannot be used: " + info.error().sentence());
    }
    tag.native_type = info->type;
    if (draft.is_good(TagKey::access) && draft.access == tags::Access::read_write && !info->writable) {
        add_fault(faults_, draft, TagKey::access,
                  "\"access\" is \"read_write\", but " + in_quotes(draft.address) + " can only be read");
    }
}

// Sets the type that the tag has in the end; none where it cannot be known.
void TagChecker::check_type(const TagDraft& draft, tags::TagDefinition& tag) {
    const bool is_scaled = draft.has(TagKey::raw_low);
    if (draft.is_faulty(TagKey::type)) return;
    if (is_scaled && draft.has(TagKey::type) && tag.type != ValueType::float64) {
        add_fault(faults_, draft, TagKey::type, "\"type\" is " + word(tag.type) + ", but a scaled value is a \"double\"");
        return;
    }
    if (tag.native_type == ValueType::none) return;
    if (!draft.has(TagKey::type)) {
        tag.type = is_scaled ? ValueType::float64 : tag.native_type;
        return;
    }
    if (is_scaled || can_become(tag.native_type, tag.type)) return;
    add_fault(faults_, draft, TagKey::type,
              "\"type\" is " + word(tag.type) + ", but the device delivers " + word(tag.native_type) + " at "
                  + in_quotes(draft.address) + ", which does not fit into it");
}

void TagChecker::check_scaling(const TagDraft& draft, tags::TagDefinition& tag) {
    constexpr TagKey kParts[] = {TagKey::raw_low, TagKey::raw_high, TagKey::eng_low, TagKey::eng_high};
    const auto has = [&draft](TagKey key) { return draft.has(key); };
    if (std::ranges::any_of(kParts, [&draft](TagKey key) { return draft.is_faulty(key); })) return;
    if (std::ranges::none_of(kParts, has)) {
        if (draft.has(TagKey::clamp) && draft.clamp)
            add_fault(faults_, draft, TagKey::clamp, "\"clamp\" is true, but the tag has no scaling");
        return;
    }
    if (!std::ranges::all_of(kParts, has)) {
        const TagKey present = *std::ranges::find_if(kParts, has);
        return add_fault(faults_, draft, present, "a scaling wants all of raw_low, raw_high, eng_low and eng_high");
    }
    if (draft.raw_low == draft.raw_high)
        return add_fault(faults_, draft, TagKey::raw_high, "the two raw values of the scaling are the same");
    if (draft.eng_low == draft.eng_high)
        return add_fault(faults_, draft, TagKey::eng_high,
                         "the two eng values of the scaling are the same: every raw value would become this one");
    if (tag.native_type != ValueType::none && !is_number(tag.native_type)) {
        return add_fault(
            faults_, draft, TagKey::raw_low,
            "a scaling wants a number, but the device delivers " + word(tag.native_type) + " at " + in_quotes(draft.address));
    }
    tag.scaling = tags::Scaling{draft.raw_low, draft.raw_high, draft.eng_low, draft.eng_high, draft.clamp};
}

void TagChecker::check_range(const TagDraft& draft, const tags::TagDefinition& tag) {
    const bool has_low = draft.is_good(TagKey::range_low);
    const bool has_high = draft.is_good(TagKey::range_high);
    if (!has_low && !has_high) return;
    const TagKey first = has_low ? TagKey::range_low : TagKey::range_high;
    if (tag.type != ValueType::none && !is_number(tag.type)) {
        return add_fault(faults_, draft, first, "a range wants a number, but the tag is of type " + word(tag.type));
    }
    if (has_low && has_high && !(draft.range_low < draft.range_high)) {
        add_fault(faults_, draft, TagKey::range_low,
                  "the range's low end " + number_text(draft.range_low) + " is not below its high end "
                      + number_text(draft.range_high));
    }
}

void TagChecker::check_deadband(const TagDraft& draft, tags::TagDefinition& tag) {
    const bool is_absolute = draft.is_good(TagKey::deadband);
    const bool is_percent = draft.is_good(TagKey::deadband_percent);
    if (!is_absolute && !is_percent) return;
    const TagKey key = is_percent ? TagKey::deadband_percent : TagKey::deadband;
    if (is_absolute && is_percent)
        return add_fault(faults_, draft, key, "the deadband is both absolute and in percent; wanted one of them");
    if (tag.type != ValueType::none && !is_number(tag.type)) {
        return add_fault(faults_, draft, key, "a deadband wants a number, but the tag is of type " + word(tag.type));
    }
    const bool has_range = draft.has(TagKey::range_low) && draft.has(TagKey::range_high);
    if (is_percent && !has_range)
        return add_fault(faults_, draft, key, "a deadband in percent wants a \"range\" with both ends");
    tag.deadband_kind = is_percent ? tags::DeadbandKind::percent : tags::DeadbandKind::absolute;
    tag.deadband = is_percent ? draft.deadband_percent : draft.deadband;
}

void TagChecker::check_initial(const TagDraft& draft, tags::TagDefinition& tag) {
    if (!draft.is_good(TagKey::initial) || tag.type == ValueType::none) return;
    auto value =
        draft.document != nullptr ? value_from_json(tag.type, draft.initial_json) : Value::parse(tag.type, draft.initial_cell);
    if (!value)
        return add_fault(faults_, draft, TagKey::initial,
                         "the initial value does not fit the tag: " + value.error().sentence());
    const double number = value->as_double_or(std::nan(""));
    if (number < draft.range_low || number > draft.range_high) {
        add_fault(faults_, draft, TagKey::initial, "the initial value " + value->text() + " is outside the range");
    }
    tag.initial = std::move(*value);
}

void TagChecker::check_archive(const TagDraft& draft, tags::TagDefinition& tag) {
    if (!draft.is_good(TagKey::archive)) return;
    const std::vector<std::string>* const known = context_.knows_settings ? &context_.historians : nullptr;
    tag.archive = archive_.read(draft, tag, known);
}

void TagChecker::keep(const TagDraft& draft, const tags::TagDefinition& tag) {
    auto& tags = context_.content.tags;
    if (tags.size() >= tags::kMaxTags) {
        if (tags.size() == tags::kMaxTags)
            add_fault(faults_, draft, TagKey::name, "a site has at most " + std::to_string(tags::kMaxTags) + " tags");
        return;
    }
    const auto number = static_cast<std::uint32_t>(tags.size());
    tags.push_back(tag);
    if (draft.has(TagKey::expression)) calculated_.add(draft, number);
    if (!draft.is_good(TagKey::name) || draft.name.empty()) return;
    const std::uint32_t first = context_.tags.insert(draft.name, number);
    if (first == NameTable::kNone) return;
    add_fault(faults_, draft, TagKey::name,
              "the tag " + in_quotes(draft.name) + " is here a second time; the first is at " + place_of(first));
}

std::string TagChecker::place_of(std::uint32_t tag) const {
    const tags::TagDefinition& first = context_.content.tags[tag];
    std::string place = std::string(first.file) + ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
    if (!first.instance.empty()) place += ", in " + std::string(first.instance);
    return place;
}

void TagChecker::finish() {
    calculated_.check();
    for (const auto& calculation : calculated_.all()) {
        const FaultList::OfInstance scope(faults_, calculation.draft.instance);
        tags::TagDefinition& tag = context_.content.tags[calculation.tag];
        check_range(calculation.draft, tag);
        check_archive(calculation.draft, tag);
    }
    check_former_names();
}

void TagChecker::check_former_names() {
    NameTable claims;
    for (Former& former : former_) {
        const std::uint32_t living = context_.tags.find(former.name);
        const std::uint32_t other = claims.insert(former.name, former.tag);
        if (living != NameTable::kNone) {
            former.fault.message = "\"was\" names " + in_quotes(former.name) + ", which is still a tag, at " + place_of(living);
        } else if (other != NameTable::kNone) {
            former.fault.message = "\"was\" names " + in_quotes(former.name) + ", as the tag "
                                   + in_quotes(context_.content.tags[other].name) + " at " + place_of(other) + " does";
        } else {
            continue;
        }
        faults_.add(std::move(former.fault));
    }
    former_.clear();
}

}  // namespace penstock::site
