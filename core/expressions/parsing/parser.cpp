#include "core/expressions/parsing/parser.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/expressions/parsing/lexer.hpp"

namespace penstock::expressions {
namespace {

using Parsed = std::expected<Node, Fault>;

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text), lexer_(text) {}

    Parsed run() {
        if (text_.size() > kMaxTextBytes)
            return std::unexpected(Fault{static_cast<std::uint32_t>(kMaxTextBytes),
                                         1,
                                         "an expression has at most " + std::to_string(kMaxTextBytes) + " bytes",
                                         {}});
        if (!advance()) return std::unexpected(fault_);
        auto node = expression();
        if (node && token_.kind != TokenKind::end) return unexpected_word("the end");
        return node;
    }

private:
    // Each level of nesting is one call deeper: bounded, or a text of brackets alone would exhaust the stack.
    struct Depth {
        explicit Depth(std::size_t& depth) : depth_(depth) { ++depth_; }
        ~Depth() { --depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        std::size_t& depth_;
    };

    bool advance() {
        auto next = lexer_.next();
        if (!next) {
            fault_ = next.error();
            return false;
        }
        token_ = *std::move(next);
        return true;
    }
    [[nodiscard]] bool at(std::string_view spelling) const {
        const bool is_fixed = token_.kind == TokenKind::word || token_.kind == TokenKind::sign;
        return is_fixed && token_.spelling == spelling;
    }
    [[nodiscard]] bool at_one_of(std::initializer_list<std::string_view> spellings) const {
        return std::ranges::any_of(spellings, [this](auto spelling) { return at(spelling); });
    }
    [[nodiscard]] std::unexpected<Fault> unexpected_word(std::string_view wanted) const {
        const auto found = token_.kind == TokenKind::end ? std::string("the end") : '"' + std::string(token_.spelling) + '"';
        return std::unexpected(
            Fault{token_.offset, std::max(token_.length, 1U), "found " + found + ", wanted " + std::string(wanted), {}});
    }
    [[nodiscard]] std::unexpected<Fault> too_much(std::string what) const {
        return std::unexpected(Fault{token_.offset, std::max(token_.length, 1U), std::move(what), {}});
    }
    [[nodiscard]] Parsed node(NodeKind kind, const Token& token, std::vector<Node> parts = {}) {
        if (++nodes_ > kMaxNodes) return too_much("an expression has at most " + std::to_string(kMaxNodes) + " parts");
        Node made;
        made.kind = kind;
        made.offset = token.offset;
        made.length = token.length;
        made.spelling = token.spelling;
        made.parts = std::move(parts);
        return made;
    }
    // Takes the word at hand, which the caller has looked at.
    [[nodiscard]] std::expected<Token, Fault> take() {
        auto taken = std::move(token_);
        if (!advance()) return std::unexpected(fault_);
        return taken;
    }
    [[nodiscard]] std::expected<void, Fault> expect(std::string_view spelling) {
        if (!at(spelling)) return unexpected_word('"' + std::string(spelling) + '"');
        if (!advance()) return std::unexpected(fault_);
        return {};
    }

    Parsed expression() {
        const Depth deeper(depth_);
        if (depth_ > kMaxDepth) return too_much("an expression is nested at most " + std::to_string(kMaxDepth) + " deep");
        return at("if") ? condition() : either();
    }
    Parsed condition() {
        const auto word = take();
        if (!word) return std::unexpected(word.error());
        std::vector<Node> parts;
        for (const std::string_view next : {"then", "else", ""}) {
            auto part = expression();
            if (!part) return part;
            parts.push_back(*std::move(part));
            if (next.empty()) break;
            if (auto there = expect(next); !there) return std::unexpected(there.error());
        }
        return node(NodeKind::condition, *word, std::move(parts));
    }
    // A chain of operators of equal rank, from left to right.
    Parsed chain(Parsed (Parser::*operand)(), std::initializer_list<std::string_view> operators) {
        auto left = (this->*operand)();
        while (left && at_one_of(operators)) left = binary(*std::move(left), operand);
        return left;
    }
    Parsed binary(Node left, Parsed (Parser::*operand)()) {
        const auto sign = take();
        if (!sign) return std::unexpected(sign.error());
        auto right = (this->*operand)();
        if (!right) return right;
        std::vector<Node> parts;
        parts.push_back(std::move(left));
        parts.push_back(*std::move(right));
        return node(NodeKind::binary, *sign, std::move(parts));
    }
    Parsed unary(Parsed (Parser::*operand)()) {
        const Depth deeper(depth_);
        if (depth_ > kMaxDepth) return too_much("an expression is nested at most " + std::to_string(kMaxDepth) + " deep");
        const auto sign = take();
        if (!sign) return std::unexpected(sign.error());
        auto part = (this->*operand)();
        if (!part) return part;
        std::vector<Node> parts;
        parts.push_back(*std::move(part));
        return node(NodeKind::unary, *sign, std::move(parts));
    }

    Parsed either() { return chain(&Parser::both, {"or"}); }
    Parsed both() { return chain(&Parser::negation, {"and"}); }
    Parsed negation() { return at("not") ? unary(&Parser::negation) : comparison(); }
    Parsed comparison() {
        const auto at_sign = [this] { return at_one_of({"<", "<=", ">", ">=", "==", "!="}); };
        auto left = sum();
        if (!left || !at_sign()) return left;
        left = binary(*std::move(left), &Parser::sum);
        if (left && at_sign()) return too_much("comparisons do not follow each other; join two with \"and\"");
        return left;
    }
    Parsed sum() { return chain(&Parser::product, {"+", "-"}); }
    Parsed product() { return chain(&Parser::sign, {"*", "/", "mod"}); }
    Parsed sign() { return at("-") ? unary(&Parser::sign) : power(); }
    Parsed power() {
        auto base = primary();
        return base && at("^") ? binary(*std::move(base), &Parser::sign) : base;
    }
    Parsed primary() {
        if (at("(")) return brackets();
        if (at_one_of({"true", "false"})) return literal(NodeKind::boolean);
        switch (token_.kind) {
            case TokenKind::number: return literal(NodeKind::number);
            case TokenKind::duration: return literal(NodeKind::duration);
            case TokenKind::text: return literal(NodeKind::text);
            case TokenKind::name: return name_or_call();
            default: return unexpected_word("a value: a tag, a number, a function, true, false or a text");
        }
    }
    Parsed brackets() {
        if (!advance()) return std::unexpected(fault_);
        auto inner = expression();
        if (!inner) return inner;
        if (auto closed = expect(")"); !closed) return std::unexpected(closed.error());
        return inner;
    }
    Parsed literal(NodeKind kind) {
        auto token = take();
        if (!token) return std::unexpected(token.error());
        auto made = node(kind, *token);
        if (!made) return made;
        made->text = std::move(token->text);
        made->number = token->number;
        made->integer = token->integer;
        made->is_integer = token->is_integer;
        made->is_true = token->spelling == "true";
        return made;
    }
    Parsed name_or_call() {
        const auto name = take();
        if (!name) return std::unexpected(name.error());
        if (name->is_braced || !at("(")) return node(NodeKind::name, *name);
        if (!advance()) return std::unexpected(fault_);
        std::vector<Node> arguments;
        while (!at(")")) {
            if (!arguments.empty())
                if (auto comma = expect(","); !comma) return std::unexpected(comma.error());
            auto argument = expression();
            if (!argument) return argument;
            arguments.push_back(*std::move(argument));
        }
        if (!advance()) return std::unexpected(fault_);
        return node(NodeKind::call, *name, std::move(arguments));
    }

    std::string_view text_;
    Lexer lexer_;
    Token token_;
    Fault fault_;
    std::size_t depth_ = 0, nodes_ = 0;
};

}  // namespace

std::expected<Node, Fault> parse(std::string_view text) { return Parser(text).run(); }

}  // namespace penstock::expressions
