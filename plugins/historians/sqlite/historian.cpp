#include "historian.hpp"

#include <algorithm>
#include <chrono>

#include "store/archive.hpp"
#include "store/backup.hpp"
#include "store/reader.hpp"
#include "store/rescue.hpp"
#include "store/schema.hpp"

namespace penstock::sqlite {
namespace {

MonotonicTime steady_now() {
    return MonotonicTime(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

Options options_of(const Settings& settings) {
    Options options;
    options.store_within = std::clamp<Duration>(settings.duration_or("store_within", kStoreWithin), 1s, kStoreWithin);
    const auto mebibytes = std::clamp<std::int64_t>(settings.integer_or("store_mebibytes", 64), 1, 64);
    options.store_bytes = static_cast<std::uint64_t>(mebibytes) * 1024 * 1024;
    return options;
}

}  // namespace

SqliteHistorian::SqliteHistorian(Settings settings) : SqliteHistorian(options_of(settings)) {}
SqliteHistorian::SqliteHistorian(const Options& options) : options_(options) {}
SqliteHistorian::~SqliteHistorian() = default;

JournalPosition SqliteHistorian::open(const std::filesystem::path& folder) {
    folder_ = folder;
    connections_ = std::make_shared<ReadConnections>(folder / kArchiveFile);
    try {
        archive_ = open_or_begin_anew(folder, connections_, told_);
    } catch (const Damaged& damaged) {
        throw LinkError(Error(ErrorCode::internal, damaged.what(), (folder / kArchiveFile).string(), true));
    }
    appended_ = archive_->facts().position;
    return appended_;
}

template <class Work>
auto SqliteHistorian::writing(const Work& work) {
    try {
        return work();
    } catch (const Damaged& damaged) {
        want_rescue(folder_);
        told_ = std::string(damaged.what()) + "; the archive is made anew from all that can be read at the next start";
        throw LinkError(Error(ErrorCode::unavailable, damaged.what(), (folder_ / kArchiveFile).string(), true));
    }
}

void SqliteHistorian::define(std::span<const SeriesInfo> series) {
    writing([&] { archive_->define(series); });
}

void SqliteHistorian::append(const HistoryBatch& batch) {
    if (batch.begin != appended_) {
        throw LinkError(Error(ErrorCode::invalid_argument, "a batch begins at position " + std::to_string(batch.begin)
                                                               + "; the one before ended at " + std::to_string(appended_)));
    }
    auto& series = archive_->series();
    for (const auto& run : batch.runs) static_cast<void>(series.at(run.series));
    if (!gather_.has_room_for(batch)) flush();
    const bool is_first = appended_ == persisted();
    if (is_first) oldest_gathered_ = steady_now();
    gather_.add(batch, [&](SeriesId id) { return series.has_texts(id); });
    appended_ = batch.end;
    if (gather_.bytes() >= options_.store_bytes || steady_now() - oldest_gathered_ >= options_.store_within) flush();
}

void SqliteHistorian::flush() {
    if (appended_ == persisted()) return;
    writing([&] { archive_->store(gather_, appended_); });
    gather_.clear();
}

JournalPosition SqliteHistorian::persisted() const noexcept { return archive_ ? archive_->facts().position : 0; }

std::unique_ptr<HistoryReader> SqliteHistorian::open_reader() { return std::make_unique<Reader>(connections_); }

bool SqliteHistorian::tidy(UtcTime now) {
    return writing([&] { return archive_->merge(options_.piece) || archive_->thin(to_ns(now), options_.piece); });
}

bool SqliteHistorian::back_up(const std::filesystem::path& folder) {
    auto backup = std::move(backup_);  // one that fails is over
    if (!backup || backup->folder() != folder) backup = std::make_unique<Backup>(archive_->database(), folder);
    const auto has_more = writing([&] { return backup->step(options_.piece); });
    if (!has_more) return false;
    backup_ = std::move(backup);
    return true;
}

HistorianStatus SqliteHistorian::status() const {
    HistorianStatus status;
    if (!archive_) return status;
    const auto& facts = archive_->facts();
    status.samples = static_cast<std::uint64_t>(facts.samples);
    status.bytes = archive_->bytes();
    status.oldest_time = facts.oldest.value_or(0);
    status.sentence = told_;
    return status;
}

}  // namespace penstock::sqlite
