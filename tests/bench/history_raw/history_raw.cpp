// How fast raw samples of one tag of 1,000 come back through a session, warm and on first touch; against SQLite with one row a value
// in a WITHOUT ROWID table, which has the rows of a tag side by side (and here in the order of its key, the best that it can be).

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/history/archived_plant.hpp"

namespace penstock::bench {
namespace {

void raw(const Options& options, std::uint32_t tags, std::uint64_t values_a_tag) {
    ArchivedPlant plant(tags, values_a_tag);
    const penstock::testing::TempFolder rows;
    SqlitePeer peer(rows.path() / "rows.db", SqliteLayout::without_rowid);
    fill(peer, tags, values_a_tag);
    peer.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto from = to_ns(ArchivedPlant::begin());
    const auto to = to_ns(plant.end());
    const auto values = static_cast<double>(values_a_tag);

    constexpr int kRepeat = 20;
    const auto tag = tags / 2;
    check_rows(read_tag(plant, tag), values_a_tag);
    check_rows(peer.scan(tag, from, to).rows, values_a_tag);
    const auto warm = measure(
        options.runs,
        [&] {
            return kRepeat * values / seconds_of([&] {
                       for (int n = 0; n < kRepeat; ++n) read_tag(plant, tag);
                   });
        },
        [&] {
            return kRepeat * values / seconds_of([&] {
                       for (int n = 0; n < kRepeat; ++n) (void)peer.scan(tag, from, to);
                   });
        });
    print({.bench = "history_raw", .metric = "values_per_s", .unit = "1/s", .peer = "sqlite_without_rowid"}, warm,
          options.runs);

    std::uint32_t next = 0;
    const auto cold = measure(
        options.runs,
        [&] {
            forget(plant.folder());  // a tag that no connection has touched
            return values / seconds_of([&] { read_tag(plant, next++ % tags); });
        },
        [&] {
            peer.execute("PRAGMA shrink_memory");  // its own cache of pages
            forget(rows.path());
            return values / seconds_of([&] { (void)peer.scan(next++ % tags, from, to); });
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
