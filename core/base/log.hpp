#pragma once

// The program's log: standard error, one line a message, English. Texts that came from outside (a device, a plugin, a
// peer) may hold anything, so control characters are written as \xNN: nobody can forge a line or move the cursor.
//
//     log::warning("device {}: {}", name, error.text());

#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace penstock::base::log {

enum class Level { debug = 0, info = 1, warning = 2, error = 3, off = 4 };

// Messages below this level are dropped before they are formatted. Default: info. [any-thread]
void set_level(Level level) noexcept;
[[nodiscard]] bool is_enabled(Level level) noexcept;

// Writes one line. Never throws: a full disk behind standard error is no reason to end the server. [any-thread]
void write(Level level, std::string_view message) noexcept;

// Where lines go in place of standard error, for tests; an empty function restores standard error. [any-thread]
using Sink = void (*)(Level level, std::string_view line, void* context);
void set_sink(Sink sink, void* context) noexcept;

// `text` with control characters (also DEL and bytes that are no UTF-8) as \xNN.
[[nodiscard]] std::string escaped(std::string_view text);

namespace detail {
void format_and_write(Level level, fmt::string_view format, fmt::format_args args) noexcept;
}

template <class... Args>
void message(Level level, fmt::format_string<Args...> format, Args&&... args) noexcept {
    if (is_enabled(level)) detail::format_and_write(level, format, fmt::make_format_args(args...));
}
template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) noexcept {
    message(Level::debug, format, std::forward<Args>(args)...);
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) noexcept {
    message(Level::info, format, std::forward<Args>(args)...);
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) noexcept {
    message(Level::warning, format, std::forward<Args>(args)...);
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) noexcept {
    message(Level::error, format, std::forward<Args>(args)...);
}

}  // namespace penstock::base::log
