#pragma once

// The host's end of a read: looks at what a guest hands out before core goes on with it.

#include <exception>
#include <optional>
#include <string>

#include <penstock/abi/historian.hpp>
#include <penstock/historian.hpp>

namespace penstock::guests {

class HistorianSink final : public abi::SinkOfHost {
public:
    HistorianSink(const SampleRange& range, penstock::SampleSink& into) : range_(range), samples_(&into) {}
    HistorianSink(const SampleRange& range, SummarySink& into) : range_(range), summaries_(&into) {}

    bool take(const abi::SampleColumns& samples) noexcept override;
    bool take_summary(const abi::SummaryOfSamples& summary) noexcept override;

    // What was wrong with what the guest delivered; the first such thing.
    [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }
    // Throws what the caller's sink threw: it does not cross the boundary.
    void rethrow() const;

private:
    bool take_checked(const abi::SampleColumns& samples);
    [[nodiscard]] std::string fault_of(const abi::SampleColumns& samples);
    [[nodiscard]] std::string fault_of_span(std::int64_t first, std::int64_t last);
    template <class Call>
    bool guarded(Call&& call) noexcept;

    SampleRange range_;
    penstock::SampleSink* samples_ = nullptr;
    SummarySink* summaries_ = nullptr;
    detail::CrossingSamples crossing_;
    std::optional<std::int64_t> reached_;  // the time up to which was delivered
    std::exception_ptr thrown_;
    std::string complaint_;
    bool is_enough_ = false;
};

}  // namespace penstock::guests
