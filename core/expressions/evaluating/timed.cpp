// Operations with a memory: edges, delays, counters, windows. They see every change of their inputs, wherever they stand in the
// expression.

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/expressions/evaluating/columns.hpp"
#include "core/expressions/evaluating/window.hpp"

namespace penstock::expressions {
namespace {

constexpr auto kNone = std::numeric_limits<double>::quiet_NaN();
constexpr State kWaiting = make_state(QualityCode::bad_waiting_for_initial, tags::kNoCause);

// One instance of one operation.
struct Step {
    const Operation& operation;
    Frame& frame;
    Column& into;
    std::size_t i;
    std::uint64_t* memory;

    [[nodiscard]] std::uint64_t word(std::uint16_t place) const noexcept { return frame.columns[place].word[i]; }
    [[nodiscard]] State state(std::uint16_t place) const noexcept { return frame.columns[place].state_at(i); }
    [[nodiscard]] bool is_usable(std::uint16_t place) const noexcept { return !is_bad(quality_of(state(place))); }
    void give(std::uint64_t word, State state) {
        into.word[i] = word;
        into.set_state(i, state, frame.count());
    }
    void wake_at(std::int64_t time) { frame.due[i] = std::min(frame.due[i], time); }
    [[nodiscard]] std::int64_t after(std::uint64_t time, double seconds) const {
        return static_cast<std::int64_t>(time) + std::llround(seconds * 1e9);
    }
};

// memory: the value now, its state + 1 (0: none yet), the value before, its state + 1.
void previous(Step step) {
    auto* const memory = step.memory;
    const auto word = step.word(step.operation.a);
    const auto state = step.state(step.operation.a) + 1;
    const bool has_changed =
        memory[1] != 0 && (memory[0] != word || is_bad(quality_of(memory[1] - 1)) != is_bad(quality_of(state - 1)));
    if (has_changed) {
        memory[2] = memory[0];
        memory[3] = memory[1];
    }
    memory[0] = word;
    memory[1] = state;
    step.give(memory[2], memory[3] == 0 ? kWaiting : memory[3] - 1);
}

// What a bool was: 0 not known, 1 false, 2 true. Returns whether it has become `what`. While it is bad, what it was counts on.
bool has_become(std::uint64_t& memory, bool is_true, bool what) {
    const auto before = std::exchange(memory, is_true ? 2 : 1);
    return is_true == what && before == (what ? 1U : 2U);
}

void edge(Step step) {
    const auto state = step.state(step.operation.a);
    if (!step.is_usable(step.operation.a)) return step.give(0, state);
    const bool happened = has_become(step.memory[0], step.word(step.operation.a) != 0, step.operation.op == Op::rising);
    step.give(happened ? 1 : 0, state);
    if (happened) step.wake_at(step.frame.now);  // in the next cycle it is over
}

// memory: whether it is true, since when.
void on_delay(Step step) {
    const auto state = step.state(step.operation.a);
    if (!step.is_usable(step.operation.a)) return step.give(0, state);
    const bool is_true = step.word(step.operation.a) != 0;
    if (is_true && step.memory[0] == 0) step.memory[1] = static_cast<std::uint64_t>(step.frame.now);
    step.memory[0] = is_true ? 1 : 0;
    const auto due = step.after(step.memory[1], double_of(step.word(step.operation.b)));
    const bool is_over = is_true && step.frame.now >= due;
    step.give(is_over ? 1 : 0, state);
    if (is_true && !is_over) step.wake_at(due);
}

// memory: 0 it was not true, 1 it is, 2 it was; since when it is no more.
void off_delay(Step step) {
    const auto state = step.state(step.operation.a);
    if (!step.is_usable(step.operation.a)) return step.give(0, state);
    if (step.word(step.operation.a) != 0) {
        step.memory[0] = 1;
        return step.give(1, state);
    }
    if (step.memory[0] == 1) step.memory[1] = static_cast<std::uint64_t>(step.frame.now);
    step.memory[0] = step.memory[0] == 0 ? 0 : 2;
    const auto due = step.after(step.memory[1], double_of(step.word(step.operation.b)));
    const bool goes_on = step.memory[0] == 2 && step.frame.now < due;
    step.give(goes_on ? 1 : 0, state);
    if (goes_on)
        step.wake_at(due);
    else
        step.memory[0] = 0;
}

// memory: what the bool was; the count.
void counter(Step step) {
    const auto& operation = step.operation;
    if (step.is_usable(operation.a) && has_become(step.memory[0], step.word(operation.a) != 0, true)) ++step.memory[1];
    if (step.is_usable(operation.b) && step.word(operation.b) != 0) step.memory[1] = 0;
    step.give(step.memory[1], worse(step.state(operation.a), step.state(operation.b)));
}

double held_value(const Step& step) {
    return step.is_usable(step.operation.a) ? double_of(step.word(step.operation.a)) : kNone;
}

void finish(Step step, const Window& window, double result) {
    step.wake_at(window.due());
    const auto state = step.state(step.operation.a);
    if (!std::isnan(result)) return step.give(word_of(result), state);
    step.give(0, is_bad(quality_of(state)) ? state : kWaiting);
}

// Each slot: value times seconds, seconds.
void average_over(Step step) {
    Window window(step.memory, double_of(step.word(step.operation.b)), step.frame.now);
    const auto value = held_value(step);
    const auto clear = [&](std::int64_t slot) { window.word(slot, 0) = window.word(slot, 1) = word_of(0.0); };
    const auto fill = [&](std::int64_t slot, double held, double seconds) {
        window.word(slot, 0) = word_of(double_of(window.word(slot, 0)) + held * seconds);
        window.word(slot, 1) = word_of(double_of(window.word(slot, 1)) + seconds);
    };
    window.advance(value, clear, fill);
    double sum = 0;
    double seconds = 0;
    for (std::int64_t slot = 0; slot < Window::kSlots; ++slot) {
        sum += double_of(window.word(slot, 0));
        seconds += double_of(window.word(slot, 1));
    }
    finish(step, window, seconds > 0 ? sum / seconds : value);
}

// Each slot: the least or greatest value that held in it.
void extreme_over(Step step) {
    const bool is_least = step.operation.op == Op::minimum_over;
    Window window(step.memory, double_of(step.word(step.operation.b)), step.frame.now);
    const auto better = [&](double a, double b) { return std::isnan(a) || (is_least ? b < a : b > a) ? b : a; };
    const auto clear = [&](std::int64_t slot) { window.word(slot) = word_of(kNone); };
    const auto fill = [&](std::int64_t slot, double held, double) {
        window.word(slot) = word_of(better(double_of(window.word(slot)), held));
    };
    const auto value = held_value(step);
    window.advance(value, clear, fill);
    double result = value;
    for (std::int64_t slot = 0; slot < Window::kSlots; ++slot)
        if (const auto other = double_of(window.word(slot)); !std::isnan(other)) result = better(result, other);
    finish(step, window, result);
}

// Each slot: the value with which it began.
void rate_over(Step step) {
    Window window(step.memory, double_of(step.word(step.operation.b)), step.frame.now);
    const auto clear = [&](std::int64_t slot) { window.word(slot) = word_of(kNone); };
    const auto fill = [&](std::int64_t slot, double held, double) {
        if (std::isnan(double_of(window.word(slot)))) window.word(slot) = word_of(held);
    };
    const auto value = held_value(step);
    window.advance(value, clear, fill);
    for (std::int64_t back = Window::kSlots - 1; back >= 0; --back) {
        const auto slot = (window.newest() - back + Window::kSlots) % Window::kSlots;
        const auto age = window.age_of(slot);
        const auto old = double_of(window.word(slot));
        if (!std::isnan(old) && age > 0) return finish(step, window, (value - old) / age);
    }
    finish(step, window, std::isnan(value) ? kNone : 0);
}

}  // namespace

void evaluate_timed(const Operation& operation, Frame& frame, Column& into) {
    for (std::size_t i = 0; i < frame.count(); ++i) {
        const Step step{operation, frame, into, i, frame.instances[i].memory + operation.state};
        switch (operation.op) {
            case Op::previous: previous(step); break;
            case Op::rising:
            case Op::falling: edge(step); break;
            case Op::on_delay: on_delay(step); break;
            case Op::off_delay: off_delay(step); break;
            case Op::counter: counter(step); break;
            case Op::average_over: average_over(step); break;
            case Op::rate_over: rate_over(step); break;
            default: extreme_over(step); break;
        }
    }
}

}  // namespace penstock::expressions
