#include "merge_reader.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "bundle.hpp"
#include "columns.hpp"
#include "series_table.hpp"
#include "summary.hpp"
#include "time_text.hpp"

namespace penstock::sqlite {
namespace {

constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr int kMostDamagedPages = 16;

SampleSummary summary_at(const Statement& row) {
    SampleSummary summary;
    summary.first_time = row.integer(1);
    summary.last_time = row.integer(2);
    summary.count = static_cast<std::uint64_t>(row.integer(4));
    summary.good = static_cast<std::uint64_t>(row.integer(5));
    summary.bad = static_cast<std::uint64_t>(row.integer(6));
    summary.minimum = row.real(7);
    summary.maximum = row.real(8);
    summary.minimum_time = wrapped_sum(summary.first_time, row.integer(9));
    summary.maximum_time = wrapped_sum(summary.first_time, row.integer(10));
    summary.first = row.real(11);
    summary.last = row.real(12);
    summary.weighted_sum = row.real(13);
    summary.weighted_seconds = row.real(14);
    summary.worst = static_cast<QualityCode>(row.integer(15));
    summary.transitions = static_cast<std::uint64_t>(row.integer(16));
    return summary;
}

void turn_around(RowBuffer& rows) noexcept {
    const auto turn = [&](auto& column) {
        std::reverse(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(rows.size));
    };
    turn(rows.time);
    turn(rows.status);
    turn(rows.word);
}

}  // namespace

MergeReader::MergeReader(ReadConnection& connection, Verify verify, const SampleRange& range, std::vector<std::string>& damage)
    : connection_(connection),
      verify_(verify),
      range_(range),
      damage_(damage),
      is_down_(range.newest_first),
      skip_(range.skip) {
    is_empty_ = range.from >= range.to;
    if (is_empty_) return;
    low_ = is_down_ ? key_of(range.to - 1) : range.from;
    high_ = is_down_ ? key_of(range.from) : range.to - 1;
    load_series();
    if (is_empty_) return;
    try {
        list_cells();
        if (raw_from_ < range_.to) list_bundles();
    } catch (const Damaged& damaged) {
        tell_damage(std::string("the list of bundles is damaged (") + damaged.what() + ")", range_.from, range_.to);
    }
    begin_chunks();
}

MergeReader::~MergeReader() {
    connection_.chunks_up.reset();
    connection_.chunks_down.reset();
    connection_.bundles.reset();
    connection_.thinned.reset();
    for (auto& open : open_) give_back(std::move(open.rows));
}

void MergeReader::load_series() {
    auto& row = connection_.series;
    const ResetAtEnd reset(row);
    raw_from_ = hours_from_ = range_.from;
    longest_ = kEndless;
    try {
        is_empty_ = !row.bind(1, std::int64_t{range_.series}).step();
    } catch (const Damaged& damaged) {
        tell_damage(std::string("the list of series is damaged (") + damaged.what() + ")", range_.from, range_.to);
        return;
    }
    if (is_empty_) return;
    name_ = row.bytes(0);
    type_ = static_cast<ValueType>(row.integer(1));
    longest_ = row.integer(2);
    raw_from_ = row.is_null(3) ? range_.from : std::max(range_.from, row.integer(3));
    hours_from_ = row.is_null(4) ? range_.from : std::max(range_.from, row.integer(4));
}

// What stands for raw samples that are gone: all of it at once, a row of the table holds up to a thousand cells.
void MergeReader::list_cells() {
    if (raw_from_ == range_.from) return;
    auto& row = connection_.thinned;
    const ResetAtEnd reset(row);
    row.bind(1, std::int64_t{range_.series}).bind(2, kLeast).bind(3, range_.to - 1).bind(4, range_.from);
    while (row.step()) {
        const auto t0 = row.integer(1);
        const auto t1 = row.integer(2);
        Pending pending{.kind = Kind::cells, .first = key_of(is_down_ ? t1 : t0), .last = key_of(is_down_ ? t0 : t1)};
        pending.grain = row.integer(0) == 0 ? Grain::minute : Grain::hour;
        if (decode_cells(row.bytes(3), range_.series, pending.cells))
            add_pending(std::move(pending));
        else
            tell_damage("minutes or hours are damaged", t0, t1);
    }
}

void MergeReader::list_bundles() {
    const ResetAtEnd reset_levels(connection_.levels);
    if (!connection_.levels.step()) return;
    const auto most = std::min<std::int64_t>(connection_.levels.integer(0), kLevels - 1);
    auto& row = connection_.bundles;
    for (unsigned level = 0; level <= static_cast<unsigned>(most); ++level) {
        row.bind(1, std::int64_t{level})
            .bind(2, std::int64_t{shard_of(range_.series, level)})
            .bind(3, std::int64_t{range_.series});
        row.bind(4, raw_from_).bind(5, range_.to - 1);
        while (row.step()) {
            Pending pending{.kind = Kind::bundle,
                            .first = key_of(row.integer(is_down_ ? 2 : 1)),
                            .last = key_of(row.integer(is_down_ ? 1 : 2))};
            pending.id = row.integer(0);
            add_pending(std::move(pending));
        }
    }
}

void MergeReader::begin_chunks() {
    auto& row = is_down_ ? connection_.chunks_down : connection_.chunks_up;
    row.bind(1, std::int64_t{range_.series}).bind(2, earlier_by(raw_from_, longest_)).bind(3, range_.to - 1);
    has_more_chunks_ = raw_from_ < range_.to;
    horizon_ = kLeast;
}

void MergeReader::fetch_chunk() {
    auto& row = is_down_ ? connection_.chunks_down : connection_.chunks_up;
    while (true) {
        try {
            has_more_chunks_ = row.step();
        } catch (const Damaged& damaged) {
            tell_damage(std::string("the index of its chunks is damaged (") + damaged.what() + ")", range_.from, range_.to);
            find_chunks_without_index();
            return;
        }
        if (!has_more_chunks_) return;
        const auto t0 = row.integer(1);
        const auto t1 = row.integer(2);
        horizon_ = is_down_ ? key_of(later_by(t0, longest_)) : t0;
        if (t1 < raw_from_) continue;
        Pending pending{.kind = Kind::chunk, .first = key_of(is_down_ ? t1 : t0), .last = key_of(is_down_ ? t0 : t1)};
        pending.id = row.integer(0);
        pending.sequence = static_cast<std::uint64_t>(row.integer(3));
        pending.count = static_cast<std::uint64_t>(row.integer(4));
        const SummaryRow checked{range_.series, static_cast<std::uint64_t>(pending.id), pending.sequence, summary_at(row)};
        if (verify_ == Verify::checksum && checked.checksum() != static_cast<std::uint32_t>(row.integer(17))) {
            tell_damage("the index of its chunks is damaged", range_.from, range_.to);
            find_chunks_without_index();
            return;
        }
        fetched_.push_back(pending.id);
        if (most_span_ > 0) pending.summary = std::make_unique<SampleSummary>(checked.summary);
        add_pending(std::move(pending));
        return;
    }
}

// Every chunk says itself what it is, so that a damaged index costs time and no samples: all chunks of the archive are looked at.
void MergeReader::find_chunks_without_index() {
    has_more_chunks_ = false;
    std::ranges::sort(fetched_);
    const auto rows = buffer();
    auto chunks = connection_.database.prepare("SELECT id, rows FROM chunk WHERE id > ? ORDER BY id");
    std::int64_t last = 0;
    for (int damaged_pages = 0; damaged_pages < kMostDamagedPages;) {
        try {
            chunks.bind(1, last);
            while (chunks.step()) {
                last = chunks.integer(0);
                add_unindexed(last, chunks.bytes(1), *rows);
            }
            return;
        } catch (const Damaged& damaged) {
            tell_damage(std::string("a page of chunks cannot be read (") + damaged.what() + ')', range_.from, range_.to);
            chunks.reset();
            last += 1 << damaged_pages++;  // behind the page, somewhere
        }
    }
}

void MergeReader::add_unindexed(std::int64_t id, std::string_view bytes, RowBuffer& rows) {
    ByteReader head(bytes);
    if (head.byte() != kChunkVersion || head.varint() != range_.series || std::ranges::binary_search(fetched_, id)) return;
    ChunkKey key;
    if (!decode_chunk(bytes, key, rows, verify_) || key.series != range_.series) return;
    const auto t0 = rows.time[0];
    const auto t1 = rows.time[rows.size - 1];
    if (t1 < raw_from_ || t0 >= range_.to) return;
    Pending pending{.kind = Kind::chunk, .first = key_of(is_down_ ? t1 : t0), .last = key_of(is_down_ ? t0 : t1)};
    if (pending.first < emitted_) return;  // too late to come in its place
    pending.id = id;
    pending.sequence = key.sequence;
    pending.count = rows.size;
    add_pending(std::move(pending));
}

void MergeReader::add_pending(Pending pending) {
    const auto place = std::ranges::upper_bound(pending_, pending.first, std::greater(), &Pending::first);
    pending_.insert(place, std::move(pending));
}

void MergeReader::fetch_until(Key key) {
    while (has_more_chunks_ && horizon_ <= key) fetch_chunk();
}

bool MergeReader::prepare() {
    is_summary_next_ = false;
    while (true) {
        if (open_.empty() && pending_.empty()) {
            if (!has_more_chunks_) return false;
            fetch_chunk();
            continue;
        }
        const auto next = open_.empty() ? pending_.back().first
                                        : std::min(head(open_[best_open()]), pending_.empty() ? kMost : pending_.back().first);
        fetch_until(next);
        if (pending_.empty() || pending_.back().first > next) return true;
        if (goes_as_summary()) return is_summary_next_ = true;
        auto pending = std::move(pending_.back());
        pending_.pop_back();
        activate(std::move(pending));
    }
}

void MergeReader::activate(Pending pending) {
    try {
        if (pending.kind == Kind::chunk) activate_chunk(pending);
        if (pending.kind == Kind::bundle) activate_bundle(pending);
        if (pending.kind == Kind::cells) activate_cells(pending);
    } catch (const Damaged& damaged) {
        tell_damage_of(pending, damaged.what());
        return;
    }
    if (pending.kind == Kind::rows) open_rows(pending);
}

void MergeReader::activate_chunk(Pending& pending) {
    auto& row = connection_.chunk;
    const ResetAtEnd reset(row);
    if (!row.bind(1, pending.id).step()) throw Damaged("is not there");
    const auto bytes = std::make_shared<const std::string>(row.bytes(0));
    auto rows = buffer();
    ChunkKey key;
    const bool is_whole =
        decode_chunk(*bytes, key, *rows, verify_)
        && (verify_ == Verify::nothing || (key == ChunkKey{range_.series, pending.sequence} && rows->size == pending.count));
    if (!is_whole) {
        give_back(std::move(rows));
        throw Damaged("is damaged");
    }
    pending.rows = std::move(rows);
    pending.bytes = bytes;
    pending.kind = Kind::rows;
}

// Finds the series' runs; each becomes a pending source of its own.
void MergeReader::activate_bundle(Pending& pending) {
    auto& row = connection_.bundle;
    const ResetAtEnd reset(row);
    if (!row.bind(1, pending.id).step()) throw Damaged("is not there");
    const auto bytes = std::make_shared<const std::string>(row.bytes(0));
    BundleReader bundle(*bytes, verify_);
    while (const auto place = bundle.next()) {
        if (place->key.series > range_.series) break;
        if (place->key.series != range_.series) continue;
        auto rows = buffer();
        if (!bundle.decode(*place, *rows)) throw Damaged("holds a run that makes no sense");
        const auto first = key_of(rows->time[is_down_ ? rows->size - 1 : 0]);
        const auto last = key_of(rows->time[is_down_ ? 0 : rows->size - 1]);
        Pending run{.kind = Kind::rows, .first = first, .last = last, .sequence = place->key.sequence, .id = pending.id};
        run.rows = std::move(rows);
        run.bytes = bytes;
        add_pending(std::move(run));
    }
    if (!bundle.is_whole()) throw Damaged("is damaged");
}

void MergeReader::activate_cells(Pending& pending) {
    auto rows = buffer();
    rows->size = pending.cells.size();
    rows->blob = {};
    rows->causes.assign(1, cause_of(pending.grain));
    for (std::size_t i = 0; i < rows->size; ++i) {
        const auto sample = sample_of(pending.cells[i], type_);
        rows->time[i] = pending.cells[i].time;
        rows->status[i] = sample.status;
        rows->word[i] = sample.word;
    }
    pending.rows = std::move(rows);
    pending.kind = Kind::rows;
}

void MergeReader::open_rows(Pending& pending) {
    if (is_down_) turn_around(*pending.rows);
    // Of raw rows those that are there; of cells those inside the range.
    const auto from = pending.cells.empty() ? raw_from_ : pending.grain == Grain::hour ? hours_from_ : range_.from;
    const auto low = is_down_ ? low_ : from;
    const auto high = is_down_ ? key_of(from) : high_;
    const auto keys = std::span(pending.rows->time).first(pending.rows->size);
    const auto to_key = [this](std::int64_t time) { return key_of(time); };
    const auto next = static_cast<std::size_t>(std::ranges::lower_bound(keys, low, {}, to_key) - keys.begin());
    const auto end = static_cast<std::size_t>(std::ranges::upper_bound(keys, high, {}, to_key) - keys.begin());
    if (next >= end) {
        give_back(std::move(pending.rows));
        return;
    }
    open_.push_back({pending.sequence, pending.id, next, end, std::move(pending.rows), std::move(pending.bytes),
                     std::move(pending.cells), pending.grain});
}

std::size_t MergeReader::best_open() const noexcept {
    std::size_t best = 0;
    for (std::size_t i = 1; i < open_.size(); ++i) {
        const auto& a = open_[i];
        const auto& b = open_[best];
        if (head(a) != head(b) ? head(a) < head(b) : comes_first(a, b)) best = i;
    }
    return best;
}

bool MergeReader::comes_first(const Open& a, const Open& b) const noexcept {
    return (std::pair(a.sequence, a.id) < std::pair(b.sequence, b.id)) != is_down_;
}

std::size_t MergeReader::end_of_piece(std::size_t best) const noexcept {
    const auto& open = open_[best];
    const auto last = key_of(open.rows->time[open.end - 1]);
    auto bound = kMost;  // rows with a smaller key go
    bool with_equal = true;  // and those with this key
    const auto limit = [&](Key key, bool takes_equal) {
        if (key > bound) return;
        with_equal = takes_equal && (with_equal || key < bound);
        bound = key;
    };
    for (std::size_t i = 0; i < open_.size(); ++i)
        if (i != best) limit(head(open_[i]), comes_first(open, open_[i]));
    if (!pending_.empty()) limit(pending_.back().first, false);
    if (has_more_chunks_) limit(horizon_, false);
    if (last < bound || (last == bound && with_equal)) return open.end;
    const auto keys = std::span(open.rows->time).first(open.end).subspan(open.next);
    const auto to_key = [this](std::int64_t time) { return key_of(time); };
    const auto found =
        with_equal ? std::ranges::upper_bound(keys, bound, {}, to_key) : std::ranges::lower_bound(keys, bound, {}, to_key);
    return open.next + static_cast<std::size_t>(found - keys.begin());
}

template <class Take>
bool MergeReader::emit(const Take& take) {
    const auto best = best_open();
    const auto end = end_of_piece(best);
    auto& open = open_[best];
    const auto count = end - open.next;
    const auto skipped = std::min<std::uint64_t>(skip_, count);
    skip_ -= skipped;
    const auto first = open.next + skipped;
    open.next = end;
    emitted_ = key_of(open.rows->time[end - 1]);
    const bool goes_on = skipped == count || take(rows_at(open.rows->view(), first, count - skipped));
    if (open.next == open.end) {
        give_back(std::move(open.rows));
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(best));
    }
    return goes_on;
}

void MergeReader::read(SampleSink& into) {
    while (!is_empty_ && prepare())
        if (!emit([&](const SampleView& rows) { return into.take(rows); })) return;
}

void MergeReader::summarise(std::int64_t most_span, SummarySink& into) {
    const bool has_numbers = is_scalar_word(type_) && !is_down_ && skip_ == 0;
    most_span_ = has_numbers ? most_span : 0;
    while (!is_empty_ && prepare()) {
        if (is_summary_next_) {
            const auto summary = std::move(pending_.back().summary);
            emitted_ = pending_.back().last;
            pending_.pop_back();
            if (!into.take(*summary)) return;
        } else if (most_span_ > 0 && !open_[best_open()].cells.empty()) {
            if (!emit_cells(into)) return;
        } else if (!emit([&](const SampleView& rows) { return into.take(rows); })) {
            return;
        }
    }
}

bool MergeReader::emit_cells(SummarySink& into) {
    const auto& open = open_[best_open()];
    const auto next = open.next;
    const auto grain = open.grain;
    const auto cells = open.cells;  // emit() may close it
    return emit([&](const SampleView& rows) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto summary = summary_of(cells[next + i], grain);
            const bool is_inside = summary.last_time < range_.to && lies_in_one_cell(summary.first_time, summary.last_time);
            if (!(is_inside ? into.take(summary) : into.take(rows_at(rows, i, 1)))) return false;
        }
        return true;
    });
}

bool MergeReader::lies_in_one_cell(std::int64_t first, std::int64_t last) const noexcept {
    const auto from_begin = [this](std::int64_t time) {
        return static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(range_.from);
    };
    const auto span = static_cast<std::uint64_t>(most_span_);
    return from_begin(first) / span == from_begin(last) / span;
}

// Alone in its time, whole and inside one cell.
bool MergeReader::goes_as_summary() {
    const auto first = pending_.back().first;
    const auto last = pending_.back().last;
    if (!pending_.back().summary || first < raw_from_ || last > high_) return false;
    if (!lies_in_one_cell(first, last)) return false;
    // Of those that are open none has a row in between: late samples may lie far apart.
    if (!open_.empty() && head(open_[best_open()]) <= last) return false;
    fetch_until(last);
    // What was fetched meanwhile begins no earlier than this one, but may stand before it in the list.
    return pending_.back().summary && pending_.back().first == first && pending_.back().last == last
           && (pending_.size() < 2 || pending_[pending_.size() - 2].first > last);
}

void MergeReader::tell_damage_of(const Pending& pending, const std::string& what) {
    const bool is_chunk = pending.kind == Kind::chunk;
    auto sentence = (is_chunk ? "chunk " : "bundle ") + std::to_string(pending.id) + ' ' + what;
    if (is_chunk) sentence += ", " + std::to_string(pending.count) + " samples are missing";
    tell_damage(sentence, key_of(is_down_ ? pending.last : pending.first), key_of(is_down_ ? pending.first : pending.last));
}

void MergeReader::tell_damage(const std::string& what, std::int64_t from, std::int64_t to) {
    damage_.push_back("series " + std::to_string(range_.series) + " (" + name_ + "), " + utc_text(from) + " to " + utc_text(to)
                      + ": " + what);
}

std::unique_ptr<RowBuffer> MergeReader::buffer() {
    auto& free = connection_.buffers;
    if (free.empty()) return std::make_unique<RowBuffer>();
    auto rows = std::move(free.back());
    free.pop_back();
    return rows;
}

void MergeReader::give_back(std::unique_ptr<RowBuffer> rows) {
    if (rows && connection_.buffers.size() < 4) connection_.buffers.push_back(std::move(rows));
}

}  // namespace penstock::sqlite
