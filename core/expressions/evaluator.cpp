#include "core/expressions/evaluator.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/expressions/evaluating/columns.hpp"

namespace penstock::expressions {
namespace {

using Evaluate = void (*)(const Operation&, Frame&, Column&);

Evaluate family_of(Op op) noexcept {
    switch (op) {
        case Op::same:
        case Op::equal_b:
        case Op::both:
        case Op::either:
        case Op::invert:
        case Op::choose:
        case Op::is_good:
        case Op::is_bad:
        case Op::is_uncertain:
        case Op::substitute: return evaluate_logic;
        case Op::equal_s:
        case Op::join:
        case Op::length:
        case Op::contains:
        case Op::to_text: return evaluate_texts;
        case Op::previous:
        case Op::rising:
        case Op::falling:
        case Op::on_delay:
        case Op::off_delay:
        case Op::counter:
        case Op::average_over:
        case Op::minimum_over:
        case Op::maximum_over:
        case Op::rate_over: return evaluate_timed;
        default: return evaluate_numbers;
    }
}

}  // namespace

struct Evaluator::Parts {
    explicit Parts(tags::CauseTable& its_causes) : causes(its_causes) {}

    void read_input(const Operation& operation, std::span<const Instance> instances, Source& source, Column& into) {
        for (std::size_t i = 0; i < instances.size(); ++i) tags[i] = instances[i].expression->inputs[operation.a];
        source.read(std::span(tags).first(instances.size()), operation.type, into.word.data(), into.state.data(), texts);
        if (operation.type == ValueType::float64) spoil_nans(instances.size(), into);
        State any = 0;
        for (std::size_t i = 0; i < instances.size(); ++i) any |= into.state[i];
        into.is_all_good = any == 0;
    }
    // A NaN is neither above nor below anything: a condition on it would be false, and good.
    void spoil_nans(std::size_t count, Column& into) {
        bool is_any = false;
        for (std::size_t i = 0; i < count; ++i) is_any |= std::isnan(double_of(into.word[i]));
        if (!is_any) return;
        for (std::size_t i = 0; i < count; ++i) {
            if (!std::isnan(double_of(into.word[i])) || is_bad(quality_of(into.state[i]))) continue;
            into.state[i] = make_state(QualityCode::bad_no_data, causes.intern("it is not a number"));
        }
    }
    void put_constant(const Operation& operation, std::span<const Instance> instances, Column& into) {
        for (std::size_t i = 0; i < instances.size(); ++i) {
            const auto& expression = *instances[i].expression;
            into.word[i] = expression.constants[operation.a];
            if (operation.type != ValueType::string) continue;
            const auto text = std::string_view(expression.texts).substr(into.word[i] >> 32U, into.word[i] & 0xFFFF'FFFFU);
            into.word[i] = std::uint64_t{texts.size()} << 32U | text.size();
            texts += text;
        }
    }

    tags::CauseTable& causes;
    std::vector<Column> columns;
    std::array<tags::TagId, kMost> tags{};
    std::array<std::int64_t, kMost> due{};
    std::array<std::uint32_t, kMost> steps{};
    std::string texts;
    std::size_t result = 0;
    bool is_text = false;
};

Evaluator::Evaluator(tags::CauseTable& causes) : parts_(std::make_unique<Parts>(causes)) {}
Evaluator::~Evaluator() = default;

void Evaluator::evaluate(const Program& program, std::span<const Instance> instances, Source& source, MonotonicTime now) {
    auto& parts = *parts_;
    const auto operations = program.operations();
    if (parts.columns.size() < operations.size()) parts.columns.resize(operations.size());
    parts.texts.clear();
    for (std::size_t i = 0; i < instances.size(); ++i) parts.due[i] = std::numeric_limits<std::int64_t>::max();
    if (program.has_text()) parts.steps.fill(static_cast<std::uint32_t>(operations.size()));
    Frame frame{instances, parts.columns, parts.texts, now.time_since_epoch().count(), parts.due, parts.steps, parts.causes};
    for (std::size_t k = 0; k < operations.size(); ++k) {
        auto& into = parts.columns[k];
        into.is_all_good = true;
        const auto& operation = operations[k];
        if (operation.op == Op::input)
            parts.read_input(operation, instances, source, into);
        else if (operation.op == Op::constant)
            parts.put_constant(operation, instances, into);
        else
            family_of(operation.op)(operation, frame, into);
    }
    parts.result = program.result();
    parts.is_text = operations.back().type == ValueType::string;
}

Outcome Evaluator::result(std::size_t instance) const {
    const auto& parts = *parts_;
    const auto& column = parts.columns[parts.result];
    Outcome outcome;
    outcome.word = column.word[instance];
    outcome.state = column.state_at(instance);
    if (parts.is_text) outcome.text = std::string_view(parts.texts).substr(outcome.word >> 32U, outcome.word & 0xFFFF'FFFFU);
    if (parts.due[instance] != std::numeric_limits<std::int64_t>::max())
        outcome.due = MonotonicTime(MonotonicTime::duration(parts.due[instance]));
    return outcome;
}

}  // namespace penstock::expressions
