// What a register costs from the socket to the tag: 100 devices of 1,000 registers, each polled every 100 ms through the driver's
// library, a device link, a producer and the engine; every value changes in every scan. The peer is a bare epoll client that sends
// the same requests to the same server (raw_client.hpp). Counted is the processor time of this process, all its threads; the
// server is another process. And: how many of the scans that were due had all their values within 10 ms (of this plant, whatever
// else the machine does: undisturbed.hpp).

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "raw_client.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/polled_plant.hpp"
#include "tests/bench/support/undisturbed.hpp"

namespace {

using namespace penstock;

struct Load {
    std::size_t devices;
    std::uint16_t registers;
    Duration period;
    Duration duration;
};

struct Poll {
    double ns_per_register = 0;
    double percent_in_time = 0;
};

void require_same_requests(double requests_per_scan, const Load& load, const char* who) {
    const double wanted = (load.registers + 124) / 125;
    // A scan at the window's edge counts without its requests, or the other way round.
    if (requests_per_scan > 0.98 * wanted && requests_per_scan < 1.02 * wanted) return;
    std::fprintf(stderr, "modbus_poll: %s sent %.2f requests a scan, wanted %.0f\n", who, requests_per_scan, wanted);
    std::exit(1);
}

std::vector<bench::PolledDevice> make_devices(const Load& load, std::uint16_t port) {
    std::vector<bench::PolledDevice> devices;
    for (std::size_t i = 0; i < load.devices; ++i)
        devices.push_back(bench::dense_device("plc" + std::to_string(i), port, load.registers));
    return devices;
}

Poll poll_with_penstock(const Load& load, const bench::ModbusServer& server, std::vector<MonotonicTime>& ticks) {
    const bench::PolledPlant plant(make_devices(load, server.port()), load.period, server);
    plant.wait_for_scans(5);
    const auto requests_before = server.requests();
    const auto window = plant.observe(load.duration);
    const auto requests = server.requests() - requests_before;
    std::size_t scans = 0, due = 0, in_time = 0;
    ticks.clear();
    for (std::size_t device = 0; device < load.devices; ++device) {
        scans += plant.scans(device, window).size();
        const auto lateness = plant.lateness(device, window);
        due += lateness.size();
        in_time += static_cast<std::size_t>(std::ranges::count_if(lateness, [](Duration late) { return late <= 10ms; }));
        ticks.push_back(plant.a_tick(device));
    }
    require_same_requests(static_cast<double>(requests) / static_cast<double>(scans), load, "penstock");
    return {.ns_per_register = window.cpu_seconds * 1e9 / (static_cast<double>(scans) * load.registers),
            .percent_in_time = 100.0 * static_cast<double>(in_time) / static_cast<double>(due)};
}

double poll_raw(const Load& load, const bench::ModbusServer& server, const std::vector<MonotonicTime>& ticks) {
    const auto requests_before = server.requests();
    const auto run = bench::run_raw_client(server.port(), ticks, load.registers, load.period, load.duration);
    if (run.scans == 0 || run.sum == 0 || server.requests() == requests_before) std::exit(1);
    return run.cpu_seconds * 1e9 / (static_cast<double>(run.scans) * load.registers);
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = bench::parse_options(argc, argv);
    bench::run_undisturbed("modbus_poll");
    const bench::ModbusServer server;
    const Load load{.devices = options.smoke ? 10U : 100U,
                    .registers = 1000,
                    .period = 100ms,
                    .duration = options.smoke ? Duration(300ms) : Duration(3s)};
    std::vector<MonotonicTime> ticks;  // the raw client scans at the same moments
    std::vector<double> percent_in_time;
    const auto medians = bench::measure(
        options.runs,
        [&] {
            const auto poll = poll_with_penstock(load, server, ticks);
            percent_in_time.push_back(poll.percent_in_time);
            return poll.ns_per_register;
        },
        [&] { return poll_raw(load, server, ticks); });
    bench::print({.bench = "modbus_poll", .metric = "cpu_per_register", .unit = "ns", .peer = "raw_epoll"}, medians,
                 options.runs);
    bench::print({.bench = "modbus_poll", .metric = "scans_within_10ms", .unit = "%", .peer = "scans_due"},
                 {.value = bench::median(percent_in_time), .peer_value = 100.0}, options.runs);
    return 0;
}
