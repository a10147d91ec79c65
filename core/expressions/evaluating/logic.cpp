#include "core/expressions/evaluating/columns.hpp"

namespace penstock::expressions {
namespace {

// `decisive`: the value of the left side that settles it: false for and, true for or.
void join(const Operation& operation, bool decisive, Frame& frame, Column& into) {
    const auto& a = frame.columns[operation.a];
    const auto& b = frame.columns[operation.b];
    const auto count = frame.count();
    for (std::size_t i = 0; i < count; ++i) into.word[i] = decisive ? a.word[i] | b.word[i] : a.word[i] & b.word[i];
    if (a.is_all_good && b.is_all_good) return;
    for (std::size_t i = 0; i < count; ++i) {
        const auto first = a.state_at(i);
        const auto second = b.state_at(i);
        const bool first_settles = !is_bad(quality_of(first)) && (a.word[i] != 0) == decisive;
        const bool second_settles = !is_bad(quality_of(second)) && (b.word[i] != 0) == decisive;
        // A side that settles it makes the other unimportant, from whichever side it comes; the left is asked first.
        const auto state = first_settles ? first : second_settles && is_bad(quality_of(first)) ? second : worse(first, second);
        if (first_settles || second_settles) into.word[i] = decisive ? 1 : 0;
        into.set_state(i, state, count);
    }
}

void choose(const Operation& operation, Frame& frame, Column& into) {
    const auto& decides = frame.columns[operation.a];
    const auto& yes = frame.columns[operation.b];
    const auto& no = frame.columns[operation.c];
    const auto count = frame.count();
    for (std::size_t i = 0; i < count; ++i) into.word[i] = decides.word[i] != 0 ? yes.word[i] : no.word[i];
    if (decides.is_all_good && yes.is_all_good && no.is_all_good) return;
    for (std::size_t i = 0; i < count; ++i) {
        const auto chosen = decides.word[i] != 0 ? yes.state_at(i) : no.state_at(i);
        const auto first = decides.state_at(i);
        into.set_state(i, is_bad(quality_of(first)) ? first : worse(first, chosen), count);
    }
}

void substitute(const Operation& operation, Frame& frame, Column& into) {
    const auto& a = frame.columns[operation.a];
    const auto& b = frame.columns[operation.b];
    const auto count = frame.count();
    into.word = a.word;
    if (a.is_all_good) return;
    const auto replaced = make_state(QualityCode::uncertain_substitute, frame.causes.intern("substituted"));
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_bad(quality_of(a.state[i]))) {
            into.set_state(i, a.state[i], count);
            continue;
        }
        into.word[i] = b.word[i];
        into.set_state(i, worse(b.state_at(i), replaced), count);
    }
}

template <class Is>
void ask_quality(const Operation& operation, Frame& frame, Column& into, Is is) {
    const auto& a = frame.columns[operation.a];
    for (std::size_t i = 0; i < frame.count(); ++i) into.word[i] = is(quality_of(a.state_at(i))) ? 1 : 0;
}

}  // namespace

void take_state(const Column& a, Column& into, std::size_t count) {
    if (a.is_all_good) return;
    into.is_all_good = false;
    for (std::size_t i = 0; i < count; ++i) into.state[i] = a.state[i];
}

void take_state(const Column& a, const Column& b, Column& into, std::size_t count) {
    if (a.is_all_good && b.is_all_good) return;
    into.is_all_good = false;
    for (std::size_t i = 0; i < count; ++i) into.state[i] = worse(a.state_at(i), b.state_at(i));
}

void evaluate_logic(const Operation& operation, Frame& frame, Column& into) {
    const auto& a = frame.columns[operation.a];
    const auto count = frame.count();
    switch (operation.op) {
        case Op::both: return join(operation, false, frame, into);
        case Op::either: return join(operation, true, frame, into);
        case Op::choose: return choose(operation, frame, into);
        case Op::substitute: return substitute(operation, frame, into);
        case Op::is_good: return ask_quality(operation, frame, into, is_good);
        case Op::is_bad: return ask_quality(operation, frame, into, is_bad);
        case Op::is_uncertain:
            return ask_quality(operation, frame, into, [](QualityCode code) { return level(code) == QualityLevel::uncertain; });
        case Op::equal_b: {
            const auto& b = frame.columns[operation.b];
            for (std::size_t i = 0; i < count; ++i) into.word[i] = a.word[i] == b.word[i] ? 1 : 0;
            return take_state(a, b, into, count);
        }
        case Op::invert:
            for (std::size_t i = 0; i < count; ++i) into.word[i] = a.word[i] != 0 ? 0 : 1;
            return take_state(a, into, count);
        default:  // same
            into.word = a.word;
            return take_state(a, into, count);
    }
}

}  // namespace penstock::expressions
