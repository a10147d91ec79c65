// How long a server takes from exec to "ready" with 100,000 tags and 100,000 alarms on them, all of them checked, against the same
// tags without alarms.

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/large_site.hpp"

namespace {

using penstock::bench::LargeSite;
using penstock::bench::LargeSiteDriver;
using penstock::bench::seconds_of;
using penstock::bench::ServerProcess;

double seconds_to_ready(LargeSite& scratch) {
    const std::filesystem::path data = scratch.new_data_folder();
    std::unique_ptr<ServerProcess> server;
    return seconds_of([&] {
        server = std::make_unique<ServerProcess>(data, scratch.site());
        server->wait_until_ready();
    });
}

}  // namespace

int main(int argc, char** argv) try {
    const auto options = penstock::bench::parse_options(argc, argv);
    const int tags = options.smoke ? 1'000 : 100'000;
    LargeSite plain(tags, LargeSiteDriver::modbus);
    LargeSite with_alarms(tags, LargeSiteDriver::modbus);
    with_alarms.add_alarms();
    const auto medians = penstock::bench::measure(
        options.runs, [&] { return seconds_to_ready(with_alarms); }, [&] { return seconds_to_ready(plain); });
    penstock::bench::print({.bench = "alarm_load", .metric = "seconds_to_ready", .unit = "s", .peer = "without_alarms"},
                           medians, options.runs);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "alarm_load: %s\n", error.what());
    return 1;
}
