#include "core/engine/recipe.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace penstock::engine {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTwoTo63 = 9223372036854775808.0;

Step step_for(ValueType native, ValueType type, bool is_scaled) {
    if (!is_scalar_word(native) || !is_scalar_word(type)) {
        return native == type && !is_scaled ? Step::copy_blob : Step::impossible;
    }
    if (type == ValueType::float64) {
        if (native == ValueType::float64) return Step::copy_double;
        return native == ValueType::int64 ? Step::int_to_double : Step::uint_to_double;
    }
    return native == type && !is_scaled ? Step::copy_integer : Step::convert;
}

// Percent of the engineering range: of the tag's range where both ends are given, else of its scaling.
double deadband_of(const tags::TagView& tag) {
    if (tag.deadband_kind == tags::DeadbandKind::none) return -1;
    if (tag.deadband_kind == tags::DeadbandKind::absolute) return tag.deadband;
    auto span = std::abs(tag.range_high - tag.range_low);
    if (std::isnan(span) && tag.scaling != nullptr) span = std::abs(tag.scaling->eng_high - tag.scaling->eng_low);
    return std::isnan(span) ? -1 : tag.deadband / 100 * span;
}

bool double_to_word(double value, ValueType type, std::uint64_t& word) {
    if (type == ValueType::float64) {
        word = word_of(value);
        return true;
    }
    if (std::isnan(value)) return false;
    if (type == ValueType::boolean) {
        word = value != 0 ? 1 : 0;
        return true;
    }
    const auto rounded = std::nearbyint(value);
    if (type == ValueType::int64) {
        if (rounded < -kTwoTo63 || rounded >= kTwoTo63) return false;
        word = static_cast<std::uint64_t>(static_cast<std::int64_t>(rounded));
        return true;
    }
    if (rounded < 0 || rounded >= 2 * kTwoTo63) return false;
    word = static_cast<std::uint64_t>(rounded);
    return true;
}

// Between bool, signed and unsigned without a way through double, which would lose the last bits.
bool integer_to_word(ValueType native, std::uint64_t raw, ValueType type, std::uint64_t& word) {
    const bool changes_sign_rule = (native == ValueType::int64) != (type == ValueType::int64);
    if (type != ValueType::boolean && changes_sign_rule && static_cast<std::int64_t>(raw) < 0) return false;
    word = type == ValueType::boolean ? std::uint64_t{raw != 0} : raw;
    return true;
}

std::string text(double value) { return Value(value).text(); }

}  // namespace

Recipe make_recipe(const tags::TagView& tag) {
    Recipe recipe;
    std::memset(static_cast<void*>(&recipe), 0, sizeof(recipe));  // padding too: recipes are compared by their bytes
    recipe.native_type = tag.native_type;
    recipe.type = tag.type;
    recipe.is_scaled = tag.scaling != nullptr;
    recipe.step = step_for(tag.native_type, tag.type, recipe.is_scaled);
    recipe.makes_double = recipe.step == Step::int_to_double || recipe.step == Step::uint_to_double
                          || (recipe.step == Step::copy_double && recipe.is_scaled);
    if (tag.scaling != nullptr) {
        const auto& s = *tag.scaling;
        recipe.raw_low = s.raw_low;
        recipe.raw_high = s.raw_high;
        recipe.eng_low = s.eng_low;
        recipe.eng_high = s.eng_high;
        recipe.gain = (s.eng_high - s.eng_low) / (s.raw_high - s.raw_low);
        recipe.clamps = s.clamp;
    }
    recipe.clamp_low = recipe.clamps ? std::min(recipe.eng_low, recipe.eng_high) : -kInfinity;
    recipe.clamp_high = recipe.clamps ? std::max(recipe.eng_low, recipe.eng_high) : kInfinity;
    recipe.has_range = !std::isnan(tag.range_low) || !std::isnan(tag.range_high);
    recipe.range_low = std::isnan(tag.range_low) ? -kInfinity : tag.range_low;
    recipe.range_high = std::isnan(tag.range_high) ? kInfinity : tag.range_high;
    recipe.deadband = is_scalar_word(tag.type) ? deadband_of(tag) : -1;
    recipe.tolerance_ns = tag.source_time_tolerance.count();
    return recipe;
}

bool to_tag_type(const Recipe& recipe, std::uint64_t raw, std::uint64_t& word) noexcept {
    if (!recipe.is_scaled && recipe.native_type != ValueType::float64 && recipe.type != ValueType::float64) {
        return integer_to_word(recipe.native_type, raw, recipe.type, word);
    }
    auto value = number_of(recipe.native_type, raw);
    if (recipe.is_scaled) value = scale(recipe, value);
    value = clamp(recipe, value);
    return double_to_word(value, recipe.type, word);
}

std::string range_text(const Recipe& recipe) {
    if (recipe.range_low == -kInfinity) return "at most " + text(recipe.range_high);
    if (recipe.range_high == kInfinity) return "at least " + text(recipe.range_low);
    return text(recipe.range_low) + " to " + text(recipe.range_high);
}

std::string range_sentence(const Recipe& recipe) { return "the value is outside the range " + range_text(recipe); }

std::uint32_t RecipeBook::add(const Recipe& recipe) {
    std::string bytes(sizeof(Recipe), '\0');
    std::memcpy(bytes.data(), &recipe, sizeof(Recipe));
    const auto [at, is_new] = numbers_.try_emplace(std::move(bytes), static_cast<std::uint32_t>(recipes_.size()));
    if (is_new) recipes_.push_back(recipe);
    return at->second;
}

}  // namespace penstock::engine
