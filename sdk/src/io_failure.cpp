#include "io_failure.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace penstock::detail {
namespace {

ErrorCode code_of(const abi::IoResult& result) noexcept {
    constexpr auto last = static_cast<std::int32_t>(ErrorCode::internal);
    return result.code > 0 && result.code <= last ? static_cast<ErrorCode>(result.code) : ErrorCode::internal;
}

std::string reason(ErrorCode code, std::int32_t system_error) {
    if (system_error != 0) return std::generic_category().message(system_error);
    switch (code) {
        case ErrorCode::disconnected: return "the other side closed the connection";
        case ErrorCode::invalid_argument:
            return "the endpoint cannot be read; wanted tcp://HOST:PORT, unix:PATH, udp://HOST:PORT or serial:/dev/NAME";
        case ErrorCode::unsupported: return "this kind of endpoint is not offered here";
        default: return std::string(to_string(code));
    }
}

std::string sentence(ErrorCode code, const abi::IoResult& result, const IoFailure& failure) {
    if (code != ErrorCode::timeout) return std::string(failure.cannot) + ": " + reason(code, result.system_error);
    const auto waited = failure.deadline - monotonic_from_ns(failure.started_ns);
    return std::string(failure.nothing) + " within " + duration_text(waited);
}

}  // namespace

std::string duration_text(Duration duration) {
    const auto ms = std::max<std::int64_t>(0, std::chrono::round<std::chrono::milliseconds>(duration).count());
    if (ms < 1000) return std::to_string(ms) + " ms";
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), static_cast<double>(ms) / 1000).ptr;
    return std::string(digits, end) + " s";
}

std::string address_of(const abi::PeerInfo& peer) {
    return {peer.address, std::min<std::size_t>(peer.address_size, sizeof peer.address)};
}

void throw_failure(const abi::IoResult& result, const IoFailure& failure) {
    const auto code = code_of(result);
    const bool is_retryable = code != ErrorCode::invalid_argument && code != ErrorCode::unsupported;
    throw LinkError(Error(code, sentence(code, result, failure), std::string(failure.endpoint), is_retryable));
}

}  // namespace penstock::detail
