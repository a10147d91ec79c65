// How soon 10 million values of one tag are 2,000 columns with minimum, maximum and average, through a session; against SQLite's
// GROUP BY over one row a value.

#include <cstdlib>

#include "tests/bench/support/history/plant_and_peer.hpp"

namespace penstock::bench {
namespace {

void trend(const Options& options, std::uint64_t values, std::uint32_t columns) {
    PlantAndPeer both(1, values);
    TrendRequest request;
    request.tags = {ArchivedPlant::name(0)};
    request.from = ArchivedPlant::begin();
    request.to = both.plant.end();
    request.columns = columns;
    const auto medians = measure(
        options.runs,
        [&] {
            return 1e3 * seconds_of([&] {
                       const auto reply = both.plant.session().call_and_wait(request, std::chrono::seconds(60));
                       if (!reply || reply->lines.at(0).minimum.size() != columns) std::exit(1);
                   });
        },
        [&] { return 1e3 * seconds_of([&] { (void)both.peer.group(0, both.from, both.to, columns); }); });
    print({.bench = "trend", .metric = "time_ms", .unit = "ms", .peer = "sqlite_without_rowid"}, medians, options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv);
    options.smoke ? trend(options, 100'000, 200) : trend(options, 10'000'000, 2'000);
}
