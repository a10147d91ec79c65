// AlarmTable in bytes: what a snapshot of the plant holds of its alarms.
//
// A version; then a block per alarm that is not as new, each after the distance of its id from the one before: base, flags, uncertain,
// occurrence, rules that suppress it, what its delay waits with, its shelf's end, deeds. Bytes as on the wire (docs/protocol.md).

#include <algorithm>
#include <bit>

#include "core/alarms/alarm_table.hpp"
#include "core/wire/reader.hpp"
#include "core/wire/writer.hpp"

namespace penstock::alarms {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr bool AlarmState::* kFlags[] = {
    &AlarmState::holds,       &AlarmState::to_confirm,    &AlarmState::is_silenced,      &AlarmState::is_shelved,
    &AlarmState::is_one_shot, &AlarmState::is_suppressed, &AlarmState::is_out_of_service};
constexpr unsigned kConditionFlag = 7;
constexpr DeedKind kDeeds[] = {DeedKind::acknowledged, DeedKind::shelved, DeedKind::taken_out, DeedKind::silenced};

void put_state(wire::Writer& out, const AlarmState& state, bool condition) {
    unsigned flags = condition ? 1U << kConditionFlag : 0;
    for (unsigned bit = 0; bit < std::size(kFlags); ++bit) flags |= (state.*kFlags[bit] ? 1U : 0U) << bit;
    out.byte(static_cast<std::uint8_t>(state.base));
    out.byte(static_cast<std::uint8_t>(flags));
}

AlarmState get_state(wire::Reader& in, bool& condition) {
    AlarmState state;
    const auto base = in.byte();
    const unsigned flags = in.byte();
    if (base > static_cast<std::uint8_t>(Base::returned_unconfirmed))
        in.fail("state " + std::to_string(base) + " is not known");
    state.base = static_cast<Base>(base);
    for (unsigned bit = 0; bit < std::size(kFlags); ++bit) state.*kFlags[bit] = (flags >> bit & 1U) != 0;
    condition = (flags >> kConditionFlag & 1U) != 0;
    return state;
}

void put_judged(wire::Writer& out, const Judged& judged) {
    out.fixed64(judged.word);
    out.fixed64(std::bit_cast<std::uint64_t>(judged.limit));
    out.varint(static_cast<std::uint64_t>(judged.quality));
    out.zigzag(judged.time);
}

Judged get_judged(wire::Reader& in) {
    Judged judged;
    judged.word = in.fixed64();
    judged.limit = std::bit_cast<double>(in.fixed64());
    judged.quality = static_cast<QualityCode>(in.varint(0xFFFF));
    judged.time = in.zigzag();
    return judged;
}

}  // namespace

// The members of a table, alarm by alarm.
class AlarmTableState final {
public:
    static void put(const AlarmTable& table, Now now, wire::Buffer& out) {
        wire::Writer writer(out);
        writer.byte(kVersion);
        const auto suppressions = table.suppressions();
        AlarmId last = 0;
        for (AlarmId alarm = 0; alarm < table.size(); ++alarm) {
            if (is_as_new(table, alarm)) continue;
            writer.varint(alarm - last);
            last = alarm;
            const auto block = writer.begin_block();
            put_alarm(writer, table, alarm, suppressions, now);
            writer.end_block(block);
        }
    }
    static void get(AlarmTable& table, wire::Reader& in, Now now) {
        if (in.byte() != kVersion) return in.fail("it is of another version");
        std::uint64_t alarm = 0;
        for (bool is_first = true; in.ok() && !in.at_end(); is_first = false) {
            const auto distance = in.varint(kMostAlarms);
            if (distance == 0 && !is_first) return in.fail("alarm " + std::to_string(alarm) + " comes twice");
            alarm += distance;
            const auto outer = in.enter_block();
            if (alarm < table.size()) get_alarm(in, table, static_cast<AlarmId>(alarm), now);
            in.leave_block(outer);
        }
    }
    static void clear(AlarmTable& table) {
        table.cells_.assign(table.size(), {});
        for (auto& bits : table.uncertain_) bits.store(0, std::memory_order_relaxed);
        table.delays_ = DueQueue();
        table.shelves_ = DueQueue(table.size());
        table.pending_.clear();
        table.free_pending_.clear();
        table.shelved_until_.clear();
        table.suppressed_by_.clear();
        table.hidden_by_.clear();
        table.deeds_ = {};
    }

private:
    static constexpr std::uint8_t kUncertainBits = 31;
    static constexpr std::uint64_t kMostAlarms = 0xFFFF'FFFF;

    static bool is_as_new(const AlarmTable& table, AlarmId alarm) {
        const auto& cell = table.cells_[alarm];
        return cell.state == AlarmState{} && !cell.condition && cell.suppressions == 0 && cell.occurrence == 0
               && cell.pending == AlarmTable::kNotPending && !table.is_uncertain(alarm);
    }

    static void put_alarm(wire::Writer& out, const AlarmTable& table, AlarmId alarm,
                          const std::vector<std::pair<AlarmId, RuleId>>& suppressions, Now now) {
        const auto& cell = table.cells_[alarm];
        put_state(out, cell.state, cell.condition);
        out.byte(table.uncertain_[alarm].load(std::memory_order_relaxed));
        out.varint(cell.occurrence);
        out.varint(cell.suppressions);
        auto rule =
            cell.suppressions == 0 ? suppressions.end() : std::ranges::lower_bound(suppressions, std::pair(alarm, RuleId{0}));
        for (; rule != suppressions.end() && rule->first == alarm; ++rule) out.varint(rule->second);

        out.byte(cell.pending != AlarmTable::kNotPending ? 1 : 0);
        if (cell.pending != AlarmTable::kNotPending) {
            out.zigzag((table.delays_.at(cell.pending) - now.monotonic).count());
            put_judged(out, table.pending_[cell.pending].judged);
        }
        const auto shelf = table.shelved_until_.find(alarm);
        out.byte(shelf != table.shelved_until_.end() ? 1 : 0);
        if (shelf != table.shelved_until_.end()) out.zigzag(to_ns(shelf->second));
        put_deeds(out, table, alarm);
    }

    static void put_deeds(wire::Writer& out, const AlarmTable& table, AlarmId alarm) {
        for (const auto kind : kDeeds) {
            const auto deed = table.deeds_.find(alarm, kind);
            out.byte(deed ? 1 : 0);
            if (!deed) continue;
            out.text(deed->who->user);
            out.text(deed->who->station);
            out.zigzag(to_ns(deed->time));
        }
    }

    static void get_alarm(wire::Reader& in, AlarmTable& table, AlarmId alarm, Now now) {
        auto& cell = table.cells_[alarm];
        cell.state = get_state(in, cell.condition);
        table.uncertain_[alarm].store(in.byte() & kUncertainBits, std::memory_order_relaxed);
        cell.occurrence = in.varint();
        for (auto rules = in.varint(0xFFFF); rules > 0 && in.ok(); --rules)
            table.note_suppression(alarm, static_cast<RuleId>(in.varint(0xFFFF)), true);
        if (in.boolean()) {
            const Duration left(in.zigzag());
            table.begin_delay(alarm, get_judged(in), now.monotonic + left);
        }
        if (in.boolean()) {
            const auto until = utc_from_ns(in.zigzag());
            table.shelved_until_[alarm] = until;
            table.shelves_.set(alarm, now.monotonic + std::max(until - now.utc, Duration::zero()));
        }
        for (const auto kind : kDeeds) {
            if (!in.boolean()) continue;
            Who who{std::string(in.text()), std::string(in.text())};
            table.deeds_.set(alarm, kind, who, utc_from_ns(in.zigzag()));
        }
    }
};

void AlarmTable::save(Now now, wire::Buffer& out) const { AlarmTableState::put(*this, now, out); }

Result<void> AlarmTable::restore(wire::Bytes state, Now now) {
    AlarmTableState::clear(*this);
    wire::Reader in(state);
    AlarmTableState::get(*this, in, now);
    if (in.ok()) return {};
    AlarmTableState::clear(*this);
    return std::unexpected(in.error());
}

}  // namespace penstock::alarms
