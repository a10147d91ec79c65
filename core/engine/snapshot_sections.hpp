#pragma once

// Private to snapshot and restore: what is in the sections "tags" and "commands".

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/quality.hpp>
#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/engine/executed_commands.hpp"
#include "core/tags/tag_reader.hpp"
#include "core/wire/reader.hpp"

namespace penstock::engine {

inline constexpr std::string_view kTagsSection = "tags";
inline constexpr std::string_view kCommandsSection = "commands";

// Only tags that have a value. Causes are left out: why a value was uncertain before the server stopped says nothing about now.
struct StoredTag {
    tags::TagId tag = tags::kNoTag;
    ValueType type = ValueType::none, native_type = ValueType::none;
    QualityCode quality = QualityCode::bad;
    bool is_memory = false;
    std::int64_t time = 0, received = 0, since = 0;  // ns UTC
    std::uint64_t word = 0, raw = 0;  // scalars
    std::string_view blob;  // strings and arrays; into the section
};

void encode_tags(const tags::TagReader& reader, wire::Buffer& out);
// Gives them back one by one; false at the end, or at the first byte that makes no sense: then error() says which.
class StoredTags final {
public:
    explicit StoredTags(wire::Bytes section);
    [[nodiscard]] bool next(StoredTag& tag);
    [[nodiscard]] bool ok() const noexcept { return in_.ok(); }
    [[nodiscard]] Error error() const { return in_.error(); }

private:
    wire::Reader in_;
    std::uint64_t left_;
    StoredTag last_;
};

void encode_commands(const std::vector<ExecutedCommand>& commands, wire::Buffer& out);
[[nodiscard]] Result<std::vector<ExecutedCommand>> decode_commands(wire::Bytes section);

}  // namespace penstock::engine
