#pragma once

// Short runs of many series in one blob, sorted by series: a tag that changes once a day makes no chunk of one sample, and a flush of
// 100,000 tags touches few pages.
//
//   u8 version (1) | varint sequence | context (rows.hpp) | runs | u32 CRC-32C of all before
//   run: varint series - the one before | varint its sequence - the bundle's | varint rows | varint bytes | run (rows.hpp)
//
// Bundles have levels. A flush makes bundles of level 0; 16 of them in a shard of the series become bundles of level 1, and so on.
// A run of kChunkRows or more leaves as a chunk when it is merged. Higher levels have smaller shards, so that a merge never has to
// hold much at once.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/chunk.hpp"

namespace penstock::sqlite {

inline constexpr std::size_t kChunkRows = 512;
inline constexpr std::size_t kMostBundleBytes = 48 * 1024;  // about; damage to one loses no more
inline constexpr unsigned kLevels = 8;

// Enough for chunks of its own.
[[nodiscard]] bool is_long(const SampleView& rows, ValueType type) noexcept;

[[nodiscard]] constexpr std::uint32_t shard_width(unsigned level) noexcept { return level >= 3 ? 16U : 1024U >> (2 * level); }
[[nodiscard]] constexpr std::uint32_t shard_of(SeriesId series, unsigned level) noexcept { return series / shard_width(level); }

struct BundleFacts {
    unsigned level = 0;
    std::uint32_t shard = 0;
    SeriesId first_series = 0, last_series = 0;
    std::int64_t t0 = 0, t1 = 0;
    std::uint64_t sequence = 0, rows = 0;
};

// Takes runs in order of (series, sequence) and gives finished bundles, each within one shard.
class BundleWriter {
public:
    using Store = std::function<void(const BundleFacts&, std::string_view bytes)>;
    // `sequence` is not above that of any run.
    BundleWriter(unsigned level, std::uint64_t sequence, Store store)
        : store_(std::move(store)), level_(level), sequence_(sequence) {}

    // Rows in order of time, at most kMostRows.
    void add(const ChunkKey& key, const SampleView& rows, const RowKind& kind);
    void finish();

private:
    void begin(const ChunkKey& key, std::int64_t base);

    Store store_;
    unsigned level_;
    std::uint64_t sequence_;
    EncodeContext context_;
    BundleFacts facts_;
    std::string runs_;
    std::string run_;
};

struct RunPlace {
    ChunkKey key;
    std::size_t rows = 0;
    std::size_t offset = 0, size = 0;  // of the run in the bundle's bytes
};

class BundleReader {
public:
    // `bytes` must outlive it. False from is_whole(): damaged.
    BundleReader(std::string_view bytes, Verify verify);
    [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
    // The next run in order of (series, sequence); nothing at the end, or at damage.
    [[nodiscard]] std::optional<RunPlace> next();
    [[nodiscard]] bool decode(const RunPlace& place, RowBuffer& into) const;

private:
    std::string_view body_;
    ByteReader in_;
    DecodeContext context_;
    std::uint64_t sequence_ = 0;
    SeriesId series_ = 0;
    bool is_whole_ = false;
};

}  // namespace penstock::sqlite
