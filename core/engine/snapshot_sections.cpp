#include "core/engine/snapshot_sections.hpp"

#include <tuple>

#include <penstock/fields.hpp>

#include "core/wire/codec.hpp"

namespace penstock::engine {
namespace {

constexpr std::size_t kUsualBytes = 40;  // of a stored tag

// Times of one tag, and of neighbours, lie close together, so differences are short. They wrap, as unsigned numbers do.
std::int64_t difference(std::int64_t to, std::int64_t from) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
}
std::int64_t sum(std::int64_t from, std::int64_t difference) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(difference));
}

struct StoredCommand {
    std::string user;
    std::uint64_t command = 0;
    std::uint32_t item = 0, tag = 0;
    WriteResult outcome = WriteResult::unknown;
    ErrorCode code{};
    std::string reason;
    Duration age{};
    static constexpr auto fields() {
        return std::tuple(field("user", &StoredCommand::user), field("command", &StoredCommand::command),
                          field("item", &StoredCommand::item), field("tag", &StoredCommand::tag),
                          field("outcome", &StoredCommand::outcome), field("code", &StoredCommand::code),
                          field("reason", &StoredCommand::reason), field("age", &StoredCommand::age));
    }
};
struct StoredCommands {
    std::vector<StoredCommand> commands;
    static constexpr auto fields() { return std::tuple(field("commands", &StoredCommands::commands)); }
};

void put_tag(wire::Writer& out, const tags::TagSnapshot& tag, bool is_memory, StoredTag& last) {
    const auto time = to_ns(tag.time), received = to_ns(tag.received), since = to_ns(tag.since);
    out.varint(tag.tag - last.tag);
    out.byte(static_cast<std::uint8_t>(tag.type));
    out.byte(static_cast<std::uint8_t>(tag.native_type));
    out.byte(is_memory ? 1 : 0);
    out.varint(static_cast<std::uint64_t>(tag.quality));
    out.zigzag(difference(received, last.received));
    out.zigzag(difference(time, received));
    out.zigzag(difference(since, received));
    if (is_scalar_word(tag.type)) {
        out.fixed64(tag.word);
        out.fixed64(tag.raw);
    } else {
        out.text(tag.blob);
    }
    last.tag = tag.tag;
    last.received = received;
}

}  // namespace

void encode_tags(const tags::TagReader& reader, wire::Buffer& out) {
    const auto& catalog = reader.catalog();
    wire::Buffer rows;
    rows.reserve(catalog.size() * kUsualBytes);
    wire::Writer writer(rows);
    tags::TagSnapshot tag;
    StoredTag last;
    last.tag = 0;
    std::uint64_t count = 0;
    for (tags::TagId id = 0; id < catalog.id_limit(); ++id) {
        if (!catalog.exists(id)) continue;
        reader.snapshot(id, tag);
        if (!tag.has_value || tag.quality == QualityCode::uncertain_initial) continue;
        put_tag(writer, tag, catalog.view(id).is_memory(), last);
        ++count;
    }
    out.clear();
    out.reserve(rows.size() + 10);
    wire::Writer whole(out);
    whole.varint(count);
    whole.raw(rows);
}

StoredTags::StoredTags(wire::Bytes section) : in_(section), left_(in_.varint()) { last_.tag = 0; }

bool StoredTags::next(StoredTag& tag) {
    if (left_ == 0 || !in_.ok()) return false;
    --left_;
    tag.tag = last_.tag + static_cast<tags::TagId>(in_.varint(tags::kMaxTags));
    tag.type = static_cast<ValueType>(in_.byte());
    tag.native_type = static_cast<ValueType>(in_.byte());
    tag.is_memory = in_.boolean();
    tag.quality = static_cast<QualityCode>(in_.varint(0xFFFF));
    tag.received = sum(last_.received, in_.zigzag());
    tag.time = sum(tag.received, in_.zigzag());
    tag.since = sum(tag.received, in_.zigzag());
    tag.word = tag.raw = 0;
    tag.blob = {};
    if (is_scalar_word(tag.type)) {
        tag.word = in_.fixed64();
        tag.raw = in_.fixed64();
    } else {
        tag.blob = in_.text();
    }
    last_.tag = tag.tag;
    last_.received = tag.received;
    return in_.ok();
}

void encode_commands(const std::vector<ExecutedCommand>& commands, wire::Buffer& out) {
    StoredCommands stored;
    for (const auto& command : commands) {
        const auto& [key, tag, answer, age] = command;
        stored.commands.push_back({key.user, key.command, key.item, tag, answer.outcome, answer.code, answer.reason, age});
    }
    out.clear();
    wire::encode(stored, out);
}

Result<std::vector<ExecutedCommand>> decode_commands(wire::Bytes section) {
    auto stored = wire::decode<StoredCommands>(section);
    if (!stored) return std::unexpected(stored.error());
    std::vector<ExecutedCommand> commands;
    for (auto& one : stored->commands) {
        commands.push_back(
            {{std::move(one.user), one.command, one.item}, one.tag, {one.outcome, one.code, std::move(one.reason)}, one.age});
    }
    return commands;
}

}  // namespace penstock::engine
