#pragma once

// A part of the plant's state that only the engine's thread may read: the memory of expressions, alarms. It becomes a section of the
// snapshot (snapshot.hpp), copied between two cycles, and comes back from it and from the records that follow.
//
//     engine.add_part(alarms);     // before restore()

#include <string_view>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/journal/record.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::engine {

// All [engine], where nothing else is said.
class SnapshotPart {
public:
    SnapshotPart() = default;
    SnapshotPart(const SnapshotPart&) = delete;
    SnapshotPart& operator=(const SnapshotPart&) = delete;
    virtual ~SnapshotPart() = default;

    // Of the section, "alarms"; valid as long as this. Not "tags" or "commands".
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    // Appends the bytes. All records of the events lane before `appended` have had their effect, and none after. Returns from where on
    // records are to be replayed: `appended`, or before it. Who applies records keeps the position with the bytes, because replay may
    // begin earlier. The snapshot is kept once the records before `appended` are durable.
    [[nodiscard]] virtual journal::Position save(journal::Position appended, Now now, wire::Buffer& out) const = 0;
    // save() may be called on any thread beside the engine's, after the others: it is then the snapshot's thread that copies it, and the
    // engine does not wait for that. [any-thread]
    [[nodiscard]] virtual bool is_shared() const noexcept { return false; }
    // Once at most, before the first cycle. Error: bytes that make no sense; then as if there had been none.
    [[nodiscard]] virtual Result<void> restore(wire::Bytes section, Now now) = 0;
    // A record of the events lane, in order, after restore(). The first ones may lie before the section's own position. Error: it makes
    // no sense.
    [[nodiscard]] virtual Result<void> replay(const journal::Record& record, Now now) {
        (void)record;
        (void)now;
        return {};
    }
};

}  // namespace penstock::engine
