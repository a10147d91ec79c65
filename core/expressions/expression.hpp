#pragma once

// An expression of Penstock's own language ("clear_tank.level > 4.5 and not outlet.closed", docs/expressions.md), checked and ready
// to be evaluated.
//
//     auto expression = expressions::compile("(a.level + b.level) / 2", scope);
//     if (!expression) show(expression.error().offset, expression.error().sentence);
//
// What is the same in many expressions is one Program: a thousand pumps of one type differ in tags and constants only, and are
// evaluated together, column by column (evaluator.hpp).

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::expressions {

class Program;

// What a name in an expression stands for.
struct NamedTag {
    tags::TagId id = tags::kNoTag;
    ValueType type = ValueType::none;
    std::string_view unit;  // "" = none; valid as long as the scope
};

// Where names are looked up: the tags of a site, the members of a type's instance (names that begin with a dot).
class Scope {
public:
    // Error not_found; the sentence names the nearest.
    [[nodiscard]] virtual Result<NamedTag> find(std::string_view name) const = 0;

protected:
    ~Scope() = default;
};

// What is wrong, and where: bytes of the text, so that whoever holds the file can say line and column.
struct Fault {
    std::uint32_t offset = 0, length = 0;
    std::string sentence;  // "\"+\" adds numbers; found bool and double"
    std::string hint;  // the nearest valid word; "" for none
};

struct Expression {
    std::shared_ptr<const Program> program;
    std::vector<tags::TagId> inputs;  // in order of first use, each once
    std::vector<std::uint64_t> constants;  // words; texts as offset << 32 | length into `texts`
    std::string texts;
    ValueType type = ValueType::none;  // bool, int, uint, double or string
    std::string unit;  // of the result; "" = none, or not known
    bool may_convert = false;  // multiplies by a number without unit, or divides: what it gives may be meant in another unit
};

// Limits of one expression, at compile time.
inline constexpr std::size_t kMaxTextBytes = 4096;
inline constexpr std::size_t kMaxNodes = 500;
inline constexpr std::size_t kMaxDepth = 64;
inline constexpr std::size_t kMaxInputs = 100;

// Parses, finds the names, checks types and units. Programs of equal shape are shared if `book` is given. [any-thread]
class ProgramBook;
[[nodiscard]] std::expected<Expression, Fault> compile(std::string_view text, const Scope& scope, ProgramBook* book = nullptr);

// As it stands in a file: every name in its canonical form, one blank between words. For `explain`.
[[nodiscard]] std::string canonical_text(std::string_view text);

}  // namespace penstock::expressions
