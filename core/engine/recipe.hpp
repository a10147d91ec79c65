#pragma once

// What happens to a raw value on its way to a tag: conversion, scaling, clamp, range, deadband. Most tags share theirs with
// many others, so each recipe is kept once and the few of them stay in the processor's nearest cache: one of its own per
// tag cost a quarter of the throughput.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <penstock/quality.hpp>
#include <penstock/value.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::engine {

// How the raw word becomes a number, and where that number goes.
enum class Step : std::uint8_t {
    copy_double,  // double -> double, perhaps scaled
    int_to_double,  // signed, perhaps scaled
    uint_to_double,  // unsigned and bool, perhaps scaled
    copy_integer,  // signed, unsigned or bool into the same type
    convert,  // any other pair of numbers, by way of to_tag_type()
    copy_blob,  // string or array into the same type
    impossible,  // the site's check does not let such tags through
};

struct Recipe {
    double raw_low, raw_high, eng_low, eng_high;  // of the scaling
    double gain;  // eng per raw
    double clamp_low, clamp_high;                 // infinite where the scaling does not clamp
    double range_low, range_high;                 // infinite where there is no limit
    double deadband;  // in engineering units; negative: none
    std::int64_t tolerance_ns;  // of the source time
    ValueType native_type, type;
    Step step;
    bool is_scaled, clamps, has_range;
    bool
        makes_double;  // by a step "... to double" or a scaling. An unscaled double keeps its own bits, also of a signalling NaN
};

[[nodiscard]] Recipe make_recipe(const tags::TagView& tag);

// eng_low + (raw - raw_low) * gain, and at raw_high exactly eng_high: full scale must not leave the range by rounding.
[[nodiscard]] inline double scale(const Recipe& recipe, double raw) noexcept {
    const auto value = recipe.eng_low + (raw - recipe.raw_low) * recipe.gain;
    return raw == recipe.raw_high ? recipe.eng_high : value;
}
// NaN stays NaN. Without a branch: which tags clamp is not to be foretold, and a wrong guess costs more than the two comparisons.
[[nodiscard]] inline double clamp(const Recipe& recipe, double value) noexcept {
    value = value < recipe.clamp_low ? recipe.clamp_low : value;
    return value > recipe.clamp_high ? recipe.clamp_high : value;
}
// NaN is outside every range.
[[nodiscard]] inline bool is_outside(const Recipe& recipe, double value) noexcept {
    return recipe.has_range && !(value >= recipe.range_low && value <= recipe.range_high);
}

// A raw scalar as the tag's type: scaled, rounded to nearest for integers. False if it does not fit (NaN, too large,
// negative into unsigned).
[[nodiscard]] bool to_tag_type(const Recipe& recipe, std::uint64_t raw, std::uint64_t& word) noexcept;

// A scalar word as a double, for comparing with limits: 64-bit integers may round.
[[nodiscard]] inline double number_of(ValueType type, std::uint64_t word) noexcept {
    if (type == ValueType::float64) return double_of(word);
    return type == ValueType::int64 ? static_cast<double>(static_cast<std::int64_t>(word)) : static_cast<double>(word);
}

// "the value is outside the range 0 to 6"
[[nodiscard]] std::string range_sentence(const Recipe& recipe);
// "0 to 6", "at least 0", "at most 6"
[[nodiscard]] std::string range_text(const Recipe& recipe);

// Numbers equal recipes.
class RecipeBook final {
public:
    [[nodiscard]] std::uint32_t add(const Recipe& recipe);
    [[nodiscard]] std::vector<Recipe> take() { return std::move(recipes_); }

private:
    std::vector<Recipe> recipes_;
    std::unordered_map<std::string, std::uint32_t> numbers_;  // by bytes
};

}  // namespace penstock::engine
