#pragma once

#include <string_view>

#include <penstock/value.hpp>

namespace penstock::engine {

// Whether bytes are the blob form (value.hpp, Value::blob) of a string or array, and not too long. Allocates nothing.
[[nodiscard]] bool blob_fits(ValueType type, std::string_view bytes) noexcept;

}  // namespace penstock::engine
