#pragma once

#include <string_view>

#include <penstock/abi/plain.hpp>
#include <penstock/quality.hpp>
#include <penstock/time.hpp>

namespace penstock::guests {

// Takes what a device delivers: the engine's producer queues, or a list in a test. Called on the device's strand (a
// blocking driver's too), never twice at a time. Columns carry the device's item numbers.
class SampleSink {
public:
    virtual ~SampleSink() = default;
    // The columns have been checked: every item exists, every offset and cause lies inside. Valid during the call. Rows
    // without a source time have time 0, or there is no time column at all.
    virtual void publish(const abi::Columns& columns, Now received) noexcept = 0;
    // All items of the device keep their value and become bad with this cause.
    virtual void all_bad(QualityCode quality, std::string_view cause, Now now) noexcept = 0;
};

}  // namespace penstock::guests
