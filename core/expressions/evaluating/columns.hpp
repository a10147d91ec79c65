#pragma once

// A register of many instances: their values and qualities side by side.

#include <array>
#include <bit>
#include <cstdint>

#include <penstock/value.hpp>

#include "core/expressions/evaluator.hpp"

namespace penstock::expressions {

struct Column {
    std::array<std::uint64_t, Evaluator::kMost> word;
    std::array<State, Evaluator::kMost> state;  // not filled where all are good
    bool is_all_good = true;

    [[nodiscard]] State state_at(std::size_t i) const noexcept { return is_all_good ? 0 : state[i]; }
    // From here on each has a state of its own.
    void spread(std::size_t count) noexcept {
        if (!is_all_good) return;
        is_all_good = false;
        for (std::size_t i = 0; i < count; ++i) state[i] = 0;
    }
    void set_state(std::size_t i, State value, std::size_t count) noexcept {
        if (value == 0 && is_all_good) return;
        spread(count);
        state[i] = value;
    }
};

// The worse; of equals the first.
[[nodiscard]] constexpr State worse(State first, State second) noexcept {
    return level(quality_of(second)) > level(quality_of(first)) ? second : first;
}

template <class T>
[[nodiscard]] T value_of(std::uint64_t word) noexcept {
    if constexpr (std::is_same_v<T, bool>)
        return word != 0;
    else
        return std::bit_cast<T>(word);
}
template <class T>
[[nodiscard]] std::uint64_t word_from(T value) noexcept {
    if constexpr (std::is_same_v<T, bool>)
        return value ? 1 : 0;
    else
        return std::bit_cast<std::uint64_t>(value);
}

// What the operations of one evaluation share.
struct Frame {
    std::span<const Instance> instances;
    std::span<Column> columns;
    std::string& texts;
    std::int64_t now;  // ns
    std::array<std::int64_t, Evaluator::kMost>& due;  // ns
    std::array<std::uint32_t, Evaluator::kMost>& steps;
    tags::CauseTable& causes;

    [[nodiscard]] std::size_t count() const noexcept { return instances.size(); }
    void spoil(Column& column, std::size_t i, std::string_view cause) {
        column.set_state(i, make_state(QualityCode::bad_out_of_range, causes.intern(cause)), count());
    }
};

void evaluate_numbers(const Operation& operation, Frame& frame, Column& into);
void evaluate_logic(const Operation& operation, Frame& frame, Column& into);
void evaluate_texts(const Operation& operation, Frame& frame, Column& into);
void evaluate_timed(const Operation& operation, Frame& frame, Column& into);

// The state of a result that uses one or two operands whole.
void take_state(const Column& a, Column& into, std::size_t count);
void take_state(const Column& a, const Column& b, Column& into, std::size_t count);

}  // namespace penstock::expressions
