#pragma once

// A type that lists its fields can be sent, stored and printed without further code:
//
//     struct ReadRequest {
//         std::vector<std::string> tags;
//         static constexpr auto fields() { return std::tuple(field("tags", &ReadRequest::tags)); }
//     };
//
// The names are the JSON keys; the order is the wire order. Fields are only ever appended: a reader that knows fewer skips
// the rest, a reader that knows more gets default values.

#include <string_view>
#include <tuple>

namespace penstock {

template <class Owner, class Member>
struct Field {
    std::string_view name;
    Member Owner::* member;
};

template <class Owner, class Member>
[[nodiscard]] constexpr Field<Owner, Member> field(std::string_view name, Member Owner::* member) noexcept {
    return {name, member};
}

template <class T>
concept HasFields = requires { T::fields(); };

// Calls visit(name, member) for each field in order.
template <HasFields T, class Visit>
constexpr void for_each_field(T& object, Visit&& visit) {
    std::apply([&](const auto&... f) { (visit(f.name, object.*(f.member)), ...); }, std::remove_const_t<T>::fields());
}

}  // namespace penstock
