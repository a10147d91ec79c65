#pragma once

// One lane of the journal: an append-only file in segments. append() copies into memory and returns at once; the lane's thread
// writes and syncs what has gathered, a group at a time. A record is durable when it is before durable().
//
//     auto lane = journal::Lane::open(base::real_file_system(), options);       // recovery: says what it found
//     journal::LaneThread thread(**lane, clock);                                // lane_thread.hpp
//     const auto position = (*lane)->append(RecordType::event, bytes, now);
//     (*lane)->when_durable(*position, [reply](Result<void> synced) { ... });   // released when synced
//
// On disk (DATA/journal/events, DATA/journal/values; docs/decisions/0004-the-journal.md has every byte): segments named by the
// sequence of their first record; a head with format version, server id, epoch and the SHA-256 of the segment before; records with
// length, type, sequence, both times and CRC-32C. A segment is allocated whole before it is used, and synced with its folder.
//
// When the disk fails: a failed sync is never tried again on that file. What was not synced goes to a new segment; if that fails
// too, the lane has failed: it takes nothing more, and who waits is told. When the disk is full: the events lane goes on in its
// reserve; the values lane keeps what fits into its buffer, gives up the newest after that, and records what was lost once there
// is room again.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/base/file_system.hpp"
#include "core/journal/record.hpp"

namespace penstock::journal {

class LaneReader;

enum class LaneKind : std::uint8_t { events = 1, values = 2 };
[[nodiscard]] std::string_view to_string(LaneKind kind) noexcept;  // "events", "values"

// From the first record of a group to its sync. Outside the bounds: open() refuses.
struct GroupBounds {
    Duration least, usual, most;
};
inline constexpr GroupBounds kEventsGroup{1ms, 2ms, 100ms};
inline constexpr GroupBounds kValuesGroup{10ms, 50ms, 5s};

struct LaneOptions {
    LaneKind kind = LaneKind::events;
    std::filesystem::path folder;
    std::string server_id;
    std::uint64_t epoch = 1;
    Duration group{};  // 0 = the kind's usual
    std::uint64_t segment_bytes = 64 * 1024 * 1024;
    std::uint64_t buffer_bytes = 256 * 1024 * 1024;  // appended and not yet durable, at most
    std::uint64_t reserve_bytes = 64 * 1024 * 1024;  // events lane: allocated ahead, used when the disk is full
    bool hash_chain = false;  // each record's CRC is joined by a SHA-256 over the one before: events
};

// What open() found, for people: shown at start, in `penstock journal` and as an event.
struct Recovery {
    std::uint64_t segments = 0, records = 0, bytes = 0;
    Position first = 0, end = 0;  // what is there: records first to end - 1
    Now last_time{};  // of the last record; zero if there is none
    std::uint64_t cut_bytes = 0;  // behind the last whole record: a write that a crash interrupted
    std::vector<std::string> findings;  // sentences: "events/00000000000000000000.seg: record 4711 at byte 1040: checksum ..."
};

enum class LaneState : std::uint8_t {
    good,
    disk_full,  // events: in the reserve; values: buffering, or giving up
    failed,  // takes nothing more
};

struct LaneStatus {
    LaneState state = LaneState::good;
    std::string sentence;  // why it is not good
    Duration group{};
    Position first = 0, appended = 0, durable = 0;
    UtcTime durable_time;  // of the last durable record
    std::uint64_t segments = 0, bytes = 0, buffered_bytes = 0, reserve_bytes = 0;
    std::uint64_t commits = 0, sync_ns_total = 0, sync_ns_most = 0, failed_syncs = 0, records_lost = 0;
};

// Bytes of the newest segment that hold no durable record: empty, being written, or torn. Who copies a living lane's files puts
// zeros there, and has the files of a lane that ends here.
struct LaneTail {
    std::string segment;  // the file's name; "" = the lane has none
    std::uint64_t from = 0, to = 0;
};

class Lane final {
public:
    // Finds the segments, checks the newest to its end and cuts what was torn, and is ready to append. A damaged record in an
    // older segment is reported, never a reason not to start. Errors: those of the file system; invalid_config (another server's
    // lane, an unknown format version, a group outside its bounds: the sentence says both). [worker]
    [[nodiscard]] static Result<std::unique_ptr<Lane>> open(base::FileSystem& files, LaneOptions options);
    ~Lane();  // commits nothing: LaneThread does that when it stops
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    [[nodiscard]] const LaneOptions& options() const noexcept;
    [[nodiscard]] const Recovery& recovery() const noexcept;

    // Copies one record into the buffer and returns the position after it. Never waits for the disk. Errors: unavailable (buffer
    // full: the disk does not keep up), internal (the lane has failed; the sentence says why), invalid_argument (longer than
    // kMaxRecordBytes). [any-thread]
    [[nodiscard]] Result<Position> append(RecordType type, std::span<const std::byte> body, Now now);
    // Calls `done` once everything before `position` is durable, in order of position, or with the lane's failure. At once if it
    // is durable already; else on the lane's thread, which it must not block. [any-thread]
    void when_durable(Position position, std::move_only_function<void(Result<void>)> done);
    // Called on the lane's thread whenever durable() has moved; must not block. Several are called in the order they came in. Before
    // the thread runs.
    void on_advance(std::function<void()> call);

    [[nodiscard]] Position appended() const noexcept;  // [any-thread]
    [[nodiscard]] Position durable() const noexcept;  // [any-thread]
    [[nodiscard]] Position first() const noexcept;  // of the oldest record that is still there [any-thread]
    [[nodiscard]] LaneStatus status() const;  // [any-thread]
    [[nodiscard]] LaneTail tail() const;  // [any-thread]

    // Reads durable records from `position` on (or from first() if those are gone; the reader says so). A position behind the end
    // (the journal was cut or put back) is taken back to the end, and said too. Readers outlive trimming and the lane: what one has
    // open stays readable. [any-thread]
    [[nodiscard]] std::unique_ptr<LaneReader> reader(Position position) const;
    // Removes whole segments that end before `position`. [worker]
    [[nodiscard]] Result<void> trim(Position position);

    // --- the thread's side (LaneThread, or a test in its place) ---
    // True if something is buffered; `first_at`: when the oldest of it was appended.
    [[nodiscard]] bool is_waiting(MonotonicTime& first_at) const;
    // Wakes when something was appended to an empty buffer, at once. Before the thread runs.
    void on_append(std::function<void()> call);
    // Writes and syncs what is buffered, moves durable(), calls who waits. The lane's failure if it has failed; unavailable and
    // retryable if there is no room on the disk: what is buffered stays, a later commit tries again. [worker]
    Result<void> commit();
    // Allocates the segments that are wanted next, which can take long: beside commit(), on a thread of its own. Without it commit()
    // does so when it must. unavailable and retryable if the disk is full: try again in a second. [worker]
    Result<void> prepare();
    [[nodiscard]] bool wants_prepare() const;  // [any-thread]
    // Before a proper end: notes on disk how far the lane was synced, so that the next open() can tell a torn write from damage.
    // [worker]
    Result<void> seal();

private:
    struct Parts;
    explicit Lane(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::journal
