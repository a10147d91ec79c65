#pragma once

// Private to the catalog and its builder: how the alarms lie in memory.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/alarms/alarm_catalog.hpp"
#include "core/tags/text_arena.hpp"

namespace penstock::alarms {

using tags::TextOffset;
inline constexpr TextOffset kNoText = 0xFFFF'FFFF;  // as a name: no such alarm
inline constexpr std::uint32_t kNothing = 0xFFFF'FFFF;

// A text in all languages: the first of its group in Data::texts_of; of a site with one language the text itself. 0: none.
using LocalTextRow = std::uint32_t;

// What many alarms of one type share.
struct AlarmHelp {
    LocalTextRow cause = 0, consequence = 0, response = 0;
    TextOffset screen = 0;
    std::int64_t time_to_respond = 0;  // ns
};

struct AlarmRow {
    TextOffset name = kNoText;
    TextOffset area = 0, file = 0;
    std::uint32_t line = 0, column = 0;
    LocalTextRow texts = 0;
    std::uint32_t help = 0;
    std::uint32_t point = kNothing;
    std::uint8_t output = 0;  // of the point
    std::uint8_t alarm_class = 0, priority = 1;
};

// What nearly all points of a policy share: which parameters are given, which outputs are used.
struct PointForm {
    TextOffset policy = 0;
    std::vector<TextOffset> parameters, outputs;  // their names
};
struct PointRow {
    tags::TagId tag = tags::kNoTag;
    AlarmId alarm = kNothing;
    std::uint32_t parameters = 0, outputs = 0;  // the first of each
    std::uint32_t form = 0;
};
// What a tag says instead of a number.
struct BoundParameter {
    std::uint32_t parameter;
    tags::TagId tag;
};
struct OutputRow {
    std::uint32_t is_rule : 1;
    std::uint32_t number : 31;  // of the rule, or of the alarm
};
static_assert(sizeof(OutputRow) == 4);

struct AlarmCatalog::Data {
    tags::TextArena texts;
    std::vector<AlarmRow> rows;  // by id
    std::vector<TextOffset> texts_of;  // a group of as many as there are languages for each text, the first of empty ones
    std::vector<AlarmHelp> helps;
    std::vector<PointForm> forms;
    std::vector<PointRow> points;
    std::vector<double> parameters;  // NaN where bound
    std::vector<BoundParameter> bound;  // in their order
    std::vector<OutputRow> outputs;
    std::vector<SuppressionRule> suppressions;
    std::vector<LocalTextRow> reasons;  // of these
    std::vector<Enabling> enablings;
    std::vector<BoundDelay> delays;
    RuleBook rules;
    std::vector<std::string> languages;
    std::vector<AlarmClass> classes;
    std::vector<PriorityStyle> priorities;
    std::vector<std::uint32_t> index;  // name -> id + 1 (tags/name_index.hpp)
    std::vector<AlarmId> by_name;

    // Of a language that it lacks, in the first.
    [[nodiscard]] std::string_view local(LocalTextRow row, std::size_t language) const noexcept {
        if (languages.size() == 1) return texts.at(row);
        const auto* const group = texts_of.data() + row;
        const auto wanted = language < languages.size() ? group[language] : TextOffset{0};
        return texts.at(wanted != 0 ? wanted : group[0]);
    }
    // kNoTag: it is a number.
    [[nodiscard]] tags::TagId tag_of(std::uint32_t parameter) const noexcept {
        const auto found = std::ranges::lower_bound(bound, parameter, {}, &BoundParameter::parameter);
        return found != bound.end() && found->parameter == parameter ? found->tag : tags::kNoTag;
    }
    [[nodiscard]] std::string_view name(AlarmId id) const noexcept { return texts.at(rows[id].name); }
};

}  // namespace penstock::alarms
