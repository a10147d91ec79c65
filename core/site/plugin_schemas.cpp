#include "core/site/plugin_schemas.hpp"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "core/base/suggest.hpp"
#include "core/site/format.hpp"

namespace penstock::site {
namespace {

std::string unescape_token(std::string_view token) {
    std::string key;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool is_escape = token[i] == '~' && i + 1 < token.size();
        if (is_escape && token[i + 1] == '0')
            key += '~', ++i;
        else if (is_escape && token[i + 1] == '1')
            key += '/', ++i;
        else
            key += token[i];
    }
    return key;
}

JsonView child_of(const JsonView& parent, const std::string& token) {
    if (parent.is_object()) return parent.find(token);
    if (!parent.is_array()) return {};
    std::size_t wanted_index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), wanted_index);
    if (read.ec != std::errc() || wanted_index >= parent.size()) return {};
    auto at = parent.begin();
    for (std::size_t i = 0; i < wanted_index; ++i) ++at;
    return *at;
}

void report(const JsonView& root, const base::SchemaFault& fault, FaultList& faults) {
    const JsonView at = resolve_pointer(root, fault.pointer);
    if (fault.at_key)
        add_key_fault(faults, at, fault.sentence, fault.hint);
    else
        add_fault(faults, at, fault.sentence, fault.hint);
}

std::vector<std::string> keys_of_schema(const nlohmann::json& schema) {
    std::vector<std::string> keys;
    const auto properties = schema.find("properties");
    if (properties == schema.end() || !properties->is_object()) return keys;
    for (const auto& [key, ignored] : properties->items()) keys.push_back(key);
    return keys;
}

bool asks_for_more(const nlohmann::json& schema) {
    const auto additional = schema.find("additionalProperties");
    const bool is_open = additional != schema.end() && !(additional->is_boolean() && !additional->get<bool>());
    return is_open || schema.contains("patternProperties") || !schema.contains("properties");
}

bool contains(const std::vector<std::string>& keys, std::string_view key) { return std::ranges::find(keys, key) != keys.end(); }

bool report_unknown_keys(const JsonView& device, std::vector<std::string> keys, FaultList& faults) {
    for (const KeyFormat& known : device_format().keys) {
        if (!contains(keys, known.key)) keys.emplace_back(known.key);
    }
    bool is_fine = true;
    for (const JsonView member : device) {
        if (contains(keys, member.key())) continue;
        add_key_fault(faults, member, "the key " + in_quotes(member.key()) + " is unknown in a device of this driver",
                      base::did_you_mean(member.key(), keys));
        is_fine = false;
    }
    return is_fine;
}

}  // namespace

const base::JsonSchema* PluginSchemas::of(std::string_view plugin, FaultList& faults) {
    const auto known = compiled_.find(plugin);
    if (known != compiled_.end()) return known->second ? &*known->second : nullptr;
    auto& slot = compiled_[std::string(plugin)];
    const std::string* const text = plugins_.schema(plugin);
    if (text == nullptr) return nullptr;
    auto schema = base::JsonSchema::compile(*text);
    if (!schema) {
        faults.add_file({}, "the schema of the plugin " + in_quotes(plugin) + " cannot be used: " + schema.error().text(),
                        "tell its maker");
        return nullptr;
    }
    slot.emplace(std::move(*schema));
    return &*slot;
}

JsonView resolve_pointer(JsonView root, std::string_view pointer) {
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        const JsonView next = child_of(root, unescape_token(pointer.substr(0, end)));
        if (!next.exists()) return root;
        root = next;
        pointer.remove_prefix(end);
    }
    return root;
}

bool check_schema(const base::JsonSchema& schema, const JsonView& value, FaultList& faults) {
    const auto found = schema.check(to_nlohmann(value));
    for (const base::SchemaFault& fault : found) report(value, fault, faults);
    return found.empty();
}

bool check_device_schema(const base::JsonSchema& schema, const JsonView& device, FaultList& faults) {
    const std::vector<std::string> keys = keys_of_schema(schema.json());
    const bool is_closed = !asks_for_more(schema.json());
    nlohmann::json seen = to_nlohmann(device);
    for (const JsonView member : device) {
        const bool is_hosts = find_key(device_format(), member.key()) != nullptr;
        if ((is_hosts || is_closed) && !contains(keys, member.key())) seen.erase(std::string(member.key()));
    }
    const auto found = schema.check(seen);
    for (const base::SchemaFault& fault : found) report(device, fault, faults);
    const bool is_known = !is_closed || report_unknown_keys(device, keys, faults);
    return found.empty() && is_known;
}

std::shared_ptr<const base::SettingsDocument> make_settings(const JsonView& value) {
    const auto place_of = [value](std::string_view pointer) {
        const JsonView at = resolve_pointer(value, pointer);
        const Place place = at.place();
        return at.document()->source().name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    };
    return std::make_shared<const base::SettingsDocument>(to_nlohmann(value), place_of);
}

}  // namespace penstock::site
