#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/expressions/evaluating/columns.hpp"

namespace penstock::expressions {
namespace {

constexpr double kTwo63 = 9'223'372'036'854'775'808.0;

template <class From, class To, class F>
void each(const Operation& operation, Frame& frame, Column& into, F f) {
    const auto& a = frame.columns[operation.a];
    const auto count = frame.count();
    for (std::size_t i = 0; i < count; ++i) into.word[i] = word_from<To>(f(value_of<From>(a.word[i])));
    take_state(a, into, count);
}
template <class From, class To, class F>
void each_pair(const Operation& operation, Frame& frame, Column& into, F f) {
    const auto& a = frame.columns[operation.a];
    const auto& b = frame.columns[operation.b];
    const auto count = frame.count();
    for (std::size_t i = 0; i < count; ++i)
        into.word[i] = word_from<To>(f(value_of<From>(a.word[i]), value_of<From>(b.word[i])));
    take_state(a, b, into, count);
}
// f(a, b, out) is false where there is no result.
template <class T, class F>
void each_checked(const Operation& operation, Frame& frame, Column& into, std::string_view cause, F f) {
    const auto& a = frame.columns[operation.a];
    const auto& b = frame.columns[operation.b];
    const auto count = frame.count();
    take_state(a, b, into, count);
    for (std::size_t i = 0; i < count; ++i) {
        T result{};
        const bool is_fine = f(value_of<T>(a.word[i]), value_of<T>(b.word[i]), result);
        into.word[i] = word_from<T>(result);
        if (!is_fine && !is_bad(quality_of(into.state_at(i)))) frame.spoil(into, i, cause);
    }
}
// A double that is no number, of operands that were: nothing to go on with.
void check_doubles(Frame& frame, Column& into, std::string_view cause) {
    bool all_finite = true;
    for (std::size_t i = 0; i < frame.count(); ++i) all_finite &= std::isfinite(double_of(into.word[i]));
    if (all_finite) return;
    for (std::size_t i = 0; i < frame.count(); ++i)
        if (!std::isfinite(double_of(into.word[i])) && !is_bad(quality_of(into.state_at(i)))) frame.spoil(into, i, cause);
}

template <class T>
bool divide(T a, T b, T& out) {
    if (b == 0) return false;
    if constexpr (std::is_signed_v<T>)
        if (b == -1 && a == std::numeric_limits<T>::min()) return false;
    out = a / b;
    return true;
}
template <class T>
bool modulo(T a, T b, T& out) {
    if (b == 0) return false;
    if constexpr (std::is_signed_v<T>)
        if (b == -1) return out = 0, true;
    out = a % b;
    return true;
}

template <class T>
void whole_numbers(const Operation& operation, Op which, Frame& frame, Column& into) {
    constexpr auto kOverflow = "the result does not fit an integer";
    switch (which) {
        case Op::add_i:
            return each_checked<T>(operation, frame, into, kOverflow,
                                   [](T a, T b, T& out) { return !__builtin_add_overflow(a, b, &out); });
        case Op::subtract_i:
            return each_checked<T>(operation, frame, into, kOverflow,
                                   [](T a, T b, T& out) { return !__builtin_sub_overflow(a, b, &out); });
        case Op::multiply_i:
            return each_checked<T>(operation, frame, into, kOverflow,
                                   [](T a, T b, T& out) { return !__builtin_mul_overflow(a, b, &out); });
        case Op::divide_i: return each_checked<T>(operation, frame, into, "divided by 0", divide<T>);
        case Op::modulo_i: return each_checked<T>(operation, frame, into, "divided by 0", modulo<T>);
        case Op::minimum_i: return each_pair<T, T>(operation, frame, into, [](T a, T b) { return b < a ? b : a; });
        case Op::maximum_i: return each_pair<T, T>(operation, frame, into, [](T a, T b) { return b > a ? b : a; });
        case Op::less_i: return each_pair<T, bool>(operation, frame, into, [](T a, T b) { return a < b; });
        default: return each_pair<T, bool>(operation, frame, into, [](T a, T b) { return a <= b; });
    }
}

// Of two operands.
bool pairs_of_doubles(const Operation& operation, Frame& frame, Column& into) {
    const auto pair = [&](auto f) { each_pair<double, double>(operation, frame, into, f); };
    switch (operation.op) {
        case Op::add_d: pair([](double a, double b) { return a + b; }); break;
        case Op::subtract_d: pair([](double a, double b) { return a - b; }); break;
        case Op::multiply_d: pair([](double a, double b) { return a * b; }); break;
        case Op::divide_d:
            pair([](double a, double b) { return a / b; });
            check_doubles(frame, into, "divided by 0");
            return true;
        case Op::modulo_d:
            pair([](double a, double b) { return std::fmod(a, b); });
            check_doubles(frame, into, "divided by 0");
            return true;
        case Op::power_d: pair([](double a, double b) { return std::pow(a, b); }); break;
        case Op::minimum_d: pair([](double a, double b) { return b < a ? b : a; }); break;
        case Op::maximum_d: pair([](double a, double b) { return b > a ? b : a; }); break;
        case Op::less_d: each_pair<double, bool>(operation, frame, into, [](double a, double b) { return a < b; }); return true;
        case Op::less_equal_d:
            each_pair<double, bool>(operation, frame, into, [](double a, double b) { return a <= b; });
            return true;
        case Op::equal_d:
            each_pair<double, bool>(operation, frame, into, [](double a, double b) { return a == b; });
            return true;
        default: return false;
    }
    check_doubles(frame, into, "the result is no number");
    return true;
}

bool single_doubles(const Operation& operation, Frame& frame, Column& into) {
    const auto one = [&](auto f) { each<double, double>(operation, frame, into, f); };
    switch (operation.op) {
        case Op::negate_d: one([](double a) { return -a; }); return true;
        case Op::absolute_d: one([](double a) { return std::fabs(a); }); return true;
        case Op::square_root: one([](double a) { return std::sqrt(a); }); break;
        case Op::exponential: one([](double a) { return std::exp(a); }); break;
        case Op::logarithm: one([](double a) { return std::log(a); }); break;
        case Op::sine: one([](double a) { return std::sin(a); }); break;
        case Op::cosine: one([](double a) { return std::cos(a); }); break;
        case Op::round: one([](double a) { return std::round(a); }); return true;
        case Op::floor: one([](double a) { return std::floor(a); }); return true;
        case Op::ceiling: one([](double a) { return std::ceil(a); }); return true;
        default: return false;
    }
    check_doubles(frame, into, "the result is no number");
    return true;
}

bool conversions(const Operation& operation, Frame& frame, Column& into) {
    const auto& a = frame.columns[operation.a];
    const auto spoil_where = [&](auto is_so, std::string_view cause) {
        for (std::size_t i = 0; i < frame.count(); ++i)
            if (is_so(a.word[i]) && !is_bad(quality_of(into.state_at(i)))) frame.spoil(into, i, cause);
    };
    switch (operation.op) {
        case Op::int_to_double:
            each<std::int64_t, double>(operation, frame, into, [](std::int64_t v) { return static_cast<double>(v); });
            return true;
        case Op::uint_to_double:
            each<std::uint64_t, double>(operation, frame, into, [](std::uint64_t v) { return static_cast<double>(v); });
            return true;
        case Op::int_to_uint:
        case Op::uint_to_int:
            each<std::uint64_t, std::uint64_t>(operation, frame, into, [](std::uint64_t v) { return v; });
            spoil_where([](std::uint64_t word) { return static_cast<std::int64_t>(word) < 0; },
                        "the value does not fit the other kind of integer");
            return true;
        case Op::to_int: {
            const auto fits = [](double v) { return v >= -kTwo63 && v < kTwo63; };
            each<double, std::int64_t>(operation, frame, into, [&](double v) {
                return fits(std::round(v)) ? static_cast<std::int64_t>(std::round(v)) : 0;
            });
            spoil_where([&](std::uint64_t word) { return !fits(std::round(double_of(word))); },
                        "the value does not fit an integer");
            return true;
        }
        case Op::absolute_i:
        case Op::negate_i: {
            const bool negates = operation.op == Op::negate_i;
            each<std::int64_t, std::int64_t>(operation, frame, into, [&](std::int64_t v) {
                const auto minus = static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(v));
                return negates || v < 0 ? minus : v;
            });
            spoil_where([](std::uint64_t word) { return word == std::uint64_t{1} << 63U; },
                        "the result does not fit an integer");
            return true;
        }
        default: return false;
    }
}

}  // namespace

void evaluate_numbers(const Operation& operation, Frame& frame, Column& into) {
    if (pairs_of_doubles(operation, frame, into) || single_doubles(operation, frame, into)
        || conversions(operation, frame, into))
        return;
    switch (operation.op) {
        case Op::add_u: return whole_numbers<std::uint64_t>(operation, Op::add_i, frame, into);
        case Op::subtract_u: return whole_numbers<std::uint64_t>(operation, Op::subtract_i, frame, into);
        case Op::multiply_u: return whole_numbers<std::uint64_t>(operation, Op::multiply_i, frame, into);
        case Op::divide_u: return whole_numbers<std::uint64_t>(operation, Op::divide_i, frame, into);
        case Op::modulo_u: return whole_numbers<std::uint64_t>(operation, Op::modulo_i, frame, into);
        case Op::minimum_u: return whole_numbers<std::uint64_t>(operation, Op::minimum_i, frame, into);
        case Op::maximum_u: return whole_numbers<std::uint64_t>(operation, Op::maximum_i, frame, into);
        case Op::less_u: return whole_numbers<std::uint64_t>(operation, Op::less_i, frame, into);
        case Op::less_equal_u: return whole_numbers<std::uint64_t>(operation, Op::less_equal_i, frame, into);
        case Op::equal_i: return each_pair<std::uint64_t, bool>(operation, frame, into, [](auto a, auto b) { return a == b; });
        default: return whole_numbers<std::int64_t>(operation, operation.op, frame, into);
    }
}

}  // namespace penstock::expressions
