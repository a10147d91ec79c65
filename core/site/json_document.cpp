#include "core/site/json_document.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/site/json_parser.hpp"

namespace penstock::site {
namespace {

template <class Number>
std::string shortest(Number number) {
    char digits[32];
    const auto written = std::to_chars(digits, digits + sizeof digits, number);
    return {digits, written.ptr};
}

// A double keeps its point, so that it is read back as one.
std::string shortest_double(double number) {
    std::string text = shortest(number);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

void write_text(std::string_view text, std::string& out) {
    constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += kDigits[static_cast<unsigned char>(c) >> 4U];
            out += kDigits[static_cast<unsigned char>(c) & 0xFU];
        } else {
            out += c;
        }
    }
    out += '"';
}

void write_canonical(const JsonView& value, std::string& out);

void write_object(const JsonView& object, std::string& out) {
    std::vector<JsonView> members;
    members.reserve(object.size());
    for (const JsonView member : object) members.push_back(member);
    std::ranges::sort(members, {}, &JsonView::key);
    out += '{';
    for (const JsonView& member : members) {
        if (out.back() != '{') out += ',';
        write_text(member.key(), out);
        out += ':';
        write_canonical(member, out);
    }
    out += '}';
}

void write_array(const JsonView& array, std::string& out) {
    out += '[';
    bool is_first = true;
    for (const JsonView element : array) {
        if (!is_first) out += ',';
        is_first = false;
        write_canonical(element, out);
    }
    out += ']';
}

void write_canonical(const JsonView& value, std::string& out) {
    switch (value.kind()) {
        case JsonKind::missing:
        case JsonKind::null: out += "null"; break;
        case JsonKind::boolean: out += value.boolean() ? "true" : "false"; break;
        case JsonKind::integer: out += shortest(value.integer()); break;
        case JsonKind::unsigned_integer: out += shortest(value.unsigned_integer()); break;
        case JsonKind::number: out += shortest_double(value.number()); break;
        case JsonKind::text: write_text(value.text(), out); break;
        case JsonKind::array: write_array(value, out); break;
        case JsonKind::object: write_object(value, out); break;
    }
}

}  // namespace

std::unique_ptr<JsonDocument> JsonDocument::parse(std::shared_ptr<const SourceText> source, FaultList& faults) {
    std::unique_ptr<JsonDocument> document(new JsonDocument(std::move(source)));
    if (!JsonParser(*document, faults).run()) return nullptr;
    return document;
}

JsonView JsonDocument::root() const noexcept { return nodes_.empty() ? JsonView() : JsonView(*this, 0); }

std::vector<JsonView> JsonDocument::param_objects() const {
    std::vector<std::uint32_t> indices = params_;
    std::ranges::sort(indices);
    const auto repeated = std::ranges::unique(indices);
    indices.erase(repeated.begin(), repeated.end());
    std::vector<JsonView> objects;
    objects.reserve(indices.size());
    for (const std::uint32_t index : indices) objects.emplace_back(*this, index);
    return objects;
}

JsonNode& JsonDocument::node(const JsonView& view) noexcept { return nodes_[view.index()]; }

// The replaced subtree stays where it is; no one steps into a scalar, and `end` still leads past it.
void JsonDocument::replace_with_text(const JsonView& view, std::string text) {
    const std::string& kept = unescaped_.emplace_back(std::move(text));
    JsonNode& target = node(view);
    target.kind = JsonKind::text;
    target.text = kept.data();
    target.size = static_cast<std::uint32_t>(kept.size());
}

void JsonDocument::replace_with_scalar(const JsonView& view, const JsonView& scalar) {
    const JsonNode& from = node(scalar);
    JsonNode& target = node(view);
    target.kind = from.kind;
    target.size = from.kind == JsonKind::text ? from.size : 0;
    target.unsigned_integer = from.unsigned_integer;
    if (from.kind == JsonKind::text) target.text = from.text;
    if (from.kind == JsonKind::number) target.number = from.number;
    if (from.kind == JsonKind::boolean) target.boolean = from.boolean;
}

void JsonDocument::replace_with_integer(const JsonView& view, std::int64_t value) {
    JsonNode& target = node(view);
    target.kind = JsonKind::integer;
    target.size = 0;
    target.integer = value;
}

void JsonDocument::replace_with_number(const JsonView& view, double value) {
    JsonNode& target = node(view);
    target.kind = JsonKind::number;
    target.size = 0;
    target.number = value;
}

std::string_view JsonView::text() const noexcept {
    return is_text() ? std::string_view(node().text, node().size) : std::string_view();
}

std::uint64_t JsonView::unsigned_integer() const noexcept {
    if (kind() == JsonKind::unsigned_integer) return node().unsigned_integer;
    return kind() == JsonKind::integer && node().integer > 0 ? static_cast<std::uint64_t>(node().integer) : 0;
}

double JsonView::number() const noexcept {
    switch (kind()) {
        case JsonKind::integer: return static_cast<double>(node().integer);
        case JsonKind::unsigned_integer: return static_cast<double>(node().unsigned_integer);
        case JsonKind::number: return node().number;
        default: return std::numeric_limits<double>::quiet_NaN();
    }
}

std::uint32_t JsonView::size() const noexcept { return is_object() || is_array() ? node().size : 0; }

JsonView JsonView::find(std::string_view key) const noexcept {
    if (!is_object()) return {};
    for (const JsonView member : *this) {
        if (member.key() == key) return member;
    }
    return {};
}

std::string_view JsonView::key() const noexcept {
    return exists() ? std::string_view(node().key, node().key_size) : std::string_view();
}

JsonView::Iterator& JsonView::Iterator::operator++() noexcept {
    index_ = document_->nodes_[index_].end;
    return *this;
}
JsonView::Iterator JsonView::begin() const noexcept { return {document_, is_object() || is_array() ? index_ + 1 : index_}; }
JsonView::Iterator JsonView::end() const noexcept { return {document_, is_object() || is_array() ? node().end : index_}; }

JsonView JsonView::origin() const noexcept {
    if (!exists() || document_->originals_.empty()) return *this;
    return {*document_->parts_[node().part], document_->originals_[index_]};
}

// Walks down from the root: at every level the child whose range holds this node.
std::string JsonView::pointer() const {
    if (!exists()) return {};
    if (!document_->originals_.empty()) return origin().pointer();
    std::string pointer;
    JsonView at = document_->root();
    while (at.index() != index_) {
        std::size_t position = 0;
        JsonView next;
        for (const JsonView child : at) {
            if (index_ < document_->nodes_[child.index()].end) {
                next = child;
                break;
            }
            ++position;
        }
        if (!next.exists()) return pointer;  // below a parameter that was replaced
        pointer += '/';
        pointer += at.is_object() ? pointer_token(next.key()) : std::to_string(position);
        at = next;
    }
    return pointer;
}

std::string JsonView::found() const {
    switch (kind()) {
        case JsonKind::missing: return "nothing";
        case JsonKind::null: return "null";
        case JsonKind::boolean: return boolean() ? "true" : "false";
        case JsonKind::integer: return "the number " + shortest(integer());
        case JsonKind::unsigned_integer: return "the number " + shortest(unsigned_integer());
        case JsonKind::number: return "the number " + shortest(number());
        case JsonKind::text: return "the text " + in_quotes(text());
        case JsonKind::array: return "an array";
        case JsonKind::object: return "an object";
    }
    return {};
}

void add_fault(FaultList& faults, const JsonView& at, std::string message, std::string hint) {
    faults.add(at.source(), at.offset(), faults.is_full() ? std::string() : at.pointer(), std::move(message), std::move(hint));
}
void add_key_fault(FaultList& faults, const JsonView& at, std::string message, std::string hint) {
    faults.add(at.source(), at.key_offset(), faults.is_full() ? std::string() : at.pointer(), std::move(message),
               std::move(hint));
}

std::string canonical_json(const JsonView& value) {
    std::string text;
    write_canonical(value, text);
    return text;
}

nlohmann::json to_nlohmann(const JsonView& value) {
    switch (value.kind()) {
        case JsonKind::missing:
        case JsonKind::null: return nullptr;
        case JsonKind::boolean: return value.boolean();
        case JsonKind::integer:
            if (value.integer() >= 0) return static_cast<std::uint64_t>(value.integer());
            return value.integer();
        case JsonKind::unsigned_integer: return value.unsigned_integer();
        case JsonKind::number: return value.number();
        case JsonKind::text: return value.text();
        case JsonKind::array: {
            auto array = nlohmann::json::array();
            for (const JsonView element : value) array.push_back(to_nlohmann(element));
            return array;
        }
        case JsonKind::object: {
            auto object = nlohmann::json::object();
            for (const JsonView member : value) object[std::string(member.key())] = to_nlohmann(member);
            return object;
        }
    }
    return nullptr;
}

}  // namespace penstock::site
