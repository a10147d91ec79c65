#include "core/history/querying/tag_tails.hpp"

#include <algorithm>

#include "core/history/journal_tail.hpp"

namespace penstock::history {
namespace {

void add_once(std::vector<IncompleteRange>& into, IncompleteRange range) {
    const auto is_same = [&](const IncompleteRange& each) {
        return each.from == range.from && each.to == range.to && each.cause == range.cause;
    };
    if (std::ranges::none_of(into, is_same)) into.push_back(std::move(range));
}

}  // namespace

Result<std::shared_ptr<const TagTail>> TagTails::get(JournalTail& journal, tags::TagId tag, bool uses_blob,
                                                     journal::Position from, journal::Position end, std::size_t most_rows) {
    const auto known = find(tag, from, end);
    if (known && known->end == end) return known;
    auto tail = std::make_shared<TagTail>(tag, from, uses_blob);
    if (known) {  // others may look at it: it grows as a copy
        tail->end = known->end;
        tail->first_time = known->first_time;
        tail->missing = known->missing;
        tail->rows.append(known->view);
    }
    if (auto extended = extend(*tail, journal, end, most_rows); !extended) return std::unexpected(extended.error());
    tail->rows.sort();
    tail->view = tail->rows.view();
    if (tail->rows.size() <= kMostRows) keep(tail);
    return tail;
}

Result<void> TagTails::extend(TagTail& tail, JournalTail& journal, journal::Position end, std::size_t most_rows) {
    DecodedValues values;
    std::vector<IncompleteRange> missing;
    const auto take = [&](const TailRecord& record) {
        if (!tail.first_time) tail.first_time = record.time;
        if (record.head.first_tag > tail.tag) return true;
        ++looked_into_;
        if (!find_values(record.body, std::span(&tail.tag, 1), values)) {
            missing.push_back({record.time, record.time, "a record of the journal cannot be read"});
            return true;
        }
        for (const auto& run : values.runs()) tail.rows.append(values.samples(run));
        return tail.rows.size() <= most_rows;
    };
    const auto done = journal.for_each(tail.end, end, take, &missing);
    if (!done) return std::unexpected(done.error());
    if (tail.rows.size() > most_rows)
        return fail(ErrorCode::unavailable,
                    "more than " + std::to_string(most_rows) + " samples are not stored yet; ask again when they are", {},
                    true);
    for (auto& each : missing) add_once(tail.missing, std::move(each));
    tail.end = std::max(tail.end, end);
    return {};
}

TagTails::Kept TagTails::find(tags::TagId tag, journal::Position from, journal::Position end) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(kept_, [&](const Kept& each) { return each->tag == tag && each->from == from; });
    if (found == kept_.end() || (*found)->end > end) return nullptr;
    std::rotate(found, found + 1, kept_.end());
    return kept_.back();
}

// Instead of what was known of the tag: a historian's position only grows.
void TagTails::keep(Kept tail) {
    const std::lock_guard lock(mutex_);
    const auto is_older = [&](const Kept& each) {
        return each->tag == tail->tag && (each->from < tail->from || (each->from == tail->from && each->end <= tail->end));
    };
    std::erase_if(kept_, is_older);
    if (kept_.size() >= kMost) kept_.erase(kept_.begin());
    kept_.push_back(std::move(tail));
}

}  // namespace penstock::history
