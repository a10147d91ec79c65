#pragma once

// What polling Modbus devices costs at least: one thread, epoll, non-blocking sockets, the requests made beforehand, the registers
// of each reply put into an array. It knows no faults, no types and no tags.

#include <cstdint>
#include <vector>

#include <penstock/time.hpp>

namespace penstock::bench {

struct RawRun {
    std::uint64_t scans = 0;
    double cpu_seconds = 0;
    std::uint64_t sum = 0;  // of some registers, so that reading them is not optimised away
};

// Connects one socket to `port` for each of the `ticks`, and scans registers [0, registers) of each at its tick and every `period`
// after it, requests of at most 125 one after the other. Waits until all have been scanned once, then counts for `duration`. Ends the
// program if anything but the wanted reply comes.
[[nodiscard]] RawRun run_raw_client(std::uint16_t port, const std::vector<MonotonicTime>& ticks, std::uint16_t registers,
                                    Duration period, Duration duration);

}  // namespace penstock::bench
