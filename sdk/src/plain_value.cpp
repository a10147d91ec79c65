#include <penstock/plain_value.hpp>

namespace penstock {

abi::PlainValue plain_view(const Value& value, std::string& blob) {
    blob = value.blob();
    return {.type = static_cast<std::uint32_t>(value.type()), .reserved = 0, .word = value.word(), .blob = abi::text(blob)};
}

Result<Value> value_of(const abi::PlainValue& plain) {
    const auto type = plain.type < 256 ? static_cast<ValueType>(plain.type) : ValueType::none;
    if (plain.type == 0) return Value();
    if (is_scalar_word(type)) return Value::from_word(type, plain.word);
    return Value::from_blob(type, plain.blob.view());
}

}  // namespace penstock
