// Whether a dead device holds up the others: 300 devices on as many threads as one has, the last of which takes connections and
// requests and answers nothing. p99 of how long after its tick a scan of the other 299 was complete, against the same plant at
// moments when all 300 answer. Other programs of the machine are kept out of both (undisturbed.hpp): their bursts are longer than what is
// looked for.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/polled_plant.hpp"
#include "tests/bench/support/undisturbed.hpp"

namespace {

using namespace penstock;

std::vector<bench::PolledDevice> make_devices(std::size_t count, const bench::ModbusServer& server) {
    std::vector<bench::PolledDevice> devices;
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_last = i + 1 == count;
        devices.push_back(bench::dense_device("plc" + std::to_string(i), is_last ? server.mutable_port() : server.port(), 100));
    }
    return devices;
}

double p99_us(std::vector<Duration> lateness) {
    if (lateness.empty()) {
        std::fprintf(stderr, "modbus_dead: no scan was due\n");
        std::exit(1);
    }
    const auto at = lateness.begin() + static_cast<std::ptrdiff_t>(lateness.size() * 99 / 100);
    std::ranges::nth_element(lateness, at);
    return std::chrono::duration<double, std::micro>(*at).count();
}

class Bench {
public:
    Bench(std::size_t devices, Duration period, Duration duration)
        : count_(devices), duration_(duration), plant_(make_devices(devices, server_), period, server_) {
        plant_.wait_for_scans(3);
    }

    double p99_with(bool one_is_dead) {
        server_.set_mute(one_is_dead);
        auto settled = plant_.observe(kTimeout);
        // A device that lives again is found again after the pause before the next attempt.
        while (!one_is_dead && plant_.scans(count_ - 1, settled).size() < 2) settled = plant_.observe(kTimeout);
        const auto window = plant_.observe(duration_);
        require(one_is_dead, plant_.scans(count_ - 1, window).empty());
        std::vector<Duration> lateness;
        for (std::size_t device = 0; device + 1 < count_; ++device)
            std::ranges::copy(plant_.lateness(device, window), std::back_inserter(lateness));
        return p99_us(std::move(lateness));
    }

private:
    // Within it the driver has noticed that a device is dead.
    static constexpr Duration kTimeout = 600ms;

    static void require(bool is_to_be_dead, bool is_dead) {
        if (is_to_be_dead == is_dead) return;
        std::fprintf(stderr, "modbus_dead: the last device is %s, wanted the opposite\n", is_dead ? "dead" : "alive");
        std::exit(1);
    }

    bench::ModbusServer server_;  // first: it forks
    std::size_t count_;
    Duration duration_;
    bench::PolledPlant plant_;
};

}  // namespace

int main(int argc, char** argv) {
    const auto options = bench::parse_options(argc, argv, 11);
    bench::run_undisturbed("modbus_dead");
    Bench run(options.smoke ? 20 : 300, 100ms, options.smoke ? Duration(300ms) : Duration(2s));
    const auto medians = bench::measure(options.runs, [&] { return run.p99_with(true); }, [&] { return run.p99_with(false); });
    bench::print({.bench = "modbus_dead", .metric = "p99_lateness", .unit = "us", .peer = "none_dead"}, medians, options.runs);
    return 0;
}
