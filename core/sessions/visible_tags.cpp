#include "core/sessions/visible_tags.hpp"

#include "core/sessions/handlers.hpp"

namespace penstock::sessions {
namespace {

// "types/Pump.json:12:5 of pump_1 (tags/pumps.json:4:3), overridden: range"
std::string origin_of(const tags::TagView& tag) {
    if (tag.file.empty()) return {};
    std::string origin = std::string(tag.file) + ':' + std::to_string(tag.line) + ':' + std::to_string(tag.column);
    if (!tag.instance.empty()) origin += " of " + std::string(tag.instance);
    if (!tag.overridden.empty()) origin += ", overridden: " + std::string(tag.overridden);
    return origin;
}

}  // namespace

std::optional<tags::TagId> VisibleTags::find(std::string_view name) const {
    const auto tag = call_->plant.reader.catalog().find(name);
    return tag && covers(*tag) ? tag : std::nullopt;
}

bool VisibleTags::covers(tags::TagId tag) const { return call_->grant.covers(call_->plant.reader.catalog().view(tag).area); }

std::string VisibleTags::hint(std::string_view name) {
    if (hints_++ >= kMaxHints) return {};
    const auto& catalog = call_->plant.reader.catalog();
    for (const auto near : catalog.nearest(name, 8)) {
        if (find(near)) return std::string(near);
    }
    return {};
}

TagInfo tag_info(const tags::TagView& tag) {
    TagInfo info;
    info.name = tag.name;
    info.device = tag.device;
    info.address = tag.address;
    info.area = tag.area;
    info.unit = tag.unit;
    info.description = tag.description;
    info.type = tag.type;
    info.writable = tag.access == tags::Access::read_write;
    info.range_low = tag.range_low;
    info.range_high = tag.range_high;
    info.scan_class = tag.scan_class;
    info.origin = origin_of(tag);
    return info;
}

TagValue tag_value(const tags::TagReader& reader, const tags::TagView& tag, const tags::TagSnapshot& snapshot) {
    TagValue value;
    value.tag = tag.name;
    value.value = snapshot.value();
    value.quality = snapshot.quality;
    value.cause = reader.cause(snapshot.cause);
    value.time = snapshot.time;
    value.unit = tag.unit;
    return value;
}

std::string no_such_tag(std::string_view name, std::string_view hint) {
    std::string text = "there is no tag \"" + std::string(name) + '"';
    if (!hint.empty()) text += "; did you mean \"" + std::string(hint) + "\"?";
    return text;
}

}  // namespace penstock::sessions
