#include "core/engine/snapshot.hpp"

#include "core/engine/engine.hpp"
#include "core/engine/snapshot_sections.hpp"

namespace penstock::engine {

// The position comes first: what happens while the tags are copied is in a record after it, and applying that again does no harm.
Snapshot take_snapshot(const Engine& engine, SnapshotHead head, Now now) {
    Snapshot snapshot;
    snapshot.head = std::move(head);
    snapshot.head.version = SnapshotHead::kVersion;
    snapshot.head.taken = now.utc;
    snapshot.head.events = engine.settled();
    encode_tags(tags::TagReader(engine.table()), snapshot.sections.emplace_back(kTagsSection, wire::Buffer()).second);
    encode_commands(engine.executed_commands(now.monotonic),
                    snapshot.sections.emplace_back(kCommandsSection, wire::Buffer()).second);
    return snapshot;
}

}  // namespace penstock::engine
