#include "core/alarms/alarm_catalog.hpp"

#include <algorithm>

#include "core/alarms/alarm_catalog_data.hpp"
#include "core/base/suggest.hpp"
#include "core/tags/name_index.hpp"

namespace penstock::alarms {

AlarmCatalog::AlarmCatalog(std::unique_ptr<const Data> data) noexcept : data_(std::move(data)) {}
AlarmCatalog::~AlarmCatalog() = default;

std::size_t AlarmCatalog::size() const noexcept { return data_->by_name.size(); }
AlarmId AlarmCatalog::id_limit() const noexcept { return static_cast<AlarmId>(data_->rows.size()); }
bool AlarmCatalog::exists(AlarmId id) const noexcept { return id < data_->rows.size() && data_->rows[id].name != kNoText; }
std::string_view AlarmCatalog::name(AlarmId id) const { return data_->name(id); }
std::string_view AlarmCatalog::area(AlarmId id) const { return data_->texts.at(data_->rows[id].area); }
std::uint8_t AlarmCatalog::priority(AlarmId id) const { return data_->rows[id].priority; }

AlarmView AlarmCatalog::view(AlarmId id, std::size_t language) const {
    const auto& row = data_->rows[id];
    const auto& texts = data_->texts;
    const auto& help = data_->helps[row.help];
    AlarmView view;
    view.id = id;
    view.name = texts.at(row.name);
    view.area = texts.at(row.area);
    view.file = texts.at(row.file);
    view.line = row.line;
    view.column = row.column;
    view.alarm_class = row.alarm_class;
    view.priority = row.priority;
    view.point = row.point;
    if (row.point != kNothing) {
        const auto& point = data_->points[row.point];
        view.output = texts.at(data_->forms[point.form].outputs[row.output]);
        view.tag = point.tag;
    }
    view.cause = data_->local(help.cause, language);
    view.consequence = data_->local(help.consequence, language);
    view.response = data_->local(help.response, language);
    view.screen = texts.at(help.screen);
    view.time_to_respond = Duration(help.time_to_respond);
    return view;
}

std::string_view AlarmCatalog::text(AlarmId id, std::size_t language) const {
    return data_->local(data_->rows[id].texts, language);
}

std::optional<AlarmId> AlarmCatalog::find(std::string_view name) const noexcept {
    const auto slot = tags::find_slot(data_->index, name, [this](std::uint32_t id) { return data_->name(id); });
    if (data_->index[slot] == 0) return std::nullopt;
    return data_->index[slot] - 1;
}

std::span<const AlarmId> AlarmCatalog::by_name() const noexcept { return data_->by_name; }

std::vector<std::string_view> AlarmCatalog::nearest(std::string_view name, std::size_t most) const {
    std::vector<std::string_view> names;
    names.reserve(data_->by_name.size());
    for (const auto id : data_->by_name) names.push_back(data_->name(id));
    return base::nearest(name, names, most);
}

std::span<const std::string> AlarmCatalog::languages() const noexcept { return data_->languages; }
std::span<const AlarmClass> AlarmCatalog::classes() const noexcept { return data_->classes; }
std::span<const PriorityStyle> AlarmCatalog::priorities() const noexcept { return data_->priorities; }
const RuleBook& AlarmCatalog::rules() const noexcept { return data_->rules; }
std::size_t AlarmCatalog::points() const noexcept { return data_->points.size(); }

PointView AlarmCatalog::point(std::size_t number) const {
    const auto& row = data_->points[number];
    const auto& form = data_->forms[row.form];
    const auto& texts = data_->texts;
    PointView view;
    view.policy = texts.at(form.policy);
    view.tag = row.tag;
    if (row.alarm != kNothing) view.alarm = row.alarm;
    for (std::uint32_t n = 0; n < form.parameters.size(); ++n) {
        const auto parameter = row.parameters + n;
        view.parameters.push_back({texts.at(form.parameters[n]), data_->parameters[parameter], data_->tag_of(parameter)});
    }
    for (std::size_t n = 0; n < form.outputs.size(); ++n) {
        const auto output = data_->outputs[row.outputs + n];
        auto& use = view.outputs.emplace_back();
        use.name = texts.at(form.outputs[n]);
        if (output.is_rule)
            use.rule = static_cast<RuleId>(output.number);
        else
            use.alarm = output.number;
    }
    return view;
}

std::span<const SuppressionRule> AlarmCatalog::suppressions() const noexcept { return data_->suppressions; }
const SuppressionRule* AlarmCatalog::suppression(RuleId id) const noexcept {
    const auto number = static_cast<std::size_t>(id - kFirstRule);
    return id >= kFirstRule && number < data_->suppressions.size() ? &data_->suppressions[number] : nullptr;
}
std::string_view AlarmCatalog::reason(RuleId id, std::size_t language) const {
    return data_->local(data_->reasons[static_cast<std::size_t>(id - kFirstRule)], language);
}
std::span<const Enabling> AlarmCatalog::enablings() const noexcept { return data_->enablings; }
std::span<const BoundDelay> AlarmCatalog::bound_delays() const noexcept { return data_->delays; }

std::string fill_text(std::string_view text, const TextParts& parts) {
    const auto part = [&](std::string_view name) -> std::optional<std::string_view> {
        if (name == "value") return parts.value;
        if (name == "limit") return parts.limit;
        if (name == "unit") return parts.unit;
        if (name == "tag") return parts.tag;
        if (name == "alarm") return parts.alarm;
        if (name == "area") return parts.area;
        return std::nullopt;
    };
    std::string filled;
    while (true) {
        const auto open = text.find('{');
        filled.append(text.substr(0, open));
        if (open == std::string_view::npos) return filled;
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) return filled.append(text.substr(open));
        const auto known = part(text.substr(open + 1, close - open - 1));
        filled.append(known ? *known : text.substr(open, close - open + 1));
        text.remove_prefix(close + 1);
    }
}

}  // namespace penstock::alarms
