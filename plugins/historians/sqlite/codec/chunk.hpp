#pragma once

// A chunk: up to kMostRows rows of one series, on its own.
//
//   u8 version (1) | varint series | varint sequence | context (rows.hpp) | varint rows | run (rows.hpp) | u32 CRC-32C of all before
//
// `sequence` orders what came: of rows with equal times, those with the smaller one came first.

#include <cstdint>
#include <string>
#include <string_view>

#include "rows.hpp"

namespace penstock::sqlite {

inline constexpr unsigned kChunkVersion = 1;

struct ChunkKey {
    SeriesId series = 0;
    std::uint64_t sequence = 0;
    bool operator==(const ChunkKey&) const = default;
};

// Appends to `out`.
void encode_chunk(const ChunkKey& key, const SampleView& rows, const RowKind& kind, std::string& out);

enum class Verify : std::uint8_t { checksum, nothing };  // nothing: only to show what the checksum is for

// False if the bytes are not a chunk as it was written. `into` borrows from `bytes`.
[[nodiscard]] bool decode_chunk(std::string_view bytes, ChunkKey& key, RowBuffer& into, Verify verify = Verify::checksum);

// Bytes with their checksum behind them, as chunks and bundles are.
void append_checksum(std::string& bytes, std::size_t start);
// Without the checksum; empty if it does not fit them.
[[nodiscard]] std::string_view checked(std::string_view bytes, Verify verify) noexcept;

}  // namespace penstock::sqlite
