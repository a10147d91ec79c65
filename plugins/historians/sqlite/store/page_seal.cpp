#include "page_seal.hpp"

#include <algorithm>
#include <cstring>

#include "codec/crc32c.hpp"

namespace penstock::sqlite {
namespace {

constexpr std::size_t kUsable = kPageBytes - kSealBytes;
constexpr std::size_t kSector = 512;

struct Seal {
    std::uint32_t checksum = 0, mark = 0;
};
static_assert(sizeof(Seal) == kSealBytes);

// The number is mixed in, so that a page written to another's place does not fit.
Seal seal_of(std::string_view page, std::uint32_t number) noexcept {
    return {crc32c(page.substr(0, kUsable)) ^ (number * 0x9E37'79B1U), kSealMark};
}

bool is_zero(std::string_view bytes) noexcept {
    return std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
}

// Nodes of trees are filled from their end, so a sector of zeros there was not written by SQLite.
bool lost_its_end(std::string_view page, std::uint32_t number) noexcept {
    const auto kind = page[number == 1 ? 100 : 0];
    const bool is_node = kind == 2 || kind == 5 || kind == 10 || kind == 13;
    const auto cells = page.substr(number == 1 ? 103 : 3, 2);
    return is_node && !is_zero(cells) && is_zero(page.substr(kPageBytes - kSector));
}

}  // namespace

void seal_page(char* page, std::uint32_t number) noexcept {
    const auto seal = seal_of({page, kPageBytes}, number);
    std::memcpy(page + kUsable, &seal, sizeof seal);
}

bool is_page_whole(std::string_view page, std::uint32_t number) noexcept {
    Seal found;
    std::memcpy(&found, page.data() + kUsable, sizeof found);
    if (found.checksum == 0 && found.mark == 0) return !lost_its_end(page, number);
    const auto wanted = seal_of(page, number);
    return found.mark == wanted.mark && found.checksum == wanted.checksum;
}

}  // namespace penstock::sqlite
