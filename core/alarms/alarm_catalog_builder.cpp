#include "core/alarms/alarm_catalog_builder.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "core/alarms/alarm_catalog_data.hpp"
#include "core/tags/interning.hpp"
#include "core/tags/name_index.hpp"
#include "core/tags/name_order.hpp"

namespace penstock::alarms {
namespace {

constexpr std::size_t kMaxRules = 65'000;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

// Rows in the order in which they came, and tags by name, until both have ids.
struct AlarmCatalogBuilder::Draft {
    struct Bound {  // a tag that an alarm follows
        AlarmPlace alarm;
        TextOffset tag;
    };

    AlarmCatalog::Data data;
    tags::Interner texts{data.texts};
    tags::TextArena names_of_tags;  // until they are found
    tags::Interner tag_names{names_of_tags};
    tags::Repeated<AlarmHelp> helps;
    tags::Repeated<TextOffset> text_groups;
    std::vector<TextOffset> group;  // at hand
    std::map<std::string, RuleId, std::less<>> rule_ids;  // by name
    std::vector<AlarmRules> rules;  // by place
    std::vector<TextOffset> input_tags;  // by point
    std::vector<std::pair<std::uint32_t, TextOffset>> bound;  // parameters and their tags
    std::map<std::tuple<TextOffset, std::vector<TextOffset>, std::vector<TextOffset>>, std::uint32_t> forms;
    std::uint32_t last_form = 0;
    std::vector<Bound> enablings, on_delays, off_delays;
    std::vector<std::pair<AlarmPlace, TextOffset>> renames;
    std::optional<Error> fault;

    void fail_at(const AlarmRow& row, std::string sentence) {
        if (fault) return;
        std::string where(data.texts.at(row.file));
        if (row.line != 0) where += ":" + std::to_string(row.line) + ":" + std::to_string(row.column);
        fault.emplace(ErrorCode::invalid_config, std::move(sentence), std::move(where));
    }
    void check(const AlarmRow& row, const AlarmDefinition& alarm);
    [[nodiscard]] LocalTextRow text_group(LocalText wanted);
    [[nodiscard]] RuleId rule_id(std::string_view name);
    [[nodiscard]] AlarmRules rules_of(const AlarmDefinition& alarm) const;
    [[nodiscard]] std::uint32_t form_of(const PointDefinition& point);
    [[nodiscard]] bool fits(const PointForm& form, const PointDefinition& point) const;
    void index_names();
    [[nodiscard]] Result<std::vector<AlarmId>> assign_ids(tags::TagIdStore& ids) const;
    void find_tags(const tags::TagCatalog& tags);
    [[nodiscard]] tags::TagId tag(const tags::TagCatalog& tags, TextOffset name, const AlarmRow* row);
    void link_points();
    void move_to_ids(const std::vector<AlarmId>& ids);
    void shrink();
};

AlarmCatalogBuilder::AlarmCatalogBuilder(std::vector<std::string> languages, std::vector<AlarmClass> classes,
                                         std::vector<PriorityStyle> priorities)
    : draft_(std::make_unique<Draft>()) {
    auto& data = draft_->data;
    data.languages = std::move(languages);
    data.classes = std::move(classes);
    data.priorities = std::move(priorities);
    if (data.languages.empty()) data.languages.emplace_back("en");
    if (data.classes.empty()) data.classes.emplace_back();
    data.helps.emplace_back();
    data.texts_of.resize(data.languages.size());
}
AlarmCatalogBuilder::~AlarmCatalogBuilder() = default;
AlarmCatalogBuilder::AlarmCatalogBuilder(AlarmCatalogBuilder&&) noexcept = default;

std::size_t AlarmCatalogBuilder::size() const noexcept { return draft_->data.rows.size(); }

// --- taking in ---
AlarmPlace AlarmCatalogBuilder::add(const AlarmDefinition& alarm) {
    auto& draft = *draft_;
    auto& data = draft.data;
    const auto place = static_cast<AlarmPlace>(data.rows.size());
    const AlarmRow last = data.rows.empty() ? AlarmRow{} : data.rows.back();
    AlarmRow row;
    row.name = data.texts.add(alarm.name);
    row.area = draft.texts.intern(alarm.area, last.area);
    row.file = draft.texts.intern(alarm.file, last.file);
    row.line = alarm.line;
    row.column = alarm.column;
    row.alarm_class = alarm.alarm_class;
    row.priority = alarm.priority;
    row.texts = draft.text_group(alarm.texts);
    AlarmHelp help;
    help.cause = draft.text_group(alarm.cause);
    help.consequence = draft.text_group(alarm.consequence);
    help.response = draft.text_group(alarm.response);
    help.screen = draft.texts.intern(alarm.screen, 0);
    help.time_to_respond = alarm.time_to_respond.count();
    row.help = draft.helps.add(data.helps, help);
    draft.check(row, alarm);
    const auto bind = [&](std::string_view tag, std::vector<Draft::Bound>& into) {
        if (!tag.empty()) into.push_back({place, draft.tag_names.intern(tag, 0)});
    };
    bind(alarm.enable_tag, draft.enablings);
    bind(alarm.on_delay_tag, draft.on_delays);
    bind(alarm.off_delay_tag, draft.off_delays);
    if (!alarm.was.empty()) draft.renames.emplace_back(place, data.texts.add(alarm.was));
    draft.rules.push_back(draft.rules_of(alarm));
    data.rows.push_back(row);
    return place;
}

void AlarmCatalogBuilder::set_area(AlarmPlace alarm, std::string_view area) {
    auto& rows = draft_->data.rows;
    rows[alarm].area = draft_->texts.intern(area, rows[alarm == 0 ? 0 : alarm - 1].area);
}

void AlarmCatalogBuilder::Draft::check(const AlarmRow& row, const AlarmDefinition& alarm) {
    if (alarm.name.empty()) return fail_at(row, "an alarm has no name");
    if (alarm.name.size() > tags::kMaxTagNameBytes)
        return fail_at(row, "the name " + quoted(alarm.name.substr(0, 40)) + "... has " + std::to_string(alarm.name.size())
                                + " bytes, at most " + std::to_string(tags::kMaxTagNameBytes) + " are allowed");
    if (alarm.alarm_class >= data.classes.size()) return fail_at(row, quoted(alarm.name) + " has a class that does not exist");
    if (alarm.priority == 0 || alarm.priority > kMaxPriorities)
        return fail_at(row, quoted(alarm.name) + " has the priority " + std::to_string(alarm.priority) + ", wanted 1 to 16");
    if (data.rows.size() >= kMaxAlarms) fail_at(row, "there are more than 4,000,000 alarms");
}

LocalTextRow AlarmCatalogBuilder::Draft::text_group(LocalText wanted) {
    if (std::ranges::all_of(wanted, &std::string_view::empty)) return 0;
    if (data.languages.size() == 1) return texts.intern(wanted[0], 0);
    group.assign(data.languages.size(), 0);
    for (std::size_t i = 0; i < group.size() && i < wanted.size(); ++i) group[i] = texts.intern(wanted[i], 0);
    return text_groups.add_group(data.texts_of, group);
}

AlarmRules AlarmCatalogBuilder::Draft::rules_of(const AlarmDefinition& alarm) const {
    AlarmRules made;
    if (alarm.alarm_class < data.classes.size()) {
        made.life = data.classes[alarm.alarm_class].life;
        made.longest_shelf = data.classes[alarm.alarm_class].longest_shelf;
    }
    made.on_delay = alarm.on_delay;
    made.off_delay = alarm.off_delay;
    made.bad_input = alarm.bad_input;
    return made;
}

RuleId AlarmCatalogBuilder::Draft::rule_id(std::string_view name) {
    if (const auto known = rule_ids.find(name); known != rule_ids.end()) return known->second;
    if (rule_ids.size() >= kMaxRules && !fault)
        fault.emplace(ErrorCode::invalid_config, "there are more than 65,000 rules that suppress");
    const auto id = static_cast<RuleId>(kFirstRule + rule_ids.size());
    rule_ids.emplace(name, id);
    SuppressionRule rule;
    rule.id = id;
    rule.name = name;
    data.suppressions.push_back(std::move(rule));
    data.reasons.push_back(0);
    return id;
}

void AlarmCatalogBuilder::add_point(const PointDefinition& point) {
    auto& draft = *draft_;
    auto& data = draft.data;
    PointRow row;
    row.parameters = static_cast<std::uint32_t>(data.parameters.size());
    row.outputs = static_cast<std::uint32_t>(data.outputs.size());
    row.alarm = point.input_alarm;
    row.form = draft.form_of(point);
    draft.input_tags.push_back(draft.tag_names.intern(point.input_tag, 0));
    for (const auto& parameter : point.parameters) {
        const auto place = static_cast<std::uint32_t>(data.parameters.size());
        if (!parameter.tag.empty()) draft.bound.emplace_back(place, draft.tag_names.intern(parameter.tag, 0));
        data.parameters.push_back(parameter.tag.empty() ? parameter.number : std::numeric_limits<double>::quiet_NaN());
    }
    for (const auto& output : point.outputs) {
        const bool is_rule = output.alarm == kNoPlace;
        data.outputs.push_back(
            {.is_rule = is_rule, .number = is_rule ? draft.rule_id(output.rule) : output.alarm & 0x7FFF'FFFFU});
    }
    data.points.push_back(row);
}

bool AlarmCatalogBuilder::Draft::fits(const PointForm& form, const PointDefinition& point) const {
    const auto is_called = [this](TextOffset text, const auto& named) { return data.texts.at(text) == named.name; };
    return data.texts.at(form.policy) == point.policy && std::ranges::equal(form.parameters, point.parameters, is_called)
           && std::ranges::equal(form.outputs, point.outputs, is_called);
}

std::uint32_t AlarmCatalogBuilder::Draft::form_of(const PointDefinition& point) {
    if (last_form < data.forms.size() && fits(data.forms[last_form], point)) return last_form;
    PointForm form;
    form.policy = texts.intern(point.policy, 0);
    for (const auto& parameter : point.parameters) form.parameters.push_back(texts.intern(parameter.name, 0));
    for (const auto& output : point.outputs) form.outputs.push_back(texts.intern(output.name, 0));
    const auto [known, is_new] = forms.try_emplace(std::tuple(form.policy, form.parameters, form.outputs),
                                                   static_cast<std::uint32_t>(data.forms.size()));
    if (is_new) data.forms.push_back(std::move(form));
    return last_form = known->second;
}

void AlarmCatalogBuilder::add_rule(const RuleDefinition& rule) {
    const auto id = draft_->rule_id(rule.name);
    auto& made = draft_->data.suppressions[static_cast<std::size_t>(id - kFirstRule)];
    draft_->data.reasons[static_cast<std::size_t>(id - kFirstRule)] = draft_->text_group(rule.reason);
    made.targets.assign(rule.targets.begin(), rule.targets.end());
}

// --- making ---
// Names to places, for now; a name given twice is found here.
void AlarmCatalogBuilder::Draft::index_names() {
    data.index.assign(tags::index_size(data.rows.size()), 0);
    for (AlarmPlace place = 0; place < data.rows.size() && !fault; ++place) {
        const auto name = data.name(place);
        const auto slot = tags::find_slot(data.index, name, [this](std::uint32_t other) { return data.name(other); });
        if (data.index[slot] != 0) {
            const auto& first = data.rows[data.index[slot] - 1];
            return fail_at(data.rows[place], "the alarm " + quoted(name) + " is defined twice, first at "
                                                 + std::string(data.texts.at(first.file)) + ":" + std::to_string(first.line));
        }
        data.index[slot] = place + 1;
    }
}

Result<std::vector<AlarmId>> AlarmCatalogBuilder::Draft::assign_ids(tags::TagIdStore& ids) const {
    std::vector<tags::TagIdStore::Wanted> wanted(data.rows.size());
    for (std::size_t place = 0; place < wanted.size(); ++place)
        wanted[place] = {data.texts.at(data.rows[place].name), {}, ValueType::boolean};
    for (const auto& [place, was] : renames) wanted[place].was = data.texts.at(was);
    return ids.assign(wanted);
}

tags::TagId AlarmCatalogBuilder::Draft::tag(const tags::TagCatalog& catalog, TextOffset name, const AlarmRow* row) {
    if (name == 0) return tags::kNoTag;
    const auto text = names_of_tags.at(name);
    if (const auto found = catalog.find(text)) return *found;
    fail_at(row != nullptr ? *row : AlarmRow{}, "there is no tag " + quoted(text));
    return tags::kNoTag;
}

void AlarmCatalogBuilder::Draft::find_tags(const tags::TagCatalog& tags) {
    for (std::size_t i = 0; i < data.points.size(); ++i) data.points[i].tag = tag(tags, input_tags[i], nullptr);
    for (const auto& [parameter, name] : bound) data.bound.push_back({parameter, tag(tags, name, nullptr)});
    for (const auto& [place, name] : enablings) data.enablings.push_back({place, tag(tags, name, &data.rows[place])});
    for (const auto& [place, name] : on_delays) data.delays.push_back({place, tag(tags, name, &data.rows[place]), true});
    for (const auto& [place, name] : off_delays) data.delays.push_back({place, tag(tags, name, &data.rows[place]), false});
}

// Each alarm finds the point that judges it.
void AlarmCatalogBuilder::Draft::link_points() {
    for (std::uint32_t number = 0; number < data.points.size(); ++number) {
        const auto& point = data.points[number];
        for (std::uint8_t n = 0; n < data.forms[point.form].outputs.size(); ++n) {
            const auto output = data.outputs[point.outputs + n];
            if (output.is_rule) continue;
            data.rows[output.number].point = number;
            data.rows[output.number].output = n;
        }
    }
}

// From places to ids.
void AlarmCatalogBuilder::Draft::move_to_ids(const std::vector<AlarmId>& ids) {
    for (auto& slot : data.index)
        if (slot != 0) slot = ids[slot - 1] + 1;
    for (auto& output : data.outputs)
        if (!output.is_rule) output.number = ids[output.number] & 0x7FFF'FFFFU;
    for (auto& point : data.points)
        if (point.alarm != kNothing) point.alarm = ids[point.alarm];
    for (auto& rule : data.suppressions)
        for (auto& target : rule.targets) target = ids[target];
    for (auto& enabling : data.enablings) enabling.alarm = ids[enabling.alarm];
    for (auto& delay : data.delays) delay.alarm = ids[delay.alarm];
    const auto limit = ids.empty() ? AlarmId{0} : *std::ranges::max_element(ids) + 1;
    std::vector<AlarmRow> rows(limit);
    data.rules = RuleBook(limit);
    std::vector<tags::NamedId> names;
    for (std::size_t place = 0; place < ids.size(); ++place) {
        rows[ids[place]] = data.rows[place];
        data.rules.set(ids[place], rules[place]);
        names.push_back({data.texts.at(data.rows[place].name), ids[place]});
    }
    data.rows = std::move(rows);
    data.by_name = tags::in_order_of_name(std::move(names));
}

void AlarmCatalogBuilder::Draft::shrink() {
    data.texts.shrink();
    data.points.shrink_to_fit();
    data.parameters.shrink_to_fit();
    data.bound.shrink_to_fit();
    data.outputs.shrink_to_fit();
}

Result<std::shared_ptr<const AlarmCatalog>> AlarmCatalogBuilder::build(const tags::TagCatalog& tags, tags::TagIdStore& ids) {
    const auto draft = std::move(draft_);
    draft->index_names();
    draft->find_tags(tags);
    if (draft->fault) return std::unexpected(*draft->fault);
    draft->link_points();
    auto given = draft->assign_ids(ids);
    if (!given) return std::unexpected(std::move(given).error());
    draft->move_to_ids(*given);
    draft->shrink();
    auto data = std::make_unique<const AlarmCatalog::Data>(std::move(draft->data));
    return std::shared_ptr<const AlarmCatalog>(new AlarmCatalog(std::move(data)));
}

}  // namespace penstock::alarms
