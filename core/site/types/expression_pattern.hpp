#pragma once

// The text of an expression in a type: .speed is a member of the same instance, {limit} a parameter, where there is one of that name; in
// '...' too. A parameter that is a text names a tag.

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/types/pattern.hpp"

namespace penstock::site {

class ExpressionPattern {
public:
    // Borrows the text. What is no expression stays as it is: whoever compiles it has the words for it.
    [[nodiscard]] static ExpressionPattern parse(std::string_view text, std::span<const std::string_view> names);
    [[nodiscard]] bool is_plain() const noexcept { return is_plain_; }
    [[nodiscard]] std::string_view written() const noexcept { return written_; }

    [[nodiscard]] std::expected<std::string, std::string> text(std::string_view instance,
                                                               std::span<const ParamValue> values) const;
    // Which byte of what was written a byte of the text comes from.
    [[nodiscard]] std::uint32_t written_at(std::string_view instance, std::span<const ParamValue> values,
                                           std::uint32_t offset) const;

private:
    struct Piece {
        enum class Kind : std::uint8_t { literal, member, formula, text } kind = Kind::literal;
        std::uint32_t offset = 0;  // into what was written
        std::string_view literal;  // of a member its name with the dot
        Pattern pattern;  // of a formula and a text
    };
    [[nodiscard]] static std::expected<std::string, std::string> text_of_piece(const Piece& piece, std::string_view instance,
                                                                               std::span<const ParamValue> values);
    std::string_view written_;
    std::vector<Piece> pieces_;
    bool is_plain_ = true;
};

}  // namespace penstock::site
