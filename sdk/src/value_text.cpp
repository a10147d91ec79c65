// Values as text and back: locale-free, exact for every 64-bit integer and every double.
#include <penstock/value.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>

namespace penstock {
namespace {

// --- to text -------------------------------------------------------------------------------------------------------

void append_text(std::string& out, bool value) { out += value ? "true" : "false"; }

template <std::integral T>
    requires(!std::same_as<T, bool>)
void append_text(std::string& out, T value) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    out.append(digits, end);
}

void append_text(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
        return;
    }
    if (std::isinf(value)) {
        out += value > 0 ? "Infinity" : "-Infinity";
        return;
    }
    char digits[32];  // the shortest form of a double has at most 24 characters
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    out.append(digits, end);
}

// In an array a string is quoted as in JSON, so that commas and brackets in it do no harm.
void append_text(std::string& out, const std::string& value) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += '\\', out += c;
        else if (byte >= 0x20)
            out += c;
        else
            out += "\\u00", out += hex[byte >> 4U], out += hex[byte & 15U];
    }
    out += '"';
}

template <class T>
std::string array_text(const std::vector<T>& values) {
    std::string out = "[";
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) out += ", ";
        append_text(out, static_cast<const T&>(values[i]));
    }
    return out += ']';
}

struct TextOf {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const std::string& value) const { return value; }
    template <class T>
    std::string operator()(const std::vector<T>& values) const {
        return array_text(values);
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    std::string operator()(T value) const {
        std::string out;
        append_text(out, value);
        return out;
    }
};

// --- from text -----------------------------------------------------------------------------------------------------

std::unexpected<Error> refused(std::string_view text, std::string_view wanted) {
    constexpr std::size_t most = 80;
    std::string shown(text.substr(0, most));
    if (text.size() > most) shown += "...";
    return fail(ErrorCode::invalid_argument, "found \"" + shown + "\", wanted " + std::string(wanted));
}

// from_chars takes no plus sign; instruments and people write one.
std::string_view without_plus(std::string_view text) {
    const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    return has_plus ? text.substr(1) : text;
}

template <class T>
struct Parser;

template <>
struct Parser<bool> {
    static Result<bool> parse(std::string_view text) {
        if (text == "true" || text == "1") return true;
        if (text == "false" || text == "0") return false;
        return refused(text, "true or false");
    }
};

template <std::integral T>
struct Parser<T> {
    static Result<T> parse(std::string_view text) {
        T value{};
        const auto number = without_plus(text);
        const auto* const end = number.data() + number.size();
        const auto [stop, fault] = std::from_chars(number.data(), end, value);
        if (fault == std::errc{} && stop == end) return value;
        using Limits = std::numeric_limits<T>;
        return refused(text, "a whole number from " + std::to_string(Limits::min()) + " to " + std::to_string(Limits::max()));
    }
};

template <>
struct Parser<double> {
    static Result<double> parse(std::string_view text) {
        if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
        if (text == "Infinity") return std::numeric_limits<double>::infinity();
        if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
        double value = 0;
        const auto number = without_plus(text);
        const auto* const end = number.data() + number.size();
        const auto [stop, fault] = std::from_chars(number.data(), end, value);
        if (fault == std::errc::result_out_of_range) return refused(text, "a number within the range of a double");
        // from_chars also takes "inf" and "nan(...)"; one spelling each is enough.
        if (fault == std::errc{} && stop == end && std::isfinite(value)) return value;
        return refused(text, "a number, NaN, Infinity or -Infinity");
    }
};

template <>
struct Parser<std::string> {
    static Result<std::string> parse(std::string_view text) {
        constexpr std::string_view wanted = "a string in double quotes";
        if (text.size() < 2 || text.front() != '"' || text.back() != '"') return refused(text, wanted);
        std::string out;
        for (auto rest = text.substr(1, text.size() - 2); !rest.empty();) {
            if (rest.front() == '"') return refused(text, wanted);
            if (rest.front() != '\\') {
                out += rest.front();
                rest.remove_prefix(1);
                continue;
            }
            const auto used = unescape(rest, out);
            if (used == 0) return refused(text, "a string whose escapes are \\\", \\\\, \\n, \\t or \\u00XX");
            rest.remove_prefix(used);
        }
        return out;
    }

private:
    // How many characters the escape at the front takes; 0 if it is none that text() writes or a person would.
    static std::size_t unescape(std::string_view rest, std::string& out) {
        if (rest.size() < 2) return 0;
        switch (rest[1]) {
            case '"':
            case '\\': out += rest[1]; return 2;
            case 'n': out += '\n'; return 2;
            case 't': out += '\t'; return 2;
            case 'u': break;
            default: return 0;
        }
        if (rest.size() < 6) return 0;
        unsigned byte = 0;
        const auto* const end = rest.data() + 6;
        const auto [stop, fault] = std::from_chars(rest.data() + 2, end, byte, 16);
        if (fault != std::errc{} || stop != end || byte > 0x7F) return 0;
        out += static_cast<char>(byte);
        return 6;
    }
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// The length of the first element: up to a comma outside of quotes.
std::size_t element_length(std::string_view rest) {
    bool quoted = false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (quoted && rest[i] == '\\')
            ++i;
        else if (rest[i] == '"')
            quoted = !quoted;
        else if (rest[i] == ',' && !quoted)
            return i;
    }
    return rest.size();
}

template <class T>
Result<Value> parse_array(std::string_view text) {
    const auto all = trimmed(text);
    if (all.size() < 2 || all.front() != '[' || all.back() != ']') return refused(text, "an array such as [a, b]");
    std::vector<T> values;
    auto rest = trimmed(all.substr(1, all.size() - 2));
    while (!rest.empty()) {
        const auto length = element_length(rest);
        auto element = Parser<T>::parse(trimmed(rest.substr(0, length)));
        if (!element) return std::unexpected(std::move(element).error());
        values.push_back(*std::move(element));
        if (length == rest.size()) break;
        rest.remove_prefix(length + 1);
        if (trimmed(rest).empty()) return refused(text, "an element after the last comma");
    }
    return Value(std::move(values));
}

template <class T>
Result<Value> parse_one(std::string_view text) {
    auto value = Parser<T>::parse(text);
    if (!value) return std::unexpected(std::move(value).error());
    return Value(*std::move(value));
}

}  // namespace

std::string Value::text() const { return std::visit(TextOf{}, storage_); }

Result<Value> Value::parse(ValueType type, std::string_view text) {
    if (text.size() > 8 * kMaxValueBytes) return refused(text, "a shorter text");
    switch (type) {
        case ValueType::none: return text.empty() ? Result<Value>(Value()) : refused(text, "nothing");
        case ValueType::boolean: return parse_one<bool>(text);
        case ValueType::int64: return parse_one<std::int64_t>(text);
        case ValueType::uint64: return parse_one<std::uint64_t>(text);
        case ValueType::float64: return parse_one<double>(text);
        case ValueType::string: return Value(text);
        case ValueType::boolean_array: return parse_array<bool>(text);
        case ValueType::int64_array: return parse_array<std::int64_t>(text);
        case ValueType::uint64_array: return parse_array<std::uint64_t>(text);
        case ValueType::float64_array: return parse_array<double>(text);
        case ValueType::string_array: return parse_array<std::string>(text);
    }
    return refused(text, "a type that exists");
}

}  // namespace penstock
