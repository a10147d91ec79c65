#include "core/history/journal_tail.hpp"

#include <algorithm>

#include "core/journal/lost_record.hpp"

namespace penstock::history {
namespace {

constexpr std::size_t kMostLost = 100;

// What a record that is no values record says of samples that are missing.
void note_lost(const journal::Record& record, std::vector<IncompleteRange>& into) {
    if (record.type != journal::RecordType::lost || into.size() >= kMostLost) return;
    if (const auto lost = journal::decode_lost_record(record.body)) into.push_back({lost->first, lost->last, lost->cause});
}

void note_skip(journal::LaneReader& reader, UtcTime before, std::vector<IncompleteRange>& into) {
    auto skip = reader.take_skip();
    if (skip.from != skip.to && into.size() < kMostLost) into.push_back({before, before, std::move(skip.cause)});
}

TailRecord tail_record(const journal::Record& record, const ValuesHead& head) {
    return {record.sequence, record.time.utc, head, record.body};
}

// Goes over [from, to) on the disk. False: the visitor has enough.
Result<bool> stream(const journal::Lane& lane, journal::Position from, journal::Position to, const JournalTail::Visit& visit,
                    std::vector<IncompleteRange>& incomplete) {
    const auto reader = lane.reader(from);
    journal::Record record;
    while (true) {
        const auto has_next = reader->next(record);
        if (!has_next) return std::unexpected(has_next.error());
        note_skip(*reader, record.time.utc, incomplete);
        if (!*has_next || record.sequence >= to) return true;
        note_lost(record, incomplete);
        if (record.type != journal::RecordType::values) continue;
        const auto head = read_values_head(record.body);
        if (!head) continue;
        if (!visit(tail_record(record, *head))) return false;
    }
}

}  // namespace

Result<void> JournalTail::for_each(journal::Position from, journal::Position to, const Visit& visit,
                                   std::vector<IncompleteRange>* incomplete) {
    if (from >= to) return {};
    const auto piece = kept(from, to);
    if (!piece) return std::unexpected(piece.error());
    std::vector<IncompleteRange> missing = piece->incomplete;
    bool wants_more = true;
    if (from < piece->first) {
        const auto streamed = stream(*lane_, from, std::min(piece->first, to), visit, missing);
        if (!streamed) return std::unexpected(streamed.error());
        wants_more = *streamed;
    }
    for (const auto& each : piece->records) {
        if (!wants_more) break;
        wants_more = visit(each->record);
    }
    if (incomplete != nullptr) incomplete->insert(incomplete->end(), missing.begin(), missing.end());
    return {};
}

Result<JournalTail::Piece> JournalTail::kept(journal::Position from, journal::Position to) {
    const std::lock_guard lock(mutex_);
    if (auto extended = extend(from, to); !extended) return std::unexpected(extended.error());
    Piece piece;
    piece.first = std::max(first_, std::min(from, to));
    const auto by_sequence = [](const KeptRecord& each) { return each->record.sequence; };
    const auto begin = std::ranges::lower_bound(records_, from, {}, by_sequence);
    const auto end = std::ranges::lower_bound(records_, to, {}, by_sequence);
    piece.records.assign(begin, end);
    piece.incomplete = lost_;
    return piece;
}

// Reads on from where the last query came to.
Result<void> JournalTail::extend(journal::Position from, journal::Position to) {
    if (!reader_) {
        reader_ = lane_->reader(from);
        first_ = from;
    }
    journal::Record record;
    while (reader_->position() < to) {
        const auto has_next = reader_->next(record);
        if (!has_next) return std::unexpected(has_next.error());
        note_skip(*reader_, record.time.utc, lost_);
        if (!*has_next) break;
        keep(record);
    }
    return {};
}

void JournalTail::keep(const journal::Record& record) {
    note_lost(record, lost_);
    if (record.type != journal::RecordType::values) return;
    const auto head = read_values_head(record.body);
    if (!head) return;
    auto each = std::make_shared<Kept>();
    each->bytes.assign(record.body.begin(), record.body.end());
    each->record = tail_record(record, *head);
    each->record.body = each->bytes;
    bytes_ += each->bytes.size();
    records_.push_back(std::move(each));
    while (bytes_ > cache_bytes_ && !records_.empty()) {
        first_ = records_.front()->record.sequence + 1;
        bytes_ -= records_.front()->bytes.size();
        records_.pop_front();
    }
}

}  // namespace penstock::history
