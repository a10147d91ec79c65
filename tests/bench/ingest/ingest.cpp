// Values per second through the whole pipeline until they are in the SQLite historian, stored with the journal's position, while each
// is durable within 100 ms; against SQLite that inserts the same values as rows, 1,000 a transaction. Six signals (signals.hpp), in
// turn over the tags. The longest time from a value's cycle to its being durable goes to standard error: the figure counts only if it
// is below 100 ms.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/history/pipeline.hpp"
#include "tests/bench/support/history/signal_rows.hpp"
#include "tests/bench/support/history/sqlite_peer.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::bench {
namespace {

double ours(const std::vector<SignalRows>& batches, std::uint32_t tags) {
    const penstock::testing::TempFolder scratch;
    Pipeline pipeline(scratch.path(), tags);
    const auto values = batches.size() * SignalRows::kCount;
    const auto seconds = seconds_of([&] {
        std::int64_t ms = 0;
        for (const auto& batch : batches) {
            ++ms;
            const Now now{utc_from_ns(kSignalsBegin + ms * 1'000'000), monotonic_from_ns(ms * 1'000'000)};
            pipeline.put(batch.columns(), now);
        }
        pipeline.finish();
    });
    std::fprintf(stderr, "ingest: %.2f s, the longest to durable %.1f ms\n", seconds,
                 static_cast<double>(pipeline.longest_to_durable().count()) / 1e6);
    return static_cast<double>(values) / seconds;
}

double theirs(const std::vector<SignalRows>& batches, SqliteLayout layout) {
    const penstock::testing::TempFolder scratch;
    SqlitePeer peer(scratch.path() / "rows.db", layout);
    const auto seconds = seconds_of([&] {
        for (const auto& batch : batches) {
            peer.begin();
            for (std::uint32_t row = 0; row < SignalRows::kCount; ++row)
                peer.insert(batch.tag[row], {batch.time[row], batch.status[row], batch.word[row]});
            peer.commit();
        }
    });
    return static_cast<double>(batches.size() * SignalRows::kCount) / seconds;
}

void compare(const Options& options, std::uint32_t tags, std::uint64_t values, SqliteLayout layout, const char* metric,
             const char* peer) {
    const auto batches = make_signal_rows(tags, values);
    const auto medians = measure(options.runs, [&] { return ours(batches, tags); }, [&] { return theirs(batches, layout); });
    print({.bench = "ingest", .metric = metric, .unit = "1/s", .peer = peer}, medians, options.runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv, 5);
    const std::uint64_t values = options.smoke ? 60'000 : 10'000'000;
    compare(options, 1'000, values, SqliteLayout::rows, "values_per_s", "sqlite_rows");
    compare(options, 1'000, values, SqliteLayout::indexed, "values_per_s", "sqlite_indexed");
    compare(options, options.smoke ? 10'000 : 100'000, values, SqliteLayout::rows, "values_per_s_100k", "sqlite_rows");
}
