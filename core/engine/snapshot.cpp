#include "core/engine/snapshot.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/engine/engine.hpp"
#include "core/engine/snapshot_sections.hpp"

namespace penstock::engine {

// The position comes first: what happens while the tags are copied is in a record after it, and applying that again does no harm. The
// other parts were copied before, so no record after them may be missed either.
Snapshot take_snapshot(const Engine& engine, EngineState state, SnapshotHead head, Now now) {
    engine.copy_shared_state(state, now);
    Snapshot snapshot;
    snapshot.head = std::move(head);
    snapshot.head.version = SnapshotHead::kVersion;
    snapshot.head.taken = now.utc;
    snapshot.head.events = std::min(engine.settled(), state.replay);
    encode_tags(tags::TagReader(engine.table()), snapshot.sections.emplace_back(kTagsSection, wire::Buffer()).second);
    encode_commands(engine.executed_commands(now.monotonic),
                    snapshot.sections.emplace_back(kCommandsSection, wire::Buffer()).second);
    std::ranges::move(state.sections, std::back_inserter(snapshot.sections));
    return snapshot;
}

Snapshot take_snapshot(const Engine& engine, SnapshotHead head, Now now) {
    return take_snapshot(engine, engine.copy_state(now), std::move(head), now);
}

}  // namespace penstock::engine
