#include "core/site/types/overrides.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/site/format.hpp"
#include "core/site/load_context.hpp"

namespace penstock::site {
namespace {

constexpr std::string_view kAlarms = "alarms";

void report_no_object(const JsonView& override_of, FaultList& faults) {
    add_fault(
        faults, override_of,
        "the override of " + in_quotes(override_of.key()) + " is " + override_of.found() + "; wanted an object of its keys");
}

void check_alarm(const JsonView& alarm, const Type& type, FaultList& faults) {
    std::vector<std::string_view> names;
    for (const Subtree& known : type.alarms) names.push_back(known.json.find("name").text());
    if (std::ranges::find(names, alarm.key()) == names.end())
        return add_key_fault(faults, alarm, "the type " + in_quotes(type.name) + " has no alarm " + in_quotes(alarm.key()),
                             base::did_you_mean(alarm.key(), names));
    if (!alarm.is_object() && alarm.kind() != JsonKind::null) report_no_object(alarm, faults);
}

void check_override(const JsonView& said, const Type& type, FaultList& faults) {
    if (said.key() == kAlarms) {
        if (!said.is_object()) return report_no_object(said, faults);
        for (const JsonView alarm : said) check_alarm(alarm, type, faults);
        return;
    }
    if (type.find(said.key()) == nullptr) {
        std::vector<std::string_view> names;
        for (const TypeMember& member : type.members) names.push_back(member.name);
        return add_key_fault(faults, said, "the type " + in_quotes(type.name) + " has no member " + in_quotes(said.key()),
                             base::did_you_mean(said.key(), names));
    }
    if (!said.is_object()) report_no_object(said, faults);
}

}  // namespace

void check_overrides(const TypeInstance& instance, FaultList& faults) {
    for (const JsonView& override_of_all : instance.overrides) {
        for (const JsonView said : override_of_all) check_override(said, *instance.type, faults);
    }
}

std::vector<JsonView> overrides_of_member(const TypeInstance& instance, std::string_view member) {
    std::vector<JsonView> found;
    for (const JsonView& each : instance.overrides) {
        const JsonView said = each.find(member);
        if (said.is_object()) found.push_back(said);
    }
    return found;
}

std::vector<JsonView> overrides_of_alarm(const TypeInstance& instance, std::string_view alarm) {
    std::vector<JsonView> found;
    for (const JsonView& each : instance.overrides) {
        const JsonView said = each.find(kAlarms).find(alarm);
        if (said.exists()) found.push_back(said);
    }
    return found;
}

std::string merge(const JsonView& from, const std::vector<JsonView>& overrides, const ObjectFormat* format,
                  const TypeInstance& instance, LoadContext& context, JsonComposite& into) {
    std::vector<JsonView> winners;
    const auto is_won = [&winners](std::string_view key) {
        return std::ranges::find(winners, key, &JsonView::key) != winners.end();
    };
    for (const JsonView& said : overrides) {
        for (const JsonView member : said) {
            if (is_won(member.key())) continue;
            const bool takes_away =
                member.kind() == JsonKind::null && format != nullptr && find_key(*format, member.key()) != nullptr;
            if (format == nullptr || takes_away || check_member(member, *format, context.faults)) winners.push_back(member);
        }
    }
    into.clear();
    into.open(from);
    for (const JsonView member : from) {
        if (!is_won(member.key())) into.copy(member);
    }
    std::string names;
    for (const JsonView& winner : winners) {
        names += (names.empty() ? "" : ", ") + std::string(winner.key());
        if (winner.kind() == JsonKind::null) continue;
        const std::uint32_t at = into.copy(winner);
        if (is_expression_key(winner.key())) fill_expression(at, instance, context, into);
    }
    into.close();
    return names;
}

}  // namespace penstock::site
