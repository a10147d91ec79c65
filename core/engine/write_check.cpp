#include "core/engine/write_check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/engine/recipe.hpp"
#include "core/expressions/expression.hpp"

namespace penstock::engine {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

std::unexpected<Error> refuse(const tags::TagView& tag, std::string sentence) {
    return fail(ErrorCode::invalid_argument, std::move(sentence), std::string(tag.name));
}

std::string with_unit(const tags::TagView& tag, std::string text) {
    if (!tag.unit.empty()) text.append(" ").append(tag.unit);
    return text;
}

// Outside the range nothing is written; nor outside a clamp, from which it could never be read back.
Result<void> check_range(const tags::TagView& tag, const Recipe& recipe, const Value& value) {
    const auto number = number_of(tag.type, value.word());
    if (is_outside(recipe, number)) {
        return refuse(tag, value.text() + " is outside the range " + with_unit(tag, range_text(recipe)));
    }
    if (recipe.clamps && !(clamp(recipe, number) == number)) {
        const auto ends = Value(recipe.clamp_low).text() + " to " + Value(recipe.clamp_high).text();
        return refuse(tag, value.text() + " is outside the scaling's " + with_unit(tag, ends));
    }
    return {};
}

std::unexpected<Error> refuse_raw(const tags::TagView& tag, const Value& value, double raw) {
    return refuse(tag, value.text() + " would be the raw value " + Value(raw).text() + ", which does not fit the device's type "
                           + std::string(to_string(tag.native_type)));
}

Result<Value> unscale(const tags::TagView& tag, const Recipe& recipe, const Value& value) {
    const auto number = number_of(tag.type, value.word());
    const auto raw = number == recipe.eng_high ? recipe.raw_high : recipe.raw_low + (number - recipe.eng_low) / recipe.gain;
    if (tag.native_type == ValueType::float64) return Value(raw);
    const auto rounded = std::nearbyint(raw);
    switch (tag.native_type) {
        case ValueType::int64:
            if (!(rounded >= -kTwoTo63 && rounded < kTwoTo63)) return refuse_raw(tag, value, raw);
            return Value(static_cast<std::int64_t>(rounded));
        case ValueType::uint64:
            if (!(rounded >= 0 && rounded < 2 * kTwoTo63)) return refuse_raw(tag, value, raw);
            return Value(static_cast<std::uint64_t>(rounded));
        case ValueType::boolean:
            if (!(rounded == 0 || rounded == 1)) return refuse_raw(tag, value, raw);
            return Value(rounded == 1);
        default: return refuse(tag, "a " + std::string(to_string(tag.native_type)) + " of the device cannot be scaled");
    }
}

}  // namespace

Result<Value> in_tag_type(const tags::TagView& tag, const Value& value) {
    if (!value.has_value()) return refuse(tag, "there is no value to write");
    const auto* text = value.get_if<std::string>();
    auto converted =
        text != nullptr && tag.type != ValueType::string ? Value::parse(tag.type, *text) : value.converted_to(tag.type);
    if (!converted) return refuse(tag, converted.error().sentence());
    if (!is_scalar_word(tag.type) && converted->blob().size() > kMaxValueBytes) {
        return refuse(tag, "the value has " + std::to_string(converted->blob().size()) + " bytes, at most "
                               + std::to_string(kMaxValueBytes) + " are allowed");
    }
    return converted;
}

Result<Value> to_native(const tags::TagView& tag, const Value& value) {
    if (tag.is_calculated())
        return fail(ErrorCode::denied, "it is calculated: " + expressions::canonical_text(tag.expression),
                    std::string(tag.name));
    if (tag.access != tags::Access::read_write) return fail(ErrorCode::denied, "the tag is read-only", std::string(tag.name));
    auto wanted = in_tag_type(tag, value);
    if (!wanted) return wanted;
    const auto recipe = make_recipe(tag);
    if (is_scalar_word(tag.type)) {
        if (auto fits = check_range(tag, recipe, *wanted); !fits) return std::unexpected(std::move(fits.error()));
    }
    if (recipe.is_scaled) return unscale(tag, recipe, *wanted);
    if (tag.native_type == tag.type) return wanted;
    auto native = wanted->converted_to(tag.native_type);
    if (!native)
        return refuse(tag,
                      "the device's type is " + std::string(to_string(tag.native_type)) + ": " + native.error().sentence());
    return native;
}

}  // namespace penstock::engine
