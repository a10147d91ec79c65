#pragma once

// JSON of a site: a read-only tree in which every key and value knows its place.
//
// What is read: RFC 8259, UTF-8 with or without a byte order mark, and // and /* */ comments. Integers keep 64 bits (signed
// or unsigned). Faults: a key twice in one object (both places are named), a trailing comma, a missing comma (both are
// read over, so that the rest of the file is checked too), more than 64 levels, whatever else RFC 8259 does not allow.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/site/fault_list.hpp"
#include "core/site/source_text.hpp"

namespace penstock::site {

enum class JsonKind : std::uint8_t { missing, null, boolean, integer, unsigned_integer, number, text, array, object };

// "a text", "the number 5", "true", "an object": how a sentence says what was found.
class JsonView;
class JsonParser;

inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonNodes = 16'000'000;

struct JsonNode {
    JsonKind kind = JsonKind::missing;
    std::uint8_t part = 0;         // of a composite: in which of its documents it was written
    std::uint32_t offset = 0;      // of the first byte of the value
    std::uint32_t key_offset = 0;  // of the key's quotation mark; members only
    std::uint32_t end = 0;         // the node after this one's subtree: children follow in preorder
    std::uint32_t size = 0;        // children; bytes of a text
    std::uint32_t key_size = 0;
    const char* key = nullptr;
    union {
        std::int64_t integer;
        std::uint64_t unsigned_integer = 0;
        double number;
        bool boolean;
        const char* text;
    };
};

class JsonDocument {
public:
    // Null if the text cannot be read to its end; recoverable faults are added and leave a document. `source` is shared:
    // texts are views into it. Never throws (but for want of memory).
    [[nodiscard]] static std::unique_ptr<JsonDocument> parse(std::shared_ptr<const SourceText> source, FaultList& faults);

    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;

    [[nodiscard]] JsonView root() const noexcept;
    [[nodiscard]] const SourceText& source() const noexcept { return *source_; }
    [[nodiscard]] const std::shared_ptr<const SourceText>& shared_source() const noexcept { return source_; }

    // Objects with a key "param", outermost first.
    [[nodiscard]] std::vector<JsonView> param_objects() const;
    // Puts a scalar in the place of a node and all below it.
    void replace_with_text(const JsonView& node, std::string text);
    void replace_with_scalar(const JsonView& node, const JsonView& scalar);
    void replace_with_integer(const JsonView& node, std::int64_t value);
    void replace_with_number(const JsonView& node, double value);

private:
    friend class JsonComposite;
    friend class JsonParser;
    friend class JsonView;
    explicit JsonDocument(std::shared_ptr<const SourceText> source) : source_(std::move(source)) {}
    [[nodiscard]] JsonNode& node(const JsonView& view) noexcept;

    std::shared_ptr<const SourceText> source_;
    std::vector<JsonNode> nodes_;
    std::vector<std::uint32_t> params_;
    std::deque<std::string> unescaped_;
    // Of a composite (json_composite.hpp): where each node was written.
    std::vector<const JsonDocument*> parts_;
    std::vector<std::uint32_t> originals_;
};

// One node, or none (kind missing): every question to a missing one has an empty answer. Cheap to copy; valid as long as
// the document.
class JsonView {
public:
    JsonView() = default;
    JsonView(const JsonDocument& document, std::uint32_t index) noexcept : document_(&document), index_(index) {}

    [[nodiscard]] bool exists() const noexcept { return document_ != nullptr; }
    [[nodiscard]] JsonKind kind() const noexcept { return exists() ? node().kind : JsonKind::missing; }
    [[nodiscard]] bool is_object() const noexcept { return kind() == JsonKind::object; }
    [[nodiscard]] bool is_array() const noexcept { return kind() == JsonKind::array; }
    [[nodiscard]] bool is_text() const noexcept { return kind() == JsonKind::text; }
    [[nodiscard]] bool is_number() const noexcept {
        return kind() == JsonKind::integer || kind() == JsonKind::unsigned_integer || kind() == JsonKind::number;
    }

    [[nodiscard]] std::string_view text() const noexcept;  // "" if it is no text
    [[nodiscard]] bool boolean() const noexcept { return kind() == JsonKind::boolean && node().boolean; }
    [[nodiscard]] std::int64_t integer() const noexcept { return kind() == JsonKind::integer ? node().integer : 0; }
    [[nodiscard]] std::uint64_t unsigned_integer() const noexcept;  // also of a non-negative integer
    [[nodiscard]] double number() const noexcept;                   // of any number; NaN else

    [[nodiscard]] std::uint32_t size() const noexcept;  // children of an array or object
    [[nodiscard]] JsonView find(std::string_view key) const noexcept;
    [[nodiscard]] std::string_view key() const noexcept;  // of a member
    [[nodiscard]] std::uint32_t nodes() const noexcept { return exists() ? node().end - index_ : 0; }  // with all below

    class Iterator {
    public:
        Iterator(const JsonDocument* document, std::uint32_t index) noexcept : document_(document), index_(index) {}
        [[nodiscard]] JsonView operator*() const noexcept { return {*document_, index_}; }
        Iterator& operator++() noexcept;
        [[nodiscard]] bool operator!=(const Iterator& other) const noexcept { return index_ != other.index_; }

    private:
        const JsonDocument* document_;
        std::uint32_t index_;
    };
    // Children, in the order of the file.
    [[nodiscard]] Iterator begin() const noexcept;
    [[nodiscard]] Iterator end() const noexcept;

    [[nodiscard]] std::uint32_t offset() const noexcept { return exists() ? node().offset : 0; }
    [[nodiscard]] std::uint32_t key_offset() const noexcept { return exists() ? node().key_offset : 0; }
    // The file in which it was written, and the node there: itself, but in a composite.
    [[nodiscard]] const SourceText& source() const noexcept { return origin().document_->source(); }
    [[nodiscard]] JsonView origin() const noexcept;
    [[nodiscard]] Place place() const noexcept { return source().place(offset()); }
    [[nodiscard]] Place key_place() const noexcept { return source().place(key_offset()); }
    [[nodiscard]] std::string pointer() const;  // RFC 6901
    [[nodiscard]] const JsonDocument* document() const noexcept { return document_; }
    [[nodiscard]] std::uint32_t index() const noexcept { return index_; }

    // What a sentence calls it: `the text "abc"`, `the number 5`, `true`, `null`, `an array`, `an object`.
    [[nodiscard]] std::string found() const;

private:
    [[nodiscard]] const JsonNode& node() const noexcept { return document_->nodes_[index_]; }

    const JsonDocument* document_ = nullptr;
    std::uint32_t index_ = 0;
};

// A fault at a value, and at its key.
void add_fault(FaultList& faults, const JsonView& at, std::string message, std::string hint = {});
void add_key_fault(FaultList& faults, const JsonView& at, std::string message, std::string hint = {});

// One form for all that means the same: keys sorted by bytes, no white space, shortest numbers.
[[nodiscard]] std::string canonical_json(const JsonView& value);
void write_canonical_json(const JsonView& value, std::string& out);  // appends it
[[nodiscard]] nlohmann::json to_nlohmann(const JsonView& value);

}  // namespace penstock::site
