// How soon the first 1,000 values of a tag of 1,000 are there, through a session, warm; against SQLite with one row a value in a WITHOUT
// ROWID table, filled in the order of its key.

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/history/archived_plant.hpp"

namespace penstock::bench {
namespace {

void first_rows(const Options& options, std::uint32_t tags, std::uint64_t values_a_tag) {
    ArchivedPlant plant(tags, values_a_tag);
    const penstock::testing::TempFolder rows;
    SqlitePeer peer(rows.path() / "rows.db", SqliteLayout::without_rowid);
    fill(peer, tags, values_a_tag);
    const auto from = to_ns(ArchivedPlant::begin());
    const auto to = to_ns(plant.end());
    const auto tag = tags / 2;
    constexpr int kRepeat = 50;
    constexpr int kFirst = 1'000;
    check_rows(read_tag(plant, tag, kFirst), kFirst);
    check_rows(peer.scan(tag, from, to, kFirst).rows, kFirst);
    const auto first = measure(
        options.runs,
        [&] {
            return 1e6 * seconds_of([&] {
                       for (int n = 0; n < kRepeat; ++n) read_tag(plant, tag, kFirst);
                   })
                   / kRepeat;
        },
        [&] {
            return 1e6 * seconds_of([&] {
                       for (int n = 0; n < kRepeat; ++n) (void)peer.scan(tag, from, to, kFirst);
                   })
                   / kRepeat;
        });
    print({.bench = "history_first", .metric = "time_us", .unit = "us", .peer = "sqlite_without_rowid"}, first, options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv);
    options.smoke ? first_rows(options, 20, 5'000) : first_rows(options, 1'000, 10'000);
}
