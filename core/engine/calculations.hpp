#pragma once

// The calculated tags of a catalog: evaluated when an input was noted (watch.hpp) or their time has come, each at most once a cycle and
// after those that it uses. Equal expressions are evaluated together, column by column (expressions/evaluator.hpp).
//
//     Calculations calculations(table, applier, watch);
//     calculations.run(now);             // once a cycle, when all samples are in
//     due = calculations.due();          // when to come back though no input changes: delays, windows
//
// The first run evaluates all of them. All [engine].

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <penstock/time.hpp>

#include "core/alarms/due_queue.hpp"
#include "core/engine/applier.hpp"
#include "core/engine/snapshot_part.hpp"
#include "core/engine/watch.hpp"
#include "core/expressions/evaluator.hpp"
#include "core/expressions/tag_source.hpp"

namespace penstock::engine {

struct CalculationPlan;

class Calculations final : public SnapshotPart {
public:
    // Adds them to the watch and the applier. Throws std::invalid_argument where an expression is faulty or uses itself; the sentence
    // names the tag. The site's check lets no such through. All must outlive it.
    Calculations(tags::TagTable& table, Applier& applier, Watch& watch);
    ~Calculations() override;

    // What was noted stays noted, for those who come after; what changes here is noted, too.
    void run(Now now);
    [[nodiscard]] MonotonicTime due() const noexcept { return due_.due(); }  // max: nothing waits
    [[nodiscard]] std::size_t size() const noexcept { return tags_.size(); }

    // The memory of those that have one. An expression that is another one now begins anew.
    [[nodiscard]] std::string_view name() const noexcept override { return "expressions"; }
    [[nodiscard]] journal::Position save(journal::Position appended, Now now, wire::Buffer& out) const override;
    [[nodiscard]] Result<void> restore(wire::Bytes section, Now now) override;

private:
    using Number = std::uint32_t;  // in order of evaluation: level by level, in each the equal ones side by side

    Calculations(tags::TagTable& table, Applier& applier, Watch& watch, CalculationPlan plan);
    void take_up_noted();
    [[nodiscard]] Number next_pending(Number from) const noexcept;
    [[nodiscard]] Number evaluate_from(Number first, Now now);
    [[nodiscard]] std::int64_t newest_time(Number calculation);
    [[nodiscard]] std::span<std::uint64_t> memory_of(Number calculation) const;

    tags::TagTable& table_;
    Applier& applier_;
    Watch& watch_;
    std::vector<tags::TagId> tags_;
    std::vector<expressions::Expression> expressions_;
    std::vector<std::uint32_t> group_;  // those of one group are of one level and one program
    std::unique_ptr<std::uint64_t[]> memory_;
    std::vector<expressions::Instance> instances_;
    expressions::TagSource source_;
    expressions::Evaluator evaluator_;
    std::vector<std::uint64_t> pending_;  // a bit each
    std::vector<std::uint64_t> timed_;  // of those that are pending: no input has changed, it is time
    std::size_t taken_up_ = 0;  // of what is noted in this cycle
    bool any_pending_ = false;
    alarms::DueQueue due_;
    std::vector<Applier::Calculated> results_;
};

}  // namespace penstock::engine
