#include "core/site/types/expression_pattern.hpp"

#include "core/expressions/names.hpp"

namespace penstock::site {
namespace {

using expressions::WordKind;

// A text in an expression: a ' in it is written twice.
std::string in_apostrophes(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
}

}  // namespace

ExpressionPattern ExpressionPattern::parse(std::string_view text, std::span<const std::string_view> names) {
    ExpressionPattern result;
    result.written_ = text;
    std::uint32_t begin = 0;
    const auto end_literal = [&](std::uint32_t end) {
        if (end > begin) result.pieces_.push_back({Piece::Kind::literal, begin, text.substr(begin, end - begin), {}});
    };
    const auto add = [&](const expressions::Word& word, Piece::Kind kind, Pattern pattern) {
        end_literal(word.offset);
        result.pieces_.push_back({kind, word.offset, word.inner, std::move(pattern)});
        result.is_plain_ = false;
        begin = word.offset + word.length;
    };
    for (const expressions::Word& word : expressions::words(text)) {
        if (word.kind != WordKind::text && word.inner.starts_with('.')) {
            add(word, Piece::Kind::member, {});
        } else if (word.kind != WordKind::name) {
            const std::string_view whole = text.substr(word.offset, word.length);
            auto pattern = Pattern::parse(word.kind == WordKind::braced ? whole : word.inner, names, PatternRule::lenient);
            const bool is_filled = pattern && (word.kind == WordKind::braced ? pattern->is_whole() : !pattern->is_plain());
            if (!is_filled) continue;
            add(word, word.kind == WordKind::braced ? Piece::Kind::formula : Piece::Kind::text, *std::move(pattern));
        }
    }
    end_literal(static_cast<std::uint32_t>(text.size()));
    return result;
}

std::expected<std::string, std::string> ExpressionPattern::text_of_piece(const Piece& piece, std::string_view instance,
                                                                         std::span<const ParamValue> values) {
    if (piece.kind == Piece::Kind::literal) return std::string(piece.literal);
    if (piece.kind == Piece::Kind::member) return expressions::spelled(std::string(instance) + std::string(piece.literal));
    if (piece.kind == Piece::Kind::text) {
        auto text = piece.pattern.text(values);
        if (text) *text = in_apostrophes(*text);
        return text;
    }
    const auto value = piece.pattern.value(values);
    if (!value) return std::unexpected(value.error());
    if (const auto* const name = std::get_if<std::string_view>(&*value)) return expressions::spelled(*name);
    const std::string text = site::text_of(*value);
    return text.starts_with('-') ? "(" + text + ")" : text;
}

std::expected<std::string, std::string> ExpressionPattern::text(std::string_view instance,
                                                                std::span<const ParamValue> values) const {
    std::string text;
    for (const Piece& piece : pieces_) {
        const auto part = text_of_piece(piece, instance, values);
        if (!part) return std::unexpected(part.error());
        text += *part;
    }
    return text;
}

std::uint32_t ExpressionPattern::written_at(std::string_view instance, std::span<const ParamValue> values,
                                            std::uint32_t offset) const {
    std::size_t begin = 0;
    for (const Piece& piece : pieces_) {
        const auto part = text_of_piece(piece, instance, values);
        const std::size_t size = part ? part->size() : 0;
        if (offset < begin + size) {
            return piece.offset + (piece.kind == Piece::Kind::literal ? static_cast<std::uint32_t>(offset - begin) : 0);
        }
        begin += size;
    }
    return static_cast<std::uint32_t>(written_.size());
}

}  // namespace penstock::site
