#include <penstock/operations.hpp>

namespace penstock {

std::string_view to_string(WriteResult result) noexcept {
    switch (result) {
        case WriteResult::done: return "done";
        case WriteResult::refused: return "refused";
        case WriteResult::unknown: return "unknown";
    }
    return "unknown";
}

}  // namespace penstock
