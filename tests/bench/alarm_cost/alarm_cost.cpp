// What alarms cost the engine's path: four limits with hysteresis and delay on every one of 100,000 tags, against the same engine and
// batches without alarms. Processor time of the engine's thread, journal included; the ratio is that of the times.
//
// The tags stand evenly over the range of their limits, from below the lowest to above the highest, and each moves about its place by
// 2 % of that range with every sample: some come and go over a limit all the time, most concern nobody. On standard error, for who
// works on it: what no process does, every sample anywhere in the range, so that most of them cross a limit and begin or end a delay.

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "core/alarms/live_alarms.hpp"
#include "core/base/clock.hpp"
#include "core/base/file_system.hpp"
#include "core/engine/alarm_path.hpp"
#include "core/journal/lane.hpp"
#include "core/journal/lane_thread.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/limited_tags.hpp"
#include "tests/bench/support/tag_path.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock {
namespace {

using bench::kRows;
using bench::kStart;
using bench::TagPath;

constexpr bench::Limit kLimits[] = {{"low_low", 20}, {"low", 40}, {"high", 60}, {"high_high", 80}};
constexpr double kFullScale = 27'648;  // of the raw values
constexpr double kFrom = 0.1, kTo = 0.9;  // of full scale: what the values cover

// As bench::make_batches() orders them: each tag is written twice, with different values.
std::vector<bench::Batch> make_batches(std::size_t count, std::uint32_t tags, bool is_anywhere) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> anywhere(kFrom, kTo), about(-0.01, 0.01);
    auto batches = bench::make_batches(count, tags);
    for (auto& batch : batches) {
        for (std::size_t i = 0; i < kRows; ++i) {
            const auto place = kFrom + (kTo - kFrom) * batch.items[i] / tags;
            const auto share = is_anywhere ? anywhere(random) : place + (kTo - kFrom) * about(random);
            batch.words[i] = static_cast<std::uint64_t>(share * kFullScale);
        }
    }
    return batches;
}

// The engine with its journal, and what alarms need.
class Alarmed {
public:
    explicit Alarmed(std::uint32_t tags) : path(tags) {
        auto& engine = path.engine();
        engine.set_journal(*lane_);
        catalog_ = bench::limit_alarms(engine.catalog(), kLimits, 1, 2s);
        const std::shared_ptr<const tags::TagCatalog> borrowed(std::shared_ptr<void>(), &engine.catalog());
        live_ = std::make_unique<alarms::LiveAlarms>(catalog_, borrowed, [this] { return lane_->durable(); });
        engine.set_alarms({catalog_, bench::limit_plan(*catalog_), live_.get()});
    }
    [[nodiscard]] journal::Position records() const { return lane_->appended(); }

private:
    static journal::LaneOptions options(const std::filesystem::path& folder) {
        journal::LaneOptions options;
        options.folder = folder;
        options.server_id = "bench";
        return options;
    }
    penstock::testing::TempFolder folder_;
    std::unique_ptr<journal::Lane> lane_ =
        bench::need(journal::Lane::open(base::real_file_system(), options(folder_.path() / "events")));
    base::SystemClock clock_;
    journal::LaneThread thread_{*lane_, clock_};
    std::shared_ptr<const alarms::AlarmCatalog> catalog_;
    std::unique_ptr<alarms::LiveAlarms> live_;

public:
    TagPath path;
};

bool run_load(std::uint32_t tags, bool is_anywhere, const bench::Options& options) {
    const auto batches = make_batches(options.smoke ? 200 : 2000, tags, is_anywhere);
    Alarmed with(tags);
    TagPath without(tags);
    const auto longer_than_the_delay = options.smoke ? 12 : 2;
    with.path.run(batches, longer_than_the_delay);  // first touch of all memory, and what is to be raised is
    without.run(batches, longer_than_the_delay);
    const auto before = with.records();
    const auto ns = [&](TagPath& path) { return 1e9 / path.run(batches, 1); };
    const auto medians = bench::measure(options.runs, [&] { return ns(with.path); }, [&] { return ns(without); });
    if (is_anywhere) {
        std::fprintf(stderr, "anywhere: %.0f ns an update, %.0f without alarms\n", medians.value, medians.peer_value);
        return with.path.is_plausible();
    }
    bench::print({.bench = "alarm_cost", .metric = "ns_per_update", .unit = "ns", .peer = "without_alarms"}, medians,
                 options.runs);
    std::fprintf(stderr, "%llu records of alarms at first, %llu in the runs\n", static_cast<unsigned long long>(before),
                 static_cast<unsigned long long>(with.records() - before));
    return with.path.is_plausible() && before > tags / 10;
}

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) {
    using namespace penstock;
    const auto options = bench::parse_options(argc, argv);
    const bool is_done = run_load(100'000, false, options);
    if (is_done && (options.smoke || run_load(100'000, true, options))) return 0;
    std::fprintf(stderr, "the engine did not do the work that was measured\n");
    return 1;
}
