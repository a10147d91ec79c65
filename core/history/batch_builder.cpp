#include "core/history/batch_builder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace penstock::history {
namespace {

constexpr std::size_t kMostBlobBytes = 32 * 1024 * 1024;
constexpr std::size_t kMostRecords = 4096;
constexpr std::size_t kMostCauses = 32'767;  // another record may bring as many

}  // namespace

bool BatchBuilder::is_full(std::size_t most_rows) const noexcept {
    return rows_ >= most_rows || blob_.size() >= kMostBlobBytes || used_ >= kMostRecords || cause_texts_.size() >= kMostCauses;
}

Result<void> BatchBuilder::add(std::span<const std::byte> body) {
    if (used_ == records_.size()) records_.push_back(std::make_unique<Record>());
    auto& record = *records_[used_];
    const auto decoded = decode_values(body, record.values);
    if (!decoded) return decoded;
    const auto samples = record.values.samples();
    bool has_any = false;
    record.uses_blob = false;
    for (const auto& run : record.values.runs()) {
        if (!wanted_.has(run.series)) continue;
        has_any = true;
        record.uses_blob = record.uses_blob || wanted_.uses_blob(run.series);
        pieces_.push_back({.order = std::uint64_t{run.series} << 32U | pieces_.size(),
                           .time = samples.time.data() + run.first,
                           .status = samples.status.data() + run.first,
                           .word = samples.word.data() + run.first,
                           .count = run.count,
                           .record = static_cast<std::uint32_t>(used_)});
        rows_ += run.count;
    }
    if (!has_any) return {};
    record.causes.clear();
    for (const auto text : samples.causes) record.causes.push_back(cause(text));
    record.blob_offset = blob_.size();
    if (record.uses_blob) blob_ += samples.blob;
    ++used_;
    return {};
}

std::uint16_t BatchBuilder::cause(std::string_view text) {
    const auto [known, is_new] =
        cause_numbers_.try_emplace(std::string(text), static_cast<std::uint16_t>(cause_texts_.size() + 1));
    if (is_new) cause_texts_.emplace_back(text);
    return known->second;
}

HistoryBatch BatchBuilder::build(JournalPosition begin, JournalPosition end) {
    std::ranges::sort(pieces_, {}, &Piece::order);
    time_.resize(rows_);
    status_.resize(rows_);
    word_.resize(rows_);
    runs_.clear();
    std::uint32_t row = 0;
    for (const auto& piece : pieces_) {
        const auto series = static_cast<SeriesId>(piece.order >> 32U);
        if (runs_.empty() || runs_.back().series != series) runs_.push_back({series, row, 0});
        runs_.back().count += piece.count;
        copy(piece, row);
        row += piece.count;
    }
    causes_.assign(cause_texts_.begin(), cause_texts_.end());
    return {.runs = runs_,
            .samples = {.time = time_, .status = status_, .word = word_, .blob = blob_, .causes = causes_},
            .begin = begin,
            .end = end};
}

void BatchBuilder::copy(const Piece& piece, std::size_t to) {
    const auto& record = *records_[piece.record];
    std::copy_n(piece.time, piece.count, time_.data() + to);
    if (record.causes.empty()) {
        std::copy_n(piece.status, piece.count, status_.data() + to);
    } else {
        std::transform(piece.status, piece.status + piece.count, status_.data() + to, [&](StatusWord status) {
            const auto number = status_cause(status);
            return number == 0 ? status : status_word(status_quality(status), record.causes[number - 1U]);
        });
    }
    if (!record.uses_blob || !wanted_.uses_blob(static_cast<SeriesId>(piece.order >> 32U))) {
        std::copy_n(piece.word, piece.count, word_.data() + to);
        return;
    }
    std::transform(piece.word, piece.word + piece.count, word_.data() + to,
                   [&](std::uint64_t word) { return (word & 0xFFFF'FFFFU) == 0 ? 0 : word + (record.blob_offset << 32U); });
}

void BatchBuilder::clear() noexcept {
    used_ = rows_ = 0;
    pieces_.clear();
    blob_.clear();
    cause_texts_.clear();
    cause_numbers_.clear();
}

}  // namespace penstock::history
