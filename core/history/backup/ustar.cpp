#include "core/history/backup/ustar.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

namespace penstock::history::backup {
namespace {

constexpr std::size_t kPiece = 1024 * 1024;

// Texts and octal numbers at fixed places.
constexpr std::size_t kNameAt = 0, kNameSize = 100, kModeAt = 100, kSizeAt = 124, kTimeAt = 136, kSumAt = 148, kTypeAt = 156,
                      kMagicAt = 257;
constexpr std::uint64_t kMaxOctal = 077'777'777'777;  // of 11 digits: 8 GiB; larger sizes are binary, marked by the top bit

void put_octal(Header& header, std::size_t at, int digits, std::uint64_t number) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%0*llo", digits, static_cast<unsigned long long>(number));
    std::memcpy(header.data() + at, text.data(), static_cast<std::size_t>(digits));
}

unsigned sum_of(const Header& header) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
        sum += i >= kSumAt && i < kSumAt + 8 ? static_cast<unsigned>(' ') : static_cast<unsigned char>(header[i]);
    return sum;
}

}  // namespace

Header header_of(std::string_view name, std::uint64_t size, UtcTime time) {
    Header header{};
    std::memcpy(header.data() + kNameAt, name.data(), name.size());
    put_octal(header, kModeAt, 7, 0600);
    put_octal(header, kModeAt + 8, 7, 0);
    put_octal(header, kModeAt + 16, 7, 0);
    if (size <= kMaxOctal) {
        put_octal(header, kSizeAt, 11, size);
    } else {
        header[kSizeAt] = static_cast<char>(0x80);
        for (std::size_t i = 0; i < 8; ++i) header[kSizeAt + 4 + i] = static_cast<char>(size >> (56 - 8 * i));
    }
    put_octal(header, kTimeAt, 11, static_cast<std::uint64_t>(std::max<std::int64_t>(to_ns(time) / 1'000'000'000, 0)));
    header[kTypeAt] = '0';
    std::memcpy(header.data() + kMagicAt, "ustar\00000", 8);
    put_octal(header, kSumAt, 6, sum_of(header));
    return header;
}

std::string_view name_in(const Header& header) noexcept { return {header.data(), ::strnlen(header.data(), kNameSize)}; }

std::uint64_t size_in(const Header& header) noexcept {
    std::uint64_t size = 0;
    if ((static_cast<unsigned char>(header[kSizeAt]) & 0x80U) != 0) {
        for (std::size_t i = 0; i < 8; ++i) size = size << 8U | static_cast<unsigned char>(header[kSizeAt + 4 + i]);
        return size;
    }
    for (std::size_t i = 0; i < 11; ++i)
        if (const char c = header[kSizeAt + i]; c >= '0' && c <= '7') size = size * 8 + static_cast<std::uint64_t>(c - '0');
    return size;
}

bool is_good_name(std::string_view name) {
    if (name.empty() || name.size() >= kNameSize || name.front() == '/' || name.back() == '/') return false;
    const auto is_good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'
               || c == '/';
    };
    if (!std::ranges::all_of(name, is_good)) return false;
    for (const auto& part : std::filesystem::path(name))
        if (part == "." || part == "..") return false;
    return true;
}

Result<void> for_each_piece(const base::File& file, std::uint64_t from, std::uint64_t size,
                            const std::function<Result<void>(std::span<std::byte>)>& take) {
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(size, kPiece)));
    for (std::uint64_t done = 0; done < size;) {
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, kPiece));
        const auto got = file.read(from + done, std::span(piece).first(want));
        if (!got) return std::unexpected(got.error());
        if (*got == 0) return fail(ErrorCode::invalid_config, "ends early");
        if (auto taken = take(std::span(piece).first(*got)); !taken) return taken;
        done += *got;
    }
    return {};
}

}  // namespace penstock::history::backup
