#pragma once

// A tree becomes operations: names are looked up, types and units checked, numbers made alike.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/expressions/expression.hpp"
#include "core/expressions/functions.hpp"
#include "core/expressions/parsing/node.hpp"
#include "core/expressions/program.hpp"

namespace penstock::expressions {

// A register and what is known of it.
struct Operand {
    std::uint16_t place = 0;
    ValueType type = ValueType::none;
    std::string unit;
    bool is_literal = false;  // a number as written: it takes the type of its neighbour
    const Node* node = nullptr;
};

class Compiler final {
public:
    explicit Compiler(const Scope& scope) : scope_(scope) {}
    [[nodiscard]] std::expected<Operand, Fault> compile(const Node& node);

    // What compile() made, for the expression.
    std::vector<Operation> operations;
    std::vector<tags::TagId> inputs;
    std::vector<std::uint64_t> constants;
    std::string texts;
    bool may_convert = false;

private:
    using Compiled = std::expected<Operand, Fault>;
    [[nodiscard]] Compiled name(const Node& node);
    [[nodiscard]] Compiled literal(const Node& node);
    [[nodiscard]] Compiled unary(const Node& node);
    [[nodiscard]] Compiled binary(const Node& node);
    [[nodiscard]] Compiled arithmetic(const Node& node, Operand left, Operand right);
    [[nodiscard]] Compiled comparison(const Node& node, Operand left, Operand right);
    [[nodiscard]] Compiled logic(const Node& node, const Operand& left, const Operand& right);
    [[nodiscard]] Compiled condition(const Node& node);
    [[nodiscard]] Compiled call(const Node& node);
    [[nodiscard]] Compiled apply(const Function& function, const Node& node, std::vector<Operand> arguments);
    [[nodiscard]] Compiled fold(const Function& function, const Node& node, std::vector<Operand> arguments);
    [[nodiscard]] Compiled clamp(const Node& node, std::vector<Operand> arguments);
    [[nodiscard]] Compiled conversion(const Function& function, const Node& node, const Operand& argument);
    [[nodiscard]] Compiled timed(const Function& function, const Node& node, const std::vector<Operand>& arguments);

    // Both in one type: a literal takes the other's, two kinds of integer become int, an integer beside a double a double.
    [[nodiscard]] std::expected<void, Fault> make_alike(const Node& node, Operand& left, Operand& right);
    [[nodiscard]] std::expected<std::string, Fault> common_unit(const Node& node, const Operand& left,
                                                                const Operand& right) const;
    [[nodiscard]] Operand as_double(const Operand& operand);
    [[nodiscard]] Operand emit(Op op, ValueType type, std::uint16_t a, std::uint16_t b = 0, std::uint16_t c = 0);
    [[nodiscard]] Operand constant(ValueType type, std::uint64_t word);
    void retype(Operand& literal, ValueType type);

    const Scope& scope_;
    std::uint16_t next_state_ = 0;
};

}  // namespace penstock::expressions
