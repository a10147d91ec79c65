#include "core/guests/historian_sink.hpp"

#include <algorithm>
#include <utility>

namespace penstock::guests {
namespace {

bool is_ordered(std::span<const std::int64_t> time, bool newest_first) {
    // No branch per row: this is run over every value that is read.
    bool is_out = false;
    for (std::size_t i = 1; i < time.size(); ++i) is_out |= newest_first ? time[i] > time[i - 1] : time[i] < time[i - 1];
    return !is_out;
}

std::uint32_t highest_cause(std::span<const std::uint32_t> status) {
    std::uint32_t highest = 0;
    for (const auto word : status) highest = std::max(highest, word & 0xFFFFU);
    return highest;
}

}  // namespace

template <class Call>
bool HistorianSink::guarded(Call&& call) noexcept {
    if (is_enough_) return false;  // a guest that goes on after "enough" is not heard
    try {
        is_enough_ = !std::forward<Call>(call)();
    } catch (...) {
        thrown_ = std::current_exception();
        is_enough_ = true;
    }
    return !is_enough_;
}

bool HistorianSink::take(const abi::SampleColumns& samples) noexcept {
    return guarded([&] { return take_checked(samples); });
}

bool HistorianSink::take_summary(const abi::SummaryOfSamples& summary) noexcept {
    return guarded([&] {
        if (summaries_ == nullptr) complaint_ = "it gave a summary where rows were asked for";
        if (complaint_.empty()) complaint_ = fault_of_span(summary.first_time_ns, summary.last_time_ns);
        return complaint_.empty() && summaries_->take(detail::to_summary(summary));
    });
}

bool HistorianSink::take_checked(const abi::SampleColumns& samples) {
    if (samples.count == 0) return true;
    complaint_ = fault_of(samples);
    if (!complaint_.empty()) return false;
    const auto view = crossing_.to_view(samples);
    return samples_ != nullptr ? samples_->take(view) : summaries_->take(view);
}

std::string HistorianSink::fault_of(const abi::SampleColumns& samples) {
    const auto count = static_cast<std::size_t>(samples.count);
    if (highest_cause({samples.status, count}) > samples.cause_count) {
        return "it gave a sample whose cause is not among the " + std::to_string(samples.cause_count) + " that it named";
    }
    if (!is_ordered({samples.time, count}, range_.newest_first)) return "it gave samples that are not in order of time";
    const auto [oldest, newest] = std::minmax(samples.time[0], samples.time[count - 1]);
    return fault_of_span(oldest, newest);
}

std::string HistorianSink::fault_of_span(std::int64_t first, std::int64_t last) {
    if (first > last || first < range_.from || last >= range_.to) {
        return "it gave samples from " + std::to_string(first) + " to " + std::to_string(last) + " ns; wanted those from "
               + std::to_string(range_.from) + " to before " + std::to_string(range_.to);
    }
    const auto begins = range_.newest_first ? last : first;
    const bool goes_back = reached_ && (range_.newest_first ? begins > *reached_ : begins < *reached_);
    reached_ = range_.newest_first ? first : last;
    return goes_back ? "it gave pieces that are not in order of time" : std::string();
}

void HistorianSink::rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
}

}  // namespace penstock::guests
