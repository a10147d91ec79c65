#pragma once

// Calls into a polling or blocking driver: at most one at a time, where it belongs (the strand, or a worker thread of the
// driver's own), with everything that the driver reads and fills.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <penstock/abi/driver.hpp>
#include <penstock/value.hpp>
#include <penstock/write_outcome.hpp>

#include "core/base/strand.hpp"
#include "core/guests/device_config.hpp"
#include "core/guests/device_link.hpp"
#include "core/guests/driver_instance.hpp"

namespace penstock::guests {

enum class CallKind : std::uint8_t { none, prepare, connect, read, write };

// What a call reads and fills. Stays valid until the call has ended or was dropped.
struct CallBuffers {
    CallKind kind = CallKind::none;
    std::int64_t deadline_ns = 0;
    std::vector<ItemId> due;  // read
    ItemId item = 0;          // write
    Value value;
    std::string blob;
    abi::Fault fault;  // of all but write
    abi::Columns columns{};
    abi::WriteReply reply;
};

// All of it: [strand].
class DriverCalls {
public:
    // Ends a call that did not end at once.
    class Listener {
    public:
        virtual void call_ended() noexcept = 0;

    protected:
        ~Listener() = default;
    };

    virtual ~DriverCalls() = default;

    // Filled by the caller before start(), read by it after the end.
    [[nodiscard]] virtual CallBuffers& buffers() noexcept = 0;
    // True: the call has ended already. False: Listener::call_ended() follows, never from inside this call.
    [[nodiscard]] virtual bool start() = 0;
    // Closes the driver's link. A polling driver's call under way is dropped (call_ended() does not follow); a blocking
    // driver's goes on.
    virtual void disconnect() = 0;
    // Completes the driver's waits with `cancelled`: asks it to end its call.
    virtual void cancel() noexcept = 0;
    // The driver is given up, also in the middle of a call. Its instance ends here, or where its call ends one day.
    virtual void abandon() noexcept = 0;
    // Answers once, not necessarily at once; without texts if the driver is given up meanwhile.
    virtual void describe(ItemId item, std::function<void(std::string request, std::string answer)> reply) = 0;
    // Expires when the driver is really gone: one that was given up in a blocking call lives on with its thread.
    [[nodiscard]] virtual std::weak_ptr<const void> life() const noexcept = 0;
};

// `config` outlives the calls. The instance offers polling() or blocking().
[[nodiscard]] std::unique_ptr<DriverCalls> make_polling_calls(const DeviceConfig& config,
                                                              std::unique_ptr<DriverInstance> instance,
                                                              DriverCalls::Listener& listener);
// Starts the worker thread.
[[nodiscard]] std::unique_ptr<DriverCalls> make_blocking_calls(const DeviceConfig& config,
                                                               std::unique_ptr<DriverInstance> instance, base::Strand& strand,
                                                               DriverCalls::Listener& listener);

// For both: makes the call that the buffers describe.
[[nodiscard]] bool make_call(abi::DriverGuest& guest, abi::PollingGuest& polling, const DeviceConfig& config,
                             CallBuffers& buffers, abi::Completion& completion) noexcept;
// Hands the items of the configuration over; false and a fault if the driver refuses.
[[nodiscard]] bool set_items(abi::DriverGuest& guest, const DeviceConfig& config, abi::Fault& fault) noexcept;
// An outcome that does not exist counts as unknown.
[[nodiscard]] WriteOutcome to_outcome(const abi::WriteReply& reply);
[[nodiscard]] std::string last_request(abi::DriverGuest& guest, ItemId item);
[[nodiscard]] std::string last_answer(abi::DriverGuest& guest, ItemId item);

}  // namespace penstock::guests
