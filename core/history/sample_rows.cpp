#include "core/history/sample_rows.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace penstock::history {

SampleView part(const SampleView& view, std::size_t first, std::size_t count) {
    return {view.time.subspan(first, count), view.status.subspan(first, count), view.word.subspan(first, count), view.blob,
            view.causes};
}

void RowAppender::append(const SampleView& from, std::size_t first, std::size_t count) {
    const auto time = from.time.subspan(first, count);
    into_->time.insert(into_->time.end(), time.begin(), time.end());
    append_statuses(from, first, count);
    if (uses_blob_) return append_blobs(from, first, count);
    const auto word = from.word.subspan(first, count);
    into_->word.insert(into_->word.end(), word.begin(), word.end());
}

void RowAppender::append_statuses(const SampleView& from, std::size_t first, std::size_t count) {
    const auto status = from.status.subspan(first, count);
    const auto begin = into_->status.size();
    into_->status.insert(into_->status.end(), status.begin(), status.end());
    if (from.causes.empty()) return;
    for (auto& each : std::span(into_->status).subspan(begin)) {
        const auto number = status_cause(each);
        if (number != 0) each = status_word(status_quality(each), cause(from.causes[number - 1U]));
    }
}

void RowAppender::append_blobs(const SampleView& from, std::size_t first, std::size_t count) {
    for (auto row = first; row < first + count; ++row) {
        if (is_bad(status_quality(from.status[row]))) {
            into_->word.push_back(0);
            continue;
        }
        const auto bytes = from.blob_at(row);
        into_->word.push_back(std::uint64_t{into_->blob.size()} << 32U | bytes.size());
        into_->blob += bytes;
    }
}

std::uint16_t RowAppender::cause(std::string_view text) {
    if (const auto known = causes_.find(std::string(text)); known != causes_.end()) return known->second;
    if (into_->causes.size() >= 0xFFFF) return 0;  // so many texts that the rest go without
    into_->causes.emplace_back(text);
    const auto number = static_cast<std::uint16_t>(into_->causes.size());
    causes_.emplace(text, number);
    return number;
}

void SampleRows::sort() {
    if (std::ranges::is_sorted(columns_.time)) return;
    std::vector<std::uint32_t> order(size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [this](std::uint32_t row) { return std::pair(columns_.time[row], row); });
    arrange(order, *this);
}

void SampleRows::assign_reversed(const SampleRows& from) {
    columns_.causes = from.columns_.causes;
    columns_.blob = from.columns_.blob;
    std::vector<std::uint32_t> order(from.size());
    std::iota(order.rbegin(), order.rend(), 0U);
    arrange(order, from);
}

void SampleRows::arrange(std::span<const std::uint32_t> order, const SampleRows& from) {
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word;
    for (const auto row : order) {
        time.push_back(from.columns_.time[row]);
        status.push_back(from.columns_.status[row]);
        word.push_back(from.columns_.word[row]);
    }
    columns_.time = std::move(time);
    columns_.status = std::move(status);
    columns_.word = std::move(word);
}

SampleView SampleRows::view() const {
    causes_.assign(columns_.causes.begin(), columns_.causes.end());
    return {columns_.time, columns_.status, columns_.word, columns_.blob, causes_};
}

}  // namespace penstock::history
