#include "core/engine/calculations.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "core/engine/calculation_plan.hpp"

namespace penstock::engine {
namespace {

constexpr std::size_t kBits = 64;

std::size_t memory_words(const std::vector<expressions::Expression>& expressions) {
    std::size_t words = 0;
    for (const auto& each : expressions) words += each.program->state_words();
    return words;
}

void set_bit(std::vector<std::uint64_t>& bits, std::uint32_t number) { bits[number / kBits] |= 1ULL << (number % kBits); }
void clear_bit(std::vector<std::uint64_t>& bits, std::uint32_t number) { bits[number / kBits] &= ~(1ULL << (number % kBits)); }
bool has_bit(const std::vector<std::uint64_t>& bits, std::uint32_t number) {
    return (bits[number / kBits] >> (number % kBits) & 1U) != 0;
}

}  // namespace

Calculations::Calculations(tags::TagTable& table, Applier& applier, Watch& watch)
    : Calculations(table, applier, watch, plan_calculations(table.catalog())) {}

Calculations::Calculations(tags::TagTable& table, Applier& applier, Watch& watch, CalculationPlan plan)
    : table_(table),
      applier_(applier),
      watch_(watch),
      tags_(std::move(plan.tags)),
      expressions_(std::move(plan.expressions)),
      group_(std::move(plan.group)),
      memory_(std::make_unique<std::uint64_t[]>(memory_words(expressions_))),
      source_(table),
      evaluator_(table.causes()),
      pending_(tags_.size() / kBits + 1),
      timed_(pending_.size()),
      any_pending_(!tags_.empty()),
      due_(tags_.size()) {
    std::vector<Watch::Dependence> dependences;
    std::vector<Applier::CalculatedTag> calculated;
    auto* memory = memory_.get();
    for (Number i = 0; i < tags_.size(); ++i) {
        const auto& expression = expressions_[i];
        for (const auto input : expression.inputs) dependences.push_back({input, DependentKind::calculation, i});
        calculated.push_back({tags_[i], expression.type});
        instances_.push_back({&expression, memory});
        memory += expression.program->state_words();
        set_bit(pending_, i);
    }
    watch_.add(dependences);
    applier_.set_calculated(calculated);
    results_.reserve(expressions::Evaluator::kMost);
}

Calculations::~Calculations() = default;

std::span<std::uint64_t> Calculations::memory_of(Number calculation) const {
    return {instances_[calculation].memory, expressions_[calculation].program->state_words()};
}

// What changes on the way is used by what lies further on only.
void Calculations::run(Now now) {
    taken_up_ = 0;
    while (const auto timed = due_.next(now.monotonic)) {
        any_pending_ = true;
        if (has_bit(pending_, *timed)) continue;
        set_bit(pending_, *timed);
        set_bit(timed_, *timed);
    }
    take_up_noted();
    if (!std::exchange(any_pending_, false)) return;
    for (auto next = next_pending(0); next < tags_.size(); next = next_pending(evaluate_from(next, now) + 1)) {
    }
}

void Calculations::take_up_noted() {
    for (const auto& noted = watch_.noted(); taken_up_ < noted.size(); ++taken_up_) {
        for (const auto dependent : watch_.dependents(noted[taken_up_])) {
            if (dependent.is() != DependentKind::calculation) continue;
            any_pending_ = true;
            set_bit(pending_, dependent.index);
            clear_bit(timed_, dependent.index);
        }
    }
}

Calculations::Number Calculations::next_pending(Number from) const noexcept {
    auto word = from / kBits;
    if (word >= pending_.size()) return static_cast<Number>(tags_.size());
    auto bits = pending_[word] & (~0ULL << (from % kBits));
    while (bits == 0) {
        if (++word == pending_.size()) return static_cast<Number>(tags_.size());
        bits = pending_[word];
    }
    return static_cast<Number>(word * kBits + static_cast<std::size_t>(std::countr_zero(bits)));
}

// As many of one group as go at a time; returns the last of them.
Calculations::Number Calculations::evaluate_from(Number first, Now now) {
    std::array<expressions::Instance, expressions::Evaluator::kMost> some;
    results_.clear();
    for (auto next = first; next < tags_.size() && group_[next] == group_[first] && results_.size() < some.size();
         next = next_pending(next + 1)) {
        some[results_.size()] = instances_[next];
        clear_bit(pending_, next);
        const bool is_timed = has_bit(timed_, next);
        if (is_timed) clear_bit(timed_, next);
        results_.push_back({next, {}, tags::kNoCause, 0, {}, is_timed ? 0 : newest_time(next)});
    }
    const auto& program = *expressions_[first].program;
    evaluator_.evaluate(program, std::span(some).first(results_.size()), source_, now.monotonic);
    for (std::size_t i = 0; i < results_.size(); ++i) {
        const auto outcome = evaluator_.result(i);
        auto& result = results_[i];
        result.quality = expressions::quality_of(outcome.state);
        result.cause = expressions::cause_of(outcome.state);
        result.word = outcome.word;
        result.text = outcome.text;
        if (program.state_words() == 0) continue;
        if (outcome.due == MonotonicTime::max())
            due_.cancel(result.number);
        else
            due_.set(result.number, outcome.due);
    }
    applier_.apply_calculated(results_, now.utc);
    take_up_noted();
    return results_.back().number;
}

// 0, which is now, where there is no input.
std::int64_t Calculations::newest_time(Number calculation) {
    std::int64_t newest = 0;
    for (const auto input : expressions_[calculation].inputs) {
        const auto time = static_cast<std::int64_t>(table_.cell(input).source_time.load(std::memory_order_relaxed));
        newest = newest == 0 ? time : std::max(newest, time);
    }
    return newest;
}

}  // namespace penstock::engine
