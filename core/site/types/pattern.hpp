#pragma once

// A text of a type, with placeholders: "%DB{db}.{offset + 4}".

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/types/formula.hpp"

namespace penstock::site {

enum class PatternRule : std::uint8_t {
    strict,   // all that stands in braces is a placeholder; {{ and }} are braces themselves
    lenient,  // what is no placeholder stays as it is: others may know it ({value} of an alarm's text)
};

class Pattern {
public:
    // Borrows the text.
    [[nodiscard]] static std::expected<Pattern, PatternFault> parse(std::string_view text,
                                                                    std::span<const std::string_view> names, PatternRule rule);
    // Every instance has the text as it is written.
    [[nodiscard]] bool is_plain() const noexcept { return is_plain_; }
    // One placeholder and nothing else: its value keeps its type.
    [[nodiscard]] bool is_whole() const noexcept { return pieces_.size() == 1 && pieces_.front().is_formula; }
    // Precondition: is_whole().
    [[nodiscard]] std::expected<ParamValue, std::string> value(std::span<const ParamValue> values) const {
        return pieces_.front().formula.value(values);
    }
    [[nodiscard]] std::expected<std::string, std::string> text(std::span<const ParamValue> values) const;

private:
    struct Piece {
        bool is_formula = false;
        std::string_view literal;
        Formula formula;
    };
    std::vector<Piece> pieces_;
    bool is_plain_ = true;
};

}  // namespace penstock::site
