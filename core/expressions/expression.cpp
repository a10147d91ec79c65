#include "core/expressions/expression.hpp"

#include <utility>

#include "core/expressions/compiling/compiler.hpp"
#include "core/expressions/parsing/lexer.hpp"
#include "core/expressions/parsing/parser.hpp"
#include "core/expressions/program.hpp"

namespace penstock::expressions {

std::expected<Expression, Fault> compile(std::string_view text, const Scope& scope, ProgramBook* book) {
    const auto tree = parse(text);
    if (!tree) return std::unexpected(tree.error());
    Compiler compiler(scope);
    auto result = compiler.compile(*tree);
    if (!result) return std::unexpected(result.error());
    Expression expression;
    expression.type = result->type;
    expression.unit = std::move(result->unit);
    expression.inputs = std::move(compiler.inputs);
    expression.constants = std::move(compiler.constants);
    expression.may_convert = compiler.may_convert;
    expression.texts = std::move(compiler.texts);
    // The last operation gives the result; an input that stands alone, or a tag used twice, may lie before it.
    if (result->place + std::size_t{1} != compiler.operations.size())
        compiler.operations.push_back({Op::same, expression.type, result->place, 0, 0, 0});
    expression.program = book != nullptr ? book->add(std::move(compiler.operations))
                                         : std::make_shared<const Program>(std::move(compiler.operations));
    return expression;
}

std::string canonical_text(std::string_view text) {
    Lexer lexer(text);
    std::string words;
    for (auto token = lexer.next(); token && token->kind != TokenKind::end; token = lexer.next()) {
        if (!words.empty()) words += ' ';
        words.append(text.substr(token->offset, token->length));
    }
    return words;
}

}  // namespace penstock::expressions
