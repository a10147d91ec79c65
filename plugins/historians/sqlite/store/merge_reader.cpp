#include "merge_reader.hpp"

#include <algorithm>
#include <utility>

#include "columns.hpp"

namespace penstock::sqlite {

MergeReader::MergeReader(ReadConnection& connection, Verify verify, const SampleRange& range, std::vector<std::string>& damage)
    : connection_(connection), range_(range), sources_(connection, verify, range, damage), skip_(range.skip) {}

MergeReader::~MergeReader() {
    for (auto& open : open_) connection_.give_back(std::move(open.rows));
}

bool MergeReader::prepare() {
    is_summary_next_ = false;
    while (!open_.empty() || sources_.find_next()) {
        const auto next = std::min(open_.empty() ? kNever : head(open_[best_open()]), sources_.next_listed());
        sources_.list_until(next);
        if (sources_.next_listed() > next || !sources_.has_listed()) return true;
        if (goes_as_summary()) return is_summary_next_ = true;
        if (auto rows = sources_.open_nearest()) open_.push_back(*std::move(rows));
    }
    return false;
}

// A chunk alone in its time, whole and inside one cell.
bool MergeReader::goes_as_summary() {
    const auto& nearest = sources_.nearest();
    if (!nearest.summary || !lies_in_one_cell(nearest.first, nearest.last)) return false;
    // Of those that are open none has a row in between: late samples may lie far apart.
    if (!open_.empty() && head(open_[best_open()]) <= nearest.last) return false;
    return sources_.is_nearest_alone();
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

bool MergeReader::comes_first(const SourceRows& a, const SourceRows& b) const noexcept {
    return (std::pair(a.sequence, a.id) < std::pair(b.sequence, b.id)) != range_.newest_first;
}

std::size_t MergeReader::end_of_piece(std::size_t best) const noexcept {
    const auto& open = open_[best];
    const auto last = sources_.key_of(open.rows->time[open.end - 1]);
    auto bound = kNever;  // rows with a smaller key go
    bool with_equal = true;  // and those with this key
    const auto limit = [&](Key key, bool takes_equal) {
        if (key > bound) return;
        with_equal = takes_equal && (with_equal || key < bound);
        bound = key;
    };
    for (std::size_t i = 0; i < open_.size(); ++i)
        if (i != best) limit(head(open_[i]), comes_first(open, open_[i]));
    limit(sources_.next_possible(), false);
    if (last < bound || (last == bound && with_equal)) return open.end;
    const auto keys = std::span(open.rows->time).first(open.end).subspan(open.next);
    const auto to_key = [this](std::int64_t time) { return sources_.key_of(time); };
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
    sources_.pass(sources_.key_of(open.rows->time[end - 1]));
    const bool goes_on = skipped == count || take(rows_at(open.rows->view(), first, count - skipped));
    if (open.next == open.end) {
        connection_.give_back(std::move(open.rows));
        open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(best));
    }
    return goes_on;
}

void MergeReader::read(SampleSink& into) {
    while (prepare())
        if (!emit([&](const SampleView& rows) { return into.take(rows); })) return;
}

void MergeReader::summarise(std::int64_t most_span, SummarySink& into) {
    const bool has_numbers = is_scalar_word(sources_.type()) && !range_.newest_first && skip_ == 0;
    most_span_ = has_numbers ? most_span : 0;
    if (has_numbers) sources_.want_summaries();
    while (prepare()) {
        if (is_summary_next_) {
            const auto chunk = sources_.take_nearest();
            sources_.pass(chunk.last);
            if (!into.take(*chunk.summary)) return;
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

}  // namespace penstock::sqlite
