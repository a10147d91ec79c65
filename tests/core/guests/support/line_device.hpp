#pragma once

// A device that speaks lines over TCP ("R 0 2" -> "10 12", "W 1 7" -> "OK"), and the driver for it, as a plugin author would
// write it. The device is not ours to command: it only counts what it was told.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/io_threads.hpp"
#include "core/guests/driver_instance.hpp"

namespace penstock::guests::test {

class LineDevice {
public:
    LineDevice();
    ~LineDevice();

    [[nodiscard]] std::uint16_t port() const noexcept;
    // How often a value was written to the item, and the value it has.
    [[nodiscard]] int writes() const;
    [[nodiscard]] std::int64_t value(std::uint32_t item) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Makes drivers that connect to 127.0.0.1:`port` and wait `timeout` for each answer. `thread` outlives them.
[[nodiscard]] DriverFactory line_driver_factory(base::IoThread& thread, std::uint16_t port, Duration timeout);

}  // namespace penstock::guests::test
