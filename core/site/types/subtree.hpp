#pragma once

// A part of a type's file, ready to be put down for each of its instances: the texts that differ between them are known.

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/site/fault_list.hpp"
#include "core/site/json_composite.hpp"
#include "core/site/types/expression_pattern.hpp"

namespace penstock::site {

struct Type;
struct TypeInstance;
struct LoadContext;

// A text that is a dot and a name: a member of the same instance, or one of its alarms.
struct MemberReference {};

struct Hole {
    std::uint32_t node = 0;  // counted from the subtree's root
    std::variant<Pattern, ExpressionPattern, MemberReference> what;
    bool is_text = false;  // a number becomes a text here
};

// Whether its text is an expression, in a member and in an alarm.
[[nodiscard]] bool is_expression_key(std::string_view key) noexcept;

struct Subtree {
    JsonView json;
    std::vector<Hole> holes;
};

enum class SubtreeKind : std::uint8_t { tag, instance, alarm };

// Faults of placeholders are added, at their places.
[[nodiscard]] Subtree find_holes(const JsonView& json, SubtreeKind kind, const Type& type, FaultList& faults);
// Copies a subtree into what is open in `into`, filled in for the instance. Returns where it is. Faults of values are added.
std::uint32_t put_down(const Subtree& subtree, const TypeInstance& instance, LoadContext& context, JsonComposite& into);
// The same of one text that an instance itself gives: an expression that overrides that of the type.
void fill_expression(std::uint32_t node, const TypeInstance& instance, LoadContext& context, JsonComposite& into);

}  // namespace penstock::site
