#pragma once

// One device: runs its driver (polling, blocking or running) on a strand, polls what is due, writes what is asked, and
// says bad as soon as the link is.
//
// The rules, for all three kinds:
//   - Everything is polled once when the link comes up, then each scan class on a fixed grid: ticks at k * period + phase,
//     where the phase comes from the device's name, so that many devices spread and the classes of one coincide.
//     Items of all classes that are due go into one read.
//   - A tick that comes late is done once; those missed meanwhile are skipped and counted.
//   - Writes go before reads, in order, one at a time, and never again by themselves. A written item is read at once,
//     whether the write was done or its outcome is unknown.
//   - A broken link makes all items bad, with a cause that names device, endpoint and what happened. Queued writes are
//     refused as not sent, the one under way is unknown. Further attempts follow with a growing, jittered pause.
//   - A due item that the driver leaves out of its answer becomes bad. What a driver delivers beyond its items or outside
//     its buffers is cut off, counted and reported.
//   - A call that does not end by its deadline makes the device bad; a second later the driver is named in the log,
//     abandoned, and created anew.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <penstock/operations.hpp>

#include "core/base/strand.hpp"
#include "core/guests/device_config.hpp"
#include "core/guests/driver_instance.hpp"
#include "core/guests/sample_sink.hpp"
#include "core/guests/write_target.hpp"

namespace penstock::guests {

// What `explain` says of a device and one of its items.
struct ItemDescription {
    std::string link;          // "connected", "connecting", "waiting 1.2 s before the next attempt: <cause>" ...
    std::string last_request;  // what the driver last asked for this item; "" if nothing, or if the driver hangs
    std::string last_answer;
};

// Counters beside those of DeviceStatus; never reset.
struct DeviceCounters {
    std::uint64_t writes_refused = 0;    // queue full, link down, stopping
    std::uint64_t writes_unknown = 0;
    std::uint64_t samples_cut_off = 0;   // rows with an item, offset or cause that does not exist
    std::uint64_t items_left_out = 0;    // due, and not in the driver's answer
    std::uint64_t drivers_abandoned = 0;
};

class DeviceLink final : public WriteTarget {
public:
    // `strand` and `sink` outlive it. Nothing runs before start(). [any-thread]
    DeviceLink(base::Strand& strand, DeviceConfig config, DriverFactory factory, SampleSink& sink);
    // Only after stop() has reported, or before start(), or when the strand has been stopped. [any-thread]
    ~DeviceLink() override;

    // Creates the driver and begins. [any-thread]
    void start();

    // Takes no more writes, refuses those that wait, cancels the call under way and gives it a second to end, then
    // abandons it. `stopped` is called once on the strand; the sink is not called any more after it. [any-thread]
    void stop(std::move_only_function<void()> stopped);

    // At most max_queued_writes wait; more are refused with a sentence. [any-thread]
    void write(ItemId item, Value native, WriteDone done) noexcept override;

    // [any-thread]
    [[nodiscard]] DeviceStatus status() const;
    [[nodiscard]] DeviceCounters counters() const noexcept;
    // Answers on the strand, within the read deadline plus 1 s even if the driver hangs. [any-thread]
    void describe(ItemId item, std::move_only_function<void(ItemDescription)> reply);

    [[nodiscard]] const DeviceConfig& config() const noexcept;

private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace penstock::guests
