#include "core/site/types/formula.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/suggest.hpp"
#include "core/site/fault_list.hpp"

namespace penstock::site {
namespace {

constexpr std::size_t kMaxDepth = 16;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_in_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

double as_double(const ParamValue& value) noexcept {
    const auto* const integer = std::get_if<std::int64_t>(&value);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

}  // namespace

// sum = product { ("+" | "-") product }, product = sign { "*" sign }, sign = "-" sign | number | name | "(" sum ")"
class FormulaParser {
public:
    FormulaParser(std::string_view text, std::span<const std::string_view> names) : text_(text), names_(names) {}

    std::expected<Formula, PatternFault> run() {
        if (!sum(0)) return std::unexpected(fault_);
        if (at_ != text_.size()) {
            fail("found " + in_quotes(text_.substr(at_, 1))
                 + " in a placeholder; it is a parameter, or + - * with whole numbers");
            return std::unexpected(fault_);
        }
        return std::move(formula_);
    }

private:
    using Op = Formula::Op;

    bool sum(std::size_t depth) {
        if (!product(depth)) return false;
        while (at('+') || at('-')) {
            const Op op = text_[at_++] == '+' ? Op::add : Op::subtract;
            if (!product(depth) || !emit({op, 0, {}})) return false;
        }
        return true;
    }
    bool product(std::size_t depth) {
        if (!sign(depth)) return false;
        while (at('*')) {
            ++at_;
            if (!sign(depth) || !emit({Op::multiply, 0, {}})) return false;
        }
        return true;
    }
    bool sign(std::size_t depth) {
        if (depth > kMaxDepth) return fail("the placeholder is nested deeper than 16 levels");
        if (at('-')) {
            ++at_;
            return sign(depth + 1) && emit({Op::negate, 0, {}});
        }
        if (at('(')) {
            ++at_;
            if (!sum(depth + 1)) return false;
            if (!at(')')) return fail("a ) is missing in the placeholder");
            ++at_;
            skip_blanks();
            return true;
        }
        return at_ < text_.size() && is_digit(text_[at_]) ? number() : name();
    }
    bool number() {
        const char* const begin = text_.data() + at_;
        const char* const end = text_.data() + text_.size();
        std::int64_t whole = 0;
        double real = 0;
        const auto read = std::from_chars(begin, end, real);
        const auto read_whole = std::from_chars(begin, end, whole);
        if (read.ec != std::errc()) return fail("the number is too large");
        const bool is_whole = read_whole.ec == std::errc() && read_whole.ptr == read.ptr;
        at_ += static_cast<std::size_t>(read.ptr - begin);
        skip_blanks();
        return emit({Op::number, 0, is_whole ? ParamValue(whole) : ParamValue(real)});
    }
    bool name() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_in_name(text_[at_])) ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        const auto known = std::ranges::find(names_, name);
        if (known == names_.end()) {
            at_ = begin;
            return name.empty() ? fail("a placeholder is a parameter, or + - * with whole numbers")
                                : fail("there is no parameter " + in_quotes(name), base::did_you_mean(name, names_));
        }
        skip_blanks();
        return emit({Op::parameter, static_cast<std::uint32_t>(known - names_.begin()), {}});
    }
    bool emit(Formula::Step step) {
        if (formula_.steps_.size() == Formula::kMaxSteps) return fail("the placeholder is too long");
        formula_.steps_.push_back(step);
        return true;
    }
    [[nodiscard]] bool at(char c) {
        skip_blanks();
        return at_ < text_.size() && text_[at_] == c;
    }
    void skip_blanks() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    bool fail(std::string sentence, std::string hint = {}) {
        fault_ = {at_, std::move(sentence), std::move(hint)};
        return false;
    }

    std::string_view text_;
    std::span<const std::string_view> names_;
    std::size_t at_ = 0;
    Formula formula_;
    PatternFault fault_;
};

std::expected<Formula, PatternFault> Formula::parse(std::string_view text, std::span<const std::string_view> names) {
    return FormulaParser(text, names).run();
}

std::expected<ParamValue, std::string> Formula::value(std::span<const ParamValue> values) const {
    if (steps_.size() == 1 && steps_.front().op == Op::parameter) return values[steps_.front().parameter];
    std::vector<ParamValue> stack;
    for (const Step& step : steps_) {
        if (step.op == Op::parameter || step.op == Op::number) {
            stack.push_back(step.op == Op::number ? step.number : values[step.parameter]);
            if (!is_number(stack.back())) return std::unexpected("arithmetic wants numbers; found " + found(stack.back()));
            continue;
        }
        const ParamValue right = stack.back();
        if (step.op == Op::negate)
            stack.back() = std::int64_t{0};
        else
            stack.pop_back();
        ParamValue& left = stack.back();
        const Op op = step.op == Op::negate ? Op::subtract : step.op;
        const bool is_whole = std::holds_alternative<std::int64_t>(left) && std::holds_alternative<std::int64_t>(right);
        if (is_whole) {
            std::int64_t result = 0;
            const std::int64_t a = std::get<std::int64_t>(left);
            const std::int64_t b = std::get<std::int64_t>(right);
            const bool is_over = op == Op::add        ? __builtin_add_overflow(a, b, &result)
                                 : op == Op::subtract ? __builtin_sub_overflow(a, b, &result)
                                                      : __builtin_mul_overflow(a, b, &result);
            if (is_over) return std::unexpected(std::string("the result is too large"));
            left = result;
            continue;
        }
        const double a = as_double(left);
        const double b = as_double(right);
        const double result = op == Op::add ? a + b : op == Op::subtract ? a - b : a * b;
        if (!std::isfinite(result)) return std::unexpected(std::string("the result is too large"));
        left = result;
    }
    return stack.back();
}

bool is_parameter_name(std::string_view name) noexcept {
    return !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, is_in_name);
}

}  // namespace penstock::site
