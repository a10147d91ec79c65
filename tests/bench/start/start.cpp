// How long a server takes from exec to "ready" with 100,000 tags in CSV files, all of them checked (addresses by the Modbus driver),
// against nlohmann/json parsing the same tags from one JSON file.

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/large_site.hpp"

namespace {

namespace fs = std::filesystem;
using penstock::bench::LargeSite;
using penstock::bench::LargeSiteDriver;
using penstock::bench::seconds_of;
using penstock::bench::ServerProcess;

double seconds_to_ready(LargeSite& scratch) {
    const fs::path data = scratch.new_data_folder();
    std::unique_ptr<ServerProcess> server;
    return seconds_of([&] {
        server = std::make_unique<ServerProcess>(data, scratch.site());
        server->wait_until_ready();
    });
}

double seconds_to_parse(const LargeSite& scratch) {
    nlohmann::json tags;
    const double seconds = seconds_of([&] {
        // From memory, which is the fastest that nlohmann/json has.
        std::ifstream file(scratch.tags_as_json(), std::ios::binary);
        std::string text(fs::file_size(scratch.tags_as_json()), '\0');
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        tags = nlohmann::json::parse(text);
    });
    if (tags["tags"].empty()) throw std::runtime_error("the tags were not read");
    return seconds;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto options = penstock::bench::parse_options(argc, argv);
    LargeSite scratch(options.smoke ? 1'000 : 100'000, LargeSiteDriver::modbus);
    const auto medians = penstock::bench::measure(
        options.runs, [&] { return seconds_to_ready(scratch); }, [&] { return seconds_to_parse(scratch); });
    penstock::bench::print({.bench = "start", .metric = "seconds_to_ready", .unit = "s", .peer = "json_parse"}, medians,
                           options.runs);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "start: %s\n", error.what());
    return 1;
}
