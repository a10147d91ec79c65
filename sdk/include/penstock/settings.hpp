#pragma once

// A plugin's settings: a read-only view of JSON that the host has already checked against the plugin's schema, so reading
// needs no error handling for what the schema guarantees. Cheap to copy; valid as long as the instance.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/abi/settings.hpp>
#include <penstock/result.hpp>
#include <penstock/time.hpp>

namespace penstock {

class Settings {
public:
    Settings() = default;  // no settings at all: every key is absent
    explicit Settings(const abi::SettingsNode* node) noexcept : node_(node) {}

    [[nodiscard]] bool has(std::string_view key) const noexcept;
    // The value of `key`, or `otherwise` if it is absent or of another type.
    [[nodiscard]] bool boolean_or(std::string_view key, bool otherwise) const noexcept;
    [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const noexcept;
    [[nodiscard]] double number_or(std::string_view key, double otherwise) const noexcept;
    [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise) const;
    // A number of milliseconds under a key that ends in _ms, or a text such as "200ms", "1s", "5m".
    [[nodiscard]] Duration duration_or(std::string_view key, Duration otherwise) const noexcept;

    // A nested object, element or null-like view (has() is then false everywhere).
    [[nodiscard]] Settings at(std::string_view key) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] Settings at(std::size_t index) const noexcept;
    [[nodiscard]] std::string_view key(std::size_t index) const noexcept;

    // The node itself, where it is not an object.
    [[nodiscard]] bool exists() const noexcept { return node_ != nullptr; }
    [[nodiscard]] const abi::SettingsNode* node() const noexcept { return node_; }

    // An invalid_config error at the place of `key` (or of this object, if there is no such key).
    [[nodiscard]] Error fault(std::string_view key, std::string sentence) const;

private:
    const abi::SettingsNode* node_ = nullptr;
};

// "200ms", "1s", "5m", "1h", "1d", "250us"; nothing else, no sign, no space. Error invalid_argument.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

}  // namespace penstock
