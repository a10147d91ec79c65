#pragma once

// What the benches of reading begin with: a plant with a full archive, and the same values as rows of SQLite in a WITHOUT ROWID table, which
// has the rows of a tag side by side, here even in the order of its key: the best that it can be.

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/history/archived_plant.hpp"

namespace penstock::bench {

struct PlantAndPeer {
    PlantAndPeer(std::uint32_t tags, std::uint64_t values_a_tag)
        : values(values_a_tag),
          plant(tags, values),
          peer(peer_folder.path() / "rows.db", SqliteLayout::without_rowid),
          to(to_ns(plant.end())) {
        fill(peer, tags, values);
        peer.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    const std::uint64_t values;  // of each tag
    ArchivedPlant plant;
    penstock::testing::TempFolder peer_folder;
    SqlitePeer peer;
    const std::int64_t from = to_ns(ArchivedPlant::begin()), to;
};

// Seconds that one read of a tag's first `most` rows takes, warm: the mean of 50, and of that the median of the runs.
inline Medians warm_read(PlantAndPeer& both, int runs, std::uint32_t tag, std::uint64_t most = UINT64_MAX) {
    constexpr int kRepeat = 50;
    check_rows(read_tag(both.plant, tag, most), std::min(most, both.values));
    check_rows(both.peer.scan(tag, both.from, both.to, most).rows, std::min(most, both.values));
    const auto mean_of = [](auto read) {
        return seconds_of([&] {
                   for (int n = 0; n < kRepeat; ++n) read();
               })
               / kRepeat;
    };
    return measure(
        runs, [&] { return mean_of([&] { read_tag(both.plant, tag, most); }); },
        [&] { return mean_of([&] { (void)both.peer.scan(tag, both.from, both.to, most); }); });
}

}  // namespace penstock::bench
