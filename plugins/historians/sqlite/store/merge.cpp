#include "merge.hpp"

#include <algorithm>
#include <tuple>

namespace penstock::sqlite {

Merger::Merger(Database& database, SeriesTable& series, ChunkStore& chunks, BundleStore& bundles)
    : series_(series), chunks_(chunks), bundles_(bundles) {
    between_ = database.prepare(
        "SELECT 1 FROM summary WHERE series = ?1 AND t0 BETWEEN ?2 AND ?3 AND t1 >= ?4 AND sequence >= ?5 AND sequence < ?6 "
        "LIMIT 1");
}

bool Merger::step() {
    const auto due = bundles_.next_due();
    if (due.bundles.empty()) return false;
    std::vector<std::unique_ptr<Input>> inputs;
    std::vector<std::int64_t> whole;
    for (const auto& entry : due.bundles) {
        auto input = std::make_unique<Input>(bundles_.load(entry.id));
        if (input->reader.is_whole()) {
            inputs.push_back(std::move(input));
            whole.push_back(entry.id);
        } else {
            bundles_.set_aside(due.shard, entry.id);
        }
    }
    if (inputs.empty()) return true;

    const auto runs = runs_of(inputs);
    const auto sequence = std::ranges::min(runs, {}, [](const Run& run) { return run.place.key.sequence; }).place.key.sequence;
    BundleWriter out(std::min(due.shard.level + 1, kLevels - 1), sequence,
                     [this](const BundleFacts& facts, std::string_view bytes) { bundles_.insert(facts, bytes); });
    for (const auto id : whole) bundles_.remove(due.shard, id);
    for (std::size_t first = 0; first < runs.size();) {
        auto last = first + 1;
        while (last < runs.size() && runs[last].place.key.series == runs[first].place.key.series) ++last;
        merge_series(std::span(runs).subspan(first, last - first), inputs, out);
        first = last;
    }
    out.finish();
    return true;
}

std::vector<Merger::Run> Merger::runs_of(std::vector<std::unique_ptr<Input>>& inputs) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        while (const auto place = inputs[i]->reader.next()) runs.push_back({*place, i});
    std::ranges::sort(runs, {},
                      [](const Run& run) { return std::tuple(run.place.key.series, run.place.key.sequence, run.bundle); });
    return runs;
}

void Merger::merge_series(std::span<const Run> runs, std::vector<std::unique_ptr<Input>>& inputs, BundleWriter& out) {
    auto& series = series_.at(runs.front().place.key.series);
    auto first_sequence = runs.front().place.key.sequence;
    for (const auto& run : runs) {
        const auto sequence = run.place.key.sequence;
        if (!inputs[run.bundle]->reader.decode(run.place, *rows_))
            continue;  // its checksum was right: not as this version writes
        if (gathered_.size() > 0 && series.has_chunks && !may_join(series, first_sequence, sequence)) {
            emit(series.id, first_sequence, out);
            first_sequence = sequence;
        }
        if (gathered_.size() == 0) first_sequence = sequence;
        add_rows(series);
    }
    emit(series.id, first_sequence, out);
}

void Merger::add_rows(const Series& series) {
    const auto first = gathered_.size();
    const auto shift = gathered_.blob_size();
    gathered_.append(rows_->view());
    if (shift != 0 && !is_scalar_word(series.kind.type)) gathered_.shift_texts(first, rows_->size, shift);
}

bool Merger::may_join(const Series& series, std::uint64_t before, std::uint64_t next) {
    if (next == before) return true;
    const ResetAtEnd reset(between_);
    const auto from = rows_->time[0];
    const auto to = rows_->time[rows_->size - 1];
    between_.bind(1, std::int64_t{series.id}).bind(2, earlier_by(from, series.longest)).bind(3, to).bind(4, from);
    between_.bind(5, static_cast<std::int64_t>(before)).bind(6, static_cast<std::int64_t>(next));
    return !between_.step();
}

void Merger::emit(SeriesId series, std::uint64_t sequence, BundleWriter& out) {
    if (gathered_.size() == 0) return;
    gathered_.sort_by_time();
    const auto rows = gathered_.view();
    if (is_long(rows, series_.at(series).kind.type))
        chunks_.add(series, sequence, rows);
    else
        out.add({series, sequence}, rows, series_.at(series).kind);
    gathered_.clear();
}

}  // namespace penstock::sqlite
