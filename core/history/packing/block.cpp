#include "core/history/packing/block.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "core/history/packing/record_layout.hpp"

namespace penstock::history::packing {
namespace {

// --- which tags, how many rows of each ---

[[nodiscard]] std::uint8_t* pack_runs(std::span<const SeriesRun> runs, BlockScratch scratch, std::uint8_t* out) noexcept {
    out = put_varint(out, runs.size());
    scratch.lengths[0] = runs[0].count;
    if (runs.size() == 1) return out;
    for (std::size_t run = 1; run < runs.size(); ++run) {
        scratch.numbers[run] = runs[run].series - runs[run - 1].series;
        scratch.lengths[run] = runs[run].count;
    }
    out = pack_column(scratch.numbers + 1, runs.size() - 1, out);
    return pack_column(scratch.lengths, runs.size(), out);
}

// The tags' differences are read into `word`, which is free until the words come.
[[nodiscard]] std::uint32_t unpack_runs(Cursor& from, const BlockClaims& claims, const BlockTarget& into) noexcept {
    const auto runs = from.varint();
    if (!from.ok || runs == 0 || runs > claims.rows) return 0;
    into.lengths[0] = claims.rows;
    if (runs > 1) {
        if (!unpack_column(from, runs - 1, into.word) || !unpack_column(from, runs, into.lengths)) return 0;
    }
    std::uint64_t tag = claims.first_tag, row = 0;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto step = run == 0 ? 0 : into.word[run - 1];
        const auto length = into.lengths[run];
        if ((run > 0 && step == 0) || step > std::numeric_limits<std::uint32_t>::max() || length == 0
            || length > claims.rows - row) {
            return 0;
        }
        tag += step;
        into.runs[run] = {static_cast<SeriesId>(tag), static_cast<std::uint32_t>(into.first_row + row),
                          static_cast<std::uint32_t>(length)};
        row += length;
    }
    return row == claims.rows && tag <= std::numeric_limits<SeriesId>::max() ? static_cast<std::uint32_t>(runs) : 0;
}

// --- qualities with causes: stretches of equal ones ---

[[nodiscard]] std::uint8_t* put_status(std::uint8_t* out, std::size_t length, StatusWord status) noexcept {
    out = put_varint(out, length);
    store(out, static_cast<std::uint16_t>(status_quality(status)));
    return put_varint(out + 2, status_cause(status));
}

[[nodiscard]] std::uint8_t* pack_status(const StatusWord* status, std::size_t rows, std::uint8_t* out) noexcept {
    for (std::size_t begin = 0, end; begin < rows; begin = end) {
        end = begin + 1;
        while (end < rows && status[end] == status[begin]) ++end;
        out = put_status(out, end - begin, status[begin]);
    }
    return out;
}

[[nodiscard]] bool unpack_status(Cursor& from, const BlockClaims& claims, StatusWord* status) noexcept {
    for (std::size_t row = 0; row < claims.rows;) {
        const auto length = from.varint();
        const auto* quality = from.take(2);
        const auto cause = from.varint();
        if (!from.ok || length == 0 || length > claims.rows - row || cause > claims.causes) return false;
        std::fill_n(status + row, length,
                    status_word(static_cast<QualityCode>(load<std::uint16_t>(quality)), static_cast<std::uint16_t>(cause)));
        row += length;
    }
    return true;
}

// --- times: the first row's, then for each run's first the distance from it, for the others from the row before ---

template <std::int64_t Quantum>
[[nodiscard]] bool all_divide(const std::int64_t* time, std::size_t rows) noexcept {
    return std::all_of(time, time + rows, [](std::int64_t t) { return t % Quantum == 0; });
}

[[nodiscard]] std::uint8_t find_quantum(const std::int64_t* time, std::size_t rows) noexcept {
    if (all_divide<kQuanta[3]>(time, rows)) return 3;
    if (all_divide<kQuanta[2]>(time, rows)) return 2;
    return all_divide<kQuanta[1]>(time, rows) ? 1 : 0;
}

template <std::int64_t Quantum>
void to_distances(const BlockRows& rows, std::uint64_t* distances) noexcept {
    const auto* time = rows.time;
    const auto base = static_cast<std::uint64_t>(time[0] / Quantum);
    for (const auto& run : rows.runs) {
        auto before = base;
        for (auto row = run.first; row < run.first + run.count; ++row) {
            const auto now = static_cast<std::uint64_t>(time[row] / Quantum);
            distances[row] = now - before;
            before = now;
        }
    }
}

[[nodiscard]] std::uint8_t* pack_times(const BlockRows& rows, std::size_t count, std::uint64_t* distances,
                                       std::uint8_t* out) noexcept {
    const auto quantum = find_quantum(rows.time, count);
    switch (quantum) {
        case 3: to_distances<kQuanta[3]>(rows, distances); break;
        case 2: to_distances<kQuanta[2]>(rows, distances); break;
        case 1: to_distances<kQuanta[1]>(rows, distances); break;
        default: to_distances<kQuanta[0]>(rows, distances); break;
    }
    *out++ = quantum;
    out = put_varint(out, zigzag(rows.time[0] / kQuanta[quantum]));
    return pack_column(distances + 1, count - 1, out);
}

// All sums modulo 2^64: bytes that lie give times that lie, nothing worse; the record's checksum is the journal's.
[[nodiscard]] bool unpack_times(Cursor& from, std::size_t rows, const std::uint64_t* lengths, std::size_t runs,
                                std::int64_t* time) noexcept {
    const auto code = from.byte();
    const auto base = static_cast<std::uint64_t>(unzigzag(from.varint()));
    auto* number = reinterpret_cast<std::uint64_t*>(time);
    if (code >= std::size(kQuanta) || !from.ok || !unpack_column(from, rows - 1, number + 1)) return false;
    const auto quantum = static_cast<std::uint64_t>(kQuanta[code]);
    number[0] = 0;
    for (std::size_t run = 0; run < runs; ++run) {
        auto now = base * quantum;
        for (auto* const end = number + lengths[run]; number < end; ++number) *number = now += *number * quantum;
    }
    return true;
}

// --- blobs: which runs have them ---

[[nodiscard]] std::uint8_t* pack_blob_flags(std::span<const std::uint8_t> is_blob, std::uint8_t* out) noexcept {
    const bool any = std::ranges::find(is_blob, 1) != is_blob.end();
    *out++ = any ? 1 : 0;
    if (!any) return out;
    const auto bytes = (is_blob.size() + 7) / 8;
    std::memset(out, 0, bytes);
    for (std::size_t run = 0; run < is_blob.size(); ++run) {
        out[run / 8] = static_cast<std::uint8_t>(out[run / 8] | is_blob[run] << (run % 8));
    }
    return out + bytes;
}

// Null where no run has any, which is so in nearly all blocks.
[[nodiscard]] bool take_blob_flags(Cursor& from, std::size_t runs, const std::uint8_t*& flags) noexcept {
    const auto any = from.byte();
    flags = any == 0 ? nullptr : from.take((runs + 7) / 8);
    return from.ok && any <= 1;
}

[[nodiscard]] bool blobs_are_there(const BlockTarget& into, std::size_t runs, const std::uint8_t* flags,
                                   std::uint64_t blob_bytes) noexcept {
    const auto lies_inside = [blob_bytes](std::uint64_t word) { return (word >> 32U) + (word & 0xFFFF'FFFFU) <= blob_bytes; };
    const auto* word = into.word;
    for (std::size_t run = 0; run < runs; word += into.lengths[run], ++run) {
        if ((flags[run / 8] >> (run % 8) & 1U) == 0) continue;
        if (!std::all_of(word, word + into.lengths[run], lies_inside)) return false;
    }
    return true;
}

}  // namespace

std::uint8_t* pack_block(const BlockRows& rows, BlockScratch scratch, std::uint8_t* out) noexcept {
    const auto& last = rows.runs.back();
    const std::size_t count = last.first + last.count;
    out = pack_runs(rows.runs, scratch, out);
    out = pack_status(rows.status, count, out);
    out = pack_times(rows, count, scratch.numbers, out);
    out = pack_blob_flags(rows.is_blob, out);
    if (rows.runs.size() == 1 && count >= kLongRun) return pack_run_words(rows.word, count, rows.hint, scratch.numbers, out);
    return pack_short_words(rows.word, scratch.lengths, rows.runs.size(), out);
}

std::uint32_t unpack_block(Cursor from, const BlockClaims& claims, const BlockTarget& into) noexcept {
    const auto runs = unpack_runs(from, claims, into);
    const std::uint8_t* blob_flags = nullptr;
    const bool is_whole = runs != 0 && unpack_status(from, claims, into.status)
                          && unpack_times(from, claims.rows, into.lengths, runs, into.time)
                          && take_blob_flags(from, runs, blob_flags)
                          && unpack_words(from, into.lengths, runs, claims.rows, into.word) && from.ok && from.at == from.end;
    if (!is_whole) return 0;
    return blob_flags == nullptr || blobs_are_there(into, runs, blob_flags, claims.blob_bytes) ? runs : 0;
}

}  // namespace penstock::history::packing
