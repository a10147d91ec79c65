// One value: a byte for its type (ValueType), then its content.
#include "core/wire/codec.hpp"

namespace penstock::wire {
namespace {

struct PutContent {
    Writer& out;
    void operator()(std::monostate) const {}
    void operator()(bool v) const { out.byte(v ? 1 : 0); }
    void operator()(std::int64_t v) const { out.zigzag(v); }
    void operator()(std::uint64_t v) const { out.varint(v); }
    void operator()(double v) const { out.fixed64(word_of(v)); }
    void operator()(const std::string& v) const { out.text(v); }
    template <class T>
    void operator()(const std::vector<T>& list) const {
        out.varint(list.size());
        for (const auto& element : list) (*this)(static_cast<const T&>(element));
    }
};

void get_element(Reader& in, bool& v) { v = in.boolean(); }
void get_element(Reader& in, std::int64_t& v) { v = in.zigzag(); }
void get_element(Reader& in, std::uint64_t& v) { v = in.varint(); }
void get_element(Reader& in, double& v) { v = double_of(in.fixed64()); }
void get_element(Reader& in, std::string& v) { v = std::string(in.text()); }

constexpr std::size_t least_bytes(ValueType element) { return element == ValueType::float64 ? 8 : 1; }

template <class T>
Value get_array(Reader& in, ValueType element) {
    const auto announced = in.count(least_bytes(element));
    constexpr std::size_t each = std::is_same_v<T, bool> ? 1 : std::is_same_v<T, std::string> ? 4 : 8;
    std::vector<T> list;
    list.reserve(std::min(announced, 2 * in.size() / sizeof(T)));
    std::size_t bytes = announced * each;
    for (std::size_t i = 0; i < announced && in.ok() && bytes <= kMaxValueBytes; ++i) {
        T v{};
        get_element(in, v);
        if constexpr (std::is_same_v<T, std::string>) bytes += v.size();
        list.push_back(std::move(v));
    }
    if (bytes > kMaxValueBytes) in.fail("an array takes more than " + std::to_string(kMaxValueBytes) + " bytes");
    return Value(std::move(list));
}

Value get_text(Reader& in) {
    const auto bytes = in.text();
    if (bytes.size() > kMaxValueBytes)
        in.fail("a text value has " + std::to_string(bytes.size()) + " bytes, wanted at most "
                + std::to_string(kMaxValueBytes));
    return in.ok() ? Value(bytes) : Value();
}

template <class T>
Value get_scalar(Reader& in) {
    T v{};
    get_element(in, v);
    return Value(v);
}

}  // namespace

void put_value(Writer& out, const Value& value) {
    out.byte(static_cast<std::uint8_t>(value.type()));
    std::visit(PutContent{out}, value.storage());
}

void get_value(Reader& in, Value& value) {
    const auto type = in.byte();
    switch (static_cast<ValueType>(type)) {
        case ValueType::none: value = Value(); return;
        case ValueType::boolean: value = get_scalar<bool>(in); return;
        case ValueType::int64: value = get_scalar<std::int64_t>(in); return;
        case ValueType::uint64: value = get_scalar<std::uint64_t>(in); return;
        case ValueType::float64: value = get_scalar<double>(in); return;
        case ValueType::string: value = get_text(in); return;
        case ValueType::boolean_array: value = get_array<bool>(in, ValueType::boolean); return;
        case ValueType::int64_array: value = get_array<std::int64_t>(in, ValueType::int64); return;
        case ValueType::uint64_array: value = get_array<std::uint64_t>(in, ValueType::uint64); return;
        case ValueType::float64_array: value = get_array<double>(in, ValueType::float64); return;
        case ValueType::string_array: value = get_array<std::string>(in, ValueType::string); return;
    }
    in.fail("value type " + std::to_string(type) + " is unknown");
}

}  // namespace penstock::wire
