#include "columns.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace penstock::sqlite {

void Columns::append(const SampleView& samples) {
    const auto first = status_.size();
    time_.insert(time_.end(), samples.time.begin(), samples.time.end());
    status_.insert(status_.end(), samples.status.begin(), samples.status.end());
    word_.insert(word_.end(), samples.word.begin(), samples.word.end());
    blob_.append(samples.blob);
    if (samples.causes.empty()) return;
    std::vector<std::uint16_t> numbers;
    numbers.reserve(samples.causes.size());
    for (const auto cause : samples.causes) numbers.push_back(number_of(cause));
    for (auto i = first; i < status_.size(); ++i) {
        const auto cause = status_cause(status_[i]);
        if (cause != 0) status_[i] = status_word(status_quality(status_[i]), numbers[cause - 1U]);
    }
}

void Columns::shift_texts(std::size_t first, std::size_t count, std::uint64_t shift) noexcept {
    for (auto i = first; i < first + count; ++i)
        if (!is_bad(status_quality(status_[i]))) word_[i] += shift << 32U;
}

std::uint16_t Columns::number_of(std::string_view cause) {
    if (cause.empty()) return 0;
    const auto [entry, is_new] = numbers_.try_emplace(std::string(cause), static_cast<std::uint16_t>(causes_.size() + 1));
    if (is_new) {
        causes_.emplace_back(cause);
        cause_bytes_ += cause.size() + 64;
    }
    return entry->second;
}

void Columns::sort_by_time() {
    if (std::ranges::is_sorted(time_)) return;
    std::vector<std::uint32_t> order(time_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](auto row) { return std::pair(time_[row], row); });
    const auto reorder = [&](auto& column) {
        auto sorted = column;
        for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = column[order[i]];
        column.swap(sorted);
    };
    reorder(status_);
    reorder(word_);
    reorder(time_);
}

SampleView Columns::view() {
    cause_views_.assign(causes_.begin(), causes_.end());
    return {time_, status_, word_, blob_, cause_views_};
}

void Columns::clear() noexcept {
    time_.clear();
    status_.clear();
    word_.clear();
    blob_.clear();
    causes_.clear();
    cause_views_.clear();
    numbers_.clear();
    cause_bytes_ = 0;
}

}  // namespace penstock::sqlite
