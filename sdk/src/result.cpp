#include <penstock/result.hpp>

namespace penstock {

std::string_view to_string(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::invalid_argument: return "invalid_argument";
        case ErrorCode::invalid_config: return "invalid_config";
        case ErrorCode::timeout: return "timeout";
        case ErrorCode::disconnected: return "disconnected";
        case ErrorCode::denied: return "denied";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::unavailable: return "unavailable";
        case ErrorCode::protocol: return "protocol";
        case ErrorCode::unknown_outcome: return "unknown_outcome";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::internal: return "internal";
    }
    return "unknown";  // a number from a newer peer
}

}  // namespace penstock
