// Resident bytes per tag: how much a whole server grows from 10,000 to 110,000 tags with names, units, addresses, descriptions,
// scalings and limits, of which each has got a value from its (simulated) device. The peer is the target of 400 bytes.

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/large_site.hpp"

namespace {

using namespace penstock;

constexpr double kTarget = 400;

double resident_bytes(pid_t pid) {
    std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// Values still arrive while memory grows; it stands still once every tag has one.
double settled_bytes(pid_t pid, int least_looks) {
    double before = 0;
    for (int looks = 0; looks < 100; ++looks) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        const double now = resident_bytes(pid);
        if (looks >= least_looks && now - before < 64 * 1024) return now;
        before = now;
    }
    throw std::runtime_error("the server's memory does not settle");
}

double resident_with(int tags, int least_looks) {
    bench::LargeSite site(tags, bench::LargeSiteDriver::simulation);
    bench::ServerProcess server(site.new_data_folder(), site.site());
    server.wait_until_ready();
    return settled_bytes(server.pid(), least_looks);
}

}  // namespace

int main(int argc, char** argv) try {
    const auto options = bench::parse_options(argc, argv);
    const int few = options.smoke ? 1'000 : 10'000;
    const int many = options.smoke ? 11'000 : 110'000;
    const int least_looks = options.smoke ? 1 : 4;
    const auto growth = [&] { return (resident_with(many, least_looks) - resident_with(few, least_looks)) / (many - few); };
    const auto medians = bench::measure(options.runs, growth, [] { return kTarget; });
    bench::print({.bench = "memory", .metric = "resident_bytes_per_tag", .unit = "B", .peer = "target"}, medians, options.runs);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "memory: %s\n", error.what());
    return 1;
}
