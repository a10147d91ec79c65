// LiveAlarms in bytes: what a snapshot of the plant holds of the list.
//
// A version, the position that it stands for, the number of alarms; of each its id and a block with the fields of Stored. Bytes as on
// the wire (docs/protocol.md).

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include <penstock/fields.hpp>

#include "core/alarms/alarm_record.hpp"
#include "core/alarms/live_alarms.hpp"
#include "core/wire/codec.hpp"
#include "core/wire/reader.hpp"
#include "core/wire/writer.hpp"

namespace penstock::alarms {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kAtATime = 256;  // alarms are copied under one lock: about 0.2 ms

}  // namespace

struct LiveAlarms::Stored {
    std::uint16_t state = 0;
    std::uint64_t occurrence = 0, word = 0;
    double limit = 0;
    QualityCode quality{};
    UtcTime judged_at, since, raised, acknowledged, shelved_until;
    std::string acknowledged_by, comment, shelved_by, reason;
    std::vector<std::uint32_t> rules;
    static constexpr auto fields() {
        return std::tuple(field("state", &Stored::state), field("occurrence", &Stored::occurrence),
                          field("word", &Stored::word), field("limit", &Stored::limit), field("quality", &Stored::quality),
                          field("judged_at", &Stored::judged_at), field("since", &Stored::since),
                          field("raised", &Stored::raised), field("acknowledged", &Stored::acknowledged),
                          field("shelved_until", &Stored::shelved_until), field("acked_by", &Stored::acknowledged_by),
                          field("comment", &Stored::comment), field("shelved_by", &Stored::shelved_by),
                          field("reason", &Stored::reason), field("rules", &Stored::rules));
    }
};

LiveAlarms::Stored LiveAlarms::stored(const Entry& entry) {
    Stored stored;
    stored.state = pack_state(entry.state);
    stored.occurrence = entry.occurrence;
    stored.word = entry.judged.word;
    stored.limit = entry.judged.limit;
    stored.quality = entry.judged.quality;
    stored.judged_at = utc_from_ns(entry.judged.time);
    stored.since = entry.since;
    stored.raised = entry.raised;
    stored.acknowledged = entry.acknowledged;
    stored.shelved_until = entry.shelved_until;
    stored.acknowledged_by = entry.acknowledged_by;
    stored.comment = entry.comment;
    stored.shelved_by = entry.shelved_by;
    stored.reason = entry.reason;
    stored.rules.assign(entry.rules.begin(), entry.rules.end());
    return stored;
}

void LiveAlarms::save(wire::Buffer& out) {
    std::vector<AlarmId> alarms;
    journal::Position position = 0;
    {
        const std::scoped_lock lock(mutex_);
        catch_up();
        position = position_;
        alarms.reserve(entries_.size());
        for (const auto& [alarm, entry] : entries_) alarms.push_back(alarm);
    }
    std::uint64_t count = 0;
    wire::Buffer blocks;
    const std::span all(alarms);
    for (std::size_t from = 0; from < all.size(); from += kAtATime)
        count += save_some(all.subspan(from, std::min(kAtATime, all.size() - from)), blocks);
    out.clear();
    wire::Writer writer(out);
    writer.byte(kVersion);
    writer.varint(position);
    writer.varint(count);
    writer.raw(blocks);
}

// Those that have become normal since are left out; how many are not.
std::uint64_t LiveAlarms::save_some(std::span<const AlarmId> alarms, wire::Buffer& to) {
    std::uint64_t count = 0;
    wire::Writer writer(to);
    wire::Buffer block;
    const std::scoped_lock lock(mutex_);
    for (const auto alarm : alarms) {
        const auto found = entries_.find(alarm);
        if (found == entries_.end()) continue;
        block.clear();
        wire::encode(stored(found->second), block);
        writer.varint(alarm);
        writer.varint(block.size());
        writer.raw(block);
        ++count;
    }
    return count;
}

Result<journal::Position> LiveAlarms::restore(wire::Bytes state) {
    const std::scoped_lock lock(mutex_);
    wire::Reader in(state);
    if (in.byte() != kVersion) in.fail("the version of the list of alarms is not known");
    position_ = in.varint();
    for (auto left = in.varint(); left > 0 && in.ok(); --left) {
        const auto alarm = static_cast<AlarmId>(in.varint(kMaxAlarms));
        const auto bytes = in.text();
        const auto stored = wire::decode<Stored>(std::as_bytes(std::span(bytes)));
        if (!stored) in.fail(stored.error().sentence());
        if (!in.ok() || !alarms_->exists(alarm)) continue;
        auto& entry = entries_[alarm];
        entry.state = unpack_state(stored->state);
        entry.occurrence = stored->occurrence;
        entry.judged = {stored->word, stored->limit, stored->quality, to_ns(stored->judged_at)};
        entry.since = stored->since;
        entry.raised = stored->raised;
        entry.acknowledged = stored->acknowledged;
        entry.shelved_until = stored->shelved_until;
        entry.acknowledged_by = stored->acknowledged_by;
        entry.comment = stored->comment;
        entry.shelved_by = stored->shelved_by;
        entry.reason = stored->reason;
        for (const auto rule : stored->rules) entry.rules.push_back(static_cast<RuleId>(rule));
        if (entry.occurrence != 0) of_occurrence_[entry.occurrence] = alarm;
    }
    if (in.ok()) return position_;
    entries_.clear();
    of_occurrence_.clear();
    position_ = 0;
    return std::unexpected(in.error());
}

}  // namespace penstock::alarms
