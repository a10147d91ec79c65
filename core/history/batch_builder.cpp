#include "core/history/batch_builder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace penstock::history {
namespace {

constexpr std::size_t kMostBlobBytes = 32 * 1024 * 1024;
constexpr std::size_t kMostRecords = 4096;
constexpr std::size_t kMostCauses = 32'767;  // another record may bring as many

// A reference into a blob that now stands `by` bytes further on. An empty one, and with it a bad sample's, is 0.
std::uint64_t moved(std::uint64_t reference, std::uint64_t by) {
    return (reference & 0xFFFF'FFFFU) == 0 ? 0 : reference + (by << 32U);
}

}  // namespace

bool BatchBuilder::is_full(std::size_t most_rows) const noexcept {
    return rows_ >= most_rows || blob_.size() >= kMostBlobBytes || used_ >= kMostRecords || cause_texts_.size() >= kMostCauses;
}

Result<void> BatchBuilder::add(std::span<const std::byte> body) {
    if (used_ == records_.size()) records_.push_back(std::make_unique<Record>());
    auto& record = *records_[used_];
    const auto decoded = decode_values(body, record.values);
    if (!decoded) return decoded;
    bool has_any = false;
    record.uses_blob = false;
    for (const auto& run : record.values.runs()) {
        if (!wanted_.has(run.series)) continue;
        has_any = true;
        record.uses_blob = record.uses_blob || wanted_.uses_blob(run.series);
        pieces_.push_back({run.series, run.first, run.count, static_cast<std::uint32_t>(used_)});
        if (count_[run.series] == 0) touched_.push_back(run.series);
        count_[run.series] += run.count;
        rows_ += run.count;
    }
    if (!has_any) return {};
    const auto samples = record.values.samples();
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

// A sort by counting: of many series a walk over all of them is faster than comparing those that are there.
void BatchBuilder::order_runs() {
    if (touched_.size() > count_.size() / 16) {
        touched_.clear();
        for (SeriesId series = 0; series < count_.size(); ++series) {
            if (count_[series] != 0) touched_.push_back(series);
        }
    } else {
        std::ranges::sort(touched_);
    }
    runs_.clear();
    std::uint32_t row = 0;
    for (const auto series : touched_) {
        runs_.push_back({series, row, count_[series]});
        count_[series] = row;
        row += runs_.back().count;
    }
}

HistoryBatch BatchBuilder::build(JournalPosition begin, JournalPosition end) {
    order_runs();
    time_.resize(rows_);
    status_.resize(rows_);
    word_.resize(rows_);
    for (const auto& piece : pieces_) {
        copy(piece, count_[piece.series]);
        count_[piece.series] += piece.count;
    }
    causes_.assign(cause_texts_.begin(), cause_texts_.end());
    return {.runs = runs_,
            .samples = {.time = time_, .status = status_, .word = word_, .blob = blob_, .causes = causes_},
            .begin = begin,
            .end = end};
}

void BatchBuilder::copy(const Piece& piece, std::size_t to) {
    const auto& record = *records_[piece.record];
    const auto from = record.values.samples();
    const bool is_blob = record.uses_blob && wanted_.uses_blob(piece.series);
    const bool has_causes = !record.causes.empty();
    // Short runs are the rule where many tags change rarely: a loop, where a call for each column would cost more than the rows.
    for (std::size_t i = 0; i < piece.count; ++i) {
        const auto row = piece.first + i;
        time_[to + i] = from.time[row];
        const auto status = from.status[row];
        const auto number = status_cause(status);
        status_[to + i] = has_causes && number != 0 ? status_word(status_quality(status), record.causes[number - 1U]) : status;
        const auto word = from.word[row];
        word_[to + i] = is_blob ? moved(word, record.blob_offset) : word;
    }
}

void BatchBuilder::clear() noexcept {
    used_ = rows_ = 0;
    pieces_.clear();
    for (const auto series : touched_) count_[series] = 0;
    touched_.clear();
    blob_.clear();
    cause_texts_.clear();
    cause_numbers_.clear();
}

}  // namespace penstock::history
