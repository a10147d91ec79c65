#include "core/site/json_composite.hpp"

#include <algorithm>
#include <utility>

namespace penstock::site {

JsonComposite::JsonComposite() : document_(new JsonDocument(nullptr)) {}

void JsonComposite::clear() {
    document_->nodes_.clear();
    document_->originals_.clear();
    document_->parts_.clear();
    open_.clear();
}

std::unique_ptr<JsonDocument> JsonComposite::take() {
    open_.clear();
    return std::exchange(document_, std::unique_ptr<JsonDocument>(new JsonDocument(nullptr)));
}

// As many as there are types inside each other, and files that override: few.
std::uint8_t JsonComposite::part_of(const JsonDocument& document) {
    auto& parts = document_->parts_;
    const auto known = std::ranges::find(parts, &document);
    if (known != parts.end()) return static_cast<std::uint8_t>(known - parts.begin());
    parts.push_back(&document);
    return static_cast<std::uint8_t>(parts.size() - 1);
}

std::uint32_t JsonComposite::add(const JsonNode& node, const JsonView& original) {
    const auto index = static_cast<std::uint32_t>(document_->nodes_.size());
    JsonNode& added = document_->nodes_.emplace_back(node);
    added.part = part_of(*original.document());
    added.end = index + 1;
    document_->originals_.push_back(original.index());
    if (document_->source_ == nullptr) document_->source_ = original.document()->source_;
    if (!open_.empty()) ++document_->nodes_[open_.back()].size;
    return index;
}

std::uint32_t JsonComposite::open(const JsonView& like) {
    JsonNode node = like.document()->nodes_[like.index()];
    node.size = 0;
    const auto index = add(node, like.origin());
    open_.push_back(index);
    return index;
}

std::uint32_t JsonComposite::copy(const JsonView& subtree) {
    const JsonDocument& from = *subtree.document();
    const std::uint32_t first = subtree.index();
    const std::uint32_t end = from.nodes_[first].end;
    const std::uint32_t base = add(from.nodes_[first], subtree.origin());
    auto& nodes = document_->nodes_;
    auto& originals = document_->originals_;
    nodes[base].end = base + (end - first);
    const bool is_composite = !from.originals_.empty();
    const std::uint8_t plain_part = nodes[base].part;
    for (std::uint32_t at = first + 1; at < end; ++at) {
        const JsonView original = is_composite ? JsonView(from, at).origin() : JsonView(from, at);
        JsonNode& node = nodes.emplace_back(from.nodes_[at]);
        node.part = is_composite ? part_of(*original.document()) : plain_part;
        node.end = node.end - first + base;
        originals.push_back(original.index());
    }
    return base;
}

std::uint32_t JsonComposite::text(std::string_view key, std::string_view text, const JsonView& at) {
    const JsonNode& place = at.document()->nodes_[at.index()];
    JsonNode node;
    node.kind = JsonKind::text;
    node.offset = place.key != nullptr ? place.key_offset : place.offset;
    node.key_offset = node.offset;
    node.key = key.data();
    node.key_size = static_cast<std::uint32_t>(key.size());
    node.text = text.data();
    node.size = static_cast<std::uint32_t>(text.size());
    return add(node, at.origin());
}

void JsonComposite::close() {
    document_->nodes_[open_.back()].end = static_cast<std::uint32_t>(document_->nodes_.size());
    open_.pop_back();
}

void JsonComposite::set(std::uint32_t index, const ParamValue& value) {
    JsonNode& node = document_->nodes_[index];
    node.size = 0;
    if (const auto* const boolean = std::get_if<bool>(&value)) {
        node.kind = JsonKind::boolean;
        node.boolean = *boolean;
    } else if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        node.kind = JsonKind::integer;
        node.integer = *integer;
    } else if (const auto* const number = std::get_if<double>(&value)) {
        node.kind = JsonKind::number;
        node.number = *number;
    } else {
        const auto text = std::get<std::string_view>(value);
        node.kind = JsonKind::text;
        node.text = text.data();
        node.size = static_cast<std::uint32_t>(text.size());
    }
}

}  // namespace penstock::site
