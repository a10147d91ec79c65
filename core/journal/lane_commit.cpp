// From the buffer to the disk: groups, segments, and what happens when a disk refuses.

#include <chrono>
#include <cstring>
#include <utility>

#include "core/journal/lane_parts.hpp"

namespace penstock::journal {
namespace {

bool is_no_room(const Error& error) { return error.code() == ErrorCode::unavailable && error.retryable(); }

}  // namespace

Result<void> Lane::Parts::commit() {
    {
        const std::scoped_lock lock(append_mutex);
        if (failure) return std::unexpected(*failure);
    }
    while (!taken.empty() || take_front()) {
        auto done = commit_taken();
        if (done) continue;
        if (!is_no_room(done.error())) {
            become_failed(done.error());
            return done;
        }
        const std::scoped_lock lock(append_mutex);
        no_room = done.error();
        return done;
    }
    const std::scoped_lock lock(append_mutex);
    if (active) no_room.reset();
    return {};
}

bool Lane::Parts::take_front() {
    const std::scoped_lock lock(append_mutex);
    if (lost.records != 0) put_lost_record();
    if (front.empty()) return false;
    std::swap(taken, front);
    taken_bytes = taken.bytes();
    taken_at = first_at;
    return true;
}

// A second failure in a row ends the lane: the first file broke, and so did its replacement.
Result<void> Lane::Parts::commit_taken() {
    int failures = 0;
    while (!taken.empty()) {
        auto done = write_and_sync();
        if (done) {
            failures = 0;
            continue;
        }
        const bool has_segment = active.has_value();
        retire_segment();
        if (++failures == 2 || (!has_segment && is_no_room(done.error()))) return done;
    }
    return {};
}

// As much of what is taken as fits into one segment.
Result<void> Lane::Parts::write_and_sync() {
    const auto record_size = record_bytes(decode_record_head(taken.front())->length, options.hash_chain);
    if (active && active->room(0) < record_size) retire_segment();
    if (!active) {
        if (auto started = start_segment(record_size); !started) return started;
    }
    std::uint64_t written = 0;
    Position until = durable;
    auto digest = chain;
    if (auto done = write_group(written, until, digest); !done) return done;
    if (auto synced = timed_sync(); !synced) return synced;
    chain = digest;
    publish(written, until);
    return {};
}

Result<void> Lane::Parts::write_group(std::uint64_t& written, Position& until, base::Digest& digest) {
    for (auto records = taken.after(0); !records.empty(); records = taken.after(written)) {
        const auto first = until;
        const auto size = stamp(records, active->room(written), until, digest);
        if (size == 0) break;
        active->info()->index.add({first, active->end() + written});
        if (auto done = active->write(written, records.first(size)); !done) return done;
        written += size;
        if (size < records.size()) break;
    }
    return {};
}

std::size_t Lane::Parts::stamp(std::span<std::byte> records, std::uint64_t room, Position& sequence, base::Digest& digest) {
    std::size_t done = 0;
    while (done < records.size()) {
        auto head = *decode_record_head(records.subspan(done));
        const auto size = record_bytes(head.length, options.hash_chain);
        if (done + size > room) break;
        const auto record = records.subspan(done, size);
        head.in_group = static_cast<std::uint32_t>(sequence - durable);
        encode_record_head(head, record);
        if (options.hash_chain) {
            digest = chain_digest(hash, digest, record, head.length);
            put_chain(digest, record);
        }
        put_record_crc(record, active->head().crc);
        last_time = head.time.utc;
        ++sequence;
        done += size;
    }
    return done;
}

Result<void> Lane::Parts::timed_sync() {
    const auto start = std::chrono::steady_clock::now();
    auto synced = active->sync();
    const auto took =
        static_cast<std::uint64_t>(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start).count());
    const std::scoped_lock lock(stats_mutex);
    ++commits;
    sync_ns_total += took;
    sync_ns_most = std::max(sync_ns_most, took);
    if (!synced) ++failed_syncs;
    if (synced) durable_time = last_time;
    return synced;
}

void Lane::Parts::publish(std::uint64_t written, Position until) {
    table->set_durable(until, active->end() + written);
    durable.store(until, std::memory_order_release);
    waiters.reach(until);
    for (const auto& call : advance_calls) call();
    // Nobody waits for the hash of the segment; it is needed when the next one starts.
    for (auto rest = written; rest > 0;) {
        const auto records = taken.front();
        const auto part = std::min<std::uint64_t>(rest, records.size());
        active->advance(records.first(part));
        taken.pop(part);
        rest -= part;
    }
    const std::scoped_lock lock(append_mutex);
    taken_bytes = taken.bytes();
}

Result<void> Lane::Parts::start_segment(std::uint64_t record_size) {
    auto prepared = pool.take(record_size + 3 * kPageBytes);
    if (!prepared) return std::unexpected(prepared.error());
    SegmentHead head;
    head.kind = options.kind;
    head.hash_chain = options.hash_chain;
    head.epoch = options.epoch;
    head.first = durable;
    head.previous = previous;
    head.chain = chain;
    head.server_id = options.server_id;
    auto started = SegmentWriter::start(files, options.folder, std::move(*prepared), std::move(head));
    if (!started) return std::unexpected(started.error());
    active = std::move(*started);
    table->push(active->info(), active->end());
    return {};
}

void Lane::Parts::retire_segment() {
    if (!active) return;
    // One without a durable record is replaced by the next, which has the same name.
    previous = active->head().first == durable ? active->head().previous : active->digest();
    active.reset();
}

void Lane::Parts::become_failed(const Error& error) {
    const Error told(ErrorCode::internal,
                     "the journal's lane " + std::string(to_string(options.kind))
                         + " takes nothing more: a segment failed and so did its replacement: " + error.sentence(),
                     error.where());
    {
        const std::scoped_lock lock(append_mutex);
        failure = told;
    }
    waiters.fail_all(told);
}

}  // namespace penstock::journal
