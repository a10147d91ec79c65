#pragma once

#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::engine {

// The value in the tag's own type, if nothing is lost.
[[nodiscard]] Result<Value> in_tag_type(const tags::TagView& tag, const Value& value);

// What the device has to be told so that the tag takes this value: checks access and range, converts text and numbers if
// nothing is lost, undoes the scaling (rounded to nearest for integers). Error denied or invalid_argument: a sentence with
// what was found and wanted; where = the tag.
[[nodiscard]] Result<Value> to_native(const tags::TagView& tag, const Value& value);

}  // namespace penstock::engine
