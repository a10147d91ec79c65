#include "core/base/folded.hpp"

namespace penstock::base {
namespace {

// Upper to lower of the letters that have one at a fixed distance.
unsigned lower(unsigned code) {
    if ((code >= 0xC0 && code <= 0xDE && code != 0xD7) || (code >= 0x391 && code <= 0x3AB && code != 0x3A2)
        || (code >= 0x410 && code <= 0x42F))
        return code + 0x20;
    if (code >= 0x400 && code <= 0x40F) return code + 0x50;
    const bool is_even_upper = (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177);
    const bool is_odd_upper = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
    if (is_even_upper && code % 2 == 0 && code != 0x130) return code + 1;
    if (is_odd_upper && code % 2 == 1) return code + 1;
    return code;
}

}  // namespace

std::string folded(std::string_view text) {
    std::string result(text);
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto byte = static_cast<unsigned char>(result[i]);
        if (byte >= 'A' && byte <= 'Z') {
            result[i] = static_cast<char>(byte + 0x20);
            continue;
        }
        const bool is_pair = byte >= 0xC2 && byte <= 0xDF && i + 1 < result.size()
                             && (static_cast<unsigned char>(result[i + 1]) & 0xC0U) == 0x80U;
        if (!is_pair) continue;
        const auto code = lower((byte & 0x1FU) << 6U | (static_cast<unsigned char>(result[i + 1]) & 0x3FU));
        result[i] = static_cast<char>(0xC0U | code >> 6U);
        result[++i] = static_cast<char>(0x80U | (code & 0x3FU));
    }
    return result;
}

}  // namespace penstock::base
