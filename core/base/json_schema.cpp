#include "core/base/json_schema.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>
// Without this valijson ends the process at a schema that it cannot read.
#define VALIJSON_USE_EXCEPTIONS 1  // NOLINT(cppcoreguidelines-macro-usage)
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "core/base/schema_explainer.hpp"

namespace penstock::base {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

constexpr std::size_t kMaxDepth = 64;  // of a schema and of a value: both are walked recursively

bool is_deeper_than(const Json& value, std::size_t most) {
    if (!value.is_structured()) return false;
    if (most == 0) return true;
    return std::ranges::any_of(value, [&](const Json& child) { return is_deeper_than(child, most - 1); });
}

const Json* target_of(const Json& root, const Json& schema) {
    if (!schema.is_object() || !schema.contains("$ref") || !schema["$ref"].is_string()) return nullptr;
    const auto& reference = schema["$ref"].get_ref<const std::string&>();
    if (!reference.starts_with('#')) return nullptr;
    const Json::json_pointer pointer(reference.substr(1));
    return root.contains(pointer) ? &root[pointer] : nullptr;
}

// A reference that leads to itself by references alone, which valijson would follow for ever. One that goes through a
// property or an element is fine: the value ends it.
bool has_circular_reference(const Json& root, const Json& schema) {
    std::size_t hops = 0;
    for (const Json* target = target_of(root, schema); target != nullptr; target = target_of(root, *target)) {
        if (++hops > kMaxDepth) return true;
    }
    return schema.is_structured()
           && std::ranges::any_of(schema, [&](const Json& child) { return has_circular_reference(root, child); });
}

// valijson names a place as <root>, [key], [3].
std::string pointer_of(const std::vector<std::string>& context) {
    std::string pointer;
    for (std::size_t i = 1; i < context.size(); ++i) {
        const auto& step = context[i];
        const bool is_bracketed = step.size() >= 2 && step.front() == '[' && step.back() == ']';
        append_pointer(pointer, is_bracketed ? std::string_view(step).substr(1, step.size() - 2) : std::string_view(step));
    }
    return pointer;
}

std::vector<SchemaFault> as_valijson_says(valijson::ValidationResults& results) {
    std::vector<SchemaFault> faults;
    for (const auto& error : results) {
        if (faults.size() == JsonSchema::kMaxFaults) break;
        faults.push_back({pointer_of(error.context), error.description, {}, false});
    }
    if (faults.empty()) faults.push_back({"", "the value does not keep to its schema", {}, false});
    return faults;
}

}  // namespace

struct JsonSchema::Compiled {
    Json json;
    valijson::Schema schema;
};

JsonSchema::JsonSchema(std::unique_ptr<const Compiled> compiled) noexcept : compiled_(std::move(compiled)) {}
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

Result<JsonSchema> JsonSchema::compile(std::string_view schema_text) {
    auto compiled = std::make_unique<Compiled>();
    try {
        compiled->json = Json::parse(schema_text);
        if (is_deeper_than(compiled->json, kMaxDepth))
            return fail(ErrorCode::invalid_config, "the schema is nested too deeply");
        if (has_circular_reference(compiled->json, compiled->json)) {
            return fail(ErrorCode::invalid_config, "the schema has a $ref that leads back to itself");
        }
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(Adapter(compiled->json), compiled->schema);
    } catch (const std::exception& error) {
        return fail(ErrorCode::invalid_config, "the schema is no JSON Schema (draft-07): " + std::string(error.what()));
    }
    return JsonSchema(std::move(compiled));
}

// valijson decides; the explainer finds better words, and all faults where valijson stops at the first unknown key.
std::vector<SchemaFault> JsonSchema::check(const Json& value) const {
    if (is_deeper_than(value, kMaxDepth))
        return {{"", "the value is nested deeper than " + std::to_string(kMaxDepth) + " levels", {}, false}};
    try {
        valijson::ValidationResults results;
        valijson::Validator validator;
        if (validator.validate(compiled_->schema, Adapter(value), &results)) return {};
        auto explained = explain_schema_faults(compiled_->json, value, kMaxFaults);
        return explained.empty() ? as_valijson_says(results) : explained;
    } catch (const std::exception& error) {  // std::regex of a pattern
        return {{"", "the value cannot be checked against its schema: " + std::string(error.what()), {}, false}};
    }
}

const Json& JsonSchema::json() const noexcept { return compiled_->json; }

}  // namespace penstock::base
