// Calls of functions: how many arguments, of which types, and what comes of them.

#include <algorithm>
#include <utility>

#include "core/expressions/compiling/compiler.hpp"

namespace penstock::expressions {
namespace {

std::unexpected<Fault> fault(const Node& at, std::string sentence) {
    return std::unexpected(Fault{at.offset, std::max(at.length, 1U), std::move(sentence), {}});
}
bool is_number(ValueType type) noexcept { return type >= ValueType::int64 && type <= ValueType::float64; }
std::string form(const Function& function) { return std::string(function.name) + '(' + std::string(function.arguments) + ')'; }

// At least and at most so many.
std::pair<std::size_t, std::size_t> argument_count(Signature signature) noexcept {
    switch (signature) {
        case Signature::numbers: return {2, 16};
        case Signature::clamp: return {3, 3};
        case Signature::substitute:
        case Signature::contains:
        case Signature::delay:
        case Signature::window: return {2, 2};
        case Signature::counter: return {1, 2};
        default: return {1, 1};
    }
}

bool takes_number(Signature signature) noexcept {
    switch (signature) {
        case Signature::numbers:
        case Signature::number:
        case Signature::real:
        case Signature::rounding:
        case Signature::clamp:
        case Signature::window: return true;
        default: return false;
    }
}
bool takes_bool(Signature signature) noexcept {
    return signature == Signature::edge || signature == Signature::delay || signature == Signature::counter;
}
bool takes_text(Signature signature) noexcept { return signature == Signature::length || signature == Signature::contains; }

// The first argument decides; others are checked where they are used.
std::expected<void, Fault> check_first(const Function& function, const Node& node, const Operand& argument) {
    const auto wants = [&](bool is_so, std::string_view what) -> std::expected<void, Fault> {
        if (is_so) return {};
        return fault(node, form(function) + " wants " + std::string(what) + "; found " + std::string(to_string(argument.type)));
    };
    const auto signature = function.signature;
    if (takes_number(signature)) return wants(is_number(argument.type), "a number");
    if (takes_bool(signature)) return wants(argument.type == ValueType::boolean, "a bool");
    if (takes_text(signature)) return wants(argument.type == ValueType::string, "a text");
    if (signature == Signature::previous) return wants(argument.type != ValueType::string, "a number or bool");
    if (signature == Signature::to_int || signature == Signature::to_double)
        return wants(argument.type != ValueType::string, "a number or bool");
    return {};
}

}  // namespace

Compiler::Compiled Compiler::apply(const Function& function, const Node& node, std::vector<Operand> arguments) {
    const auto [least, most] = argument_count(function.signature);
    if (arguments.size() < least || arguments.size() > most)
        return fault(node, form(function) + " wants " + std::to_string(least)
                               + (least == most ? "" : " to " + std::to_string(most)) + (most == 1 ? " argument" : " arguments")
                               + "; found " + std::to_string(arguments.size()));
    const auto& first = arguments[0];
    if (auto fits = check_first(function, node, first); !fits) return std::unexpected(fits.error());
    switch (function.signature) {
        case Signature::numbers: return fold(function, node, std::move(arguments));
        case Signature::clamp: return clamp(node, std::move(arguments));
        case Signature::number: {
            if (first.type == ValueType::uint64) return first;
            auto made = emit(first.type == ValueType::float64 ? Op::absolute_d : Op::absolute_i, first.type, first.place);
            made.unit = first.unit;
            return made;
        }
        case Signature::real:
        case Signature::rounding: {
            auto made = emit(function.op, ValueType::float64, as_double(first).place);
            if (function.signature == Signature::rounding) made.unit = first.unit;
            return made;
        }
        case Signature::to_int:
        case Signature::to_double:
        case Signature::to_text: return conversion(function, node, first);
        case Signature::quality: return emit(function.op, ValueType::boolean, first.place);
        case Signature::substitute: {
            auto unit = common_unit(node, arguments[0], arguments[1]);
            if (!unit) return std::unexpected(unit.error());
            if (auto alike = make_alike(node, arguments[0], arguments[1]); !alike) return std::unexpected(alike.error());
            auto made = emit(Op::substitute, arguments[0].type, arguments[0].place, arguments[1].place);
            made.unit = *std::move(unit);
            return made;
        }
        case Signature::length: return emit(Op::length, ValueType::int64, first.place);
        case Signature::contains:
            if (arguments[1].type != ValueType::string) return fault(node, form(function) + " wants two texts");
            return emit(Op::contains, ValueType::boolean, first.place, arguments[1].place);
        default: return timed(function, node, arguments);
    }
}

Compiler::Compiled Compiler::fold(const Function& function, const Node& node, std::vector<Operand> arguments) {
    auto made = std::move(arguments[0]);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        auto& next = arguments[i];
        if (!is_number(next.type))
            return fault(node, form(function) + " wants numbers; found " + std::string(to_string(next.type)));
        auto unit = common_unit(node, made, next);
        if (!unit) return std::unexpected(unit.error());
        if (auto alike = make_alike(node, made, next); !alike) return std::unexpected(alike.error());
        const bool is_least = function.op == Op::minimum_d;
        const auto op = made.type == ValueType::float64 ? (is_least ? Op::minimum_d : Op::maximum_d)
                        : made.type == ValueType::int64 ? (is_least ? Op::minimum_i : Op::maximum_i)
                                                        : (is_least ? Op::minimum_u : Op::maximum_u);
        made = emit(op, made.type, made.place, next.place);
        made.unit = *std::move(unit);
    }
    return made;
}

Compiler::Compiled Compiler::clamp(const Node& node, std::vector<Operand> arguments) {
    const auto* const greatest = find_function("max");
    const auto* const least = find_function("min");
    auto above = fold(*greatest, node, {arguments[0], arguments[1]});
    return above ? fold(*least, node, {*above, arguments[2]}) : above;
}

Compiler::Compiled Compiler::conversion(const Function& function, const Node&, const Operand& argument) {
    if (function.signature == Signature::to_text)
        return emit(Op::to_text, ValueType::string, argument.place, 0, static_cast<std::uint16_t>(argument.type));
    Operand made;
    if (function.signature == Signature::to_double) {
        made = as_double(argument);
        made.is_literal = false;
    } else if (argument.type == ValueType::float64) {
        made = emit(Op::to_int, ValueType::int64, argument.place);
    } else {
        made = argument.type == ValueType::int64 ? argument : emit(Op::uint_to_int, ValueType::int64, argument.place);
    }
    made.unit = argument.unit;
    return made;
}

Compiler::Compiled Compiler::timed(const Function& function, const Node& node, const std::vector<Operand>& arguments) {
    const auto& first = arguments[0];
    const auto signature = function.signature;
    if (signature == Signature::delay || signature == Signature::window) {
        // A constant: memory and accuracy of a window are fixed when it is made.
        if (node.parts[1].kind != NodeKind::duration || node.parts[1].number <= 0)
            return fault(node, form(function) + " wants a duration behind the comma, as in 500ms, 5s, 10m, 1h");
    }
    if (signature == Signature::previous || signature == Signature::edge) {
        auto made = emit(function.op, first.type, first.place);
        made.unit = first.unit;
        return made;
    }
    if (signature == Signature::counter) {
        if (arguments.size() == 2 && arguments[1].type != ValueType::boolean)
            return fault(node, form(function) + " wants two bools");
        const auto reset = arguments.size() == 2 ? arguments[1].place : constant(ValueType::boolean, 0).place;
        return emit(Op::counter, ValueType::int64, first.place, reset);
    }
    if (signature == Signature::delay) return emit(function.op, ValueType::boolean, first.place, arguments[1].place);
    auto made = emit(function.op, ValueType::float64, as_double(first).place, arguments[1].place);
    if (!first.unit.empty()) made.unit = function.op == Op::rate_over ? first.unit + "/s" : first.unit;
    return made;
}

}  // namespace penstock::expressions
