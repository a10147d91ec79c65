#pragma once

// Sentences for waits that failed: which endpoint, what was wanted, what came instead.

#include <string>
#include <string_view>

#include <penstock/io.hpp>
#include <penstock/result.hpp>

namespace penstock::detail {

// What was being done. Texts are borrowed: made and used in one statement.
struct IoFailure {
    IoFailure(std::string_view at, std::string_view cannot_do, std::string_view nothing_came, std::int64_t since_ns,
              Deadline until)
        : endpoint(at), cannot(cannot_do), nothing(nothing_came), started_ns(since_ns), deadline(until) {}
    std::string_view endpoint;
    std::string_view cannot;   // "cannot connect"
    std::string_view nothing;  // "no connection", for "no connection within 1 s"
    std::int64_t started_ns;
    Deadline deadline;
};

[[nodiscard]] inline bool failed(const abi::IoResult& result) noexcept { return result.code != 0; }

// "1 s", "250 ms", "1.5 s".
[[nodiscard]] std::string duration_text(Duration duration);
[[nodiscard]] std::string address_of(const abi::PeerInfo& peer);
[[noreturn]] void throw_failure(const abi::IoResult& result, const IoFailure& failure);

}  // namespace penstock::detail
