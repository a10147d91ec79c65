#pragma once

// JSON Schema (draft-07): what a plugin says about its settings, and every fault of a value that does not keep to it.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <penstock/result.hpp>

namespace penstock::base {

// One fault of a value.
struct SchemaFault {
    std::string pointer;   // JSON pointer to what is at fault: "" = the whole, "/scan_classes/fast", "/items/3/unit"
    std::string sentence;  // found and wanted: "unit is 300; wanted a number from 0 to 255"
    std::string hint;      // "did you mean \"endpoint\"?", or empty
    bool at_key = false;   // the key itself is at fault (unknown key), not its value
};

// A compiled schema. Immutable: [any-thread].
class JsonSchema {
public:
    // Error invalid_config: the text is not JSON, or not a schema that can be understood; the sentence says where.
    [[nodiscard]] static Result<JsonSchema> compile(std::string_view schema_text);

    JsonSchema(JsonSchema&&) noexcept;
    JsonSchema& operator=(JsonSchema&&) noexcept;
    ~JsonSchema();

    // All faults in the order of the document, at most kMaxFaults; empty = valid.
    [[nodiscard]] std::vector<SchemaFault> check(const nlohmann::json& value) const;
    static constexpr std::size_t kMaxFaults = 100;

    // The schema itself, for `penstock schema`.
    [[nodiscard]] const nlohmann::json& json() const noexcept;

private:
    struct Compiled;
    explicit JsonSchema(std::unique_ptr<const Compiled> compiled) noexcept;
    std::unique_ptr<const Compiled> compiled_;
};

}  // namespace penstock::base
