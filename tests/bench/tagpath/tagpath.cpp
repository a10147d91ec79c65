// Updates per second through the whole engine: producer's queue, scaling, range, change test, quality, version, ring. The peer is a
// bare loop over the same batches that tests the value, stores value, quality and time, and keeps a list of the changed. Both run on
// this thread, and their processor time is counted: other work of the machine weighs less on it.

#include <cstdint>
#include <vector>

#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/tag_path.hpp"

namespace penstock {
namespace {

using bench::kRows;
using bench::TagPath;

class BareLoop {
public:
    explicit BareLoop(std::uint32_t tags) : slots_(tags) { changed_.reserve(kRows); }

    double run(const std::vector<bench::Batch>& batches, int passes) {
        const auto start = bench::cpu_seconds();
        for (int pass = 0; pass < passes; ++pass) {
            for (const auto& batch : batches) apply(batch);
        }
        const auto seconds = bench::cpu_seconds() - start;
        return static_cast<double>(batches.size() * kRows) * passes / seconds;
    }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }

private:
    struct Slot {
        double value = -1;
        std::uint32_t quality = 0;
        std::int64_t time = 0;
    };
    [[gnu::noinline]] void apply(const bench::Batch& batch) {
        changed_.clear();
        for (std::size_t i = 0; i < kRows; ++i) {
            auto& slot = slots_[batch.items[i]];
            const auto value = static_cast<double>(batch.words[i]);
            if (slot.value != value) changed_.push_back(batch.items[i]);
            slot.value = value;
            slot.quality = batch.statuses[i];
            slot.time = batch.times[i];
        }
        changes_ += changed_.size();
    }
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> changed_;
    std::uint64_t changes_ = 0;
};

bool measure(std::uint32_t tags, std::string_view metric, const bench::Options& options) {
    const auto [batches, passes] = bench::tag_path_load(tags, options);
    TagPath ours(tags);
    BareLoop loop(tags);
    ours.run(batches, 1);  // first touch of all memory
    loop.run(batches, 1);
    const auto medians =
        bench::measure(options.runs, [&] { return ours.run(batches, passes); }, [&] { return loop.run(batches, passes); });
    bench::print({.bench = "tagpath", .metric = metric, .unit = "1/s", .peer = "loop"}, medians, options.runs);
    return ours.is_plausible() && loop.changes() != 0;
}

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) { return penstock::bench::run_tag_path(argc, argv, penstock::measure); }
