#include "core/expressions/names.hpp"

#include <algorithm>

#include "core/expressions/parsing/lexer.hpp"
#include "core/expressions/parsing/parser.hpp"

namespace penstock::expressions {
namespace {

void collect(const Node& node, std::vector<Word>& names) {
    if (node.kind == NodeKind::name) names.push_back({WordKind::name, node.offset, node.length, node.spelling});
    for (const Node& part : node.parts) collect(part, names);
}

}  // namespace

std::expected<std::vector<Word>, Fault> tag_names(std::string_view text) {
    const auto tree = parse(text);
    if (!tree) return std::unexpected(tree.error());
    std::vector<Word> names;
    collect(*tree, names);
    std::ranges::sort(names, {}, &Word::offset);
    return names;
}

std::vector<Word> words(std::string_view text) {
    std::vector<Word> words;
    Lexer lexer(text);
    for (auto token = lexer.next(); token && token->kind != TokenKind::end; token = lexer.next()) {
        if (token->kind != TokenKind::name && token->kind != TokenKind::text) continue;
        const bool is_bare = token->kind == TokenKind::name && !token->is_braced;
        const auto whole = text.substr(token->offset, token->length);
        words.push_back({is_bare                          ? WordKind::name
                         : token->kind == TokenKind::text ? WordKind::text
                                                          : WordKind::braced,
                         token->offset, token->length, is_bare ? whole : whole.substr(1, whole.size() - 2)});
    }
    return words;
}

std::string spelled(std::string_view name) {
    Lexer lexer(name);
    const auto token = lexer.next();
    const bool is_bare = token && token->kind == TokenKind::name && !token->is_braced && token->length == name.size();
    return is_bare ? std::string(name) : "{" + std::string(name) + "}";
}

}  // namespace penstock::expressions
