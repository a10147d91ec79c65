#pragma once

// Who wants to know of a tag: calculated tags and alarms. The applier notes a tag that changed; what depends on it is looked at later
// in the same cycle, once, however often it changed.
//
//     watch.add({{level, DependentKind::calculation, 17}});     // before the engine runs
//     if (!Watch::is_quiet(cell, number)) watch.note(tag);      // the applier, on every change of a number
//     for (const auto tag : watch.noted()) look_at(watch.dependents(tag));
//     watch.clear();
//
// Most changes concern nobody: an alarm at 80 does not care whether the level is 41 or 42. So each cell carries its tag's quiet band,
// beside the value: whole where nobody depends on the tag, empty where every change counts, else the numbers at which no alarm does
// anything. All [engine].

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/tags/tag_table.hpp"

namespace penstock::engine {

enum class DependentKind : std::uint8_t {
    calculation,  // of a calculated tag
    point_input,  // of an alarm point: what it judges,
    point_parameter,  // a limit or the like,
    enabling,  // whether it judges at all
};

struct Dependent {
    std::uint32_t kind : 3;  // DependentKind
    std::uint32_t index : 29;  // of the calculation or the point
    [[nodiscard]] DependentKind is() const noexcept { return static_cast<DependentKind>(kind); }
};

class Watch final {
public:
    // Nobody depends on anything. The table must outlive it, and has whole bands.
    explicit Watch(tags::TagTable& table);

    struct Dependence {
        tags::TagId tag;
        DependentKind kind;
        std::uint32_t index;
    };
    // Beside those that are known. The bands of these tags become empty. Before the engine runs.
    void add(std::span<const Dependence> more);
    // In the order in which they were added.
    [[nodiscard]] std::span<const Dependent> dependents(tags::TagId tag) const noexcept {
        return std::span(dependents_).subspan(begin_[tag], begin_[tag + 1] - begin_[tag]);
    }

    void prefetch(tags::TagId tag) const noexcept { __builtin_prefetch(&begin_[tag]); }

    // Inside the quiet band of the cell; NaN never is.
    [[nodiscard]] static bool is_quiet(const tags::TagCell& cell, double number) noexcept {
        return number >= double_of(cell.quiet_low.load(std::memory_order_relaxed))
               && number <= double_of(cell.quiet_high.load(std::memory_order_relaxed));
    }
    // The numbers that concern nobody, ends included. Low above high, or NaN: every change counts.
    void set_band(tags::TagId tag, double low, double high) noexcept;

    // Changed outside its band, or its quality or cause did; a text or an array: changed at all. Nothing happens where nobody depends on
    // it, or it is noted already.
    void note(tags::TagId tag) {
        if (marks_[tag] != kWatched) return;
        marks_[tag] = kWatched | kNoted;
        noted_.push_back(tag);
    }
    // Each once, in order; more may be noted while somebody goes through them by number.
    [[nodiscard]] const std::vector<tags::TagId>& noted() const noexcept { return noted_; }
    void clear() noexcept;

private:
    static constexpr std::uint8_t kWatched = 1, kNoted = 2;

    tags::TagTable& table_;
    std::vector<std::uint32_t> begin_;  // by tag, into dependents_; one more than there are ids
    std::vector<Dependent> dependents_;
    std::vector<std::uint8_t> marks_;  // by tag
    std::vector<tags::TagId> noted_;
};

}  // namespace penstock::engine
