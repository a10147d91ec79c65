#pragma once

// Which samples are kept: each tag's rule, and what it has to remember. Private to core/history.

#include <string>
#include <unordered_map>
#include <vector>

#include "core/history/archiving/record_writer.hpp"
#include "core/history/archiving/rule_table.hpp"

namespace penstock::history::archiving {

class Thinner {
public:
    Thinner(const tags::TagCatalog& catalog, RecordWriter& writer);

    void take(const engine::CaptureBlock& block);
    // A sample from elsewhere: what a tag holds now. `bytes` of strings and arrays.
    void take(tags::TagId tag, std::int64_t time, RowState state, std::uint64_t word, std::string_view bytes);
    // What waited for the end of an interval that is over; all of it: whether or not it is.
    void end_intervals(UtcTime now);
    void end_all_intervals();
    // The wall clock was set back to `now`: what was kept later than that is not waited for.
    void go_back(UtcTime now);

    // A gap that no sample tells of: from `from`, or from behind the last kept row if that is later and `behind_kept`. False: the
    // tag is not archived.
    bool add_gap(tags::TagId tag, std::int64_t from, RowState state, bool behind_kept);
    // The row kept last once more, under the time `at`, unless it is younger. `bytes` of strings and arrays: what the tag holds now; nothing
    // is done if that is not what was kept, as a change is on its way then.
    void keep_again(tags::TagId tag, std::int64_t at, std::string_view bytes);
    // Quality and cause, and time, of what was kept last.
    [[nodiscard]] RowState kept_state(tags::TagId tag) const noexcept;
    [[nodiscard]] std::int64_t kept_time(tags::TagId tag) const noexcept;

    [[nodiscard]] bool is_archived(tags::TagId tag) const noexcept { return slots_[tag] != RuleTable::kNone; }
    [[nodiscard]] std::uint32_t archived() const noexcept { return static_cast<std::uint32_t>(kept_.size()); }
    [[nodiscard]] std::size_t state_bytes() const noexcept;

private:
    // The last kept row. `bits`: its RowState, the rule's number, flags.
    struct Kept {
        std::uint64_t word = 0;  // of blobs: their hash
        std::int64_t time = 0;
        std::uint64_t bits = 0;
    };
    static_assert(sizeof(Kept) == 24);
    // The end of the interval, and what waits for it.
    struct Waiting {
        std::int64_t until = std::numeric_limits<std::int64_t>::min();
        std::int64_t time = 0;
        std::uint64_t word = 0;
    };
    static constexpr unsigned kRuleShift = 37;
    static constexpr std::uint64_t kRuleMask = 0xF'FFFF;
    static constexpr std::uint64_t kHasWaiting = std::uint64_t{1} << 57U;
    static constexpr std::uint64_t kIsListed = std::uint64_t{1} << 58U;

    struct Sample {
        tags::TagId tag;
        std::int64_t time;
        RowState state;
        std::uint64_t word;  // of blobs: their hash
        std::string_view bytes;
    };

    [[nodiscard]] const Rule& rule_of(const Kept& kept) const noexcept {
        return rules_[static_cast<std::uint32_t>(kept.bits >> kRuleShift & kRuleMask)];
    }
    [[gnu::always_inline]] void take(const Sample& sample);
    void take_new_state(std::uint32_t slot, const Rule& rule, Sample sample);
    void take_spaced(std::uint32_t slot, const Rule& rule, const Sample& sample);
    void take_cyclic(std::uint32_t slot, const Rule& rule, const Sample& sample);
    void keep(Kept& kept, const Rule& rule, const Sample& sample);
    void wait(std::uint32_t slot, const Rule& rule, const Sample& sample);
    void stop_waiting(std::uint32_t slot, const Rule& rule, tags::TagId tag);
    void keep_waiting(std::uint32_t slot, const Rule& rule, tags::TagId tag);
    [[nodiscard]] static bool is_change(const Rule& rule, const Kept& kept, const Sample& sample) noexcept;

    RecordWriter& writer_;
    RuleTable rules_;
    std::vector<std::uint32_t> slots_;  // by tag; those whose rules wait come first
    std::vector<Kept> kept_;
    std::vector<Waiting> waiting_;
    std::vector<tags::TagId> listed_;  // where something waits, or did
    std::unordered_map<tags::TagId, std::string> waiting_blobs_;
};

}  // namespace penstock::history::archiving
