#pragma once

// What writing and reading a backup share: headers of POSIX.1-1988 ustar, the manifest's name, the seal.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include <penstock/result.hpp>
#include <penstock/time.hpp>

#include "core/base/file_system.hpp"

namespace penstock::history::backup {

inline constexpr int kFormat = 1;
inline constexpr std::size_t kBlock = 512;
inline constexpr std::uint64_t kMaxManifest = 64ULL * 1024 * 1024;
inline constexpr std::string_view kManifest = "manifest.json";
inline constexpr std::string_view kSeal = "penstock backup, SHA-256 of all before: ";

using Bytes = std::span<const std::byte>;
using Header = std::array<char, kBlock>;

[[nodiscard]] inline Bytes bytes_of(std::string_view text) noexcept { return std::as_bytes(std::span(text)); }
[[nodiscard]] constexpr std::uint64_t padded(std::uint64_t size) noexcept { return (size + kBlock - 1) / kBlock * kBlock; }

// `name` is a good one.
[[nodiscard]] Header header_of(std::string_view name, std::uint64_t size, UtcTime time);
[[nodiscard]] std::string_view name_in(const Header& header) noexcept;
[[nodiscard]] std::uint64_t size_in(const Header& header) noexcept;
// One that stays below the folder it is unpacked into, and fits a header.
[[nodiscard]] bool is_good_name(std::string_view name);

// Hands out [from, from + size) in pieces of 1 MiB at most, which may be changed; invalid_config if the file ends before. [worker]
[[nodiscard]] Result<void> for_each_piece(const base::File& file, std::uint64_t from, std::uint64_t size,
                                          const std::function<Result<void>(std::span<std::byte>)>& take);

}  // namespace penstock::history::backup
