#pragma once

// Devices polled as in a server: the Modbus driver from its library, device links on I/O threads, producers, an engine on its thread.
// Every scan's time is kept, and what the Modbus server had counted then.
//
//     bench::PolledPlant plant(devices, 100ms, server);
//     plant.wait_for_scans(3);
//     const auto window = plant.observe(2s);
//     ... plant.scans(device, window), plant.lateness(device, window) ...

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <penstock/time.hpp>

#include "tests/bench/support/modbus_server.hpp"

namespace penstock::bench {

struct PolledDevice {
    std::string name;
    std::uint16_t port = 0;
    std::vector<std::uint16_t> registers;  // holding, one tag each
};

// A device `name` with registers [0, count).
[[nodiscard]] PolledDevice dense_device(std::string name, std::uint16_t port, std::uint16_t count);

struct Scan {
    MonotonicTime at;  // when its values were handed over
    std::uint64_t requests;  // ModbusServer::requests() then
};

// [from, to) and the processor time of this whole process in it.
struct Window {
    MonotonicTime from, to;
    double cpu_seconds = 0;
};

[[nodiscard]] MonotonicTime monotonic_now() noexcept;
// Of all threads of this process.
[[nodiscard]] double process_cpu_seconds() noexcept;

class PolledPlant {
public:
    static constexpr std::size_t kIoThreads = 2;  // as many as a server has, for any number of devices

    // Ends the program if it cannot be built. Polls from now on. `server` outlives it.
    PolledPlant(std::vector<PolledDevice> devices, Duration period, const ModbusServer& server);
    ~PolledPlant();
    PolledPlant(const PolledPlant&) = delete;
    PolledPlant& operator=(const PolledPlant&) = delete;

    // Until each device but the last `but` ones has been scanned so often. Ends the program after 30 s.
    void wait_for_scans(std::size_t count, std::size_t but = 0) const;
    // Sleeps that long.
    [[nodiscard]] Window observe(Duration duration) const;

    // The scans of one device in the window. Ends the program if one of them was not complete and good.
    [[nodiscard]] std::vector<Scan> scans(std::size_t device, const Window& window) const;
    // How long after its tick each scan's values came, for the ticks of the window; one that did not come has a whole period.
    [[nodiscard]] std::vector<Duration> lateness(std::size_t device, const Window& window) const;
    // A moment at which the device is due; the others lie whole periods before and after it.
    [[nodiscard]] MonotonicTime a_tick(std::size_t device) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::bench
