// How long a server takes from exec to "ready" after `kill -9`, with 10 million values in the archive and 5 seconds of journal that the
// historian has not stored (1,000 tags, 100 samples a second each); against the same plant after a proper end. Each start is measured
// on what a real server left behind: one runs for 5 s and is killed, the next one is started and ended with SIGTERM, then a third.

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/journal/lane.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/bench/recovery/filled_plant.hpp"
#include "tests/bench/support/large_site.hpp"

namespace {

namespace fs = std::filesystem;
using namespace penstock::bench;

struct Size {
    int tags;
    std::uint64_t values;
    std::chrono::milliseconds journal;
};

// What the server says of itself: `penstock status`.
nlohmann::json status_of(const fs::path& data) {
    const auto command = PENSTOCK_BIN_DIR "/penstock --json --server unix:" + (data / "penstock.sock").string() + " status";
    std::FILE* const output = ::popen(command.c_str(), "r");
    if (output == nullptr) throw std::runtime_error("no process");
    std::string text;
    std::array<char, 4096> part{};
    for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), output)) > 0;) text.append(part.data(), size);
    if (::pclose(output) != 0) throw std::runtime_error("penstock status failed");
    return nlohmann::json::parse(text);
}

class Plant {
public:
    explicit Plant(const Size& size) : size_(size), site_(size.tags, LargeSiteDriver::archived_simulation) {
        fill_plant(data_, site_.site(), size.values);
        start();
    }

    // Seconds until a server is ready that comes after one that was killed.
    double after_kill() {
        std::this_thread::sleep_for(size_.journal);
        check_unstored();
        server_->kill();
        return start();
    }
    // ... that was ended.
    double after_end() {
        server_.reset();
        return start();
    }

private:
    double start() {
        return seconds_of([&] {
            server_ = std::make_unique<ServerProcess>(data_, site_.site());
            server_->wait_until_ready();
        });
    }
    // Else it would be another figure: the archive is full, and half of the journal's groups at least wait for the historian.
    void check_unstored() const {
        const auto status = status_of(data_);
        const auto& historian = status["memory"]["consumers"][0];
        const auto samples = historian["samples"].get<std::uint64_t>();
        const auto waiting = historian["lag_records"].get<std::int64_t>();
        if (samples < size_.values || waiting < size_.journal / penstock::journal::kValuesGroup.usual / 2)
            throw std::runtime_error("the historian holds " + std::to_string(samples) + " values, and "
                                     + std::to_string(waiting) + " records wait for it");
    }

    Size size_;
    LargeSite site_;
    fs::path data_ = site_.new_data_folder();
    std::unique_ptr<ServerProcess> server_;
};

}  // namespace

int main(int argc, char** argv) try {
    const auto options = parse_options(argc, argv);
    Plant plant(options.smoke ? Size{100, 100'000, std::chrono::milliseconds(300)}
                              : Size{1'000, 10'000'000, std::chrono::seconds(5)});
    std::vector<double> killed, ended;
    for (int run = 0; run < options.runs; ++run) {
        killed.push_back(plant.after_kill());
        ended.push_back(plant.after_end());
    }
    print({.bench = "recovery", .metric = "seconds_to_ready", .unit = "s", .peer = "clean_start"},
          {median(killed), median(ended)}, options.runs);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "recovery: %s\n", error.what());
    return 1;
}
