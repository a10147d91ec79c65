#include "core/history/querying/event_tail.hpp"

#include <algorithm>
#include <utility>

#include "core/journal/event_record.hpp"
#include "core/journal/lost_record.hpp"

namespace penstock::history::detail {
namespace {

void add_sentence(std::string& to, const std::string& sentence) {
    if (!to.empty()) to += "; ";
    to += sentence;
}

void add_skip(const journal::LaneReader::Skip& skip, EventEntry& entry) {
    if (skip.from == skip.to) return;
    add_sentence(entry.missing, "events " + std::to_string(skip.from) + " to " + std::to_string(skip.to - 1)
                                    + " cannot be read: " + skip.cause);
}

void add_record(const journal::Record& record, EventEntry& entry) {
    if (record.type == journal::RecordType::lost) {
        const auto lost = journal::decode_lost_record(record.body);
        return add_sentence(entry.missing, lost ? std::to_string(lost->records) + " events were not written: " + lost->cause
                                                : lost.error().sentence());
    }
    if (record.type != journal::RecordType::event) return;
    auto event = journal::decode_event(record);
    if (event)
        entry.event = *std::move(event);
    else
        add_sentence(entry.missing,
                     "event " + std::to_string(record.sequence) + " makes no sense: " + event.error().sentence());
}

}  // namespace

Result<SharedEntry> EventReader::next() {
    journal::Record record;
    for (std::size_t looked = 0; looked < kMostRecords; ++looked) {
        const auto has_next = reader_->next(record);
        if (!has_next) return std::unexpected(has_next.error());
        EventEntry entry;
        add_skip(reader_->take_skip(), entry);
        entry.position = *has_next ? record.sequence : reader_->position() - 1;
        if (*has_next) add_record(record, entry);
        position_ = reader_->position();
        if (entry.event || !entry.missing.empty()) {
            entry.bytes = sizeof entry + entry.missing.size() + (*has_next ? record.body.size() : 0);
            return std::make_shared<const EventEntry>(std::move(entry));
        }
        if (!*has_next) break;
    }
    return SharedEntry();
}

bool EventTail::reaches(journal::Position position) {
    if (!reader_ || position > reader_->position()) {
        reader_.emplace(*lane_, position);
        first_ = position;
        entries_.clear();
        bytes_ = 0;
    }
    return position >= first_;
}

Result<SharedEntry> EventTail::next(journal::Position& position) {
    const auto found =
        std::ranges::lower_bound(entries_, position, {}, [](const SharedEntry& entry) { return entry->position; });
    if (found != entries_.end()) {
        position = (*found)->position + 1;
        return *found;
    }
    auto entry = read();
    position = reader_->position();
    return entry;
}

Result<SharedEntry> EventTail::read() {
    auto entry = reader_->next();
    if (entry && *entry) keep(*entry);
    return entry;
}

void EventTail::keep(SharedEntry entry) {
    bytes_ += entry->bytes;
    entries_.push_back(std::move(entry));
    while (entries_.size() > kMostEntries || bytes_ > kMostBytes) {
        first_ = entries_.front()->position + 1;
        bytes_ -= entries_.front()->bytes;
        entries_.pop_front();
    }
}

}  // namespace penstock::history::detail
