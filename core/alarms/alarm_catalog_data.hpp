#pragma once

// Private to the catalog and its builder: how the alarms lie in memory.

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

struct PointRow {
    tags::TagId tag = tags::kNoTag;
    AlarmId alarm = kNothing;
    std::uint32_t parameters = 0, outputs = 0;  // the first of each
    TextOffset policy = 0;
};
struct ParameterRow {
    double number;
    TextOffset name;
    tags::TagId tag;
};
struct OutputRow {
    TextOffset name;
    AlarmId alarm;  // kNothing: it is a rule
    RuleId rule;
};

struct AlarmCatalog::Data {
    tags::TextArena texts;
    std::vector<AlarmRow> rows;  // by id
    std::vector<TextOffset> texts_of;  // a group of as many as there are languages for each text, the first of empty ones
    std::vector<AlarmHelp> helps;
    std::vector<PointRow> points;  // and one more, at which the last ends
    std::vector<ParameterRow> parameters;
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
    [[nodiscard]] std::string_view name(AlarmId id) const noexcept { return texts.at(rows[id].name); }
};

}  // namespace penstock::alarms
