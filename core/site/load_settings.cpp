// site.json
#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/sha256.hpp"
#include "core/base/suggest.hpp"
#include "core/site/format.hpp"
#include "core/site/load_context.hpp"
#include "core/site/names.hpp"
#include "core/site/time_zones.hpp"

#include <penstock/operations.hpp>
#include <penstock/settings.hpp>

namespace penstock::site {
namespace {

void take_areas(const JsonView& tree, const std::string& parent, LoadContext& context) {
    for (const JsonView area : tree) {
        const std::string fault = name_fault(area.key());
        if (!fault.empty()) add_key_fault(context.faults, area, "the area's name " + in_quotes(area.key()) + " " + fault);
        const std::string path = parent.empty() ? std::string(area.key()) : parent + "/" + std::string(area.key());
        context.content.areas.push_back(path);
        take_areas(area, path, context);
    }
}

bool is_language(std::string_view word) {
    std::size_t part = 0;
    bool is_first = true;
    for (const char c : word) {
        if (c == '-') {
            if (part < (is_first ? 2U : 1U)) return false;
            is_first = false;
            part = 0;
            continue;
        }
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && (is_first || !is_digit)) return false;
        if (++part > (is_first ? 3U : 8U)) return false;
    }
    return part >= (is_first ? 2U : 1U);
}

void take_languages(const JsonView& list, LoadContext& context) {
    if (!list.is_array() || list.size() == 0) return;
    context.content.languages.clear();
    for (const JsonView language : list) {
        if (language.is_text() && !language.text().empty() && !is_language(language.text())) {
            add_fault(context.faults, language,
                      in_quotes(language.text()) + " is no language; wanted a code such as \"en\" or \"de-CH\"");
        }
        if (std::ranges::find(context.content.languages, language.text()) != context.content.languages.end()) {
            add_fault(context.faults, language, "the language " + in_quotes(language.text()) + " is here a second time");
        }
        context.content.languages.emplace_back(language.text());
    }
}

void take_time_zone(const JsonView& zone, LoadContext& context) {
    if (!zone.is_text()) return;
    context.content.time_zone = zone.text();
    const auto& zones = time_zones();
    if (zones.empty() || std::ranges::binary_search(zones, zone.text())) return;
    add_fault(context.faults, zone,
              "the time zone " + in_quotes(zone.text()) + " is unknown; wanted an IANA name such as \"Europe/Zurich\"",
              base::did_you_mean(zone.text(), std::span<const std::string>(zones)));
}

void take_journal(const JsonView& journal, LoadContext& context) {
    auto& settings = context.content.journal;
    const auto take = [&](std::string_view key, Duration& into) {
        into = parse_duration(journal.find(key).text()).value_or(into);
    };
    take("events_group", settings.events_group);
    take("values_group", settings.values_group);
    take("buffer_time", settings.buffer_time);
    const JsonView size = journal.find("buffer_gigabytes");
    if (size.is_number() && size.number() >= 1) settings.buffer_bytes = static_cast<std::uint64_t>(size.number() * 1e9);
}

void take_units(const JsonView& list, LoadContext& context) {
    for (const JsonView unit : list) {
        if (unit.is_text()) context.units.emplace_back(unit.text());
    }
}

// A type's schema, {"properties": ..., "bindings": ...}, with all that draft-07 wants of one for the properties.
KnownWidget compile(const WidgetType& type, const JsonView& entry, FaultList& faults) {
    nlohmann::json schema = nlohmann::json::parse(type.schema, nullptr, false);
    if (!schema.is_object()) schema = nlohmann::json::object();
    KnownWidget widget;
    widget.bindings = schema.value("bindings", nlohmann::json::object());
    if (!widget.bindings.is_object()) widget.bindings = nlohmann::json::object();
    schema.erase("bindings");
    schema["type"] = "object";
    if (!schema.contains("properties")) schema["properties"] = nlohmann::json::object();
    if (!schema.contains("additionalProperties")) schema["additionalProperties"] = false;
    auto compiled = base::JsonSchema::compile(schema.dump());
    if (compiled)
        widget.properties.emplace(std::move(*compiled));
    else
        add_key_fault(faults, entry,
                      "the schema of the widget type " + in_quotes(type.name) + " cannot be used: " + compiled.error().text(),
                      "tell its maker");
    return widget;
}

void take_widget_types(const PluginUse& use, const JsonView& entry, LoadContext& context) {
    auto types = context.plugins.widget_types(use.id, *use.settings);
    if (!types) {
        context.knows_all_widgets = false;
        return add_key_fault(context.faults, entry,
                             "the plugin " + in_quotes(use.id) + " cannot be used: " + types.error().text());
    }
    for (const WidgetType& type : *types) {
        const auto [known, is_new] = context.widgets.try_emplace(type.name);
        if (is_new)
            known->second = compile(type, entry, context.faults);
        else
            add_key_fault(context.faults, entry,
                          "the plugin " + in_quotes(use.id) + " brings the widget type " + in_quotes(type.name)
                              + ", as another plugin of the site does");
    }
}

// The kind is the word before the name: "widget.basic", "com.example.widget.dial".
bool is_widget_plugin(std::string_view id) {
    return id.starts_with("widget.") || id.find(".widget.") != std::string_view::npos;
}

bool is_historian(std::string_view id) {
    return id.starts_with("historian.") || id.find(".historian.") != std::string_view::npos;
}

void take_plugin(const JsonView& entry, LoadContext& context) {
    const std::string_view id = entry.key();
    if (is_historian(id)) context.historians.emplace_back(id);
    if (!entry.is_object()) return;
    if (context.plugins.schema(id) == nullptr) {
        if (is_widget_plugin(id)) context.knows_all_widgets = false;
        const std::vector<std::string> ids = context.plugins.ids();
        const std::string why = context.plugins.why_missing(id).text();
        return add_key_fault(context.faults, entry, "the plugin " + in_quotes(id) + " cannot be found: " + why,
                             has_suggestion(why) ? "" : base::did_you_mean(id, std::span<const std::string>(ids)));
    }
    const base::JsonSchema* const schema = context.schemas.of(id, context.faults);
    // The settings schema of a driver is about its devices' files; here it has nothing to say.
    const bool is_driver = id.starts_with("driver.") || id.find(".driver.") != std::string_view::npos;
    if (schema != nullptr && !is_driver && !check_schema(*schema, entry, context.faults)) {
        if (is_widget_plugin(id)) context.knows_all_widgets = false;
        return;
    }
    const PluginUse use{std::string(id), make_settings(entry)};
    if (is_widget_plugin(id)) take_widget_types(use, entry, context);
    context.content.plugins.push_back(use);
}

}  // namespace

void load_settings(LoadContext& context) {
    const JsonDocument* const document = context.read_json("site.json");
    context.knows_all_widgets = document != nullptr;
    if (document == nullptr) return;
    const JsonView root = document->root();
    check_object(root, site_format(), context.faults);
    if (!root.is_object()) {
        context.knows_all_widgets = false;
        return;
    }
    context.content.name = root.find("name").text();
    context.start_screen = root.find("start_screen");
    context.content.start_screen = context.start_screen.text();
    take_areas(root.find("areas"), {}, context);
    std::ranges::sort(context.content.areas);
    take_languages(root.find("languages"), context);
    take_time_zone(root.find("time_zone"), context);
    take_units(root.find("units"), context);
    take_journal(root.find("journal"), context);
    take_alarm_settings(root, context);
    for (const JsonView plugin : root.find("plugins")) take_plugin(plugin, context);
    std::ranges::sort(context.content.plugins, {}, &PluginUse::id);
    const std::string content = canonical_json(root);
    context.content.documents.push_back({DefinitionKind::site, "site", content, base::sha256_hex(content)});
    context.knows_settings = true;
}

}  // namespace penstock::site
