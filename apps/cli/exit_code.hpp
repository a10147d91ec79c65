#pragma once

#include <penstock/result.hpp>

namespace penstock::cli {

// What a program that calls us can branch on.
enum ExitCode : int {
    kDone = 0,
    kRefused = 1,        // refused by the server or device, or found faulty
    kUsage = 2,          // the command line makes no sense
    kNoConnection = 3,   // there is no server, or it is not reached
    kUnknownOutcome = 4,  // a write was sent, and nobody knows what became of it
};

[[nodiscard]] constexpr ExitCode exit_code(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::disconnected:
        case ErrorCode::timeout: return kNoConnection;
        case ErrorCode::unknown_outcome: return kUnknownOutcome;
        default: return kRefused;
    }
}

}  // namespace penstock::cli
