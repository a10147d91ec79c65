#pragma once

// types/NAME.json: what a pump is, once for all pumps.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/types/subtree.hpp"

namespace penstock::site {

struct TypeParameter {
    enum class Kind : std::uint8_t { any, text, number, boolean };
    std::string_view name;
    Kind kind = Kind::any;
    std::optional<ParamValue> otherwise;  // none: it has to be given
    JsonView at;
};

struct TypeMember {
    std::string_view name;
    Subtree what;              // of a tag without its name, or of an instance
    const Type* type = nullptr;  // of an instance
    bool is_instance = false;
};

struct Type {
    std::string name;
    JsonView root;
    std::vector<TypeParameter> parameters;
    std::vector<std::string_view> names;  // of the parameters, and "instance" behind them: what a placeholder may name
    std::vector<TypeMember> members;
    std::vector<Subtree> alarms;  // objects as in alarms/*.json
    JsonView screen;              // the one that alarms of its instances lead to; missing for none
    bool is_sound = false;        // a type with a fault is not used: what it would say is not known

    [[nodiscard]] const TypeMember* find(std::string_view member) const noexcept;
};

inline constexpr std::string_view kInstanceName = "instance";
inline constexpr std::size_t kMaxTypeLevels = 16;  // instances inside each other

// By name.
using TypeTable = std::map<std::string, Type, std::less<>>;

// Reads one; a missing root: its file could not be read, so that nothing is known of it.
void add_type(const std::string& name, const JsonView& root, LoadContext& context);
// After the last: members that are instances find their types, and types that contain themselves are named.
void link_types(LoadContext& context);

[[nodiscard]] bool fits(TypeParameter::Kind kind, const ParamValue& value) noexcept;
// "a text", "a number", "true or false", "a text, a number, true or false"
[[nodiscard]] std::string_view wanted(TypeParameter::Kind kind) noexcept;

}  // namespace penstock::site
