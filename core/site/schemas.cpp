#include "core/site/schemas.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "core/base/settings_document.hpp"
#include "core/site/alarms/alarm_formats.hpp"
#include "core/site/format.hpp"
#include "core/site/registry_plugins.hpp"

namespace penstock::site {
namespace {

using Json = nlohmann::ordered_json;

Json object_schema(const ObjectFormat& format);
Json either_schema(const ObjectFormat& format);
Json pattern_schema(const ObjectFormat& format);

Json with_number(double number) {
    return std::trunc(number) == number && std::abs(number) < 1e15 ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

// Bounds under the words of one kind: "minimum", "minLength", "minItems".
void add_bounds(Json& schema, const KeyFormat& key, const char* low, const char* high) {
    if (std::isfinite(key.low)) schema[low] = with_number(key.low);
    if (std::isfinite(key.high)) schema[high] = with_number(key.high);
}

Json number_schema(const KeyFormat& key, const char* type) {
    Json schema{{"type", type}};
    add_bounds(schema, key, "minimum", "maximum");
    return schema;
}

Json duration_schema() { return {{"type", "string"}, {"pattern", "^[0-9]+(us|ms|s|m|h|d)$"}}; }

Json pair_schema(const Json& element) { return {{"type", "array"}, {"items", element}, {"minItems", 2}, {"maxItems", 2}}; }

Json map_schema(const KeyFormat& key, Json value) {
    Json schema{{"type", "object"}, {"additionalProperties", std::move(value)}};
    add_bounds(schema, key, "minProperties", "maxProperties");
    return schema;
}

Json texts_schema(const KeyFormat& key) {
    Json item{{"type", "string"}, {"minLength", 1}};
    if (!key.words.empty()) item = {{"enum", std::vector<std::string>(key.words.begin(), key.words.end())}};
    Json schema{{"type", "array"}, {"items", std::move(item)}};
    add_bounds(schema, key, "minItems", "maxItems");
    return schema;
}

// {"tag": NAME}
Json bound_schema(const char* word) {
    return {{"type", "object"},
            {"properties", {{word, {{"type", "string"}, {"minLength", 1}}}}},
            {"required", Json::array({word})},
            {"additionalProperties", false}};
}

// A text or number may be a parameter in place of itself.
Json or_param(Json schema) { return {{"anyOf", Json::array({std::move(schema), {{"$ref", "#/definitions/param"}}})}}; }

Json plain_schema(const KeyFormat& key) {
    switch (key.shape) {
        case Shape::text: {
            Json schema{{"type", "string"}};
            if (key.low >= 1) schema["minLength"] = 1;
            if (std::isfinite(key.high)) schema["maxLength"] = with_number(key.high);
            return or_param(std::move(schema));
        }
        case Shape::word: return or_param({{"enum", std::vector<std::string>(key.words.begin(), key.words.end())}});
        case Shape::integer: return or_param(number_schema(key, "integer"));
        case Shape::number: return or_param(number_schema(key, "number"));
        case Shape::boolean: return {{"type", "boolean"}};
        case Shape::duration: return or_param(duration_schema());
        case Shape::texts: return texts_schema(key);
        case Shape::value: return {{"type", Json::array({"number", "string", "boolean", "array"})}};
        case Shape::limits: return pair_schema(or_param({{"type", Json::array({"number", "null"})}}));
        case Shape::pair: return pair_schema(or_param({{"type", "number"}}));
        case Shape::size: return pair_schema(or_param(number_schema(key, "integer")));
        case Shape::object: return object_schema(*key.object);
        case Shape::word_or_object:
            return {{"anyOf", Json::array({{{"enum", std::vector<std::string>(key.words.begin(), key.words.end())}},
                                           object_schema(*key.object),
                                           {{"$ref", "#/definitions/param"}}})}};
        case Shape::objects: {
            Json schema{{"type", "array"}, {"items", either_schema(*key.object)}};
            add_bounds(schema, key, "minItems", "maxItems");
            return schema;
        }
        case Shape::scalar: return {{"type", Json::array({"string", "number", "boolean"})}};
        case Shape::scalar_map:
            return {{"type", "object"},
                    {"additionalProperties", or_param({{"type", Json::array({"string", "number", "boolean"})}})}};
        case Shape::object_map: return map_schema(key, object_schema(*key.object));
        case Shape::members: return map_schema(key, pattern_schema(*key.object));
        case Shape::text_map: return {{"type", "object"}, {"additionalProperties", or_param({{"type", "string"}})}};
        case Shape::duration_map: return {{"type", "object"}, {"additionalProperties", or_param(duration_schema())}};
        case Shape::local_text: {
            Json text = or_param({{"type", "string"}, {"minLength", 1}});
            Json by_language{{"type", "object"}, {"minProperties", 1}, {"additionalProperties", text}};
            return {{"anyOf", Json::array({std::move(text), std::move(by_language)})}};
        }
        case Shape::text_or_tag:
            return {{"anyOf", Json::array({or_param({{"type", "string"}, {"minLength", 1}}), bound_schema("tag")})}};
        case Shape::duration_or_tag: return {{"anyOf", Json::array({or_param(duration_schema()), bound_schema("tag")})}};
        case Shape::number_or_bound:
            return {{"anyOf", Json::array({or_param({{"type", "number"}}), bound_schema("tag"), bound_schema("expression")})}};
        case Shape::true_or_texts: return {{"anyOf", Json::array({{{"const", true}}, texts_schema(key)})}};
        case Shape::areas: return {{"$ref", "#/definitions/areas"}};
        case Shape::settings: return {{"type", "object"}};
        case Shape::settings_map: return {{"type", "object"}, {"additionalProperties", {{"type", "object"}}}};
    }
    return Json::object();
}

Json key_schema(const KeyFormat& key) {
    Json schema = plain_schema(key);
    std::string description(key.what);
    if (!key.otherwise.empty()) description += " Default: " + std::string(key.otherwise) + ".";
    schema["description"] = std::move(description);
    return schema;
}

Json object_schema(const ObjectFormat& format) {
    Json schema{{"type", "object"}};
    Json required = Json::array();
    Json properties = Json::object();
    for (const KeyFormat& key : format.keys) {
        properties[std::string(key.key)] = key_schema(key);
        if (key.is_required) required.push_back(key.key);
    }
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    schema["additionalProperties"] = format.is_open;
    return schema;
}

// The one or, with a key that tells them apart, the other.
Json either(const ObjectFormat& format, Json one, Json other) {
    const Json has_key{{"required", Json::array({format.other_key})}};
    return {{"if", has_key}, {"then", std::move(other)}, {"else", std::move(one)}};
}
Json either_schema(const ObjectFormat& format) {
    return format.other == nullptr ? object_schema(format)
                                   : either(format, object_schema(format), object_schema(*format.other));
}

// In a type: any value may be a placeholder, "{base}", or have some in it.
Json with_placeholders(Json schema) {
    for (Json& property : schema["properties"]) {
        const Json description = property["description"];
        property.erase("description");
        property = {{"anyOf", Json::array({{{"$ref", "#/definitions/placeholder"}}, std::move(property)})},
                    {"description", description}};
    }
    return schema;
}
Json pattern_schema(const ObjectFormat& format) {
    return either(format, with_placeholders(object_schema(format)), with_placeholders(object_schema(*format.other)));
}

Json definitions() {
    const Json param{
        {"type", "object"},
        {"description", "Set where the site is used, by --set NAME=VALUE."},
        {"properties",
         {{"param", {{"type", "string"}, {"minLength", 1}}}, {"default", {{"type", Json::array({"string", "number"})}}}}},
        {"required", Json::array({"param"})},
        {"additionalProperties", false}};
    const Json areas{{"type", "object"}, {"additionalProperties", {{"$ref", "#/definitions/areas"}}}};
    const Json placeholder{
        {"anyOf", Json::array({{{"type", "string"}, {"pattern", "\\{"}}, {{"type", Json::array({"array", "object"})}}})},
        {"description", "Of a type: with parameters of its instances, {base + 4}."}};
    return {{"param", param}, {"areas", areas}, {"placeholder", placeholder}};
}

Json document(const ObjectFormat& format) {
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "Penstock " + std::string(format.name)}};
    schema.update(object_schema(format));
    schema["definitions"] = definitions();
    return schema;
}

// "if KEY is WORD, then ...": how draft-07 says that one key decides about the others.
Json when(const char* key, const std::string& word, Json then) {
    return {{"if", {{"properties", {{key, {{"const", word}}}}}, {"required", Json::array({key})}}}, {"then", std::move(then)}};
}

bool has_kind(std::string_view id, std::string_view kind) {
    const std::size_t at = id.find(kind);
    return at == 0 || (at != std::string_view::npos && id[at - 1] == '.');
}

std::string without_kind(std::string id, std::string_view kind) { return id.erase(id.find(kind), kind.size()); }

// A driver's own keys may be parameters too, so its scalars are widened.
Json widened(const Json& properties) {
    Json result = Json::object();
    for (const auto& [key, schema] : properties.items()) {
        const bool is_scalar = schema.is_object()
                               && (schema.value("type", Json()) == "string" || schema.value("type", Json()) == "integer"
                                   || schema.value("type", Json()) == "number");
        result[key] = is_scalar ? or_param(schema) : schema;
    }
    return result;
}

Json device_schema(const SitePlugins& plugins) {
    Json schema = document(device_format());
    Json cases = Json::array();
    for (const std::string& id : plugins.ids()) {
        const std::string* const text = has_kind(id, "driver.") ? plugins.schema(id) : nullptr;
        Json driver = text == nullptr ? Json() : Json::parse(*text, nullptr, false);
        if (!driver.is_object()) continue;
        Json properties = widened(driver.value("properties", Json::object()));
        for (const KeyFormat& key : device_format().keys) {
            if (!properties.contains(key.key)) properties[std::string(key.key)] = true;
        }
        driver["properties"] = std::move(properties);
        driver.erase("$schema");
        cases.push_back(when("driver", without_kind(id, "driver."), std::move(driver)));
    }
    if (!cases.empty()) schema["allOf"] = std::move(cases);
    return schema;
}

Json widget_case(const WidgetType& type) {
    const Json schema = Json::parse(type.schema, nullptr, false);
    if (!schema.is_object()) return {};
    Json bindings = Json::object();
    for (const auto& [name, ignored] : schema.value("bindings", Json::object()).items()) bindings[name] = true;
    Json properties{{"type", "object"},
                    {"properties", widened(schema.value("properties", Json::object()))},
                    {"additionalProperties", false}};
    return when("type", type.name,
                {{"properties",
                  {{"properties", std::move(properties)},
                   {"bindings", {{"type", "object"}, {"properties", bindings}, {"additionalProperties", false}}}}}});
}

Json screen_schema(SitePlugins& plugins) {
    Json schema = document(screen_format());
    Json cases = Json::array();
    const base::SettingsDocument no_settings;
    for (const std::string& id : plugins.ids()) {
        if (!has_kind(id, "widget.")) continue;
        const auto types = plugins.widget_types(id, no_settings);
        if (!types) continue;
        for (const WidgetType& type : *types) {
            Json one = widget_case(type);
            if (one.is_object()) cases.push_back(std::move(one));
        }
    }
    if (!cases.empty()) schema["properties"]["widgets"]["items"]["allOf"] = std::move(cases);
    return schema;
}

// An alarm or a rule of one policy: beside the keys that all have, its parameters and, if there are several, its outputs.
Json policy_case(const std::string& name, const PolicyShape& shape, const ObjectFormat& format) {
    Json properties = Json::object();
    for (const KeyFormat& key : format.keys) properties[std::string(key.key)] = true;
    for (const std::string& parameter : shape.parameters) properties[parameter] = {{"$ref", "#/definitions/parameter"}};
    const bool has_several = shape.outputs.size() > 1;
    for (const std::string& output : shape.outputs) {
        if (has_several) properties[output] = {{"$ref", "#/definitions/output"}};
    }
    return when("policy", name, {{"properties", std::move(properties)}, {"additionalProperties", false}});
}

Json alarm_schema(SitePlugins& plugins) {
    Json schema = document(alarm_file_format());
    schema["definitions"]["parameter"] = key_schema(policy_parameter_format());
    schema["definitions"]["output"] = object_schema(alarm_output_format());
    Json of_alarms = Json::array();
    Json of_rules = Json::array();
    const base::SettingsDocument no_settings;
    for (const std::string& id : plugins.ids()) {
        if (!has_kind(id, "alarm_policy.")) continue;
        const auto shape = plugins.policy_shape(id, no_settings);
        if (!shape) continue;
        const std::string name = without_kind(id, "alarm_policy.");
        of_alarms.push_back(policy_case(name, *shape, alarm_format()));
        if (shape->outputs.size() == 1) of_rules.push_back(policy_case(name, *shape, suppression_format()));
    }
    if (!of_alarms.empty()) schema["properties"]["alarms"]["items"]["allOf"] = std::move(of_alarms);
    if (!of_rules.empty()) schema["properties"]["suppression"]["items"]["allOf"] = std::move(of_rules);
    return schema;
}

}  // namespace

std::vector<SchemaFile> site_schemas(SitePlugins& plugins) {
    constexpr int kIndent = 2;
    return {{"site.schema.json", "site.json", document(site_format()).dump(kIndent) + "\n"},
            {"device.schema.json", "devices/*.json", device_schema(plugins).dump(kIndent) + "\n"},
            {"type.schema.json", "types/*.json", document(type_format()).dump(kIndent) + "\n"},
            {"tags.schema.json", "tags/**/*.json", document(tags_format()).dump(kIndent) + "\n"},
            {"alarms.schema.json", "alarms/**/*.json", alarm_schema(plugins).dump(kIndent) + "\n"},
            {"screen.schema.json", "screens/*.json", screen_schema(plugins).dump(kIndent) + "\n"}};
}

std::vector<SchemaFile> site_schemas(const guests::PluginRegistry& registry) {
    RegistryPlugins plugins(registry);
    return site_schemas(plugins);
}

}  // namespace penstock::site
