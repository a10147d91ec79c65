#include "core/site/alarms/policies.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"

namespace penstock::site {
namespace {

constexpr std::string_view kKind = "alarm_policy.";

// "limits" is alarm_policy.limits, "com.example.foo" is com.example.alarm_policy.foo; as drivers are named.
std::string id_of(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return std::string(kKind) + std::string(name);
    return std::string(name.substr(0, dot + 1)) + std::string(kKind) + std::string(name.substr(dot + 1));
}

std::vector<std::string> names_of(const SitePlugins& plugins) {
    std::vector<std::string> names;
    for (const std::string& id : plugins.ids()) {
        const std::size_t at = id.find(kKind);
        if (at == 0 || (at != std::string::npos && id[at - 1] == '.'))
            names.push_back(id.substr(0, at) + id.substr(at + kKind.size()));
    }
    return names;
}

std::optional<std::string_view> pick(const std::vector<std::string_view>& words, std::string_view word) {
    const auto found = std::ranges::find(words, word);
    return found == words.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<std::string_view> KnownPolicy::parameter(std::string_view word) const { return pick(parameters, word); }
std::optional<std::string_view> KnownPolicy::output(std::string_view word) const { return pick(outputs, word); }
std::string KnownPolicy::output_list() const {
    std::string list;
    for (const std::string_view output : outputs) list += (list.empty() ? "\"" : ", \"") + std::string(output) + "\"";
    return list;
}
bool KnownPolicy::wants_number() const {
    return name == "limits" || name == "deviation" || name == "rate_of_change" || name == "flood";
}
bool KnownPolicy::has_unit_of_input() const { return name == "limits" || name == "deviation"; }

const KnownPolicy* PolicyTable::find(const JsonView& name, const JsonView& owner) {
    const std::string_view word = name.exists() ? name.text() : "discrete";
    if (word.empty()) return nullptr;  // no text, and reported
    auto known = known_.find(word);
    if (known == known_.end()) known = known_.emplace(std::string(word), ask(word, name.exists() ? name : owner)).first;
    return known->second ? &*known->second : nullptr;
}

std::optional<KnownPolicy> PolicyTable::ask(std::string_view name, const JsonView& at) {
    const auto keep = [this](std::string_view text) { return context_.content.made_texts.keep(text); };
    KnownPolicy policy{.name = keep(name), .id = keep(id_of(name)), .outputs = {}, .parameters = {}};
    if (context_.plugins.schema(policy.id) == nullptr) {
        const std::vector<std::string> names = names_of(context_.plugins);
        const std::string why = context_.plugins.why_missing(policy.id).sentence();
        add_fault(context_.faults, at, "the policy " + in_quotes(name) + " cannot be found: " + why,
                  has_suggestion(why) ? "" : base::did_you_mean(name, std::span<const std::string>(names)));
        return std::nullopt;
    }
    const auto use = std::ranges::find(context_.content.plugins, policy.id, &PluginUse::id);
    const base::SettingsDocument none;
    auto shape = context_.plugins.policy_shape(policy.id, use != context_.content.plugins.end() ? *use->settings : none);
    if (!shape) {
        add_fault(context_.faults, at, "the policy " + in_quotes(name) + " cannot be used: " + shape.error().text());
        return std::nullopt;
    }
    for (const std::string& output : shape->outputs) policy.outputs.push_back(keep(output));
    for (const std::string& parameter : shape->parameters) policy.parameters.push_back(keep(parameter));
    return policy;
}

}  // namespace penstock::site
