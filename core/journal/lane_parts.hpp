#pragma once

// The inside of a Lane: what append() touches, what commit() touches, and what both share. Included by the lane's sources only.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/journal/lane.hpp"
#include "core/journal/lost_record.hpp"
#include "core/journal/record_buffer.hpp"
#include "core/journal/segment_pool.hpp"
#include "core/journal/segment_table.hpp"
#include "core/journal/segment_writer.hpp"
#include "core/journal/waiters.hpp"

namespace penstock::journal {

struct Lane::Parts {
    Parts(base::FileSystem& files, LaneOptions options);

    base::FileSystem& files;
    const LaneOptions options;
    Recovery recovery;
    const std::shared_ptr<SegmentTable> table;
    SegmentPool pool;
    Waiters waiters;
    std::vector<std::function<void()>> advance_calls;  // fixed before the thread runs
    std::function<void()> append_call;  // the same
    std::atomic<Position> durable{0};

    mutable std::mutex append_mutex;  // guards this part; held for a memcpy, never over a call
    RecordBuffer front;
    Position appended = 0;
    std::uint64_t taken_bytes = 0;  // with the commit, not yet durable
    MonotonicTime first_at{};  // of what is in front
    MonotonicTime taken_at{};  // of what is with the commit
    LostRecord lost;  // refused and not yet on record
    Now lost_at{};  // when the last of them came
    std::uint64_t lost_total = 0;
    std::optional<Error> failure;  // the lane has failed
    std::optional<Error> no_room;  // the last commit found no room on the disk

    std::mutex commit_mutex;  // guards this part; held over writes and syncs
    RecordBuffer taken;
    std::optional<SegmentWriter> active;
    base::Digest previous{};  // of the segment before the one to be started
    base::Digest chain{};  // of the last durable record
    base::Sha256 hash;
    UtcTime last_time{};  // of the last record written

    mutable std::mutex stats_mutex;  // guards this part
    UtcTime durable_time{};
    std::uint64_t commits = 0, sync_ns_total = 0, sync_ns_most = 0, failed_syncs = 0;

    // lane.cpp
    void put_lost_record();  // append_mutex held
    void refuse(std::size_t body, Now now, const std::string& cause);  // the same

    // lane_commit.cpp; commit_mutex held
    Result<void> commit();
    Result<void> start_segment(std::uint64_t record_size);
    void retire_segment();

private:
    bool take_front();
    Result<void> commit_taken();
    Result<void> write_and_sync();
    Result<void> write_group(std::uint64_t& written, Position& until, base::Digest& digest);
    std::size_t stamp(std::span<std::byte> records, std::uint64_t room, Position& sequence, base::Digest& digest);
    Result<void> timed_sync();
    void publish(std::uint64_t written, Position until);
    void become_failed(const Error& error);
};

}  // namespace penstock::journal
