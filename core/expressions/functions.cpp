#include "core/expressions/functions.hpp"

#include <algorithm>

namespace penstock::expressions {
namespace {

constexpr Function kFunctions[] = {
    {"abs", Signature::number, Op::absolute_d, "x", "The value without its sign."},
    {"min", Signature::numbers, Op::minimum_d, "x, y, ...", "The smallest of its arguments."},
    {"max", Signature::numbers, Op::maximum_d, "x, y, ...", "The largest of its arguments."},
    {"clamp", Signature::clamp, Op::minimum_d, "x, low, high", "x, but not below low and not above high."},
    {"sqrt", Signature::real, Op::square_root, "x", "The square root; bad where x is negative."},
    {"exp", Signature::real, Op::exponential, "x", "e to the power of x."},
    {"ln", Signature::real, Op::logarithm, "x", "The natural logarithm; bad where x is not above 0."},
    {"sin", Signature::real, Op::sine, "x", "The sine of x radians."},
    {"cos", Signature::real, Op::cosine, "x", "The cosine of x radians."},
    {"round", Signature::rounding, Op::round, "x", "The nearest whole number, halves away from 0."},
    {"floor", Signature::rounding, Op::floor, "x", "The next whole number below."},
    {"ceil", Signature::rounding, Op::ceiling, "x", "The next whole number above."},
    {"int", Signature::to_int, Op::to_int, "x",
     "The nearest whole number as an int; bad where it does not fit. Of a bool 0 or 1."},
    {"double", Signature::to_double, Op::int_to_double, "x", "The number as a double. Of a bool 0 or 1."},
    {"text", Signature::to_text, Op::to_text, "x", "The value as a text, as it is shown."},
    {"good", Signature::quality, Op::is_good, "x", "Whether the quality of x is good. The answer itself is always good."},
    {"uncertain", Signature::quality, Op::is_uncertain, "x", "Whether the quality of x is uncertain."},
    {"bad", Signature::quality, Op::is_bad, "x", "Whether the quality of x is bad."},
    {"substitute", Signature::substitute, Op::substitute, "x, y", "x, or y where x is bad: then uncertain, as substituted."},
    {"length", Signature::length, Op::length, "text", "How many bytes a text has."},
    {"contains", Signature::contains, Op::contains, "text, part", "Whether a text contains another."},
    {"previous", Signature::previous, Op::previous, "x",
     "What x was before it became what it is; bad before it first changed."},
    {"rising", Signature::edge, Op::rising, "b", "True for one cycle when b becomes true."},
    {"falling", Signature::edge, Op::falling, "b", "True for one cycle when b becomes false."},
    {"on_delay", Signature::delay, Op::on_delay, "b, 5s", "True once b has been true for that long."},
    {"off_delay", Signature::delay, Op::off_delay, "b, 5s", "True while b is true, and that long after."},
    {"counter", Signature::counter, Op::counter, "b, reset", "How often b became true; a reset that is true holds it at 0."},
    {"average", Signature::window, Op::average_over, "x, 10m", "The average over the last time, weighted by time."},
    {"minimum", Signature::window, Op::minimum_over, "x, 10m", "The smallest value of the last time."},
    {"maximum", Signature::window, Op::maximum_over, "x, 10m", "The largest value of the last time."},
    {"rate", Signature::window, Op::rate_over, "x, 1m", "How fast x changed over the last time, per second."},
};

}  // namespace

std::span<const Function> functions() noexcept { return kFunctions; }

const Function* find_function(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(kFunctions, name, &Function::name);
    return found == std::ranges::end(kFunctions) ? nullptr : found;
}

}  // namespace penstock::expressions
