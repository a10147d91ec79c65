#include "core/expressions/compiling/compiler.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace penstock::expressions {
namespace {

std::unexpected<Fault> fault(const Node& at, std::string sentence, std::string hint = {}) {
    return std::unexpected(Fault{at.offset, std::max(at.length, 1U), std::move(sentence), std::move(hint)});
}
bool is_number(ValueType type) noexcept { return type >= ValueType::int64 && type <= ValueType::float64; }
std::string word_of(ValueType type) { return std::string(to_string(type)); }
std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// The operation for this type of number; the three stand side by side for each of them.
Op typed(Op of_double, ValueType type) noexcept {
    struct Row {
        Op d, i, u;
    };
    static constexpr std::array kRows = {
        Row{Op::add_d, Op::add_i, Op::add_u},
        Row{Op::subtract_d, Op::subtract_i, Op::subtract_u},
        Row{Op::multiply_d, Op::multiply_i, Op::multiply_u},
        Row{Op::modulo_d, Op::modulo_i, Op::modulo_u},
        Row{Op::minimum_d, Op::minimum_i, Op::minimum_u},
        Row{Op::maximum_d, Op::maximum_i, Op::maximum_u},
        Row{Op::less_d, Op::less_i, Op::less_u},
        Row{Op::less_equal_d, Op::less_equal_i, Op::less_equal_u},
        Row{Op::equal_d, Op::equal_i, Op::equal_i},
    };
    const auto* const row = std::ranges::find(kRows, of_double, &Row::d);
    if (type == ValueType::float64 || row == kRows.end()) return of_double;
    return type == ValueType::int64 ? row->i : row->u;
}

Op arithmetic_op(std::string_view sign) noexcept {
    switch (sign.front()) {
        case '+': return Op::add_d;
        case '-': return Op::subtract_d;
        case '*': return Op::multiply_d;
        case '/': return Op::divide_d;
        case '^': return Op::power_d;
        default: return Op::modulo_d;
    }
}

}  // namespace

Operand Compiler::emit(Op op, ValueType type, std::uint16_t a, std::uint16_t b, std::uint16_t c) {
    Operation made{op, type, a, b, c, 0};
    if (const auto words = state_words(op); words > 0) {
        made.state = next_state_;
        next_state_ = static_cast<std::uint16_t>(next_state_ + words);
    }
    operations.push_back(made);
    return {static_cast<std::uint16_t>(operations.size() - 1), type, {}, false, nullptr};
}

Operand Compiler::constant(ValueType type, std::uint64_t word) {
    constants.push_back(word);
    return emit(Op::constant, type, static_cast<std::uint16_t>(constants.size() - 1));
}

// Its operation was emitted, and nobody used it yet.
void Compiler::retype(Operand& literal, ValueType type) {
    auto& operation = operations[literal.place];
    const auto& node = *literal.node;
    operation.type = literal.type = type;
    constants[operation.a] = type == ValueType::float64 ? penstock::word_of(node.number) : node.integer;
}

Operand Compiler::as_double(const Operand& operand) {
    if (operand.type == ValueType::float64) return operand;
    if (operand.is_literal && operand.node != nullptr) {
        auto literal = operand;
        retype(literal, ValueType::float64);
        return literal;
    }
    auto made =
        emit(operand.type == ValueType::int64 ? Op::int_to_double : Op::uint_to_double, ValueType::float64, operand.place);
    made.unit = operand.unit;
    made.node = operand.node;
    return made;
}

std::expected<Operand, Fault> Compiler::compile(const Node& node) {
    auto made = [&]() -> Compiled {
        switch (node.kind) {
            case NodeKind::name: return name(node);
            case NodeKind::unary: return unary(node);
            case NodeKind::binary: return binary(node);
            case NodeKind::condition: return condition(node);
            case NodeKind::call: return call(node);
            default: return literal(node);
        }
    }();
    if (made) made->node = &node;
    return made;
}

Compiler::Compiled Compiler::name(const Node& node) {
    const auto found = scope_.find(node.spelling);
    if (!found) {
        if (find_function(node.spelling) != nullptr)
            return fault(node, quoted(node.spelling) + " is a function: its arguments stand in ( )");
        return fault(node, found.error().sentence(), found.error().where());
    }
    if (is_array(found->type))
        return fault(
            node, "the tag " + quoted(node.spelling) + " is " + word_of(found->type) + "; an expression takes single values");
    const auto known = std::ranges::find(inputs, found->id);
    const auto number = static_cast<std::uint16_t>(known - inputs.begin());
    const auto made_before = [&](const Operation& each) { return each.op == Op::input && each.a == number; };
    Operand operand;
    if (known == inputs.end()) {
        if (inputs.size() == kMaxInputs)
            return fault(node, "an expression uses at most " + std::to_string(kMaxInputs) + " tags");
        inputs.push_back(found->id);
        operand = emit(Op::input, found->type, number);
    } else {
        operand.place = static_cast<std::uint16_t>(std::ranges::find_if(operations, made_before) - operations.begin());
        operand.type = found->type;
    }
    operand.unit = found->unit;
    return operand;
}

Compiler::Compiled Compiler::literal(const Node& node) {
    if (node.kind == NodeKind::boolean) return constant(ValueType::boolean, node.is_true ? 1 : 0);
    if (node.kind == NodeKind::text) {
        const auto place = std::uint64_t{texts.size()} << 32U | node.text.size();
        texts += node.text;
        return constant(ValueType::string, place);
    }
    const bool is_int = node.is_integer && node.integer <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (node.is_integer && !is_int) return constant(ValueType::uint64, node.integer);
    auto made =
        is_int ? constant(ValueType::int64, node.integer) : constant(ValueType::float64, penstock::word_of(node.number));
    made.is_literal = node.kind == NodeKind::number;
    if (node.kind == NodeKind::duration) made.unit = "s";
    return made;
}

Compiler::Compiled Compiler::unary(const Node& node) {
    auto part = compile(node.parts[0]);
    if (!part) return part;
    if (node.spelling == "not") {
        if (part->type != ValueType::boolean) return fault(node, "\"not\" wants a bool; found " + word_of(part->type));
        return emit(Op::invert, ValueType::boolean, part->place);
    }
    if (!is_number(part->type)) return fault(node, "\"-\" wants a number; found " + word_of(part->type));
    auto number = *part;
    if (number.type == ValueType::uint64) number = emit(Op::uint_to_int, ValueType::int64, number.place);
    auto made = emit(number.type == ValueType::float64 ? Op::negate_d : Op::negate_i, number.type, number.place);
    made.unit = part->unit;
    return made;
}

Compiler::Compiled Compiler::binary(const Node& node) {
    auto left = compile(node.parts[0]);
    if (!left) return left;
    auto right = compile(node.parts[1]);
    if (!right) return right;
    if (node.spelling == "and" || node.spelling == "or") return logic(node, *left, *right);
    const auto first = node.spelling.front();
    const bool compares = first == '<' || first == '>' || first == '=' || first == '!';
    return compares ? comparison(node, *std::move(left), *std::move(right))
                    : arithmetic(node, *std::move(left), *std::move(right));
}

Compiler::Compiled Compiler::logic(const Node& node, const Operand& left, const Operand& right) {
    if (left.type != ValueType::boolean || right.type != ValueType::boolean)
        return fault(node,
                     quoted(node.spelling) + " joins two bools; found " + word_of(left.type) + " and " + word_of(right.type));
    return emit(node.spelling == "and" ? Op::both : Op::either, ValueType::boolean, left.place, right.place);
}

Compiler::Compiled Compiler::arithmetic(const Node& node, Operand left, Operand right) {
    const auto sign = node.spelling;
    if (sign == "+" && left.type == ValueType::string && right.type == ValueType::string)
        return emit(Op::join, ValueType::string, left.place, right.place);
    if (!is_number(left.type) || !is_number(right.type))
        return fault(node, quoted(sign) + " wants two numbers; found " + word_of(left.type) + " and " + word_of(right.type));
    std::string unit;
    if (sign == "+" || sign == "-" || sign == "mod") {
        auto common = common_unit(node, left, right);
        if (!common) return std::unexpected(common.error());
        unit = *std::move(common);
    } else if (sign != "^") {
        // What a product of two units is called is not worked out: it is not checked any further.
        if (left.unit.empty() != right.unit.empty()) may_convert = true;
        if (right.unit.empty())
            unit = left.unit;
        else if (left.unit.empty() && sign == "*")
            unit = right.unit;
    }
    if (sign == "/" || sign == "^") {
        left = as_double(left);
        right = as_double(right);
    } else if (auto alike = make_alike(node, left, right); !alike) {
        return std::unexpected(alike.error());
    }
    auto made = emit(typed(arithmetic_op(sign), left.type), left.type, left.place, right.place);
    made.unit = std::move(unit);
    return made;
}

Compiler::Compiled Compiler::comparison(const Node& node, Operand left, Operand right) {
    const auto sign = node.spelling;
    const bool is_equality = sign == "==" || sign == "!=";
    auto op = Op::equal_d;
    if (left.type == right.type && is_equality && (left.type == ValueType::boolean || left.type == ValueType::string)) {
        op = left.type == ValueType::boolean ? Op::equal_b : Op::equal_s;
    } else {
        if (!is_number(left.type) || !is_number(right.type))
            return fault(node, quoted(sign) + (is_equality ? " compares two values of one kind" : " compares two numbers")
                                   + "; found " + word_of(left.type) + " and " + word_of(right.type));
        if (auto unit = common_unit(node, left, right); !unit) return std::unexpected(unit.error());
        if (auto alike = make_alike(node, left, right); !alike) return std::unexpected(alike.error());
        if (sign.front() == '>') std::swap(left, right);
        if (!is_equality) op = sign.ends_with('=') ? Op::less_equal_d : Op::less_d;
        op = typed(op, left.type);
    }
    auto made = emit(op, ValueType::boolean, left.place, right.place);
    return sign == "!=" ? emit(Op::invert, ValueType::boolean, made.place) : made;
}

Compiler::Compiled Compiler::condition(const Node& node) {
    auto decides = compile(node.parts[0]);
    if (!decides) return decides;
    if (decides->type != ValueType::boolean)
        return fault(node.parts[0], "\"if\" wants a bool; found " + word_of(decides->type));
    auto yes = compile(node.parts[1]);
    if (!yes) return yes;
    auto no = compile(node.parts[2]);
    if (!no) return no;
    auto unit = common_unit(node, *yes, *no);
    if (!unit) return std::unexpected(unit.error());
    if (auto alike = make_alike(node, *yes, *no); !alike) return std::unexpected(alike.error());
    auto made = emit(Op::choose, yes->type, decides->place, yes->place, no->place);
    made.unit = *std::move(unit);
    return made;
}

std::expected<void, Fault> Compiler::make_alike(const Node& node, Operand& left, Operand& right) {
    if (left.type == right.type) return {};
    if (!is_number(left.type) || !is_number(right.type))
        return fault(node, quoted(node.spelling) + " wants two values of one kind; found " + word_of(left.type) + " and "
                               + word_of(right.type));
    if (left.type == ValueType::float64 || right.type == ValueType::float64) {
        left = as_double(left);
        right = as_double(right);
        return {};
    }
    for (auto* const each : {&left, &right}) {
        const auto& other = each == &left ? right : left;
        if (each->is_literal && other.type == ValueType::uint64) {
            retype(*each, ValueType::uint64);
            return {};
        }
    }
    for (auto* const each : {&left, &right})
        if (each->type == ValueType::uint64) *each = emit(Op::uint_to_int, ValueType::int64, each->place);
    return {};
}

std::expected<std::string, Fault> Compiler::common_unit(const Node& node, const Operand& left, const Operand& right) const {
    if (left.unit.empty() || right.unit.empty() || left.unit == right.unit) return left.unit.empty() ? right.unit : left.unit;
    return fault(node,
                 quoted(node.spelling) + " joins " + left.unit + " and " + right.unit + ": make them the same unit first");
}

Compiler::Compiled Compiler::call(const Node& node) {
    const auto* const function = find_function(node.spelling);
    if (function == nullptr) {
        std::string nearest;
        for (const auto& each : functions())
            if (each.name.starts_with(node.spelling) || node.spelling.starts_with(each.name)) nearest = each.name;
        return fault(node, "there is no function " + quoted(node.spelling), nearest);
    }
    std::vector<Operand> arguments;
    for (const auto& part : node.parts) {
        auto argument = compile(part);
        if (!argument) return argument;
        arguments.push_back(*std::move(argument));
    }
    return apply(*function, node, std::move(arguments));
}

}  // namespace penstock::expressions
