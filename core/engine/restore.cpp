#include "core/engine/restore.hpp"

#include <map>
#include <utility>

#include "core/engine/executed_commands.hpp"
#include "core/engine/memory_record.hpp"
#include "core/engine/snapshot.hpp"
#include "core/engine/snapshot_part.hpp"
#include "core/engine/snapshot_sections.hpp"
#include "core/engine/write_events.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane_reader.hpp"
#include "core/tags/tag_table.hpp"

namespace penstock::engine {
namespace {

using tags::CellState;
using tags::TagTable;

constexpr std::string_view kStaleText = "not updated since the server started";

class Restoring {
public:
    Restoring(const RestoredState& state, Now now)
        : table_(state.table),
          executed_(state.executed),
          parts_(state.parts),
          now_(now),
          stale_(table_.causes().intern(kStaleText)) {}

    void apply(const Snapshot& snapshot) {
        apply_tags(snapshot);
        apply_commands(snapshot);
        apply_parts(snapshot);
    }
    void apply(journal::LaneReader& events);
    RestoreReport finish();

private:
    struct Asked {
        CommandKey key;
        tags::TagId tag;
        bool took_effect = false;
    };

    void apply_tags(const Snapshot& snapshot);
    void apply_commands(const Snapshot& snapshot);
    void apply_parts(const Snapshot& snapshot);
    void apply_tag(const StoredTag& stored);
    void apply_record(const journal::Record& record);
    void apply_memory(const journal::Record& record);
    void apply_event(const journal::Record& record);
    void store(tags::TagId tag, std::string_view blob, const TagTable::Write& words);
    [[nodiscard]] bool is_memory(tags::TagId tag) const { return catalog().view(tag).is_memory(); }
    [[nodiscard]] const tags::TagCatalog& catalog() const { return table_.catalog(); }
    void remember(CommandKey key, tags::TagId tag, WriteAnswer answer);

    TagTable& table_;
    ExecutedCommands& executed_;
    std::span<SnapshotPart* const> parts_;
    Now now_;
    tags::CauseId stale_;
    std::map<std::uint64_t, Asked> open_;  // commands without an answer so far, by position + 1 of what was asked
    RestoreReport report_;
};

void Restoring::apply_tags(const Snapshot& snapshot) {
    const auto* section = snapshot.section(kTagsSection);
    if (section == nullptr) return;
    StoredTags stored(*section);
    StoredTag tag;
    while (stored.next(tag)) apply_tag(tag);
    if (!stored.ok()) report_.findings.push_back("snapshot, section tags: " + stored.error().text());
}

void Restoring::apply_tag(const StoredTag& stored) {
    const auto tag = stored.tag;
    const bool fits = catalog().exists(tag) && catalog().type(tag) == stored.type
                      && catalog().native_type(tag) == stored.native_type && is_memory(tag) == stored.is_memory;
    if (!fits) {
        ++report_.left_out;
        return;
    }
    const auto time = static_cast<std::uint64_t>(stored.time);
    const auto received_ms = CellState::ms_of(stored.received);
    if (stored.is_memory) {
        ++report_.memory_tags;
        const auto since = CellState::pack_since(CellState::ms_of(stored.since), stored.quality, true);
        return store(tag, stored.blob,
                     {stored.word, stored.raw, time, CellState::pack_received(received_ms, tags::kNoCause), since});
    }
    ++report_.device_tags;
    const auto now_ms = CellState::ms_of(to_ns(now_.utc));
    // A value that was bad already is kept, but is not made better than it was.
    const auto quality = is_bad(stored.quality) ? QualityCode::bad_waiting_for_initial : QualityCode::uncertain_last_usable;
    store(tag, stored.blob,
          {stored.word, stored.raw, time, CellState::pack_received(received_ms, stale_),
           CellState::pack_since(now_ms, quality, true)});
}

void Restoring::store(tags::TagId tag, std::string_view blob, const TagTable::Write& words) {
    auto& cell = table_.cell(tag);
    if (is_scalar_word(catalog().type(tag))) return TagTable::store(cell, words);
    if (table_.store_blob(cell, blob, words)) return;
    report_.findings.push_back("tag " + std::string(catalog().name(tag)) + ": no memory for its last value of "
                               + std::to_string(blob.size()) + " bytes");
}

void Restoring::apply_commands(const Snapshot& snapshot) {
    const auto* section = snapshot.section(kCommandsSection);
    if (section == nullptr) return;
    auto commands = decode_commands(*section);
    if (!commands) {
        report_.findings.push_back("snapshot, section commands: " + commands.error().text());
        return;
    }
    report_.commands += commands->size();
    for (auto& command : *commands) executed_.restore(std::move(command), now_.monotonic);
}

void Restoring::apply_parts(const Snapshot& snapshot) {
    for (auto* part : parts_) {
        const auto* section = snapshot.section(part->name());
        if (section == nullptr) continue;
        if (const auto done = part->restore(*section, now_); !done)
            report_.findings.push_back("snapshot, section " + std::string(part->name()) + ": " + done.error().text());
    }
}

void Restoring::apply(journal::LaneReader& events) {
    journal::Record record;
    while (true) {
        const auto more = events.next(record);
        const auto skip = events.take_skip();
        if (skip.from != skip.to) {
            report_.findings.push_back("events " + std::to_string(skip.from) + " to " + std::to_string(skip.to - 1)
                                       + " are not there: " + skip.cause);
        }
        if (!more) report_.findings.push_back("the journal cannot be read further: " + more.error().text());
        if (!more || !*more) return;
        apply_record(record);
    }
}

void Restoring::apply_record(const journal::Record& record) {
    ++report_.records;
    for (auto* part : parts_) {
        if (const auto done = part->replay(record, now_); !done)
            report_.findings.push_back("event " + std::to_string(record.sequence) + ": " + done.error().text());
    }
    if (record.type == journal::RecordType::memory_value) return apply_memory(record);
    if (record.type == journal::RecordType::event) apply_event(record);
}

void Restoring::apply_memory(const journal::Record& record) {
    const auto memory = decode_memory(record);
    if (!memory) {
        report_.findings.push_back("event " + std::to_string(record.sequence) + ": " + memory.error().text());
        return;
    }
    if (const auto asked = open_.find(memory->cause); asked != open_.end())
        asked->second.took_effect = memory->value.has_value();
    const auto tag = memory->tag;
    if (!catalog().exists(tag) || !is_memory(tag) || catalog().type(tag) != memory->value.type()) {
        ++report_.left_out;
        return;
    }
    const auto ns = to_ns(record.time.utc);
    const auto ms = CellState::ms_of(ns);
    const auto state = CellState::unpack(0, table_.cell(tag).since.load(std::memory_order_relaxed));
    const bool was_good = state.has_value && state.quality == QualityCode::good;
    const auto since = CellState::pack_since(was_good ? state.since_ms : ms, QualityCode::good, true);
    const bool is_scalar = is_scalar_word(memory->value.type());
    const auto word = is_scalar ? memory->value.word() : 0;
    store(tag, is_scalar ? std::string() : memory->value.blob(),
          {word, word, static_cast<std::uint64_t>(ns), CellState::pack_received(ms, tags::kNoCause), since});
}

void Restoring::apply_event(const journal::Record& record) {
    const auto event = journal::decode_event(record);
    if (!event) {
        report_.findings.push_back("event " + std::to_string(record.sequence) + ": " + event.error().text());
        return;
    }
    if (event->command == 0) return;
    CommandKey key{event->user, event->command, event->item};
    const auto tag = catalog().find(event->object).value_or(tags::kNoTag);
    if (event->kind == EventKind::write_asked) {
        open_.emplace(event->position + 1, Asked{std::move(key), tag});
    } else if (event->kind == EventKind::write_answered) {
        open_.erase(event->cause);
        remember(std::move(key), tag, answer_of(*event));
    }
}

// Old commands are not told from new ones, because the wall clock may have been set in between: all are kept as if they were new.
void Restoring::remember(CommandKey key, tags::TagId tag, WriteAnswer answer) {
    ++report_.commands;
    executed_.restore({std::move(key), tag, std::move(answer), Duration::zero()}, now_.monotonic);
}

RestoreReport Restoring::finish() {
    for (auto& [position, asked] : open_) {
        WriteAnswer answer{WriteResult::unknown, ErrorCode::unknown_outcome,
                           "the server stopped before the device had answered; whether it took the value is not known"};
        if (asked.took_effect) answer = {WriteResult::done, {}, {}};
        remember(std::move(asked.key), asked.tag, std::move(answer));
    }
    return std::move(report_);
}

}  // namespace

RestoreReport restore_state(const Snapshot* snapshot, journal::LaneReader& events, Now now, const RestoredState& state) {
    Restoring restoring(state, now);
    if (snapshot != nullptr) restoring.apply(*snapshot);
    restoring.apply(events);
    return restoring.finish();
}

}  // namespace penstock::engine
