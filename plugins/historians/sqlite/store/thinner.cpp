#include "thinner.hpp"

#include <algorithm>
#include <chrono>

#include "codec/chunk.hpp"
#include "columns.hpp"
#include "reader.hpp"

namespace penstock::sqlite {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kSweepEvery = 10 * kMinute;
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

// The end of the last whole step that is `keep` old.
std::int64_t border_of(std::int64_t now, std::int64_t keep, std::int64_t step) noexcept {
    const auto border = earlier_by(now, keep);
    const auto rest = border % step;
    return border == kLeast ? kLeast : border - (rest < 0 ? rest + step : rest);
}

class IntoMinutes final : public SampleSink {
public:
    explicit IntoMinutes(MinuteMaker* maker) : maker_(maker) {}
    bool take(const SampleView& samples) override {
        if (maker_ != nullptr) maker_->add(samples);
        rows += static_cast<std::int64_t>(samples.size());
        return true;
    }
    std::int64_t rows = 0;

private:
    MinuteMaker* maker_;
};

}  // namespace

std::int64_t step_of(std::int64_t keep) noexcept {
    if (keep >= 4 * kDay) return kDay;
    if (keep >= kDay) return 6 * kHour;
    return keep >= 4 * kHour ? kHour : kMinute;
}

Thinner::Thinner(Database& database, SeriesTable& series, BundleStore& bundles, std::shared_ptr<ReadConnections> connections)
    : database_(database), series_(series), bundles_(bundles), connections_(std::move(connections)) {
    insert_ = database.prepare("INSERT OR REPLACE INTO thinned VALUES(?, ?, ?, ?, ?, ?)");
    select_cells_ = database.prepare("SELECT cells FROM thinned WHERE series = ? AND grain = 0 AND t0 < ? ORDER BY t0");
    delete_cells_ = database.prepare("DELETE FROM thinned WHERE series = ? AND grain = 0 AND t0 < ?");
    drop_hours_ = database.prepare("DELETE FROM thinned WHERE series = ? AND grain = 1 AND t1 < ?");
    oldest_hours_ = database.prepare("SELECT t0 FROM thinned WHERE series = ? AND grain = 1 ORDER BY t0 LIMIT 1");
    old_chunks_ = database.prepare("SELECT id, t0 FROM summary WHERE series = ? AND t0 < ? AND t1 < ?");
    delete_chunk_ = database.prepare("DELETE FROM chunk WHERE id = ?");
    delete_summary_ = database.prepare("DELETE FROM summary WHERE series = ? AND t0 = ? AND id = ?");
}

Thinner::Progress Thinner::step(std::int64_t now, Duration budget) {
    if (!is_sweeping_) {
        if (now < next_sweep_ && now > earlier_by(next_sweep_, 2 * kSweepEvery)) return {};
        begin_sweep(now);
    }
    const auto end = std::chrono::steady_clock::now() + budget;
    went_ = 0;
    Transaction transaction(database_);
    Progress progress;
    do {
        if (!waiting_.empty()) {
            const auto id = waiting_.back();
            waiting_.pop_back();
            thin(series_.at(id));
        } else if (!waiting_bundles_.empty()) {
            const auto id = waiting_bundles_.back();
            waiting_bundles_.pop_back();
            clean_bundle(id);
        } else if (!find_oldest(progress)) {
            is_sweeping_ = false;
        }
    } while (is_sweeping_ && std::chrono::steady_clock::now() < end);
    transaction.commit();
    progress.has_more = is_sweeping_;
    progress.samples = went_;
    return progress;
}

// A piece of the sweep's last part, which is done only if something is gone for good. False at its end.
bool Thinner::find_oldest(Progress& progress) {
    if (!has_dropped_) return false;
    if (!finder_) {
        finder_.emplace(database_);
        for (const auto& [id, series] : series_.all()) measured_.push_back(id);
    }
    if (!measured_.empty()) {
        finder_->add(series_.at(measured_.back()));
        measured_.pop_back();
        return true;
    }
    finder_->add_bundles(series_);
    progress.oldest = OldestTime{finder_->oldest()};
    finder_.reset();
    has_dropped_ = false;
    return false;
}

void Thinner::begin_sweep(std::int64_t now) {
    now_ = now;
    next_sweep_ = later_by(now, kSweepEvery);
    is_sweeping_ = true;
    waiting_.clear();
    waiting_bundles_.clear();
    measured_.clear();
    finder_.reset();
    auto last = kLeast;
    for (const auto& [id, series] : series_.all()) {
        waiting_.push_back(id);
        last = std::max(last, border_of(now, series.keep_raw, step_of(series.keep_raw)));
    }
    std::ranges::sort(waiting_, std::greater());
    if (last <= cleaned_until_) return;
    cleaned_until_ = last;
    auto rows = database_.prepare("SELECT id FROM bundle WHERE t0 < ?");
    rows.bind(1, last);
    while (rows.step()) waiting_bundles_.push_back(rows.integer(0));
}

void Thinner::thin(Series& series) {
    const bool has_numbers = is_scalar_word(series.kind.type);
    const auto minutes = std::max(series.keep_raw, series.keep_minutes);
    const auto hours = std::max(minutes, series.keep_hours);
    const auto raw = has_numbers ? series.keep_raw : hours;
    thin_raw(series, border_of(now_, raw, step_of(raw)), has_numbers);
    if (!has_numbers) return;
    thin_minutes(series, border_of(now_, minutes, std::max(kHour, step_of(minutes))));
    drop_hours(series, border_of(now_, hours, std::max(kHour, step_of(hours))));
}

void Thinner::thin_raw(Series& series, std::int64_t border, bool makes_cells) {
    if (border <= series.raw_from) return;
    MinuteMaker maker(series.kind.type, series.held);
    IntoMinutes into(makes_cells ? &maker : nullptr);
    SampleRange range;
    range.series = series.id;
    range.from = series.raw_from;
    range.to = border;
    Reader(connections_).read(range, into);
    if (into.rows == 0) return;
    went_ += into.rows;
    has_dropped_ = has_dropped_ || !makes_cells;
    const auto cells = maker.finish(border);
    for (std::size_t first = 0; first < cells.size(); first += kMostRows)
        store_cells(series.id, Grain::minute, std::span(cells).subspan(first, std::min(kMostRows, cells.size() - first)));
    series.raw_from = border;
    series.held = maker.held();
    series_.save_borders(series);
    drop_chunks(series.id, border);
}

void Thinner::store_cells(SeriesId series, Grain grain, std::span<const Cell> cells) {
    const auto bytes = encode_cells(series, cells);
    insert_.bind(1, std::int64_t{series}).bind(2, static_cast<std::int64_t>(grain)).bind(3, cells.front().time);
    insert_.bind(4, cells.back().time + length_of(grain) - 1)
        .bind(5, static_cast<std::int64_t>(cells.size()))
        .bind_blob(6, bytes)
        .run();
}

void Thinner::drop_chunks(SeriesId series, std::int64_t border) {
    std::vector<std::pair<std::int64_t, std::int64_t>> old;
    old_chunks_.bind(1, std::int64_t{series}).bind(2, border).bind(3, border);
    while (old_chunks_.step()) old.emplace_back(old_chunks_.integer(0), old_chunks_.integer(1));
    for (const auto& [id, t0] : old) {
        delete_chunk_.bind(1, id).run();
        delete_summary_.bind(1, std::int64_t{series}).bind(2, t0).bind(3, id).run();
    }
}

void Thinner::thin_minutes(const Series& series, std::int64_t border) {
    std::vector<Cell> minutes;
    {
        const ResetAtEnd reset(select_cells_);
        select_cells_.bind(1, std::int64_t{series.id}).bind(2, border);
        while (select_cells_.step()) static_cast<void>(decode_cells(select_cells_.bytes(0), series.id, minutes));
    }
    if (minutes.empty() || minutes.front().time >= border) return;
    const auto kept = std::ranges::lower_bound(minutes, border, {}, &Cell::time);
    const auto hours = hours_of(std::span(minutes.begin(), kept), border);
    delete_cells_.bind(1, std::int64_t{series.id}).bind(2, border).run();
    for (std::size_t first = 0; first < hours.size(); first += kMostRows)
        store_cells(series.id, Grain::hour, std::span(hours).subspan(first, std::min(kMostRows, hours.size() - first)));
    for (auto from = kept; from != minutes.end();) {
        const auto count = std::min<std::ptrdiff_t>(kMostRows, minutes.end() - from);
        store_cells(series.id, Grain::minute, std::span(from, from + count));
        from += count;
    }
}

void Thinner::drop_hours(Series& series, std::int64_t border) {
    if (border <= series.hours_from) return;
    const ResetAtEnd reset(oldest_hours_);
    if (!oldest_hours_.bind(1, std::int64_t{series.id}).step() || oldest_hours_.integer(0) >= border) return;
    oldest_hours_.reset();
    drop_hours_.bind(1, std::int64_t{series.id}).bind(2, border).run();
    has_dropped_ = true;
    series.hours_from = border;
    series_.save_borders(series);
}

// A bundle goes when none of its rows is there any more; one of which less than half is left is written anew.
void Thinner::clean_bundle(std::int64_t id) {
    const auto bytes = bundles_.load(id);
    BundleReader reader(bytes, Verify::checksum);
    const auto rows = std::make_unique<RowBuffer>();
    std::vector<std::pair<RunPlace, std::size_t>> runs;  // and the first row that stays
    std::size_t all = 0, left = 0;
    while (const auto place = reader.next()) {
        if (!reader.decode(*place, *rows)) return;
        const auto times = std::span(rows->time).first(rows->size);
        const auto first = std::ranges::lower_bound(times, series_.at(place->key.series).raw_from) - times.begin();
        runs.emplace_back(*place, static_cast<std::size_t>(first));
        all += place->rows;
        left += place->rows - static_cast<std::size_t>(first);
    }
    if (!reader.is_whole() || all == 0 || 2 * left > all) return;
    const auto entry = bundles_.find(id);
    if (!entry) return;
    BundleWriter writer(entry->first.level, entry->second.sequence,
                        [this](const BundleFacts& facts, std::string_view made) { bundles_.insert(facts, made); });
    for (const auto& [place, first] : runs) {
        if (first == place.rows || !reader.decode(place, *rows)) continue;
        writer.add(place.key, rows_at(rows->view(), first, place.rows - first), series_.at(place.key.series).kind);
    }
    writer.finish();
    bundles_.remove(entry->first, id);
}

}  // namespace penstock::sqlite
