#pragma once

// The plant's state at one moment, in a file: what recovery starts from, so that it need not read the journal from its beginning.
//
//     engine.ask_state(...);                                                   // every minute, on a worker
//     const auto snapshot = engine::take_snapshot(engine, std::move(state), head, clock.now());
//     engine::save_snapshot(files, DATA / "snapshots", snapshot);
//     ...
//     auto found = engine::load_newest_snapshot(files, DATA / "snapshots", head, findings);   // at start
//
// File: DATA/snapshots/<position in the events lane, 20 digits>.snap. The newest two are kept: a damaged one falls back to the one
// before, with more of the journal to apply.
//
// Bytes: "PNSTSNAP"; a block with the head; varint count of sections; each a text name and a block; CRC-32C of all before, 4 bytes,
// little endian. Blocks, texts and varints as on the wire (docs/protocol.md). Sections that a version does not know are left alone.

#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <penstock/fields.hpp>
#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/base/file_system.hpp"
#include "core/journal/record.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::engine {

class Engine;
struct EngineState;

struct SnapshotHead {
    static constexpr std::uint32_t kVersion = 1;
    static constexpr std::size_t kKept = 2;
    static constexpr std::uint64_t kMostBytes = 1ULL << 30U;

    std::uint32_t version = kVersion;
    std::string server_id;
    std::uint64_t epoch = 0;
    UtcTime taken;
    journal::Position events = 0, values = 0;  // of the lanes, when it was begun: records before `events` are in it
    static constexpr auto fields() {
        return std::tuple(field("version", &SnapshotHead::version), field("server_id", &SnapshotHead::server_id),
                          field("epoch", &SnapshotHead::epoch), field("taken", &SnapshotHead::taken),
                          field("events", &SnapshotHead::events), field("values", &SnapshotHead::values));
    }
};

struct Snapshot {
    SnapshotHead head;
    std::vector<std::pair<std::string, wire::Buffer>> sections;  // "tags", "commands", those of the engine's other parts

    [[nodiscard]] const wire::Buffer* section(std::string_view name) const noexcept;  // null: there is none
};

// Copies tag by tag while the engine goes on: each tag is whole, and no record before head.events is missed. `head` gives server,
// epoch and the position in the values lane. 0.05 to 0.2 s for a million tags. `state`: of Engine::ask_state(); it is to be kept only
// once the records before state.appended are durable. [worker]
[[nodiscard]] Snapshot take_snapshot(const Engine& engine, EngineState state, SnapshotHead head, Now now);
// The same for an engine that runs no cycle meanwhile. [engine]
[[nodiscard]] Snapshot take_snapshot(const Engine& engine, SnapshotHead head, Now now);

// Makes it durable and removes all but the newest two. Errors of the file system. [worker]
[[nodiscard]] Result<void> save_snapshot(base::FileSystem& files, const std::filesystem::path& folder,
                                         const Snapshot& snapshot);

// The newest one that is whole and of this server and epoch (of `wanted`); nullopt if there is none. `findings`: a sentence for each
// newer one that is not. Errors of the file system, other than a folder that is not there. [worker]
[[nodiscard]] Result<std::optional<Snapshot>> load_newest_snapshot(base::FileSystem& files, const std::filesystem::path& folder,
                                                                   const SnapshotHead& wanted,
                                                                   std::vector<std::string>& findings);

// The bytes of the file and back. Error protocol: damaged; the sentence says where.
void encode_snapshot(const Snapshot& snapshot, wire::Buffer& out);
[[nodiscard]] Result<Snapshot> decode_snapshot(wire::Bytes bytes);

}  // namespace penstock::engine
