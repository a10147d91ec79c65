#pragma once

// Text from a plugin, made fit for a sentence: a plugin's file and its faults may hold anything.

#include <string>
#include <string_view>

namespace penstock::guests {

// Control characters become '?'; what is beyond 300 bytes becomes "...".
[[nodiscard]] inline std::string printable(std::string_view text) {
    constexpr std::size_t kMost = 300;
    std::string out(text.substr(0, kMost));
    for (char& c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) c = '?';
    }
    if (text.size() > kMost) out += "...";
    return out;
}

[[nodiscard]] inline std::string in_quotes(std::string_view text) { return '"' + printable(text) + '"'; }

}  // namespace penstock::guests
