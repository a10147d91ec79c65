#pragma once

// What a lane is made of. The journal knows sizes, order and checksums; what is in a record belongs to who wrote it.

#include <cstddef>
#include <cstdint>
#include <span>

#include <penstock/time.hpp>

namespace penstock::journal {

// A place between the records of a lane: everything before it has a smaller sequence. The first record has sequence 0, so a
// position is also a count, and "up to position p" means the records 0 to p - 1. Never reused within an epoch of a server.
using Position = std::uint64_t;

// What a record holds. The numbers are stored; they are never reused.
enum class RecordType : std::uint16_t {
    padding = 0,      // never seen by a reader
    alive = 1,        // values lane: the server ran at this time; no body. Written when a second passed without a record
    values = 2,       // values lane: samples (core/history/values_record.hpp)
    event = 3,        // events lane: an Event (core/journal/event_record.hpp)
    memory_value = 4, // events lane: a memory tag took a value (core/engine/memory_record.hpp)
    lost = 5,         // both: what a failed disk or a full buffer took away (core/journal/lost_record.hpp)
};

inline constexpr std::size_t kMaxRecordBytes = 16 * 1024 * 1024;
// One damaged bit costs the whole record that it is in. Who can split what he writes keeps below this, so that it never costs more
// than 64 KiB.
inline constexpr std::size_t kGoodRecordBytes = 60 * 1024;

struct Record {
    RecordType type = RecordType::padding;
    Position sequence = 0;
    Now time;  // when it was appended
    std::span<const std::byte> body;
};

}  // namespace penstock::journal
