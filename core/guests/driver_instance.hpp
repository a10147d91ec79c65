#pragma once

// A born driver with the Io that it holds, and how a device gets one (and another, when the first has hung).

#include <functional>
#include <memory>

#include <penstock/abi/driver.hpp>
#include <penstock/result.hpp>

namespace penstock::guests {

class DriverInstance {
public:
    // Releases the guest, then closes its Io. On the strand, or on the worker of a blocking driver.
    virtual ~DriverInstance() = default;
    [[nodiscard]] virtual abi::DriverGuest& guest() noexcept = 0;
    // Completes all waits of the guest with `cancelled` and parks further ones. [strand]
    virtual void stop_io() noexcept = 0;
};

// Makes an instance. Called again after a driver was abandoned or could not be born. [strand]
using DriverFactory = std::move_only_function<Result<std::unique_ptr<DriverInstance>>()>;

}  // namespace penstock::guests
