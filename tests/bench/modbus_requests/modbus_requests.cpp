// How many requests the driver sends in a cycle for 1,000 registers, scattered over 1,250 by chance, as its server counts them.
// The optimum: from the lowest register on, windows of 125 (what one request may fetch) that begin at the first one not yet
// covered. No other choice of windows needs fewer, since the lowest uncovered register needs one, and none that covers it
// reaches further. Each run scatters anew.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/polled_plant.hpp"

namespace {

using namespace penstock;

constexpr std::size_t kTags = 1'000;
constexpr std::uint16_t kSpread = 1'250;
constexpr std::uint16_t kMostAtOnce = 125;  // Modbus Application Protocol V1.1b3, 6.3

std::vector<std::uint16_t> scatter(unsigned seed) {
    std::vector<std::uint16_t> registers(kSpread);
    std::iota(registers.begin(), registers.end(), std::uint16_t{0});
    std::shuffle(registers.begin(), registers.end(), std::mt19937(seed));
    registers.resize(kTags);
    return registers;
}

double optimum(std::vector<std::uint16_t> registers) {
    std::ranges::sort(registers);
    int windows = 0;
    int covered_to = -1;
    for (const int number : registers) {
        if (number <= covered_to) continue;
        ++windows;
        covered_to = number + kMostAtOnce - 1;
    }
    return windows;
}

double requests_per_cycle(const std::vector<std::uint16_t>& registers, Duration duration, const bench::ModbusServer& server) {
    const bench::PolledPlant plant({{.name = "plc", .port = server.port(), .registers = registers}}, 20ms, server);
    plant.wait_for_scans(3);  // the first ones may look for limits and holes
    const auto scans = plant.scans(0, plant.observe(duration));
    if (scans.size() < 2) {
        std::fprintf(stderr, "modbus_requests: too few scans to count\n");
        std::exit(1);
    }
    const auto requests = scans.back().requests - scans.front().requests;
    return static_cast<double>(requests) / static_cast<double>(scans.size() - 1);
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = bench::parse_options(argc, argv);
    const bench::ModbusServer server;
    const auto duration = options.smoke ? Duration(200ms) : Duration(1s);
    unsigned seed = 0;
    unsigned peer_seed = 0;
    const auto medians = bench::measure(
        options.runs, [&] { return requests_per_cycle(scatter(seed++), duration, server); },
        [&] { return optimum(scatter(peer_seed++)); });
    bench::print({.bench = "modbus_requests", .metric = "requests_per_cycle", .unit = "1", .peer = "optimum"}, medians,
                 options.runs);
    return 0;
}
