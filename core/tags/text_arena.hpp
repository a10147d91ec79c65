#pragma once

// Texts of a catalog, one behind the other in one string, each behind its length. A text is its offset.

#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::tags {

using TextOffset = std::uint32_t;

class TextArena final {
public:
    static constexpr std::size_t kMaxBytes = 0xFFFF'0000;

    TextArena() { bytes_.push_back('\0'); }  // offset 0 is the empty text

    // False where the next text might not fit any more.
    [[nodiscard]] bool has_room(std::size_t bytes) const noexcept { return bytes_.size() + bytes + 5 < kMaxBytes; }

    TextOffset add(std::string_view text) {
        if (text.empty()) return 0;
        const auto offset = static_cast<TextOffset>(bytes_.size());
        auto length = text.size();
        for (; length >= 0x80; length >>= 7U) bytes_.push_back(static_cast<char>(0x80U | (length & 0x7FU)));
        bytes_.push_back(static_cast<char>(length));
        bytes_.append(text);
        return offset;
    }

    [[nodiscard]] std::string_view at(TextOffset offset) const noexcept {
        std::size_t length = 0;
        unsigned shift = 0;
        auto byte = static_cast<unsigned char>(bytes_[offset++]);
        for (; (byte & 0x80U) != 0; byte = static_cast<unsigned char>(bytes_[offset++]), shift += 7) {
            length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        }
        length |= static_cast<std::size_t>(byte) << shift;
        return {bytes_.data() + offset, length};
    }

    void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
    void shrink() { bytes_.shrink_to_fit(); }

private:
    std::string bytes_;
};

}  // namespace penstock::tags
