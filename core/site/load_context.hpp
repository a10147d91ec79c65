#pragma once

// What the parts of the loader share. Internal to core/site.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/site/name_table.hpp"
#include "core/site/params.hpp"
#include "core/site/plugin_schemas.hpp"
#include "core/site/site_content.hpp"
#include "core/site/site_folder.hpp"
#include "core/site/site_plugins.hpp"
#include "core/site/tag_draft.hpp"
#include "core/site/types/instances.hpp"

namespace penstock::site {

struct DeviceInfo {
    std::size_t index = 0;                       // in SiteContent::devices; valid if is_good
    std::unique_ptr<DeviceAddresses> addresses;  // null: its driver cannot be asked
    bool is_good = false;                        // its file has no fault
};

// A widget type with its schemas compiled: once, not once a widget.
struct KnownWidget {
    std::optional<base::JsonSchema> properties;  // none if the plugin's schema is broken
    nlohmann::json bindings;
};

class TagChecker;

// An expression that was made of one in a type, for an instance.
struct MadeExpression {
    const ExpressionPattern* pattern = nullptr;
    const TypeInstance* instance = nullptr;
    const SourceText* file = nullptr;
};

// A byte of a file; no source: not known.
struct Written {
    const SourceText* source = nullptr;
    std::uint32_t offset = 0;
};

struct LoadContext {
    LoadContext(SitePlugins& source, SiteContent& into, const Params& params_of_user, FaultList& list)
        : plugins(source), schemas(source), content(into), faults(list), params(params_of_user, list) {}

    SitePlugins& plugins;
    PluginSchemas schemas;
    SiteContent& content;
    FaultList& faults;
    ParamTable params;
    std::unique_ptr<SiteFolder> folder;

    // What is known for sure. A faulty file makes what it would have said unknown, and a reference to the unknown is no fault of its own.
    bool knows_settings = false;  // areas, units and plugins of site.json
    bool knows_all_tags = true;
    bool knows_all_widgets = true;
    std::vector<std::string> units;
    std::vector<std::string> historians;  // ids that site.json names, in its order
    std::vector<std::vector<std::string_view>> mandatory;  // keys, by alarm class
    JsonView start_screen;
    std::map<std::string, DeviceInfo, std::less<>> devices;
    NameTable tags;  // → SiteContent::tags
    std::map<std::string, KnownWidget, std::less<>> widgets;  // by type

    TypeTable types;
    std::deque<TypeInstance> instances;  // with those inside others
    NameTable instance_names;  // of tag files
    // Those whose types have alarms: for (const TypeInstance* each : type_alarms) read(*expand_alarms(*each, context)).
    std::vector<const TypeInstance*> type_alarms;
    std::deque<std::unique_ptr<JsonDocument>> composites;  // of what is looked at again later
    std::deque<ExpressionPattern> override_expressions;
    std::unordered_map<const char*, MadeExpression> made_expressions;  // by their texts

    // Where a byte of a text was written: one that stands in `file`, or was made of one that does (a type's). Of a text with escapes
    // that cannot be said.
    [[nodiscard]] Written written(std::string_view text, std::uint32_t offset, const SourceText& file) const;
    [[nodiscard]] bool has_area(std::string_view path) const;
    // Reads, parses and applies parameters; null with faults. The document is kept in `content`.
    [[nodiscard]] JsonDocument* read_json(const std::string& name);
};

// One part of a site each.
void load_settings(LoadContext& context);  // site.json
void take_alarm_settings(const JsonView& root, LoadContext& context);  // its classes and priorities of alarms
void load_device(LoadContext& context, const Entry& file);  // devices/*.json
void load_types(LoadContext& context, const std::vector<Entry>& files);  // types/*.json
void load_tags(LoadContext& context, TagChecker& checker, const std::vector<Entry>& files);  // tags/**
void load_screen(LoadContext& context, const Entry& file);  // screens/*.json
void check_start_screen(LoadContext& context);

void report_unknown_type(const JsonView& of, LoadContext& context);
// The file's name without ".json", "" with a fault if it cannot be a name.
[[nodiscard]] std::string stem_of(const Entry& file, std::string_view what, FaultList& faults);

}  // namespace penstock::site
