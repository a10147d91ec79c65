// docs/operations.md, made from the table.
#include <optional>

#include "core/sessions/dispatch.hpp"
#include "core/sessions/operation_table.hpp"

namespace penstock::sessions {
namespace {

template <class T>
std::string type_word() {
    if constexpr (std::is_same_v<T, bool>)
        return "true or false";
    else if constexpr (std::is_enum_v<T>)
        return "word";
    else if constexpr (std::is_unsigned_v<T>)
        return "number";
    else if constexpr (std::is_integral_v<T>)
        return "signed number";
    else if constexpr (std::is_same_v<T, double>)
        return "double";
    else if constexpr (std::is_same_v<T, std::string>)
        return "text";
    else if constexpr (std::is_same_v<T, Value>)
        return "value";
    else if constexpr (std::is_same_v<T, UtcTime>)
        return "time";
    else if constexpr (std::is_same_v<T, Duration>)
        return "duration";
    else if constexpr (HasFields<T>)
        return "structure";
    else
        return "list of " + type_word<typename T::value_type>();
}

template <class T>
struct Element {
    using Type = T;
};
template <class T>
struct Element<std::vector<T>> {
    using Type = T;
};

template <class T>
std::string fields_text() {
    std::string text;
    T object{};
    for_each_field(object, [&]<class Member>(std::string_view name, const Member&) {
        using Inner = typename Element<Member>::Type;
        if (!text.empty()) text += ", ";
        text += '`' + std::string(name) + "` " + type_word<Member>();
        if constexpr (HasFields<Inner>) text += " (" + fields_text<Inner>() + ')';
    });
    return text.empty() ? "nothing" : text;
}

// "`read`", "`shelve alarms` or `acknowledge alarms`, by what is asked"
std::string rights_text(std::span<const Right> rights) {
    std::string text;
    for (const auto right : rights) {
        if (!text.empty()) text += right == rights.back() ? " or " : ", ";
        text += '`' + std::string(to_string(right)) + '`';
    }
    return rights.size() == 1 ? text : text + ", by what is asked";
}

template <class Request>
void add_operation(std::string& page, const Operation<Request>& row) {
    page += "\n## " + std::string(Request::kName) + "\n\n" + std::string(row.purpose()) + "\n\n";
    page += "- number: " + std::to_string(static_cast<unsigned>(Request::kId)) + "\n";
    page += "- right: " + rights_text(row.rights()) + "\n";
    page += "- request: " + fields_text<Request>() + "\n";
    page += "- reply: " + fields_text<typename Request::Reply>() + "\n";
}

}  // namespace

std::string operations_page() {
    std::string page =
        "# Operations\n\n"
        "Everything that anyone can do to a running plant. This page is made from the table in "
        "`core/sessions/operation_table.hpp`\n"
        "(a test compares it: `PENSTOCK_UPDATE_DOCS=1 build/dev/tests/core_sessions_test --gtest_filter=OperationsPage.*` "
        "writes it anew).\n"
        "Types and limits are explained in `sdk/include/penstock/operations.hpp`, the bytes in [protocol.md](protocol.md).\n";
    std::apply([&](const auto&... rows) { (add_operation(page, rows), ...); }, kOperations);
    return page;
}

}  // namespace penstock::sessions
