#include "tests/plugins/historians/memory/memory_historian.hpp"

#include <algorithm>
#include <thread>

namespace penstock::testing {
namespace {

// One disk a folder, for the plugin, which is born with settings alone.
std::shared_ptr<MemoryDisk> disk_of(const std::string& folder) {
    static std::mutex mutex;  // guards disks
    static std::map<std::string, std::shared_ptr<MemoryDisk>> disks;
    const std::scoped_lock lock(mutex);
    auto& disk = disks[folder];
    if (disk == nullptr) disk = std::make_shared<MemoryDisk>();
    return disk;
}

}  // namespace

MemoryHistorian::MemoryHistorian(std::shared_ptr<MemoryDisk> disk, MemoryOptions options)
    : disk_(std::move(disk)), options_(std::move(options)) {}

MemoryHistorian::MemoryHistorian(Settings settings) {
    options_.flush_rows = static_cast<std::uint64_t>(settings.integer_or("flush_rows", INT64_MAX));
    options_.has_summaries = settings.boolean_or("summaries", true);
    options_.gate = settings.text_or("gate", "");
    slow_ = settings.duration_or("slow", Duration{});
    fail_at_row_ = static_cast<std::uint64_t>(settings.integer_or("fail_at_row", 0));
}

JournalPosition MemoryHistorian::open(const std::filesystem::path& folder) {
    if (disk_ == nullptr) disk_ = disk_of(folder.string());
    if (disk_->takes_failing_open()) throw LinkError(ErrorCode::unavailable, "the memory is not there");
    if (slow_ != Duration{}) disk_->slow_down(slow_);
    if (fail_at_row_ != 0 && disk_->births() == 1) disk_->fail_appends_at(fail_at_row_);
    stored_ = disk_->state();
    appended_ = persisted_ = stored_->position;
    return persisted_;
}

void MemoryHistorian::define(std::span<const SeriesInfo> series) {
    for (const auto& info : series) {
        auto definition = std::make_shared<MemorySeries>();
        definition->name = info.name;
        definition->unit = info.unit;
        definition->type = info.type;
        definition->keep_raw = info.keep_raw;
        pending_[info.id].definition = std::move(definition);
    }
}

ValueType MemoryHistorian::type_of(SeriesId series) const {
    const auto pending = pending_.find(series);
    if (pending != pending_.end() && pending->second.definition != nullptr) return pending->second.definition->type;
    const auto stored = stored_->series.find(series);
    if (stored == stored_->series.end()) {
        throw LinkError(Error(ErrorCode::invalid_argument, "series " + std::to_string(series) + " was never defined"));
    }
    return stored->second->type;
}

void MemoryHistorian::append(const HistoryBatch& batch) {
    while (!options_.gate.empty() && std::filesystem::exists(options_.gate)) std::this_thread::sleep_for(5ms);
    disk_->pass_gate();
    if (batch.begin != appended_) {
        throw LinkError(Error(ErrorCode::invalid_argument,
                              "the batch begins at " + std::to_string(batch.begin) + "; wanted " + std::to_string(appended_)));
    }
    const auto rows = batch.samples.size();
    const auto taken = disk_->rows_until_failure(rows);
    take(batch, taken);
    disk_->count_rows(taken);
    if (taken < rows) throw std::runtime_error("struck by lightning at row " + std::to_string(taken) + " of a batch");
    appended_ = batch.end;
    if (pending_rows_ >= options_.flush_rows) flush();
}

void MemoryHistorian::take(const HistoryBatch& batch, std::uint64_t rows) {
    for (const auto& run : batch.runs) {
        if (run.first >= rows) break;
        const bool uses_blob = !is_scalar_word(type_of(run.series));
        auto& segment = pending_[run.series].rows;
        if (segment == nullptr) segment = std::make_shared<MemorySegment>();
        const auto end = std::min<std::uint64_t>(rows, run.first + run.count);
        for (std::size_t row = run.first; row < end; ++row) segment->add(batch.samples, row, uses_blob);
    }
    pending_rows_ += rows;
}

void MemoryHistorian::flush() {
    disk_->pass_gate();
    bool fails_before = false, fails_after = false;
    {
        const std::scoped_lock lock(disk_->mutex_);
        std::swap(fails_before, disk_->fails_before_);
        std::swap(fails_after, disk_->fails_after_);
    }
    if (fails_before) throw std::runtime_error("struck by lightning before the commit");
    auto next = std::make_shared<MemoryState>(*stored_);
    for (auto& [id, pending] : pending_) {
        const auto& known = next->series[id];
        auto series = std::make_shared<MemorySeries>();
        if (known != nullptr) *series = *known;
        if (pending.definition != nullptr) {
            pending.definition->segments = std::move(series->segments);
            *series = std::move(*pending.definition);
        }
        if (pending.rows != nullptr) {
            pending.rows->sort();
            next->samples += pending.rows->time.size();
            series->segments.push_back(std::move(pending.rows));
        }
        next->series[id] = std::move(series);
    }
    next->position = appended_;
    disk_->store(next);
    if (fails_after) throw std::runtime_error("struck by lightning after the commit");
    stored_ = std::move(next);
    persisted_ = appended_;
    pending_.clear();
    pending_rows_ = 0;
}

std::unique_ptr<HistoryReader> MemoryHistorian::open_reader() {
    return std::make_unique<MemoryReader>(stored_, options_.has_summaries);
}

// Drops what is older than its series keeps raw samples.
bool MemoryHistorian::tidy(UtcTime now) {
    auto next = std::make_shared<MemoryState>(*stored_);
    bool is_changed = false;
    for (auto& [id, series] : next->series) {
        const auto oldest = series->keep_raw == Duration{} ? INT64_MIN : to_ns(now) - series->keep_raw.count();
        const auto is_old = [&](const auto& segment) { return !segment->time.empty() && segment->time.front() < oldest; };
        if (std::ranges::none_of(series->segments, is_old)) continue;
        auto kept = std::make_shared<MemorySeries>(*series);
        for (auto& segment : kept->segments) {
            auto young = std::make_shared<MemorySegment>(segment->since(oldest, !is_scalar_word(series->type)));
            next->samples -= segment->time.size() - young->time.size();
            segment = std::move(young);
        }
        series = std::move(kept);
        is_changed = true;
    }
    if (!is_changed) return false;
    disk_->store(next);
    stored_ = std::move(next);
    return false;
}

HistorianStatus MemoryHistorian::status() const {
    return {.samples = stored_->samples, .bytes = stored_->samples * 24, .oldest_time = 0, .sentence = ""};
}

std::shared_ptr<const MemoryState> MemoryDisk::state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
}

void MemoryDisk::store(std::shared_ptr<const MemoryState> state) {
    const std::scoped_lock lock(mutex_);
    state_ = std::move(state);
}

void MemoryDisk::freeze() {
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
}

void MemoryDisk::thaw() {
    const std::scoped_lock lock(mutex_);
    is_closed_ = false;
    changed_.notify_all();
}

void MemoryDisk::fail_appends_at(std::uint64_t row) {
    const std::scoped_lock lock(mutex_);
    rows_to_failure_ = row;
}

void MemoryDisk::fail_next_flush(bool is_stored) {
    const std::scoped_lock lock(mutex_);
    (is_stored ? fails_after_ : fails_before_) = true;
}

void MemoryDisk::fail_opens(std::uint32_t count) {
    const std::scoped_lock lock(mutex_);
    failing_opens_ = count;
}

void MemoryDisk::slow_down(Duration per_batch) {
    const std::scoped_lock lock(mutex_);
    per_batch_ = per_batch;
}

std::uint64_t MemoryDisk::births() const {
    const std::scoped_lock lock(mutex_);
    return births_;
}

std::uint64_t MemoryDisk::appended_rows() const {
    const std::scoped_lock lock(mutex_);
    return rows_;
}

bool MemoryDisk::is_frozen() const {
    const std::scoped_lock lock(mutex_);
    return waiting_ != 0;
}

void MemoryDisk::wait_until_frozen() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ != 0; });
}

void MemoryDisk::pass_gate() {
    std::unique_lock lock(mutex_);
    waiting_ += 1;
    if (is_closed_) changed_.notify_all();
    changed_.wait(lock, [&] { return !is_closed_; });
    waiting_ -= 1;
    const auto pause = per_batch_;
    lock.unlock();
    if (pause != Duration{}) std::this_thread::sleep_for(pause);
}

void MemoryDisk::count_rows(std::uint64_t rows) {
    const std::scoped_lock lock(mutex_);
    rows_ += rows;
}

std::uint64_t MemoryDisk::rows_until_failure(std::uint64_t rows) {
    const std::scoped_lock lock(mutex_);
    if (rows_to_failure_ >= rows) {
        if (rows_to_failure_ != UINT64_MAX) rows_to_failure_ -= rows;
        return rows;
    }
    return std::exchange(rows_to_failure_, UINT64_MAX);
}

bool MemoryDisk::takes_failing_open() {
    const std::scoped_lock lock(mutex_);
    births_ += 1;
    if (failing_opens_ == 0) return false;
    failing_opens_ -= 1;
    return true;
}

}  // namespace penstock::testing
