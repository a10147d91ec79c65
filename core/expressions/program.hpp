#pragma once

// The shape of an expression: operations on numbered registers, each written once. Tags and constants are numbers into the
// expression's own lists.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <penstock/time.hpp>
#include <penstock/value.hpp>

namespace penstock::expressions {

// What an operation does with its registers. Suffixes: d double, i signed, u unsigned, b bool, s text.
enum class Op : std::uint8_t {
    input,  // a = number of the input
    constant,  // a = number of the constant
    same,  // a
    int_to_double,
    uint_to_double,
    int_to_uint,
    uint_to_int,  // a; the last two are bad where it does not fit
    add_d,
    subtract_d,
    multiply_d,
    divide_d,
    modulo_d,
    power_d,  // a, b
    add_i,
    subtract_i,
    multiply_i,
    divide_i,
    modulo_i,  // bad where it overflows or divides by zero
    add_u,
    subtract_u,
    multiply_u,
    divide_u,
    modulo_u,
    negate_d,
    negate_i,
    absolute_d,
    absolute_i,  // a
    minimum_d,
    maximum_d,
    minimum_i,
    maximum_i,
    minimum_u,
    maximum_u,  // a, b
    square_root,
    exponential,
    logarithm,
    sine,
    cosine,
    round,
    floor,
    ceiling,  // a, doubles
    to_int,  // a double to the nearest integer; bad where it does not fit
    less_d,
    less_equal_d,
    equal_d,
    less_i,
    less_equal_i,
    equal_i,
    less_u,
    less_equal_u,
    equal_b,
    equal_s,  // a, b
    both,
    either,
    invert,  // and, or, not: of what decides it, the quality counts
    choose,  // a ? b : c
    is_good,
    is_bad,
    is_uncertain,  // a: a good bool, whatever a's quality is
    substitute,  // a, or b where a is bad
    join,
    length,
    contains,
    to_text,  // of texts
    previous,
    rising,
    falling,
    on_delay,
    off_delay,
    counter,  // with state
    average_over,
    minimum_over,
    maximum_over,
    rate_over,
};

struct Operation {
    Op op = Op::input;
    ValueType type = ValueType::none;  // of the result
    std::uint16_t a = 0, b = 0, c = 0;  // registers; of input and constant a number
    std::uint16_t state = 0;  // of operations with state: its first word
    bool operator==(const Operation&) const = default;
};

class Program final {
public:
    explicit Program(std::vector<Operation> operations);

    [[nodiscard]] std::span<const Operation> operations() const noexcept { return operations_; }
    [[nodiscard]] std::uint16_t result() const noexcept { return static_cast<std::uint16_t>(operations_.size() - 1); }
    [[nodiscard]] std::size_t input_count() const noexcept { return inputs_; }
    [[nodiscard]] std::size_t state_words() const noexcept { return state_words_; }  // 0: only its inputs can change it
    [[nodiscard]] bool has_text() const noexcept { return has_text_; }
    [[nodiscard]] std::string key() const;  // equal for equal programs

private:
    std::vector<Operation> operations_;
    std::size_t inputs_ = 0, state_words_ = 0;
    bool has_text_ = false;
};

// Keeps each shape once. Not thread-safe.
class ProgramBook final {
public:
    [[nodiscard]] std::shared_ptr<const Program> add(std::vector<Operation> operations);
    [[nodiscard]] std::size_t size() const noexcept { return programs_.size(); }

private:
    std::unordered_map<std::string, std::shared_ptr<const Program>> programs_;
};

// Words of state that an operation needs.
[[nodiscard]] std::size_t state_words(Op op) noexcept;

// For a snapshot: the times in an expression's memory become ages, and, at the restart, ages become times. What happened while the
// server was down is not known, so the time of a delay stands still meanwhile.
void turn_times(const Program& program, std::span<std::uint64_t> memory, MonotonicTime now) noexcept;

}  // namespace penstock::expressions
