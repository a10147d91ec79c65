// How fast what was comes back through a session: raw samples of one tag of 1,000 (warm, and on first touch), the first 1,000 values,
// and a trend of 10 million values; against SQLite with one row a value in a WITHOUT ROWID table, which has the rows of a tag side by
// side (and here in the order of its key, which is the best that it can be).

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/history_raw/query_bench.hpp"

namespace penstock::bench {
namespace {

struct Sizes {
    std::uint32_t tags = 1'000;
    std::uint64_t values_a_tag = 10'000;
    std::uint64_t trend_values = 10'000'000;
    std::uint32_t columns = 2'000;
};

void fill(SqlitePeer& peer, std::uint32_t tags, std::uint64_t values) {
    peer.begin();
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
        Signal signal(SignalKind::walk, tag);
        for (std::uint64_t n = 0; n < values; ++n) {
            const auto sample = signal.next();
            peer.insert_number(tag, sample, double_of(sample.word));
        }
    }
    peer.commit();
}

// Reads all pages of a tag; how many rows.
std::uint64_t read_tag(ArchivedPlant& plant, std::uint32_t tag, std::uint64_t limit = UINT64_MAX) {
    HistoryRequest request;
    request.tag = ArchivedPlant::name(tag);
    request.from = ArchivedPlant::begin();
    request.to = plant.end();
    request.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, kMaxHistoryRows));
    std::uint64_t rows = 0;
    do {
        const auto reply = plant.session().call_and_wait(request, std::chrono::seconds(60));
        if (!reply) {
            std::fprintf(stderr, "%s\n", reply.error().text().c_str());
            std::exit(1);
        }
        rows += reply->rows.size();
        request.after = reply->next;
    } while (!request.after.empty() && rows < limit);
    return rows;
}

void check(std::uint64_t found, std::uint64_t wanted) {
    if (found == wanted) return;
    std::fprintf(stderr, "%llu rows, wanted %llu\n", static_cast<unsigned long long>(found),
                 static_cast<unsigned long long>(wanted));
    std::exit(1);
}

void raw(const Options& options, const Sizes& sizes) {
    ArchivedPlant plant(sizes.tags, sizes.values_a_tag);
    const ScratchFolder rows;
    SqlitePeer peer(rows.path() / "rows.db", SqliteLayout::without_rowid);
    fill(peer, sizes.tags, sizes.values_a_tag);
    peer.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto from = to_ns(ArchivedPlant::begin());
    const auto to = to_ns(plant.end());
    const auto values = static_cast<double>(sizes.values_a_tag);

    constexpr int kRepeat = 20;
    const auto tag = sizes.tags / 2;
    check(read_tag(plant, tag), sizes.values_a_tag);
    check(peer.scan(tag, from, to).rows, sizes.values_a_tag);
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
            return values / seconds_of([&] { read_tag(plant, next++ % sizes.tags); });
        },
        [&] {
            peer.execute("PRAGMA shrink_memory");  // its own cache of pages
            forget(rows.path());
            return values / seconds_of([&] { (void)peer.scan(next++ % sizes.tags, from, to); });
        });
    print({.bench = "history_raw", .metric = "values_per_s_cold", .unit = "1/s", .peer = "sqlite_without_rowid"}, cold,
          options.runs);

    constexpr int kFirst = 1'000;
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

void trend(const Options& options, const Sizes& sizes) {
    ArchivedPlant plant(1, sizes.trend_values);
    const ScratchFolder rows;
    SqlitePeer peer(rows.path() / "rows.db", SqliteLayout::without_rowid);
    fill(peer, 1, sizes.trend_values);
    TrendRequest request;
    request.tags = {ArchivedPlant::name(0)};
    request.from = ArchivedPlant::begin();
    request.to = plant.end();
    request.columns = sizes.columns;
    const auto medians = measure(
        options.runs,
        [&] {
            return 1e3 * seconds_of([&] {
                       const auto reply = plant.session().call_and_wait(request, std::chrono::seconds(60));
                       if (!reply || reply->lines.at(0).minimum.size() != sizes.columns) std::exit(1);
                   });
        },
        [&] { return 1e3 * seconds_of([&] { (void)peer.group(0, to_ns(request.from), to_ns(request.to), sizes.columns); }); });
    print({.bench = "trend", .metric = "time_ms", .unit = "ms", .peer = "sqlite_without_rowid"}, medians, options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv);
    Sizes sizes;
    if (options.smoke) sizes = {.tags = 20, .values_a_tag = 5'000, .trend_values = 100'000, .columns = 200};
    raw(options, sizes);
    trend(options, sizes);
}
