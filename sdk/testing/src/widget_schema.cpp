#include "widget_schema.hpp"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace penstock::testing::detail {
namespace {

using nlohmann::json;

// A value that the schema of a property allows, as far as a test has to know.
json sample(const json& schema) {
    if (const auto words = schema.find("enum"); words != schema.end() && !words->empty()) return words->back();
    auto type = schema.value("type", json("string"));
    if (type.is_array()) type = type.empty() ? json("string") : type.front();
    if (type == "boolean") return true;
    if (type == "integer") return schema.value("minimum", json(1));
    if (type == "number") return schema.value("minimum", json(0.5));
    if (type == "array") return json::array({sample(schema.value("items", json::object()))});
    if (type == "object") return json::object();
    return "Sample";
}

bool is_required(const json& schema, const std::string& name) {
    const auto required = schema.value("required", json::array());
    return std::ranges::find(required, json(name)) != required.end();
}

}  // namespace

WidgetSchema read_widget_schema(std::string_view text) {
    const auto schema = json::parse(text, nullptr, false);
    if (!schema.is_object())
        throw std::invalid_argument("a widget's schema is no JSON object: " + std::string(text.substr(0, 200)));
    WidgetSchema read;
    for (const auto& [name, ignored] : schema.value("bindings", json::object()).items()) read.bindings.push_back(name);
    json required = json::object();
    json all = json::object();
    for (const auto& [name, property] : schema.value("properties", json::object()).items()) {
        all[name] = sample(property);
        if (is_required(schema, name)) required[name] = all[name];
    }
    read.required_properties = required.dump();
    read.all_properties = all.dump();
    return read;
}

}  // namespace penstock::testing::detail
