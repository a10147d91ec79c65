#pragma once

// A JSON document put together from parts of others. Every node keeps the place where it was written, so that a fault in what was made
// of a type is told in the type's file.
//
//     JsonComposite made;
//     made.copy(member);               // the first is the root
//     made.reopen(0);
//     made.text("name", "pump_1.speed", member);
//     made.close();
//     read_json_tag(made.root(), draft, faults);

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/site/json_document.hpp"
#include "core/site/types/param_value.hpp"

namespace penstock::site {

class JsonComposite {
public:
    JsonComposite();

    void clear();  // views into it are gone
    // An object or array with the kind, key and place of `like`, to be filled up to close().
    std::uint32_t open(const JsonView& like);
    // A copy of a subtree, with its key, into what is open. Texts are borrowed.
    std::uint32_t copy(const JsonView& subtree);
    // A text that was not written: its place is that of `at`. Key and text are borrowed.
    std::uint32_t text(std::string_view key, std::string_view text, const JsonView& at);
    // Goes on filling an object or array at the end of the document.
    void reopen(std::uint32_t container) { open_.push_back(container); }
    void close();
    // A value in the place of a node without children.
    void set(std::uint32_t index, const ParamValue& value);

    [[nodiscard]] JsonView root() const noexcept { return document_->root(); }
    [[nodiscard]] JsonView at(std::uint32_t index) const noexcept { return {*document_, index}; }
    [[nodiscard]] std::unique_ptr<JsonDocument> take();  // leaves this one empty

private:
    std::uint8_t part_of(const JsonDocument& document);
    std::uint32_t add(const JsonNode& node, const JsonView& original);

    std::unique_ptr<JsonDocument> document_;
    std::vector<std::uint32_t> open_;
};

}  // namespace penstock::site
