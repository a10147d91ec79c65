#include "core/history/archiving/thinner.hpp"

#include <algorithm>
#include <functional>

namespace penstock::history::archiving {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::uint32_t kAhead = 16;  // rows

// 0 is what bad samples have.
[[nodiscard]] std::uint64_t hash_of(std::string_view bytes) noexcept { return std::hash<std::string_view>{}(bytes) | 1U; }

// The end of the interval that a time lies in, counted from 1970.
[[nodiscard]] std::int64_t end_of_interval(std::int64_t time, std::int64_t interval) noexcept {
    auto begin = time - time % interval;
    if (time % interval < 0) begin = minus(begin, interval);
    return plus(begin, interval);
}

[[nodiscard]] bool lies_inside(std::int64_t time, std::int64_t until, std::int64_t interval) noexcept {
    return time < until && time >= minus(until, interval);
}

}  // namespace

Thinner::Thinner(const tags::TagCatalog& catalog, RecordWriter& writer)
    : writer_(writer), rules_(catalog), slots_(catalog.id_limit(), RuleTable::kNone) {
    for (const bool waits : {true, false}) {
        for (tags::TagId tag = 0; tag < catalog.id_limit(); ++tag) {
            const auto number = rules_.number_of(catalog, tag);
            if (number == RuleTable::kNone || rules_[number].waits() != waits) continue;
            slots_[tag] = static_cast<std::uint32_t>(kept_.size());
            // A state that no sample has: the first one is always kept.
            kept_.push_back({0, std::numeric_limits<std::int64_t>::min(), std::uint64_t{number} << kRuleShift | kStateMask});
            if (waits) waiting_.emplace_back();
        }
    }
    kept_.shrink_to_fit();
    waiting_.shrink_to_fit();
}

std::size_t Thinner::state_bytes() const noexcept {
    return slots_.size() * sizeof(slots_[0]) + kept_.size() * sizeof(Kept) + waiting_.size() * sizeof(Waiting);
}

RowState Thinner::kept_state(tags::TagId tag) const noexcept { return kept_[slots_[tag]].bits & kStateMask; }
std::int64_t Thinner::kept_time(tags::TagId tag) const noexcept { return kept_[slots_[tag]].time; }

bool Thinner::is_change(const Rule& rule, const Kept& kept, const Sample& sample) noexcept {
    return differs(rule, sample.word, kept.word) || minus(sample.time, kept.time) >= rule.most;
}

// --- samples ---

void Thinner::take(const engine::CaptureBlock& block) {
    const auto* const tag = block.tag.get();
    for (std::uint32_t row = 0; row < block.count; ++row) {
        if (row + kAhead < block.count) {
            if (const auto slot = slots_[tag[row + kAhead]]; slot != RuleTable::kNone) __builtin_prefetch(&kept_[slot], 1);
        }
        take({tag[row], block.time[row], block.state[row], block.word[row], block.blob});
    }
}

void Thinner::take(tags::TagId tag, std::int64_t time, RowState state, std::uint64_t word, std::string_view bytes) {
    const auto slot = slots_[tag];
    if (slot == RuleTable::kNone) return;
    // As a block would have it.
    const bool is_blob = rule_of(kept_[slot]).is_blob && !is_bad_state(state);
    take({tag, time, state, is_blob ? std::uint64_t{bytes.size()} : word, bytes});
}

inline void Thinner::take(const Sample& from) {
    const auto slot = slots_[from.tag];
    if (slot == RuleTable::kNone) [[unlikely]]
        return;
    auto& kept = kept_[slot];
    const auto& rule = rule_of(kept);
    auto sample = from;
    if (rule.is_blob) [[unlikely]] {
        sample.bytes =
            is_bad_state(from.state) ? std::string_view() : from.bytes.substr(from.word >> 32U, from.word & 0xFFFF'FFFFU);
        sample.word = is_bad_state(from.state) ? 0 : hash_of(sample.bytes);
    }
    if (((kept.bits ^ sample.state) & kStateMask) != 0) [[unlikely]]
        return take_new_state(slot, rule, sample);
    if (is_bad_state(sample.state)) return;  // as bad as before
    switch (rule.way) {
        case Way::changes:
            if (is_change(rule, kept, sample)) keep(kept, rule, sample);
            break;
        case Way::all: keep(kept, rule, sample); break;
        case Way::spaced: take_spaced(slot, rule, sample); break;
        case Way::cyclic: take_cyclic(slot, rule, sample); break;
    }
}

inline void Thinner::keep(Kept& kept, const Rule& rule, const Sample& sample) {
    kept.word = sample.word;
    kept.time = sample.time;
    if (rule.is_blob && !is_bad_state(sample.state)) [[unlikely]] {
        writer_.add_blob(sample.tag, sample.time, sample.state, sample.bytes);
    } else {
        writer_.add(sample.tag, sample.time, sample.state, sample.word);
    }
}

void Thinner::take_new_state(std::uint32_t slot, const Rule& rule, Sample sample) {
    auto& kept = kept_[slot];
    if ((kept.bits & kHasWaiting) != 0) keep_waiting(slot, rule, sample.tag);
    if (is_bad_state(sample.state)) {
        sample.word = 0;
        sample.time = std::max(sample.time, plus(kept.time, kMs));
    }
    kept.bits = (kept.bits & ~kStateMask) | sample.state;
    keep(kept, rule, sample);
    if (rule.way == Way::spaced) waiting_[slot].until = plus(sample.time, rule.interval);
    if (rule.way == Way::cyclic) waiting_[slot].until = end_of_interval(sample.time, rule.interval);
}

// Within the interval after a kept sample the newest change waits.
void Thinner::take_spaced(std::uint32_t slot, const Rule& rule, const Sample& sample) {
    auto& kept = kept_[slot];
    auto& waiting = waiting_[slot];
    if (!lies_inside(sample.time, waiting.until, rule.interval) && (kept.bits & kHasWaiting) != 0) {
        keep_waiting(slot, rule, sample.tag);
    }
    const bool changes = is_change(rule, kept, sample);
    if (lies_inside(sample.time, waiting.until, rule.interval)) {
        if (changes && (kept.bits & kHasWaiting) != 0 && waiting.word == sample.word) return;  // since when it was so
        if (changes) return wait(slot, rule, sample);
        if ((kept.bits & kHasWaiting) != 0) stop_waiting(slot, rule, sample.tag);
        return;
    }
    if (!changes) return;
    keep(kept, rule, sample);
    waiting.until = plus(sample.time, rule.interval);
}

void Thinner::take_cyclic(std::uint32_t slot, const Rule& rule, const Sample& sample) {
    auto& kept = kept_[slot];
    auto& waiting = waiting_[slot];
    const bool has_waiting = (kept.bits & kHasWaiting) != 0;
    if (lies_inside(sample.time, waiting.until, rule.interval)) {
        if (!has_waiting || sample.time >= waiting.time) wait(slot, rule, sample);
        return;
    }
    if (has_waiting) keep_waiting(slot, rule, sample.tag);
    waiting.until = end_of_interval(sample.time, rule.interval);
    wait(slot, rule, sample);
}

// --- what waits ---

void Thinner::wait(std::uint32_t slot, const Rule& rule, const Sample& sample) {
    auto& kept = kept_[slot];
    waiting_[slot].time = sample.time;
    waiting_[slot].word = sample.word;
    if (rule.is_blob) waiting_blobs_[sample.tag] = sample.bytes;
    if ((kept.bits & kIsListed) == 0) listed_.push_back(sample.tag);
    kept.bits |= kHasWaiting | kIsListed;
}

void Thinner::stop_waiting(std::uint32_t slot, const Rule& rule, tags::TagId tag) {
    kept_[slot].bits &= ~kHasWaiting;
    if (rule.is_blob) waiting_blobs_.erase(tag);
}

// It has the state of what was kept last: another one would not have waited.
void Thinner::keep_waiting(std::uint32_t slot, const Rule& rule, tags::TagId tag) {
    auto& kept = kept_[slot];
    auto& waiting = waiting_[slot];
    const std::string_view bytes = rule.is_blob ? std::string_view(waiting_blobs_[tag]) : std::string_view();
    keep(kept, rule, {tag, waiting.time, kept.bits & kStateMask, waiting.word, bytes});
    stop_waiting(slot, rule, tag);
    if (rule.way == Way::spaced) waiting.until = plus(waiting.until, rule.interval);
}

void Thinner::end_intervals(UtcTime now) {
    const auto at = to_ns(now);
    std::erase_if(listed_, [&](tags::TagId tag) {
        const auto slot = slots_[tag];
        auto& kept = kept_[slot];
        const auto& rule = rule_of(kept);
        const bool has_waiting = (kept.bits & kHasWaiting) != 0;
        if (has_waiting && at < plus(waiting_[slot].until, rule.lateness)) return false;
        if (has_waiting) keep_waiting(slot, rule, tag);
        kept.bits &= ~kIsListed;
        return true;
    });
}

void Thinner::end_all_intervals() { end_intervals(UtcTime::max()); }

// Else an interval that began before the step would last as long as the step was, and a gap would begin that much too late.
void Thinner::go_back(UtcTime now) {
    end_all_intervals();
    const auto at = to_ns(now);
    for (auto& kept : kept_) kept.time = std::min(kept.time, at);
}

void Thinner::keep_again(tags::TagId tag, std::int64_t at, std::string_view bytes) {
    const auto slot = slots_[tag];
    if (slot == RuleTable::kNone) return;
    auto& kept = kept_[slot];
    const auto& rule = rule_of(kept);
    const auto state = kept.bits & kStateMask;
    if (state == kStateMask || kept.time >= at) return;
    if (rule.is_blob && !is_bad_state(state) && hash_of(bytes) != kept.word) return;
    keep(kept, rule, {tag, at, state, kept.word, bytes});
}

bool Thinner::add_gap(tags::TagId tag, std::int64_t from, RowState state, bool behind_kept) {
    const auto slot = slots_[tag];
    if (slot == RuleTable::kNone) return false;
    auto& kept = kept_[slot];
    const auto& rule = rule_of(kept);
    if ((kept.bits & kHasWaiting) != 0) keep_waiting(slot, rule, tag);
    const auto time = behind_kept ? std::max(from, plus(kept.time, kMs)) : from;
    kept.bits = (kept.bits & ~kStateMask) | state;
    keep(kept, rule, {tag, time, state, 0, {}});
    return true;
}

}  // namespace penstock::history::archiving
