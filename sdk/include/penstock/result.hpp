#pragma once

// Failures that are part of the job are values: Result<T>. Exceptions mean a broken link (LinkError) or a
// broken program, and never leave the plugin that threw them.

#include <cstdint>
#include <exception>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace penstock {

// What went wrong, for code to branch on. The numbers are stored and sent; they are never reused.
enum class ErrorCode : std::uint8_t {
    not_found = 1,       // no such tag, file, screen, plugin ...
    invalid_argument,    // the request makes no sense as it stands
    invalid_config,      // a site, device or settings file is faulty
    timeout,             // no answer within the deadline
    disconnected,        // the link is gone, or was never there
    denied,              // known, understood, and not allowed
    unsupported,         // understood, but not offered here
    unavailable,         // refused for now: a queue is full, a limit is reached, the server is starting
    protocol,            // the peer said something that its protocol does not allow
    unknown_outcome,     // a write was sent and its fate is not known; never repeated by itself
    cancelled,           // the host is stopping this work; say nothing
    internal,            // a fault of Penstock or of the plugin itself
};

// The stable word for a code ("not_found"), used in JSON and logs.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

// One failure: a code to branch on, a sentence to read, a place to look at.
class [[nodiscard]] Error {
public:
    Error(ErrorCode code, std::string sentence, std::string where = {}, bool retryable = false)
        : sentence_(std::move(sentence)), where_(std::move(where)), code_(code), retryable_(retryable) {}

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }
    // What was found and what was wanted, without the place, without a final full stop.
    [[nodiscard]] const std::string& sentence() const noexcept { return sentence_; }
    // file:line:column, device, tag or peer; empty where the sentence says it all.
    [[nodiscard]] const std::string& where() const noexcept { return where_; }
    // True if the same call may succeed later without anything being changed.
    [[nodiscard]] bool retryable() const noexcept { return retryable_; }
    // "where: sentence", or the sentence alone.
    [[nodiscard]] std::string text() const { return where_.empty() ? sentence_ : where_ + ": " + sentence_; }

private:
    std::string sentence_;
    std::string where_;
    ErrorCode code_;
    bool retryable_;
};

template <class T>
using Result = std::expected<T, Error>;

// Shorthand for `return std::unexpected(Error(...))`.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string sentence, std::string where = {},
                                                 bool retryable = false) {
    return std::unexpected<Error>(std::in_place, code, std::move(sentence), std::move(where), retryable);
}

// A broken link, thrown inside a plugin by Io and by the plugin itself. The host turns it into bad quality
// with this text as the cause, drops the link, and connects again after a back-off.
class LinkError final : public std::exception {
public:
    explicit LinkError(Error error) : error_(std::move(error)), text_(error_.text()) {}
    LinkError(ErrorCode code, std::string sentence) : LinkError(Error(code, std::move(sentence), {}, true)) {}

    [[nodiscard]] const Error& error() const noexcept { return error_; }
    [[nodiscard]] ErrorCode code() const noexcept { return error_.code(); }
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    Error error_;
    std::string text_;
};

}  // namespace penstock
