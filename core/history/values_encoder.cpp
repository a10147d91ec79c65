#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

#include "core/history/packing/block.hpp"
#include "core/history/packing/record_layout.hpp"
#include "core/history/values_record.hpp"

namespace penstock::history {

using namespace packing;

// Memory that is not cleared when it grows: everything is written before it is read.
struct ValuesEncoder::Parts {
    // By tag: how many rows, then where the next goes; all 0 between records.
    std::vector<std::uint32_t> place;
    std::vector<std::uint64_t> touched;  // a bit a tag
    std::vector<std::uint8_t> is_blob;   // empty as long as there is none
    std::vector<std::uint16_t> scale_of;  // + 1, 0 = none; empty as long as there is none
    std::vector<ScaleHint> scales;
    std::map<std::pair<double, double>, std::uint16_t> scale_numbers;

    std::size_t room = 0;  // rows in the columns below
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word, numbers, lengths;
    std::vector<SeriesRun> runs;

    std::vector<SeriesRun> block_runs;
    std::vector<std::uint8_t> block_is_blob;
    std::vector<BlockEntry> entries;
    std::vector<std::uint8_t> blocks, record;
    std::int64_t first_time = 0, last_time = 0;

    void make_room(std::size_t rows);
    void count_tags(std::span<const tags::TagId> tags);
    void list_runs();
    void sort_rows(const ValueColumns& columns);
    [[nodiscard]] std::size_t pack_blocks();
    [[nodiscard]] std::size_t pack_one(std::span<const SeriesRun> of, std::size_t at);
    [[nodiscard]] std::span<const std::byte> assemble(const ValueColumns& columns, std::size_t block_bytes);
};

ValuesEncoder::ValuesEncoder(tags::TagId id_limit) : parts_(std::make_unique<Parts>()) {
    parts_->place.resize(id_limit);
    parts_->touched.resize(id_limit / 64 + 1);
}
ValuesEncoder::~ValuesEncoder() = default;
ValuesEncoder::ValuesEncoder(ValuesEncoder&&) noexcept = default;
ValuesEncoder& ValuesEncoder::operator=(ValuesEncoder&&) noexcept = default;

void ValuesEncoder::set_blob(tags::TagId tag) {
    parts_->is_blob.resize(parts_->place.size());
    parts_->is_blob[tag] = 1;
}
void ValuesEncoder::set_scale(tags::TagId tag, double step, double offset) {
    auto& parts = *parts_;
    const auto [known, is_new] =
        parts.scale_numbers.try_emplace({step, offset}, static_cast<std::uint16_t>(parts.scales.size() + 1));
    if (is_new && parts.scales.size() >= UINT16_MAX) {  // it is but a hint
        parts.scale_numbers.erase(known);
        return;
    }
    if (is_new) parts.scales.push_back({step, offset});
    parts.scale_of.resize(parts.place.size());
    parts.scale_of[tag] = known->second;
}

void ValuesEncoder::Parts::make_room(std::size_t rows) {
    if (rows <= room) return;
    room = std::max(rows, room * 2);
    time.resize(room);
    status.resize(room);
    word.resize(room);
    numbers.resize(room);
    lengths.resize(room);
    runs.reserve(room);
}

void ValuesEncoder::Parts::count_tags(std::span<const tags::TagId> tags) {
    for (const auto tag : tags) {
        touched[tag / 64] |= std::uint64_t{1} << (tag % 64);
        ++place[tag];
    }
}

void ValuesEncoder::Parts::list_runs() {
    runs.clear();
    std::uint32_t first = 0;
    for (std::size_t at = 0; at < touched.size(); ++at) {
        for (auto bits = std::exchange(touched[at], 0); bits != 0; bits &= bits - 1) {
            const auto tag = static_cast<tags::TagId>(at * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
            const auto count = std::exchange(place[tag], first);
            runs.push_back({tag, first, count});
            first += count;
        }
    }
}

void ValuesEncoder::Parts::sort_rows(const ValueColumns& columns) {
    first_time = last_time = columns.time[0];
    for (std::size_t row = 0; row < columns.tag.size(); ++row) {
        const auto to = place[columns.tag[row]]++;
        const auto at = columns.time[row];
        first_time = at < first_time ? at : first_time;
        last_time = at > last_time ? at : last_time;
        time[to] = at;
        status[to] = columns.status[row];
        word[to] = columns.word[row];
    }
    for (const auto& run : runs) place[run.series] = 0;
}

std::size_t ValuesEncoder::Parts::pack_one(std::span<const SeriesRun> of, std::size_t at) {
    const auto begin = of.front().first;
    const auto rows = of.back().first + of.back().count - begin;
    block_runs.assign(of.begin(), of.end());
    block_is_blob.assign(of.size(), 0);
    for (std::size_t run = 0; run < of.size(); ++run) {
        block_runs[run].first -= begin;
        if (!is_blob.empty()) block_is_blob[run] = is_blob[of[run].series];
    }
    ScaleHint hint;
    if (of.size() == 1 && !scale_of.empty() && scale_of[of[0].series] != 0) hint = scales[scale_of[of[0].series] - 1U];
    if (const auto wanted = at + most_block_bytes(rows) + kPadding; blocks.size() < wanted) blocks.resize(wanted * 2);
    const BlockRows packed{block_runs, time.data() + begin, status.data() + begin, word.data() + begin, block_is_blob, hint};
    auto* const end = pack_block(packed, {numbers.data(), lengths.data()}, blocks.data() + at);
    const auto end_at = static_cast<std::size_t>(end - blocks.data());
    entries.push_back({of.front().series, rows, static_cast<std::uint32_t>(end_at)});
    return end_at;
}

// Long runs alone, short ones together.
std::size_t ValuesEncoder::Parts::pack_blocks() {
    entries.clear();
    std::size_t end = 0, first = 0;
    std::uint32_t rows = 0;
    const auto close = [&](std::size_t run) {
        if (run > first) end = pack_one(std::span(runs).subspan(first, run - first), end);
        first = run;
        rows = 0;
    };
    for (std::size_t run = 0; run < runs.size(); ++run) {
        const bool is_long = runs[run].count >= kLongRun;
        if (is_long) close(run);
        rows += runs[run].count;
        if (is_long || rows >= kSharedRows) close(run + 1);
    }
    close(runs.size());
    return end;
}

std::span<const std::byte> ValuesEncoder::Parts::assemble(const ValueColumns& columns, std::size_t block_bytes) {
    std::size_t cause_bytes = 0;
    for (const auto cause : columns.causes) cause_bytes += 10 + cause.size();
    const auto directory_bytes = entries.size() * sizeof(BlockEntry);
    const auto most = sizeof(RecordHead) + directory_bytes + cause_bytes + columns.blob.size() + block_bytes + kPadding;
    if (record.size() < most) record.resize(most);

    auto* out = record.data() + sizeof(RecordHead);
    std::memcpy(out, entries.data(), directory_bytes);
    out += directory_bytes;
    const auto* causes_begin = out;
    for (const auto cause : columns.causes) {
        out = put_varint(out, cause.size());
        out = std::copy(cause.begin(), cause.end(), out);
    }
    cause_bytes = static_cast<std::size_t>(out - causes_begin);
    out = std::copy(columns.blob.begin(), columns.blob.end(), out);
    std::memcpy(out, blocks.data(), block_bytes);
    out += block_bytes;
    std::memset(out, 0, kPadding);
    out += kPadding;

    RecordHead head;
    head.causes = static_cast<std::uint16_t>(columns.causes.size());
    head.rows = static_cast<std::uint32_t>(columns.tag.size());
    head.runs = static_cast<std::uint32_t>(runs.size());
    head.blocks = static_cast<std::uint32_t>(entries.size());
    head.first_time = first_time;
    head.last_time = last_time;
    head.cause_bytes = static_cast<std::uint32_t>(cause_bytes);
    head.blob_bytes = static_cast<std::uint32_t>(columns.blob.size());
    store(record.data(), head);
    return std::as_bytes(std::span(record)).first(static_cast<std::size_t>(out - record.data()));
}

std::span<const std::byte> ValuesEncoder::encode(const ValueColumns& columns) {
    auto& parts = *parts_;
    assert(!columns.tag.empty() && columns.tag.size() <= kMaxRecordRows);
    parts.make_room(columns.tag.size());
    parts.count_tags(columns.tag);
    parts.list_runs();
    parts.sort_rows(columns);
    return parts.assemble(columns, parts.pack_blocks());
}

}  // namespace penstock::history
