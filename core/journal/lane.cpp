#include "core/journal/lane.hpp"

#include <algorithm>
#include <utility>

#include "core/journal/lane_parts.hpp"
#include "core/journal/lane_reader_parts.hpp"
#include "core/journal/recovery.hpp"

namespace penstock::journal {
namespace {

GroupBounds bounds_of(LaneKind kind) { return kind == LaneKind::events ? kEventsGroup : kValuesGroup; }

std::string in_ms(Duration time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) + " us";
}

Result<void> check_options(LaneOptions& options) {
    const auto bounds = bounds_of(options.kind);
    if (options.group == Duration{}) options.group = bounds.usual;
    const auto refuse = [&](const std::string& sentence) {
        return fail(ErrorCode::invalid_config, "journal lane " + std::string(to_string(options.kind)) + ": " + sentence);
    };
    if (options.group < bounds.least || options.group > bounds.most) {
        return refuse("a group of " + in_ms(options.group) + " is outside its bounds, " + in_ms(bounds.least) + " to "
                      + in_ms(bounds.most));
    }
    if (options.server_id.empty() || options.server_id.size() > kMaxServerId) {
        return refuse("a server id of " + std::to_string(options.server_id.size()) + " bytes; 1 to 255 are wanted");
    }
    if (options.segment_bytes < kLeastSegmentBytes || options.segment_bytes % kPageBytes != 0) {
        return refuse("segments of " + std::to_string(options.segment_bytes) + " bytes; a multiple of 4096 from "
                      + std::to_string(kLeastSegmentBytes) + " on is wanted");
    }
    return {};
}

std::size_t prepared_wanted(const LaneOptions& options) {
    if (options.kind != LaneKind::events) return 1;
    return 1 + static_cast<std::size_t>((options.reserve_bytes + options.segment_bytes - 1) / options.segment_bytes);
}

bool is_no_room(const Error& error) { return error.code() == ErrorCode::unavailable && error.retryable(); }

}  // namespace

Lane::Parts::Parts(base::FileSystem& all_files, LaneOptions all_options)
    : files(all_files),
      options(std::move(all_options)),
      table(std::make_shared<SegmentTable>(files, options.folder)),
      pool(files, options.folder, options.segment_bytes, prepared_wanted(options)),
      front(options.hash_chain),
      taken(options.hash_chain) {}

Lane::Lane(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Lane::~Lane() = default;

Result<std::unique_ptr<Lane>> Lane::open(base::FileSystem& files, LaneOptions options) {
    if (auto fine = check_options(options); !fine) return std::unexpected(fine.error());
    if (auto made = files.make_folder(options.folder); !made) return std::unexpected(made.error());
    const auto names = files.list(options.folder);
    if (!names) return std::unexpected(names.error());
    auto parts = std::make_unique<Parts>(files, std::move(options));
    auto recovered = recover(files, parts->options, *names, *parts->table);
    if (!recovered) return std::unexpected(recovered.error());
    parts->recovery = std::move(recovered->report);
    parts->active = std::move(recovered->active);
    parts->previous = recovered->previous;
    parts->chain = recovered->chain;
    parts->durable = parts->appended = parts->recovery.end;
    parts->durable_time = parts->recovery.last_time.utc;
    parts->waiters.reach(parts->appended);
    if (auto adopted = parts->pool.adopt(*names); !adopted) return std::unexpected(adopted.error());
    auto ready = parts->active ? Result<void>() : parts->start_segment(0);
    if (ready) ready = parts->pool.fill();
    if (!ready && !is_no_room(ready.error())) return std::unexpected(ready.error());
    // A plant starts on a full disk, too: status() says it, and who wants to append is refused in words.
    if (!ready && !parts->active) parts->no_room = ready.error();
    return std::unique_ptr<Lane>(new Lane(std::move(parts)));
}

const LaneOptions& Lane::options() const noexcept { return parts_->options; }
const Recovery& Lane::recovery() const noexcept { return parts_->recovery; }

Result<Position> Lane::append(RecordType type, std::span<const std::byte> body, Now now) {
    if (body.size() > kMaxRecordBytes) {
        return fail(ErrorCode::invalid_argument, "a record of " + std::to_string(body.size()) + " bytes; at most "
                                                     + std::to_string(kMaxRecordBytes) + " are wanted");
    }
    auto& parts = *parts_;
    bool wake = false;
    Position after = 0;
    {
        const std::scoped_lock lock(parts.append_mutex);
        if (parts.failure) return std::unexpected(*parts.failure);
        const auto size = record_bytes(body.size(), parts.options.hash_chain);
        // Without room an event would wait for nobody knows how long: refused at once. Values wait in the buffer for better times.
        if (parts.no_room && parts.options.kind == LaneKind::events) {
            parts.refuse(body.size(), now, parts.no_room->text());
            return std::unexpected(*parts.no_room);
        }
        if (parts.front.bytes() + parts.taken_bytes + size > parts.options.buffer_bytes) {
            const std::string cause =
                parts.no_room ? parts.no_room->text() : "the disk does not keep up: the journal's buffer is full";
            parts.refuse(body.size(), now, cause);
            return fail(ErrorCode::unavailable, cause, {}, true);
        }
        wake = parts.front.empty();
        if (wake) parts.first_at = now.monotonic;
        if (parts.lost.records != 0) parts.put_lost_record();
        parts.front.add({.crc = 0,
                         .length = static_cast<std::uint32_t>(body.size()),
                         .type = type,
                         .in_group = 0,
                         .sequence = parts.appended,
                         .time = now},
                        body);
        after = ++parts.appended;
    }
    if (wake && parts.append_call) parts.append_call();
    return after;
}

void Lane::Parts::refuse(std::size_t body, Now now, const std::string& cause) {
    if (lost.records == 0) {
        lost.first = now.utc;
        lost.cause = cause;
    }
    ++lost.records;
    ++lost_total;
    lost.bytes += body;
    lost.last = now.utc;
    lost_at = now;
}

void Lane::Parts::put_lost_record() {
    const auto body = encode(lost);
    if (front.empty()) first_at = lost_at.monotonic;
    front.add({.crc = 0,
               .length = static_cast<std::uint32_t>(body.size()),
               .type = RecordType::lost,
               .in_group = 0,
               .sequence = appended,
               .time = lost_at},
              body);
    ++appended;
    lost = {};
}

void Lane::when_durable(Position position, std::move_only_function<void(Result<void>)> done) {
    parts_->waiters.add(position, std::move(done));
}

void Lane::on_advance(std::function<void()> call) { parts_->advance_calls.push_back(std::move(call)); }
void Lane::on_append(std::function<void()> call) { parts_->append_call = std::move(call); }

Position Lane::appended() const noexcept {
    const std::scoped_lock lock(parts_->append_mutex);
    return parts_->appended;
}
Position Lane::durable() const noexcept { return parts_->durable.load(std::memory_order_acquire); }
Position Lane::first() const noexcept { return parts_->table->first(); }

LaneStatus Lane::status() const {
    const auto& parts = *parts_;
    LaneStatus status;
    const auto pool = parts.pool.status();
    const auto totals = parts.table->totals();
    status.group = parts.options.group;
    status.first = parts.table->first();
    status.durable = durable();
    status.segments = totals.segments;
    status.bytes = totals.bytes;
    status.reserve_bytes = pool.bytes;
    if (pool.error) {
        status.state = LaneState::disk_full;
        status.sentence = pool.error->text();
    }
    {
        const std::scoped_lock lock(parts.append_mutex);
        status.appended = parts.appended;
        status.buffered_bytes = parts.front.bytes() + parts.taken_bytes;
        status.records_lost = parts.lost_total;
        if (parts.no_room) {
            status.state = LaneState::disk_full;
            status.sentence = parts.no_room->text();
        }
        if (parts.failure) {
            status.state = LaneState::failed;
            status.sentence = parts.failure->text();
        }
    }
    const std::scoped_lock lock(parts.stats_mutex);
    status.durable_time = parts.durable_time;
    status.commits = parts.commits;
    status.sync_ns_total = parts.sync_ns_total;
    status.sync_ns_most = parts.sync_ns_most;
    status.failed_syncs = parts.failed_syncs;
    return status;
}

LaneTail Lane::tail() const {
    const auto newest = parts_->table->find(~Position{0});
    if (!newest.segment) return {};
    const auto end =
        newest.segment->bytes - std::min<std::uint64_t>(newest.segment->bytes, 2 * kPageBytes);  // seal and head are behind it
    return {newest.segment->name, std::min(newest.end_offset, end), end};
}

std::unique_ptr<LaneReader> Lane::reader(Position position) const { return make_lane_reader(parts_->table, position); }

Result<void> Lane::trim(Position position) {
    bool removed_any = false;
    while (const auto segment = parts_->table->oldest_before(std::min(position, durable()))) {
        if (auto removed = parts_->files.remove(parts_->table->path(*segment)); !removed) return removed;
        parts_->table->pop_oldest();
        removed_any = true;
    }
    return removed_any ? parts_->files.sync_folder(parts_->options.folder) : Result<void>();
}

bool Lane::is_waiting(MonotonicTime& first_at) const {
    const std::scoped_lock lock(parts_->append_mutex);
    const bool is_taken = parts_->taken_bytes != 0;
    first_at = is_taken ? parts_->taken_at : parts_->first_at;
    return is_taken || !parts_->front.empty() || parts_->lost.records != 0;
}

Result<void> Lane::commit() {
    const std::scoped_lock lock(parts_->commit_mutex);
    return parts_->commit();
}

Result<void> Lane::prepare() {
    auto filled = parts_->pool.fill();
    if (parts_->pool.status().ready > 0) {
        const std::scoped_lock lock(parts_->append_mutex);
        parts_->no_room.reset();
    }
    return filled;
}

bool Lane::wants_prepare() const {
    const auto status = parts_->pool.status();
    return status.ready < status.wanted;
}

Result<void> Lane::seal() {
    const std::scoped_lock lock(parts_->commit_mutex);
    if (!parts_->active) return {};
    auto sealed = parts_->active->seal(durable());
    if (!sealed) parts_->retire_segment();
    return sealed;
}

}  // namespace penstock::journal
