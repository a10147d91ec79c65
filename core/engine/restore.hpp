#pragma once

// How a plant comes back: the newest snapshot, then the effects in the records after it. Nothing is decided anew.
//
//     auto reader = events.reader(snapshot ? snapshot->head.events : 0);
//     const auto report = engine.restore(snapshot ? &*snapshot : nullptr, *reader, clock.now());   // before it runs

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/journal/record.hpp"

namespace penstock::journal {
class LaneReader;
}
namespace penstock::tags {
class TagTable;
}

namespace penstock::engine {

class ExecutedCommands;
class SnapshotPart;
struct Snapshot;

struct RestoreReport {
    std::uint64_t memory_tags = 0;  // have the value that was written to them, as good as it was
    // Of devices, and calculated: have their last value, as uncertain_last_usable, until there is another.
    std::uint64_t device_tags = 0;
    std::uint64_t left_out = 0;     // exist no more, or have another type now
    std::uint64_t records = 0;      // of the journal that were applied
    std::uint64_t commands = 0;     // whose outcome is remembered
    std::vector<std::string> findings;  // sentences: what could not be read
};

// What is brought back.
struct RestoredState {
    tags::TagTable& table;
    ExecutedCommands& executed;
    std::span<SnapshotPart* const> parts;
};

// Into a table that nobody reads yet. `snapshot` null: from the records alone. A write that was asked for and has no answer in the
// journal has an unknown outcome: it may have reached its device. [engine]
[[nodiscard]] RestoreReport restore_state(const Snapshot* snapshot, journal::LaneReader& events, Now now,
                                          const RestoredState& state);

}  // namespace penstock::engine
