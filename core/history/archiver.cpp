#include "core/history/archiver.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "core/engine/capture.hpp"
#include "core/engine/clock_watch.hpp"
#include "core/history/archiving/thinner.hpp"
#include "core/journal/lane.hpp"

namespace penstock::history {

using namespace archiving;

namespace {

constexpr Duration kAliveEvery = 1s;  // the lane says at least as often that the server lives (journal/lane_thread.hpp)
constexpr Duration kNoticeEvery = 10s;
// At most, in one gather(): the lane's thread has to come back to write, or what was gathered first waits for what comes last.
constexpr int kMostBlocks = 24;
// Where more comes than this in the usual time, gather() asks to be called sooner.
constexpr std::uint64_t kManyRows = 262'144;
constexpr Duration kLeastPause = 5ms;
constexpr Duration kUsualPause = 1s;
constexpr auto kLostState = own_state(QualityCode::bad_internal, OwnCause::archive_too_slow);
constexpr auto kRefusedState = own_state(QualityCode::bad_internal, OwnCause::disk_too_slow);
constexpr auto kDownState = own_state(QualityCode::bad_out_of_service, OwnCause::server_down);

}  // namespace

struct Archiver::Parts {
    tags::TagReader reader;
    engine::Capture& capture;
    ArchiverOptions options;
    RecordWriter writer;
    Thinner thinner;
    std::vector<tags::TagId> to_resume;  // in a gap that only this code knows of
    struct KeepAgain {
        std::vector<tags::TagId> tags;
        UtcTime until;
    };
    std::mutex mutex;  // guards to_keep_again
    std::vector<KeepAgain> to_keep_again;
    std::atomic<std::uint64_t> captured{0};
    engine::ClockWatch clock_watch;
    MonotonicTime gathered_at{};

    GapNotice notice;  // what on_gap has not been told yet
    MonotonicTime next_notice{Duration::min() / 2};
    tags::TagSnapshot snapshot;

    Parts(tags::TagReader of, engine::Capture& from, journal::Lane& lane, ArchiverOptions with)
        : reader(of), capture(from), options(std::move(with)), writer(of, lane), thinner(of.catalog(), writer) {}

    [[nodiscard]] bool take_blocks();
    void take(const engine::CaptureBlock& block);
    void add_lost(const std::vector<tags::TagId>& tags, std::int64_t from);
    void add_refused();
    void add_to_notice(std::size_t tags, std::int64_t from, std::string_view cause);
    void send_notice(Now now);
    void resume(Now now);
    void take_present(tags::TagId tag, Now now);
    void keep_again(Now now);
    Duration gather(Now now);
    [[nodiscard]] Duration pause(std::uint64_t rows, Now now);
};

Archiver::Archiver(tags::TagReader reader, engine::Capture& capture, journal::Lane& lane, ArchiverOptions options)
    : parts_(std::make_unique<Parts>(reader, capture, lane, std::move(options))) {}
Archiver::~Archiver() = default;

ArchiverStatus Archiver::status() const noexcept {
    const auto& counts = parts_->writer.counts();
    const auto of = [](const std::atomic<std::uint64_t>& counter) { return counter.load(std::memory_order_relaxed); };
    return {of(parts_->captured), of(counts.kept),    of(counts.records),
            of(counts.bytes),     of(counts.refused), parts_->thinner.archived()};
}

std::size_t Archiver::state_bytes() const noexcept { return parts_->thinner.state_bytes(); }

void Archiver::start(UtcTime last_alive, const std::function<std::int64_t(tags::TagId)>& last_time, Now now) {
    if (last_alive == UtcTime{}) return;
    auto& parts = *parts_;
    parts.writer.begin(now);
    const auto& catalog = parts.reader.catalog();
    for (tags::TagId tag = 0; tag < catalog.id_limit(); ++tag) {
        if (!catalog.exists(tag) || !parts.thinner.is_archived(tag)) continue;
        const auto last = last_time ? last_time(tag) : 0;
        auto from = last == 0 ? to_ns(last_alive) : std::max(to_ns(last_alive), plus(last, 1'000'000));
        // The wall clock was set back meanwhile: the gap is not in the future.
        if (from > plus(to_ns(now.utc), kAliveEvery.count())) from = to_ns(now.utc);
        parts.thinner.add_gap(tag, from, kDownState, false);
        const bool lives_here = catalog.view(tag).is_memory();
        if (lives_here) parts.take_present(tag, now);
    }
}

void Archiver::keep_again(std::vector<tags::TagId> tags, UtcTime until) {
    const std::scoped_lock lock(parts_->mutex);
    parts_->to_keep_again.push_back({std::move(tags), until});
}

Duration Archiver::gather(Now now) { return parts_->gather(now); }

void Archiver::finish(Now now) {
    while (parts_->gather(now) == Duration::zero()) {
    }
    parts_->thinner.end_all_intervals();
    parts_->writer.write();
}

Duration Archiver::Parts::gather(Now now) {
    const auto before = captured.load(std::memory_order_relaxed);
    writer.begin(now);
    add_refused();
    const bool is_all = take_blocks();
    if (is_all) resume(now);
    if (is_all) keep_again(now);
    const auto step = clock_watch.look(now);
    if (step && step->by_ms < 0) thinner.go_back(now.utc);
    thinner.end_intervals(now.utc);
    writer.write();
    send_notice(now);
    const auto next = pause(captured.load(std::memory_order_relaxed) - before, now);
    return is_all ? next : Duration::zero();
}

// The time in which as many will have come as one record is to have, if they come as they came.
Duration Archiver::Parts::pause(std::uint64_t rows, Now now) {
    const auto since = now.monotonic - std::exchange(gathered_at, now.monotonic);
    if (rows <= kManyRows || since <= kLeastPause || since > kUsualPause) return kUsualPause;
    return std::max(kLeastPause, since * static_cast<std::int64_t>(kManyRows) / static_cast<std::int64_t>(rows));
}

// False: there are more.
bool Archiver::Parts::take_blocks() {
    for (int i = 0; i < kMostBlocks; ++i) {
        auto* const block = capture.pop();
        if (block == nullptr) return true;
        take(*block);
        capture.give_back(block);
    }
    return false;
}

void Archiver::Parts::take(const engine::CaptureBlock& block) {
    if (!block.lost.empty()) add_lost(block.lost, block.lost_from);
    thinner.take(block);
    captured.store(captured.load(std::memory_order_relaxed) + block.count, std::memory_order_relaxed);
}

// --- losses ---

void Archiver::Parts::add_lost(const std::vector<tags::TagId>& tags, std::int64_t from) {
    for (const auto tag : tags) {
        if (thinner.add_gap(tag, from, kLostState, true)) to_resume.push_back(tag);
    }
    add_to_notice(tags.size(), from, kArchiveTooSlow);
}

// Rows of these tags were to be in a record that the lane did not take: what the thinner believes to be kept is not, from the
// first of them on. In order of tag, as everything is.
void Archiver::Parts::add_refused() {
    const auto refused = writer.take_refused();
    if (refused.empty()) return;
    std::vector<std::pair<tags::TagId, std::int64_t>> tags(refused.begin(), refused.end());
    std::ranges::sort(tags);
    auto from = tags.front().second;
    for (const auto& [tag, time] : tags) {
        from = std::min(from, time);
        if (thinner.add_gap(tag, time, kRefusedState, false)) to_resume.push_back(tag);
    }
    add_to_notice(tags.size(), from, kDiskTooSlow);
}

void Archiver::Parts::add_to_notice(std::size_t tags, std::int64_t from, std::string_view cause) {
    const auto at = utc_from_ns(from);
    if (notice.tags == 0 || at < notice.from) notice.from = at;
    notice.tags = std::max(notice.tags, tags);
    notice.cause = cause;
}

void Archiver::Parts::send_notice(Now now) {
    if (notice.tags == 0 || now.monotonic < next_notice) return;
    next_notice = now.monotonic + kNoticeEvery;
    if (options.on_gap) options.on_gap(notice);
    notice = {};
}

// All that was captured has been dealt with: a tag that is still in such a gap has not changed since. What it holds is what it
// held then, and nobody else would ever say so.
void Archiver::Parts::resume(Now now) {
    for (const auto tag : to_resume) {
        const auto state = thinner.kept_state(tag);
        if (state == kLostState || state == kRefusedState) take_present(tag, now);
    }
    to_resume.clear();
}

void Archiver::Parts::keep_again(Now now) {
    std::vector<KeepAgain> asked;
    {
        const std::scoped_lock lock(mutex);
        asked.swap(to_keep_again);
    }
    for (const auto& [tags, until] : asked) {
        const auto at = to_ns(until == UtcTime{} ? now.utc : until);
        for (const auto tag : tags) {
            const bool is_blob = !is_scalar_word(reader.catalog().type(tag));
            if (is_blob) reader.snapshot(tag, snapshot);
            thinner.keep_again(tag, at, is_blob ? std::string_view(snapshot.blob) : std::string_view());
        }
    }
}

// What the tag holds, under its own time if that lies behind the gap, else under `now`: it is so now.
void Archiver::Parts::take_present(tags::TagId tag, Now now) {
    reader.snapshot(tag, snapshot);
    if (snapshot.quality == QualityCode::bad_waiting_for_initial) return;
    const bool has_time = snapshot.quality != QualityCode::uncertain_source_time && !is_bad(snapshot.quality);
    const auto gap = thinner.kept_time(tag);
    auto time = to_ns(has_time ? snapshot.time : snapshot.received);
    if (time <= gap) time = std::max(to_ns(now.utc), plus(gap, 1'000'000));
    const auto word = is_bad(snapshot.quality) ? 0 : snapshot.word;
    thinner.take(tag, time, engine::capture_state(snapshot.quality, snapshot.cause), word, snapshot.blob);
}

}  // namespace penstock::history
