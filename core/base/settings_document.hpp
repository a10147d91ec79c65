#pragma once

// A settings document: JSON that the host owns, as the read-only tree that plugins see (abi::SettingsNode).
//
// The tree points into the document, so the document lives as long as the plugin instance that was born with it. Moving
// a document moves no node. Immutable after it is made: all of it is [any-thread].

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <penstock/abi/settings.hpp>
#include <penstock/result.hpp>
#include <penstock/settings.hpp>

namespace penstock::base {

class SettingsDocument {
public:
    static constexpr std::size_t kMaxDepth = 64;

    // Where a node stands, for sentences: JSON pointer ("/scan_classes/fast", "" = the whole) -> "devices/plc1.json:4:14".
    // Called once per node while the document is made; empty text = unknown.
    using PlaceOf = std::function<std::string(std::string_view pointer)>;

    // An empty object: a plugin without settings.
    SettingsDocument();
    explicit SettingsDocument(nlohmann::json json, const PlaceOf& place_of = {});
    SettingsDocument(SettingsDocument&&) noexcept;
    SettingsDocument& operator=(SettingsDocument&&) noexcept;
    ~SettingsDocument();

    // From text; comments are allowed. Error invalid_config: not JSON (line and column are in the sentence), or nested
    // deeper than kMaxDepth. `file` is the error's place.
    [[nodiscard]] static Result<SettingsDocument> parse(std::string_view json_text, std::string_view file = {});

    [[nodiscard]] const abi::SettingsNode& root() const noexcept;
    [[nodiscard]] Settings settings() const noexcept { return Settings(&root()); }
    [[nodiscard]] const nlohmann::json& json() const noexcept;

private:
    struct Tree;
    std::unique_ptr<const Tree> tree_;
};

}  // namespace penstock::base
