#include "core/engine/blob_check.hpp"

#include <algorithm>
#include <cstdint>

namespace penstock::engine {
namespace {

bool are_strings(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        if (bytes.size() < 4) return false;
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        bytes.remove_prefix(4);
        if (length > bytes.size()) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

}  // namespace

bool blob_fits(ValueType type, std::string_view bytes) noexcept {
    if (bytes.size() > kMaxValueBytes) return false;
    switch (type) {
        case ValueType::string: return true;
        case ValueType::boolean_array: return std::ranges::all_of(bytes, [](char b) { return b == 0 || b == 1; });
        case ValueType::int64_array:
        case ValueType::uint64_array:
        case ValueType::float64_array: return bytes.size() % 8 == 0;
        case ValueType::string_array: return are_strings(bytes);
        default: return false;
    }
}

}  // namespace penstock::engine
