// Updates per second through the engine with every tag archived, against the same engine with none (`tagpath`): what writing each
// sample down costs the engine. Counted is the engine's processor time.
//
// On: capture of every change of every tag, and a second thread that takes the blocks every 50 ms, as the values lane does, reads each
// column and gives the blocks back. So the columns leave the engine's caches, as they will. Not on: packing, disk; both are
// that thread's work, and bench `ingest` measures them. Both sides carry a second thread of which nothing is counted.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "core/engine/capture.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/bench/support/tag_path.hpp"

namespace penstock {
namespace {

class Emptying {
public:
    explicit Emptying(engine::Capture& capture) : capture_(capture), thread_([this] { run(); }) {}
    ~Emptying() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    Emptying(const Emptying&) = delete;
    Emptying& operator=(const Emptying&) = delete;

    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] std::uint64_t sum() const { return sum_; }  // so that the reading is not optimised away

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            wake_.wait_for(lock, 50ms, [this] { return stopping_; });
            while (auto* block = capture_.pop()) take(*block);
        }
    }
    void take(engine::CaptureBlock& block) {
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < block.count; ++i) {
            sum += block.tag[i] + static_cast<std::uint64_t>(block.time[i]) + block.state[i] + block.word[i];
        }
        sum_ = sum_ + sum;
        rows_ = rows_ + block.count;
        capture_.give_back(&block);
    }

    engine::Capture& capture_;
    std::mutex mutex_;  // guards stopping_
    std::condition_variable wake_;
    bool stopping_ = false;
    std::atomic<std::uint64_t> rows_{0}, sum_{0};
    std::thread thread_;
};

bool measure(std::uint32_t tags, std::string_view metric, const bench::Options& options) {
    const auto [batches, passes] = bench::tag_path_load(tags, options);
    bench::TagPath archived(tags), bare(tags);
    engine::Capture capture(archived.engine().catalog().id_limit());
    archived.engine().set_capture(capture, [](tags::TagId) { return engine::CaptureMode::changes; });
    std::uint64_t emptied = 0;
    {
        const Emptying emptying(capture);
        archived.run(batches, 1);  // first touch of all memory
        bare.run(batches, 1);
        const auto medians = bench::measure(
            options.runs, [&] { return archived.run(batches, passes); }, [&] { return bare.run(batches, passes); });
        bench::print({.bench = "tagpath_archived", .metric = metric, .unit = "1/s", .peer = "tagpath"}, medians, options.runs);
        emptied = capture.samples();
    }
    const auto changes = archived.engine().counters().changes;
    if (capture.lost() != 0) std::fprintf(stderr, "%lu samples were given up\n", static_cast<unsigned long>(capture.lost()));
    return archived.is_plausible() && bare.is_plausible() && emptied == changes && capture.lost() == 0;
}

}  // namespace
}  // namespace penstock

int main(int argc, char** argv) { return penstock::bench::run_tag_path(argc, argv, penstock::measure); }
