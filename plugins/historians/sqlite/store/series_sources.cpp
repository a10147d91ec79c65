#include "series_sources.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "bundle.hpp"
#include "chunk_search.hpp"
#include "columns.hpp"
#include "series_table.hpp"
#include "summary.hpp"
#include "time_text.hpp"

namespace penstock::sqlite {
namespace {

constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

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

SeriesSources::SeriesSources(ReadConnection& connection, Verify verify, const SampleRange& range,
                             std::vector<std::string>& damage)
    : connection_(connection),
      verify_(verify),
      range_(range),
      damage_(damage),
      is_down_(range.newest_first),
      is_empty_(range.from >= range.to) {
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

SeriesSources::~SeriesSources() {
    connection_.chunks_up.reset();
    connection_.chunks_down.reset();
}

// --- what there is ---

void SeriesSources::load_series() {
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
void SeriesSources::list_cells() {
    if (raw_from_ == range_.from) return;
    auto& row = connection_.thinned;
    const ResetAtEnd reset(row);
    row.bind(1, std::int64_t{range_.series}).bind(2, kLeast).bind(3, range_.to - 1).bind(4, range_.from);
    while (row.step()) {
        const auto t0 = row.integer(1);
        const auto t1 = row.integer(2);
        Source source{.kind = Source::Kind::cells, .first = key_of(is_down_ ? t1 : t0), .last = key_of(is_down_ ? t0 : t1)};
        source.grain = row.integer(0) == 0 ? Grain::minute : Grain::hour;
        if (decode_cells(row.bytes(3), range_.series, source.cells))
            add(std::move(source));
        else
            tell_damage("minutes or hours are damaged", t0, t1);
    }
}

void SeriesSources::list_bundles() {
    auto& row = connection_.bundles;
    const ResetAtEnd reset(row);
    row.bind(1, std::int64_t{range_.series}).bind(2, raw_from_).bind(3, range_.to - 1);
    while (row.step()) {
        Source source{.kind = Source::Kind::bundle,
                      .first = key_of(row.integer(is_down_ ? 2 : 1)),
                      .last = key_of(row.integer(is_down_ ? 1 : 2))};
        source.id = row.integer(0);
        add(std::move(source));
    }
}

void SeriesSources::begin_chunks() {
    auto& row = is_down_ ? connection_.chunks_down : connection_.chunks_up;
    row.bind(1, std::int64_t{range_.series}).bind(2, earlier_by(raw_from_, longest_)).bind(3, range_.to - 1);
    has_more_chunks_ = raw_from_ < range_.to;
    horizon_ = kLeast;
}

void SeriesSources::fetch_chunk() {
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
        Source source{.kind = Source::Kind::chunk, .first = key_of(is_down_ ? t1 : t0), .last = key_of(is_down_ ? t0 : t1)};
        source.id = row.integer(0);
        source.sequence = static_cast<std::uint64_t>(row.integer(3));
        source.count = static_cast<std::uint64_t>(row.integer(4));
        const SummaryRow checked{range_.series, static_cast<std::uint64_t>(source.id), source.sequence, summary_at(row)};
        if (verify_ == Verify::checksum && checked.checksum() != static_cast<std::uint32_t>(row.integer(17))) {
            tell_damage("the index of its chunks is damaged", range_.from, range_.to);
            find_chunks_without_index();
            return;
        }
        fetched_.push_back(source.id);
        if (wants_summaries_) source.summary = std::make_unique<SampleSummary>(checked.summary);
        add(std::move(source));
        return;
    }
}

void SeriesSources::find_chunks_without_index() {
    has_more_chunks_ = false;
    std::ranges::sort(fetched_);
    const auto take = [this](std::int64_t id, std::uint64_t sequence, const RowBuffer& rows) {
        if (!std::ranges::binary_search(fetched_, id)) add_unindexed(id, sequence, rows);
    };
    search_chunks(connection_, verify_, range_.series, take,
                  [this](const std::string& what) { tell_damage(what, range_.from, range_.to); });
}

void SeriesSources::add_unindexed(std::int64_t id, std::uint64_t sequence, const RowBuffer& rows) {
    const auto t0 = rows.time[0];
    const auto t1 = rows.time[rows.size - 1];
    if (t1 < raw_from_ || t0 >= range_.to) return;
    Source source{.kind = Source::Kind::chunk, .first = key_of(is_down_ ? t1 : t0), .last = key_of(is_down_ ? t0 : t1)};
    if (source.first < passed_) return;  // too late to come in its place
    source.id = id;
    source.sequence = sequence;
    source.count = rows.size;
    add(std::move(source));
}

void SeriesSources::add(Source source) {
    const auto place = std::ranges::upper_bound(listed_, source.first, std::greater(), &Source::first);
    listed_.insert(place, std::move(source));
}

void SeriesSources::list_until(Key key) {
    while (has_more_chunks_ && horizon_ <= key) fetch_chunk();
}

bool SeriesSources::find_next() {
    while (listed_.empty() && has_more_chunks_) fetch_chunk();
    return !listed_.empty();
}

bool SeriesSources::is_nearest_alone() {
    const auto first = listed_.back().first;
    const auto last = listed_.back().last;
    if (first < raw_from_ || last > high_) return false;
    list_until(last);
    // What was listed meanwhile begins no earlier than this one, but may stand before it.
    const auto& nearest = listed_.back();
    return nearest.summary && nearest.first == first && nearest.last == last
           && (listed_.size() < 2 || listed_[listed_.size() - 2].first > last);
}

Source SeriesSources::take_nearest() {
    auto source = std::move(listed_.back());
    listed_.pop_back();
    return source;
}

// --- what is in it ---

std::optional<SourceRows> SeriesSources::open_nearest() {
    auto source = take_nearest();
    try {
        if (source.kind == Source::Kind::chunk) load_chunk(source);
        if (source.kind == Source::Kind::bundle) load_bundle(source);
        if (source.kind == Source::Kind::cells) load_cells(source);
    } catch (const Damaged& damaged) {
        tell_damage_of(source, damaged.what());
        return std::nullopt;
    }
    if (source.kind != Source::Kind::rows) return std::nullopt;
    return cut(std::move(source));
}

void SeriesSources::load_chunk(Source& source) {
    auto& row = connection_.chunk;
    const ResetAtEnd reset(row);
    if (!row.bind(1, source.id).step()) throw Damaged("is not there");
    const auto bytes = std::make_shared<const std::string>(row.bytes(0));
    auto rows = connection_.buffer();
    ChunkKey key;
    const bool is_whole =
        decode_chunk(*bytes, key, *rows, verify_)
        && (verify_ == Verify::nothing || (key == ChunkKey{range_.series, source.sequence} && rows->size == source.count));
    if (!is_whole) {
        connection_.give_back(std::move(rows));
        throw Damaged("is damaged");
    }
    source.rows = std::move(rows);
    source.bytes = bytes;
    source.kind = Source::Kind::rows;
}

// Finds the series' runs; each becomes a source of its own.
void SeriesSources::load_bundle(const Source& source) {
    auto& row = connection_.bundle;
    const ResetAtEnd reset(row);
    if (!row.bind(1, source.id).step()) throw Damaged("is not there");
    const auto bytes = std::make_shared<const std::string>(row.bytes(0));
    BundleReader bundle(*bytes, verify_);
    while (const auto place = bundle.next()) {
        if (place->key.series > range_.series) break;
        if (place->key.series != range_.series) continue;
        auto rows = connection_.buffer();
        if (!bundle.decode(*place, *rows)) throw Damaged("holds a run that makes no sense");
        const auto first = key_of(rows->time[is_down_ ? rows->size - 1 : 0]);
        const auto last = key_of(rows->time[is_down_ ? 0 : rows->size - 1]);
        Source run{.kind = Source::Kind::rows, .first = first, .last = last, .sequence = place->key.sequence, .id = source.id};
        run.rows = std::move(rows);
        run.bytes = bytes;
        add(std::move(run));
    }
    if (!bundle.is_whole()) throw Damaged("is damaged");
}

void SeriesSources::load_cells(Source& source) {
    auto rows = connection_.buffer();
    rows->size = source.cells.size();
    rows->blob = {};
    rows->causes.assign(1, cause_of(source.grain));
    for (std::size_t i = 0; i < rows->size; ++i) {
        const auto sample = sample_of(source.cells[i], type_);
        rows->time[i] = source.cells[i].time;
        rows->status[i] = sample.status;
        rows->word[i] = sample.word;
    }
    source.rows = std::move(rows);
    source.kind = Source::Kind::rows;
}

// The rows that the range wants.
std::optional<SourceRows> SeriesSources::cut(Source source) {
    if (is_down_) turn_around(*source.rows);
    // Of raw rows those that are there; of cells those inside the range.
    const auto from = source.cells.empty() ? raw_from_ : source.grain == Grain::hour ? hours_from_ : range_.from;
    const auto low = is_down_ ? low_ : from;
    const auto high = is_down_ ? key_of(from) : high_;
    const auto keys = std::span(source.rows->time).first(source.rows->size);
    const auto to_key = [this](std::int64_t time) { return key_of(time); };
    const auto next = static_cast<std::size_t>(std::ranges::lower_bound(keys, low, {}, to_key) - keys.begin());
    const auto end = static_cast<std::size_t>(std::ranges::upper_bound(keys, high, {}, to_key) - keys.begin());
    if (next >= end) {
        connection_.give_back(std::move(source.rows));
        return std::nullopt;
    }
    return SourceRows{source.sequence,         source.id,   next, end, std::move(source.rows), std::move(source.bytes),
                      std::move(source.cells), source.grain};
}

// --- damage ---

void SeriesSources::tell_damage_of(const Source& source, const std::string& what) {
    const bool is_chunk = source.kind == Source::Kind::chunk;
    auto sentence = (is_chunk ? "chunk " : "bundle ") + std::to_string(source.id) + ' ' + what;
    if (is_chunk) sentence += ", " + std::to_string(source.count) + " samples are missing";
    tell_damage(sentence, key_of(is_down_ ? source.last : source.first), key_of(is_down_ ? source.first : source.last));
}

void SeriesSources::tell_damage(const std::string& what, std::int64_t from, std::int64_t to) {
    damage_.push_back("series " + std::to_string(range_.series) + " (" + name_ + "), " + utc_text(from) + " to " + utc_text(to)
                      + ": " + what);
}

}  // namespace penstock::sqlite
