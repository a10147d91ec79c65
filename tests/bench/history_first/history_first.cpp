// How soon the first 1,000 values of a tag of 1,000 are there, through a session, warm; against SQLite with one row a value.

#include "tests/bench/support/history/plant_and_peer.hpp"

namespace penstock::bench {
namespace {

void first_rows(const Options& options, std::uint32_t tags, std::uint64_t values_a_tag) {
    PlantAndPeer both(tags, values_a_tag);
    const auto seconds = warm_read(both, options.runs, tags / 2, 1'000);
    print({.bench = "history_first", .metric = "time_us", .unit = "us", .peer = "sqlite_without_rowid"},
          {1e6 * seconds.value, 1e6 * seconds.peer_value}, options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv);
    options.smoke ? first_rows(options, 20, 5'000) : first_rows(options, 1'000, 10'000);
}
