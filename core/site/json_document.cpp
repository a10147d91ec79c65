#include "core/site/json_document.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "core/base/text_order.hpp"
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

bool wants_escape(char c) noexcept { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

void write_escaped(std::string_view text, std::string& out) {
    constexpr char kDigits[] = "0123456789abcdef";
    while (!text.empty()) {
        const auto plain = static_cast<std::size_t>(std::ranges::find_if(text, wants_escape) - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) return;
        const char c = text.front();
        text.remove_prefix(1);
        out += '\\';
        if (c == '"' || c == '\\') {
            out += c;
            continue;
        }
        out += "u00";
        out += kDigits[static_cast<unsigned char>(c) >> 4U];
        out += kDigits[static_cast<unsigned char>(c) & 0xFU];
    }
}

class CanonicalWriter {
public:
    CanonicalWriter(const JsonDocument& document, std::string& out) : source_(document.source()), out_(out) {}

    void write(const JsonView& value) {
        switch (value.kind()) {
            case JsonKind::missing:
            case JsonKind::null: out_ += "null"; break;
            case JsonKind::boolean: out_ += value.boolean() ? "true" : "false"; break;
            case JsonKind::integer: out_ += shortest(value.integer()); break;
            case JsonKind::unsigned_integer: out_ += shortest(value.unsigned_integer()); break;
            case JsonKind::number: out_ += shortest_double(value.number()); break;
            case JsonKind::text: write_text(value.text()); break;
            case JsonKind::array: write_array(value); break;
            case JsonKind::object: write_object(value); break;
        }
    }

private:
    // Keys of one object are mostly told apart by their first eight bytes, compared as one number.
    struct Member {
        std::uint64_t head;
        JsonView value;
        bool operator<(const Member& other) const {
            return head != other.head ? head < other.head : value.key() < other.value.key();
        }
    };

    void write_object(const JsonView& object) {
        const std::size_t first = members_.size();  // behind those of the objects around it
        for (const JsonView member : object) members_.push_back({base::first_eight(member.key()), member});
        const std::size_t end = members_.size();
        std::sort(members_.begin() + static_cast<std::ptrdiff_t>(first), members_.end());
        out_ += '{';
        for (std::size_t i = first; i < end; ++i) {
            const JsonView member = members_[i].value;
            if (i != first) out_ += ',';
            write_text(member.key());
            out_ += ':';
            write(member);
        }
        members_.resize(first);
        out_ += '}';
    }

    void write_array(const JsonView& array) {
        out_ += '[';
        bool is_first = true;
        for (const JsonView element : array) {
            if (!is_first) out_ += ',';
            is_first = false;
            write(element);
        }
        out_ += ']';
    }

    // What stands in the file without an escape needs none. (A control character does too, but is a fault: the site has no revision.)
    void write_text(std::string_view text) {
        out_ += '"';
        if (source_.holds(text))
            out_ += text;
        else
            write_escaped(text, out_);
        out_ += '"';
    }

    const SourceText& source_;
    std::string& out_;
    std::vector<Member> members_;
};

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

void write_canonical_json(const JsonView& value, std::string& out) {
    if (!value.exists()) {
        out += "null";
        return;
    }
    CanonicalWriter(*value.document(), out).write(value);
}

std::string canonical_json(const JsonView& value) {
    std::string text;
    write_canonical_json(value, text);
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
