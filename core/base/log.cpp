#include "core/base/log.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace penstock::base::log {
namespace {

struct Target {
    Sink sink = nullptr;
    void* context = nullptr;
};

std::atomic<Level> minimum{Level::info};
std::mutex target_mutex;  // guards `target`
Target target;

Target current_target() {
    const std::lock_guard lock(target_mutex);
    return target;
}

// Never destroyed: threads may still log while statics are torn down.
spdlog::logger& standard_error() {
    static spdlog::logger& logger = *[] {
        auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        auto* made = new spdlog::logger("penstock", std::move(sink));
        made->set_formatter(
            std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc));
        made->set_level(spdlog::level::trace);
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return logger;
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        default: return spdlog::level::err;
    }
}

// Length of the well-formed UTF-8 sequence at the start of `text` (RFC 3629: no overlong forms, no surrogates), or 0.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return 0;
    }
    const unsigned second = byte(1);
    const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool is_no_character = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return is_overlong || is_no_character ? 0 : length;
}

// C0, DEL and C1 (U+0080 to U+009F, which terminals obey too).
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return first < 0x20 || first == 0x7F;
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

void set_level(Level level) noexcept { minimum.store(level, std::memory_order_relaxed); }
bool is_enabled(Level level) noexcept { return level >= minimum.load(std::memory_order_relaxed); }

void set_sink(Sink sink, void* context) noexcept {
    const std::lock_guard lock(target_mutex);
    target = {sink, context};
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const auto character = text.substr(0, length == 0 ? 1 : length);
        if (length != 0 && !is_control(character)) {
            out += character;
        } else {
            for (const char c : character) fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(c));
        }
        text.remove_prefix(character.size());
    }
    return out;
}

void write(Level level, std::string_view message) noexcept try {
    if (!is_enabled(level)) return;
    const auto line = escaped(message);
    const auto to = current_target();
    if (to.sink != nullptr) return to.sink(level, line, to.context);
    standard_error().log(to_spdlog(level), line);
} catch (...) {
    // There is nowhere left to report to: this is where reports end.
}

void detail::format_and_write(Level level, fmt::string_view format, fmt::format_args args) noexcept try {
    write(level, fmt::vformat(format, args));
} catch (const std::exception& fault) {
    write(level, fault.what());
}

}  // namespace penstock::base::log
