#pragma once

// What sessions need of the server beside tags and engine. The server implements it; tests do so with a few lines.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/operations.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::sessions {

// A screen, text table, station or the site itself.
struct Document {
    std::string name;
    std::string hash;     // SHA-256 of the content, hex
    std::string content;  // canonical JSON
    std::string area;     // "" = of the whole site
};

// How a tag's device stands.
struct TagOrigin {
    std::string endpoint;
    std::string link;  // "connected", "waiting 1.2 s before the next attempt: ..."
    std::string last_request, last_answer;
};

class PlantServices {
public:
    virtual ~PlantServices() = default;

    // HelloReply without `user`. [any-thread]
    [[nodiscard]] virtual HelloReply identity() const = 0;

    // Fills in all but `server`, `now`, `tags`, `tags_bad` and `sessions`. Must not block. [any-thread]
    virtual void describe_status(StatusReply& status) const = 0;

    // The device's side of a tag; for a memory tag, at once and empty. `done` is called exactly once, on any thread, also from
    // inside the call; dropping it uncalled answers the caller with `unavailable`. [any-thread]
    using OnOrigin = std::move_only_function<void(TagOrigin)>;
    virtual void describe_origin(tags::TagId tag, OnOrigin done) = 0;

    // Looked up among the site's documents as they run, by exact name: a name never becomes a path. Null if there is
    // none. [any-thread]
    [[nodiscard]] virtual std::shared_ptr<const Document> document(DefinitionKind kind, std::string_view name) const = 0;
    // All of one kind, in order of name. [any-thread]
    [[nodiscard]] virtual std::vector<std::shared_ptr<const Document>> documents(DefinitionKind kind) const = 0;
};

}  // namespace penstock::sessions
