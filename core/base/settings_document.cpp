#include "core/base/settings_document.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace penstock::base {
namespace {

using Json = nlohmann::json;

// One node: a view of a JSON value that the tree owns. Children of a node lie side by side.
class Node final : public abi::SettingsNode {
public:
    Node(const Json& value, std::string_view key, std::string place) : value_(&value), key_(key), place_(std::move(place)) {}

    [[nodiscard]] abi::SettingsKind kind() const noexcept override {
        using enum abi::SettingsKind;
        switch (value_->type()) {
            case Json::value_t::boolean: return abi::SettingsKind::boolean;
            case Json::value_t::number_integer: return abi::SettingsKind::integer;
            // The parser calls every number without a sign unsigned; here that is only what no int64 can hold.
            case Json::value_t::number_unsigned:
                return std::in_range<std::int64_t>(raw_unsigned()) ? abi::SettingsKind::integer
                                                                   : abi::SettingsKind::unsigned_integer;
            case Json::value_t::number_float: return abi::SettingsKind::number;
            case Json::value_t::string: return abi::SettingsKind::text;
            case Json::value_t::array: return array;
            case Json::value_t::object: return object;
            default: return null;
        }
    }
    [[nodiscard]] bool boolean() const noexcept override {
        const auto* value = value_->get_ptr<const Json::boolean_t*>();
        return value != nullptr && *value;
    }
    [[nodiscard]] std::int64_t integer() const noexcept override {
        if (value_->is_number_unsigned())
            return std::in_range<std::int64_t>(raw_unsigned()) ? static_cast<std::int64_t>(raw_unsigned()) : 0;
        return value_->is_number_integer() ? *value_->get_ptr<const Json::number_integer_t*>() : 0;
    }
    [[nodiscard]] std::uint64_t unsigned_integer() const noexcept override {
        if (value_->is_number_unsigned()) return raw_unsigned();
        return integer() >= 0 ? static_cast<std::uint64_t>(integer()) : 0;
    }
    // An integer is a number too.
    [[nodiscard]] double number() const noexcept override {
        if (const auto* value = value_->get_ptr<const Json::number_float_t*>()) return *value;
        return value_->is_number_unsigned() ? static_cast<double>(raw_unsigned()) : static_cast<double>(integer());
    }
    [[nodiscard]] abi::Text text() const noexcept override {
        const auto* value = value_->get_ptr<const Json::string_t*>();
        return abi::text(value == nullptr ? std::string_view() : std::string_view(*value));
    }
    [[nodiscard]] std::uint32_t size() const noexcept override { return child_count_; }
    [[nodiscard]] const abi::SettingsNode* at(std::uint32_t index) const noexcept override {
        return index < child_count_ ? children_ + index : nullptr;
    }
    [[nodiscard]] abi::Text key(std::uint32_t index) const noexcept override {
        return abi::text(index < child_count_ ? children_[index].key_ : std::string_view());
    }
    [[nodiscard]] const abi::SettingsNode* find(abi::Text key) const noexcept override {
        if (!value_->is_object()) return nullptr;
        const std::span all(children_, child_count_);  // in the order of their keys, as the JSON object has them
        const auto found = std::ranges::lower_bound(all, key.view(), {}, &Node::key_);
        return found != all.end() && found->key_ == key.view() ? &*found : nullptr;
    }
    [[nodiscard]] abi::Text place() const noexcept override { return abi::text(place_); }

    [[nodiscard]] const Json& value() const noexcept { return *value_; }
    void set_children(const Node* first, std::size_t count) noexcept {
        children_ = first;
        child_count_ = static_cast<std::uint32_t>(count);
    }

private:
    [[nodiscard]] std::uint64_t raw_unsigned() const noexcept { return *value_->get_ptr<const Json::number_unsigned_t*>(); }

    const Json* value_;
    std::string_view key_;
    std::string place_;
    const Node* children_ = nullptr;
    std::uint32_t child_count_ = 0;
};

std::size_t count_nodes(const Json& value) {
    std::size_t count = 1;
    for (const auto& child : value) count += child.is_structured() ? count_nodes(child) : 1;
    return count;
}

std::size_t depth_of(const Json& value, std::size_t most) {
    std::size_t deepest = 0;
    if (!value.is_structured()) return 1;
    if (most == 0) return 1;
    for (const auto& child : value) deepest = std::max(deepest, depth_of(child, most - 1));
    return deepest + 1;
}

// RFC 6901: '~' and '/' in a key are written ~0 and ~1.
std::string pointer_below(std::string_view parent, std::string_view key) {
    std::string pointer(parent);
    pointer += '/';
    for (const char c : key) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

}  // namespace

struct SettingsDocument::Tree {
    Tree(Json document, const PlaceOf& place_of) : json(std::move(document)) {
        nodes.reserve(count_nodes(json));  // nodes point at each other: they must not move
        std::vector<std::string> pointers{""};
        nodes.emplace_back(json, std::string_view(), place_of ? place_of("") : std::string());
        // Breadth first, so that the children of a node lie side by side.
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const Json& value = nodes[i].value();
            if (!value.is_structured()) continue;
            const std::size_t first = nodes.size();
            std::size_t index = 0;
            for (auto child = value.begin(); child != value.end(); ++child, ++index) {
                const std::string_view key = value.is_object() ? std::string_view(child.key()) : std::string_view();
                if (!place_of) {
                    nodes.emplace_back(*child, key, std::string());
                    continue;
                }
                pointers.push_back(
                    pointer_below(pointers[i], value.is_object() ? key : std::string_view(std::to_string(index))));
                nodes.emplace_back(*child, key, place_of(pointers.back()));
            }
            nodes[i].set_children(nodes.data() + first, nodes.size() - first);
        }
    }

    const Json json;
    std::vector<Node> nodes;
};

SettingsDocument::SettingsDocument() : SettingsDocument(Json::object()) {}
SettingsDocument::SettingsDocument(Json json, const PlaceOf& place_of)
    : tree_(std::make_unique<const Tree>(std::move(json), place_of)) {}
SettingsDocument::SettingsDocument(SettingsDocument&&) noexcept = default;
SettingsDocument& SettingsDocument::operator=(SettingsDocument&&) noexcept = default;
SettingsDocument::~SettingsDocument() = default;

Result<SettingsDocument> SettingsDocument::parse(std::string_view json_text, std::string_view file) {
    try {
        auto json = Json::parse(json_text, nullptr, true, /*ignore_comments=*/true);
        if (depth_of(json, kMaxDepth) > kMaxDepth) {
            return fail(ErrorCode::invalid_config, "the JSON is nested deeper than " + std::to_string(kMaxDepth) + " levels",
                        std::string(file));
        }
        return SettingsDocument(std::move(json));
    } catch (const Json::exception& error) {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: ...": the id in brackets helps nobody.
        const std::string_view what = error.what();
        const auto bracket = what.find("] ");
        return fail(ErrorCode::invalid_config, std::string(what.substr(bracket == std::string_view::npos ? 0 : bracket + 2)),
                    std::string(file));
    }
}

const abi::SettingsNode& SettingsDocument::root() const noexcept { return tree_->nodes.front(); }
const Json& SettingsDocument::json() const noexcept { return tree_->json; }

}  // namespace penstock::base
