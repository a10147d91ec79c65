// How fast raw samples of one tag of 1,000 come back through a session, warm and on first touch; against SQLite with one row a value.

#include "tests/bench/support/history/plant_and_peer.hpp"

namespace penstock::bench {
namespace {

void raw(const Options& options, std::uint32_t tags, std::uint64_t values_a_tag) {
    PlantAndPeer both(tags, values_a_tag);
    const auto values = static_cast<double>(values_a_tag);
    const auto seconds = warm_read(both, options.runs, tags / 2);
    print({.bench = "history_raw", .metric = "values_per_s", .unit = "1/s", .peer = "sqlite_without_rowid"},
          {values / seconds.value, values / seconds.peer_value}, options.runs);

    std::uint32_t next = 0;
    const auto cold = measure(
        options.runs,
        [&] {
            forget(both.plant.folder());  // a tag that no connection has touched
            return values / seconds_of([&] { read_tag(both.plant, next++ % tags); });
        },
        [&] {
            both.peer.execute("PRAGMA shrink_memory");  // its own cache of pages
            forget(both.peer_folder.path());
            return values / seconds_of([&] { (void)both.peer.scan(next++ % tags, both.from, both.to); });
        });
    print({.bench = "history_raw", .metric = "values_per_s_cold", .unit = "1/s", .peer = "sqlite_without_rowid"}, cold,
          options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv);
    options.smoke ? raw(options, 20, 5'000) : raw(options, 1'000, 10'000);
}
