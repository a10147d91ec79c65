// Values per second through the whole pipeline until they are in the SQLite historian, stored with the journal's position; against SQLite
// that inserts the same values as rows, 1,000 a transaction. Six signals (signals.hpp), in turn over the tags.
// durable_ms_longest (_100k): how long the value that was longest on its way took until it was durable, of each run; against the 100 ms
// that are promised. A figure counts only if that holds.

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

constexpr double kPromisedMs = 100;

struct Ingested {
    double values_per_s, longest_ms;
};

Ingested ours(const std::vector<SignalRows>& batches, std::uint32_t tags) {
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
    return {static_cast<double>(values) / seconds, static_cast<double>(pipeline.longest_to_durable().count()) / 1e6};
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

struct Load {
    std::uint32_t tags;
    std::uint64_t values;
    const char* metric;
    const char* durable_metric;  // null: not told
};

void compare(int runs, const Load& load, SqliteLayout layout, const char* peer) {
    const auto batches = make_signal_rows(load.tags, load.values);
    std::vector<double> longest;
    const auto medians = measure(
        runs,
        [&] {
            const auto run = ours(batches, load.tags);
            longest.push_back(run.longest_ms);
            return run.values_per_s;
        },
        [&] { return theirs(batches, layout); });
    print({.bench = "ingest", .metric = load.metric, .unit = "1/s", .peer = peer}, medians, runs);
    if (load.durable_metric == nullptr) return;
    print({.bench = "ingest", .metric = load.durable_metric, .unit = "ms", .peer = "promise"}, {median(longest), kPromisedMs},
          runs);
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv, 5);
    const std::uint64_t values = options.smoke ? 60'000 : 10'000'000;
    const std::uint32_t many = options.smoke ? 10'000 : 100'000;
    compare(options.runs, {1'000, values, "values_per_s", "durable_ms_longest"}, SqliteLayout::rows, "sqlite_rows");
    compare(options.runs, {many, values, "values_per_s_100k", "durable_ms_longest_100k"}, SqliteLayout::rows, "sqlite_rows");
    // Once: this peer takes minutes.
    compare(1, {1'000, values, "values_per_s", nullptr}, SqliteLayout::indexed, "sqlite_indexed");
}
