#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/expressions/calculation_order.hpp"
#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/alarms/suppression.hpp"
#include "core/tags/area_path.hpp"

namespace penstock::site {
namespace {

constexpr std::size_t kMaxRules = 65'000;

}  // namespace

void RuleChecker::check() {
    for (const RuleDraft& draft : drafts_.rules) check_rule(draft);
    for (const Hiding& hiding : drafts_.hidings) make_hiding(hiding);
    check_cycles();
    check_count();
}

const AlarmNames& RuleChecker::names() {
    if (!names_) names_.emplace(alarms_);
    return *names_;
}

void RuleChecker::check_rule(const RuleDraft& draft) {
    RuleRows& rule = alarms_.rules[draft.rule];
    const JsonView input = draft.object.find("alarm");
    std::optional<alarms::AlarmPlace> by;
    if (input.exists()) {
        by = find_alarm(input);
        if (by) alarms_.points[draft.point].alarm = *by;
    }
    const JsonView suppress = draft.object.find("suppress");
    const std::size_t faults = faults_.size();
    rule.targets = choose(suppress);
    if (by) {
        std::erase(rule.targets, *by);  // "pump_1.*" is meant without itself
        edges_.push_back({*by, draft.rule, suppress});
    }
    if (rule.targets.empty() && drafts_.knows_all && faults_.size() == faults)
        add_fault(faults_, suppress, "no alarm fits to this choice");
}

std::optional<alarms::AlarmPlace> RuleChecker::find_alarm(const JsonView& name) {
    if (const auto place = drafts_.names.find(name.text()); place != NameTable::kNone) return place;
    report_unknown(name);
    return std::nullopt;
}

RuleChecker::Places RuleChecker::choose(const JsonView& suppress) {
    Places places;
    const JsonView named = suppress.find("alarms");
    const JsonView area = suppress.find("area");
    for (const JsonView name : named) add_named(name, places);
    if (!named.exists()) names().in_area(area.text(), places);
    narrow_to_area(area, places);
    narrow_to_priorities(suppress.find("priorities"), places);
    std::ranges::sort(places);
    places.erase(std::ranges::unique(places).begin(), places.end());
    return places;
}

void RuleChecker::add_named(const JsonView& name, Places& places) {
    const std::size_t before = places.size();
    if (is_pattern(name.text())) {
        names().find(name.text(), places);
        if (places.size() == before && drafts_.knows_all)
            add_fault(faults_, name, "no alarm fits to " + in_quotes(name.text()));
        return;
    }
    if (const auto place = find_alarm(name)) places.push_back(*place);
}

void RuleChecker::narrow_to_area(const JsonView& area, Places& places) {
    if (!area.exists()) return;
    if (context_.knows_settings && !context_.has_area(area.text())) {
        add_fault(faults_, area, "the area " + in_quotes(area.text()) + " is not in site.json",
                  base::did_you_mean(area.text(), std::span<const std::string>(context_.content.areas)));
        return;
    }
    std::erase_if(places, [&](alarms::AlarmPlace place) { return !tags::is_inside(alarms_.alarms[place].area, area.text()); });
}

void RuleChecker::narrow_to_priorities(const JsonView& priorities, Places& places) {
    if (!priorities.exists() || !context_.knows_settings) return;
    std::vector<std::string_view> known;
    for (const auto& priority : alarms_.priorities) known.push_back(priority.name);
    std::vector<bool> chosen(known.size() + 1);  // by priority, from 1
    for (const JsonView word : priorities) {
        const auto found = std::ranges::find(known, word.text());
        if (found != known.end())
            chosen[static_cast<std::size_t>(found - known.begin() + 1)] = true;
        else
            add_fault(faults_, word, "the priority " + in_quotes(word.text()) + " is none of this site",
                      base::did_you_mean(word.text(), known));
    }
    std::erase_if(places, [&](alarms::AlarmPlace place) { return !chosen[alarms_.alarms[place].priority]; });
}

// A point of the policy discrete on the alarm's own state.
void RuleChecker::make_hiding(const Hiding& hiding) {
    const FaultList::OfInstance scope(faults_, hiding.instance);
    const SiteAlarm& by = alarms_.alarms[hiding.by];
    Places targets = hiding.targets;
    for (const JsonView name : hiding.at) add_named(name, targets);
    const bool is_of_pattern = std::ranges::find(targets, hiding.by) != targets.end();
    if (is_of_pattern) std::erase(targets, hiding.by);
    std::ranges::sort(targets);
    targets.erase(std::ranges::unique(targets).begin(), targets.end());
    const KnownPolicy* const discrete = policies_.find({}, hiding.at);
    if (by.name.empty() || targets.empty() || discrete == nullptr) return;
    const auto keep = [this](const std::string& text) { return context_.content.made_texts.keep(text); };
    const std::string_view name = keep(std::string(by.name) + " hides");
    PointRows point;
    point.policy = discrete->id;
    point.alarm = hiding.by;
    point.parameters = static_cast<std::uint32_t>(alarms_.parameters.size());
    point.outputs = static_cast<std::uint32_t>(alarms_.outputs.size());
    point.output_count = 1;
    alarms_.outputs.push_back({.name = discrete->outputs.front(), .alarm = alarms::kNoPlace, .rule = name});
    alarms_.points.push_back(point);
    edges_.push_back({hiding.by, static_cast<std::uint32_t>(alarms_.rules.size()), hiding.at});
    add_reason(context_).front() = keep("hidden by " + std::string(by.name));
    alarms_.rules.push_back({name, std::move(targets)});
}

// Two alarms that hide each other would both be out of sight while both hold.
void RuleChecker::check_cycles() {
    if (edges_.empty()) return;
    std::vector<std::uint32_t> node_of(alarms_.alarms.size(), 0xFFFF'FFFF);
    std::vector<const Edge*> nodes;
    for (const Edge& edge : edges_) {
        if (node_of[edge.by] != 0xFFFF'FFFF) continue;
        node_of[edge.by] = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back(&edge);
    }
    std::vector<std::vector<std::uint32_t>> hidden(nodes.size());
    for (const Edge& edge : edges_) {
        for (const auto target : alarms_.rules[edge.rule].targets) {
            if (node_of[target] != 0xFFFF'FFFF) hidden[node_of[edge.by]].push_back(node_of[target]);
        }
    }
    for (const auto& cycle : expressions::calculation_order(hidden).cycles) {
        std::string way(alarms_.alarms[nodes[cycle.front()]->by].name);
        for (std::size_t i = 1; i <= cycle.size() && i < 10; ++i)
            way += " -> " + std::string(alarms_.alarms[nodes[cycle[i % cycle.size()]]->by].name);
        add_fault(faults_, nodes[cycle.front()]->at,
                  "these alarms suppress each other in a circle, so none of them would be seen: " + escaped(way));
    }
}

void RuleChecker::check_count() {
    if (alarms_.rules.size() <= kMaxRules) return;
    faults_.add_file("alarms", "there are " + std::to_string(alarms_.rules.size()) + " rules that suppress, those of \"hides\" "
                                   + "included; at most 65000 are supported");
}

void RuleChecker::report_unknown(const JsonView& name) {
    if (!drafts_.knows_all) return;
    std::string hint;
    if (faults_.may_search()) {
        hint = base::did_you_mean(name.text(), names().all());
    }
    add_fault(faults_, name, "there is no alarm " + in_quotes(name.text()), std::move(hint));
}

}  // namespace penstock::site
