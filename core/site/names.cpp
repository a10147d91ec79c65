#include "core/site/names.hpp"

#include "core/site/utf8.hpp"

namespace penstock::site {
namespace {

constexpr std::size_t kMaxNameBytes = 255;

// C0 and DEL, and C1 (C2 80 to C2 9F in UTF-8).
bool has_control_character(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return true;
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
    }
    return false;
}

bool has_forbidden(std::string_view name) noexcept {
    for (const char c : name) {
        if (c == '/' || c == '*' || c == '?') return true;
    }
    return false;
}

}  // namespace

std::string name_fault(std::string_view name) {
    if (name.empty()) return "is empty";
    if (name.size() > kMaxNameBytes) return "is " + std::to_string(name.size()) + " bytes long; at most 255 are allowed";
    if (has_control_character(name)) return "has a control character";
    if (has_forbidden(name)) return "has a '/', '*' or '?', which no name may have";
    if (name.front() == ' ' || name.back() == ' ') return "begins or ends with a blank";
    if (find_bad_utf8(name) != std::string_view::npos) return "is not UTF-8";
    return {};
}

}  // namespace penstock::site
