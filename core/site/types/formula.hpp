#pragma once

// What stands between { and } in a type's text: a parameter, or arithmetic with parameters and numbers: {base + 4 * (n - 1)}.

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/types/param_value.hpp"

namespace penstock::site {

struct PatternFault {
    std::size_t offset = 0;  // into the text
    std::string sentence, hint;
};

class Formula {
public:
    static constexpr std::size_t kMaxSteps = 64;

    // `names`: of the parameters, in the order of their values.
    [[nodiscard]] static std::expected<Formula, PatternFault> parse(std::string_view text,
                                                                    std::span<const std::string_view> names);
    // A parameter alone has any type, arithmetic gives a number: a whole one, but with a fraction among its operands a double.
    // The error is a sentence.
    [[nodiscard]] std::expected<ParamValue, std::string> value(std::span<const ParamValue> values) const;

private:
    friend class FormulaParser;
    enum class Op : std::uint8_t { parameter, number, add, subtract, multiply, negate };
    struct Step {  // postfix
        Op op = Op::number;
        std::uint32_t parameter = 0;
        ParamValue number{};
    };
    std::vector<Step> steps_;
};

// Letters, digits and '_', not a digit first.
[[nodiscard]] bool is_parameter_name(std::string_view name) noexcept;

}  // namespace penstock::site
