#pragma once

#include <functional>

#include <penstock/sample_batch.hpp>
#include <penstock/value.hpp>
#include <penstock/write_outcome.hpp>

namespace penstock::guests {

using WriteDone = std::move_only_function<void(WriteOutcome)>;

// Takes writes for one device.
class WriteTarget {
public:
    virtual ~WriteTarget() = default;
    // Writes one item, in order, never repeated. `native` has the item's native type. `done` is called exactly once, on
    // the device's strand, never from inside this call: done, refused (also: not sent, and why) or unknown. [any-thread]
    virtual void write(ItemId item, Value native, WriteDone done) noexcept = 0;
};

}  // namespace penstock::guests
