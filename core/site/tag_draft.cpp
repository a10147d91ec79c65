#include "core/site/tag_draft.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <penstock/settings.hpp>

#include "core/base/suggest.hpp"

namespace penstock::site {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr KeyFormat kNumber{.key = "", .shape = Shape::number};

const KeyFormat* nested(std::string_view key, std::string_view inner) {
    return find_key(*find_key(tag_format(), key)->object, inner);
}

std::array<TagColumn, kTagKeyCount> make_columns() {
    const auto plain = [](std::string_view key) { return TagColumn{key, find_key(tag_format(), key)}; };
    return {plain("name"),
            plain("device"),
            plain("address"),
            plain("type"),
            plain("unit"),
            plain("area"),
            plain("description"),
            plain("scan_class"),
            TagColumn{"range_low", &kNumber},
            TagColumn{"range_high", &kNumber},
            TagColumn{"raw_low", &kNumber},
            TagColumn{"raw_high", &kNumber},
            TagColumn{"eng_low", &kNumber},
            TagColumn{"eng_high", &kNumber},
            TagColumn{"clamp", nested("scaling", "clamp")},
            TagColumn{"deadband", nested("deadband", "absolute")},
            TagColumn{"deadband_percent", nested("deadband", "percent")},
            plain("access"),
            plain("initial"),
            plain("was"),
            plain("source_time_tolerance"),
            plain("archive"),
            plain("expression")};
}

double* number_of(TagDraft& draft, TagKey key) noexcept {
    switch (key) {
        case TagKey::range_low: return &draft.range_low;
        case TagKey::range_high: return &draft.range_high;
        case TagKey::raw_low: return &draft.raw_low;
        case TagKey::raw_high: return &draft.raw_high;
        case TagKey::eng_low: return &draft.eng_low;
        case TagKey::eng_high: return &draft.eng_high;
        case TagKey::deadband: return &draft.deadband;
        case TagKey::deadband_percent: return &draft.deadband_percent;
        default: return nullptr;
    }
}

std::string_view* text_of(TagDraft& draft, TagKey key) noexcept {
    switch (key) {
        case TagKey::name: return &draft.name;
        case TagKey::device: return &draft.device;
        case TagKey::address: return &draft.address;
        case TagKey::unit: return &draft.unit;
        case TagKey::area: return &draft.area;
        case TagKey::description: return &draft.description;
        case TagKey::scan_class: return &draft.scan_class;
        case TagKey::was: return &draft.was;
        case TagKey::expression: return &draft.expression;
        default: return nullptr;
    }
}

void clear(TagDraft& draft) noexcept {
    draft = TagDraft{};
    draft.range_low = draft.range_high = draft.raw_low = draft.raw_high = kNaN;
    draft.eng_low = draft.eng_high = draft.deadband = draft.deadband_percent = kNaN;
}

void mark(TagDraft& draft, TagKey key, std::uint32_t at, bool is_good) noexcept {
    draft.present |= TagDraft::bit(key);
    if (!is_good) draft.faulty |= TagDraft::bit(key);
    draft.at[static_cast<std::size_t>(key)] = at;
}

// --- JSON ---

void take_number(TagDraft& draft, TagKey key, const JsonView& value, bool is_good) {
    if (!value.exists() || value.kind() == JsonKind::null) return;
    mark(draft, key, value.index(), is_good);
    *number_of(draft, key) = value.number();
}

void take_pair(TagDraft& draft, TagKey low, TagKey high, const JsonView& pair, bool is_good) {
    if (!pair.exists()) return;
    if (!pair.is_array() || pair.size() != 2) {
        mark(draft, low, pair.index(), false);
        mark(draft, high, pair.index(), false);
        return;
    }
    auto element = pair.begin();
    take_number(draft, low, *element, is_good);
    ++element;
    take_number(draft, high, *element, is_good);
}

void take_scaling(TagDraft& draft, const JsonView& scaling, bool is_good) {
    take_pair(draft, TagKey::raw_low, TagKey::raw_high, scaling.find("raw"), is_good);
    take_pair(draft, TagKey::eng_low, TagKey::eng_high, scaling.find("eng"), is_good);
    // Without its parts it is faulty as a whole; no further rule may speak about what is missing.
    if (!is_good) draft.faulty |= TagDraft::bit(TagKey::raw_low);
    const JsonView clamp = scaling.find("clamp");
    if (!clamp.exists()) return;
    mark(draft, TagKey::clamp, clamp.index(), is_good);
    draft.clamp = clamp.boolean();
}

void take_deadband(TagDraft& draft, const JsonView& deadband, bool is_good) {
    take_number(draft, TagKey::deadband, deadband.find("absolute"), is_good);
    take_number(draft, TagKey::deadband_percent, deadband.find("percent"), is_good);
}

void take_member(TagDraft& draft, const JsonView& member, bool is_good) {
    const std::string_view word = member.key();
    if (word == "range") return take_pair(draft, TagKey::range_low, TagKey::range_high, member, is_good);
    if (word == "scaling") return take_scaling(draft, member, is_good);
    if (word == "deadband") return take_deadband(draft, member, is_good);
    const auto columns = tag_columns();
    const auto column = std::ranges::find(columns, word, &TagColumn::word);
    if (column == columns.end()) return;  // unknown, and reported
    const auto key = static_cast<TagKey>(column - columns.begin());
    mark(draft, key, member.index(), is_good);
    if (!is_good) return;
    if (std::string_view* const text = text_of(draft, key))
        *text = member.text();
    else if (key == TagKey::type)
        draft.type = parse_value_type(member.text());
    else if (key == TagKey::access)
        draft.access = member.text() == "read" ? tags::Access::read : tags::Access::read_write;
    else if (key == TagKey::initial)
        draft.initial_json = member;
    else if (key == TagKey::archive)
        draft.archive_json = member;
    else if (key == TagKey::source_time_tolerance)
        draft.source_time_tolerance = *parse_duration(member.text());
}

// --- CSV ---

bool refuse(const TagColumn& column, std::string_view text, std::uint32_t offset, const TagDraft& draft, FaultList& faults,
            std::string hint = {}) {
    faults.add(*draft.source, offset, "/" + std::to_string(draft.row) + "/" + std::string(column.word),
               "\"" + std::string(column.word) + "\" is " + in_quotes(text) + "; wanted " + wanted(*column.format),
               std::move(hint));
    return false;
}

bool read_number(const TagColumn& column, std::string_view text, std::uint32_t offset, double& number, const TagDraft& draft,
                 FaultList& faults) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size() && std::isfinite(number);
    if (is_number && number >= column.format->low && number <= column.format->high) return true;
    std::string with_point(text);
    std::ranges::replace(with_point, ',', '.');
    const bool has_comma = !is_number && std::ranges::count(text, ',') == 1
                           && std::from_chars(with_point.data(), with_point.data() + with_point.size(), number).ptr
                                  == with_point.data() + with_point.size();
    return refuse(column, text, offset, draft, faults, has_comma ? "write " + with_point + ", with a point" : "");
}

bool read_boolean(std::string_view text, bool& value) noexcept {
    const auto is_word = [text](std::string_view word) {
        return std::ranges::equal(text, word, [](char a, char b) { return (a | 0x20) == b; });
    };
    value = is_word("true");
    return value || is_word("false");
}

bool read_word(TagKey key, std::string_view text, TagDraft& draft) noexcept {
    if (key == TagKey::type) {
        draft.type = parse_value_type(text);
        return draft.type != ValueType::none;
    }
    draft.access = text == "read_write" ? tags::Access::read_write : tags::Access::read;
    return text == "read" || text == "read_write";
}

bool read_duration(std::string_view text, const KeyFormat& format, Duration& duration) {
    const auto parsed = parse_duration(text);
    if (!parsed) return false;
    duration = *parsed;
    const double ms = std::chrono::duration<double, std::milli>(duration).count();
    return ms >= format.low && ms <= format.high;
}

bool read_text(const TagColumn& column, std::string_view text, std::uint32_t offset, const TagDraft& draft, FaultList& faults) {
    if (static_cast<double>(text.size()) <= column.format->high) return true;
    faults.add(*draft.source, offset, "/" + std::to_string(draft.row) + "/" + std::string(column.word),
               "\"" + std::string(column.word) + "\" is " + std::to_string(text.size()) + " bytes long; at most "
                   + std::to_string(static_cast<std::size_t>(column.format->high)) + " are allowed");
    return false;
}

}  // namespace

std::span<const TagColumn, kTagKeyCount> tag_columns() noexcept {
    static const std::array<TagColumn, kTagKeyCount> columns = make_columns();
    return columns;
}

void add_fault(FaultList& faults, const TagDraft& draft, TagKey key, std::string message, std::string hint) {
    const std::uint32_t at = draft.at[static_cast<std::size_t>(key)];
    if (draft.document != nullptr) {
        return add_fault(faults, JsonView(*draft.document, draft.has(key) ? at : draft.node), std::move(message),
                         std::move(hint));
    }
    faults.add(*draft.source, draft.has(key) ? at : draft.offset, path_of(draft, key), std::move(message), std::move(hint));
}

const SourceText& source_of(const TagDraft& draft, TagKey key) noexcept {
    if (draft.document == nullptr || !draft.has(key)) return *draft.source;
    return JsonView(*draft.document, draft.at[static_cast<std::size_t>(key)]).source();
}

std::string path_of(const TagDraft& draft, TagKey key) {
    const std::uint32_t at = draft.at[static_cast<std::size_t>(key)];
    if (draft.document != nullptr) return JsonView(*draft.document, draft.has(key) ? at : draft.node).pointer();
    std::string path = "/" + std::to_string(draft.row);
    if (draft.has(key)) path += "/" + std::string(tag_columns()[static_cast<std::size_t>(key)].word);
    return path;
}

void read_json_tag(const JsonView& object, TagDraft& draft, FaultList& faults) {
    clear(draft);
    draft.document = object.document();
    draft.source = &object.source();
    draft.offset = object.offset();
    draft.node = object.index();
    if (!object.is_object()) {
        check_object(object, tag_format(), faults);
        return;
    }
    for (const JsonView member : object) take_member(draft, member, check_member(member, tag_format(), faults));
    check_missing(object, tag_format(), faults);
}

void start_made_tag(std::string_view name, const JsonView& expression, TagDraft& draft) {
    clear(draft);
    draft.document = expression.document();
    draft.source = &expression.source();
    draft.offset = expression.offset();
    draft.node = expression.index();
    draft.name = name;
    draft.expression = expression.text();
    mark(draft, TagKey::name, expression.index(), true);
    mark(draft, TagKey::expression, expression.index(), true);
}

void start_csv_tag(TagDraft& draft, const SourceText& source, std::uint32_t offset, std::uint32_t row) noexcept {
    clear(draft);
    draft.source = &source;
    draft.offset = offset;
    draft.row = row;
}

void read_csv_field(TagKey key, std::string_view text, std::uint32_t offset, TagDraft& draft, FaultList& faults) {
    const TagColumn& column = tag_columns()[static_cast<std::size_t>(key)];
    bool is_good = true;
    switch (column.format->shape) {
        case Shape::number: is_good = read_number(column, text, offset, *number_of(draft, key), draft, faults); break;
        case Shape::boolean: is_good = read_boolean(text, draft.clamp) || refuse(column, text, offset, draft, faults); break;
        case Shape::duration:
            is_good =
                read_duration(text, *column.format, draft.source_time_tolerance) || refuse(column, text, offset, draft, faults);
            break;
        case Shape::word:
            if (!read_word(key, text, draft)) {
                const auto near = base::nearest(text, column.format->words, 1);
                is_good = refuse(column, text, offset, draft, faults,
                                 near.empty() ? "" : "did you mean \"" + std::string(near.front()) + "\"?");
            }
            break;
        case Shape::value: draft.initial_cell = text; break;
        case Shape::word_or_object: draft.archive_cell = text; break;
        default: is_good = read_text(column, text, offset, draft, faults); *text_of(draft, key) = text;
    }
    mark(draft, key, offset, is_good);
}

}  // namespace penstock::site
