#pragma once

// Tags as one caller sees them: what the grant does not cover does not exist, neither by name nor in hints.

#include <optional>
#include <string>
#include <string_view>

#include <penstock/operations.hpp>

#include "core/sessions/operation.hpp"

namespace penstock::sessions {

class VisibleTags {
public:
    // `call` must outlive it.
    explicit VisibleTags(const Call& call) noexcept : call_(&call) {}

    [[nodiscard]] std::optional<tags::TagId> find(std::string_view name) const;
    [[nodiscard]] bool covers(tags::TagId tag) const;
    // The nearest name, "" if none is near. Only the first kMaxHints questions of a request are answered: each reads all names.
    [[nodiscard]] std::string hint(std::string_view name);

private:
    const Call* call_;
    std::size_t hints_ = 0;
};

[[nodiscard]] TagInfo tag_info(const tags::TagView& tag);
[[nodiscard]] TagValue tag_value(const tags::TagReader& reader, const tags::TagView& tag, const tags::TagSnapshot& snapshot);
// `there is no tag "pump.sped"; did you mean "pump.speed"?`
[[nodiscard]] std::string no_such_tag(std::string_view name, std::string_view hint);

}  // namespace penstock::sessions
