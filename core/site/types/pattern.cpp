#include "core/site/types/pattern.hpp"

#include <utility>

namespace penstock::site {

std::expected<Pattern, PatternFault> Pattern::parse(std::string_view text, std::span<const std::string_view> names,
                                                    PatternRule rule) {
    const bool is_strict = rule == PatternRule::strict;
    Pattern pattern;
    std::size_t begin = 0;  // of the literal that is being read
    const auto end_literal = [&](std::size_t end) {
        if (end > begin) pattern.pieces_.push_back({false, text.substr(begin, end - begin), {}});
    };
    for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos; at = text.find_first_of("{}", at)) {
        if (is_strict && at + 1 < text.size() && text[at + 1] == text[at]) {  // a brace itself: the first of the two
            end_literal(at + 1);
            begin = at += 2;
            pattern.is_plain_ = false;
            continue;
        }
        const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            if (is_strict)
                return std::unexpected(PatternFault{at, std::string("a ") + text[at] + " without its partner",
                                                    std::string("a ") + text[at] + " itself is written twice"});
            ++at;
            continue;
        }
        auto formula = Formula::parse(text.substr(at + 1, end - at - 1), names);
        if (!formula && is_strict) {
            formula.error().offset += at + 1;
            return std::unexpected(std::move(formula.error()));
        }
        if (!formula) {
            ++at;
            continue;
        }
        end_literal(at);
        pattern.pieces_.push_back({true, {}, *std::move(formula)});
        pattern.is_plain_ = false;
        begin = at = end + 1;
    }
    end_literal(text.size());
    return pattern;
}

std::expected<std::string, std::string> Pattern::text(std::span<const ParamValue> values) const {
    std::string text;
    for (const Piece& piece : pieces_) {
        if (!piece.is_formula) {
            text += piece.literal;
            continue;
        }
        const auto value = piece.formula.value(values);
        if (!value) return std::unexpected(value.error());
        text += text_of(*value);
    }
    return text;
}

}  // namespace penstock::site
