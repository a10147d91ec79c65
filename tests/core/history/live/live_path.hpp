#pragma once

// The live path with real threads and the machine's clock: a device's batches, the engine's thread, archiver, values lane, one historian.
// How long a batch takes from its delivery to the engine's word that readers may look.

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "core/engine/capture.hpp"
#include "core/engine/engine.hpp"
#include "core/engine/engine_thread.hpp"
#include "core/engine/waker.hpp"
#include "core/history/archiver.hpp"
#include "core/history/historian_consumer.hpp"
#include "core/journal/lane_thread.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history_test {

class LivePath {
public:
    static constexpr std::uint32_t kTags = 1'000;
    static constexpr std::uint32_t kBatch = 500;  // samples; of the other half of the tags in each
    static constexpr Duration kEvery = 10ms;  // 50,000 samples a second
    static constexpr std::uint64_t kPerSecond = 50'000;

    explicit LivePath(guests::HistorianFactory factory);
    ~LivePath();

    // Live operation for so long; the latencies of its batches in µs.
    [[nodiscard]] std::vector<double> run(Duration time);
    // The device goes on beside what the test does. Ends run().
    void begin();
    [[nodiscard]] std::vector<double> end();

    [[nodiscard]] history::HistorianConsumer& consumer() { return *consumer_; }
    [[nodiscard]] const journal::Lane& lane() const { return *lane_; }
    [[nodiscard]] std::uint64_t published() const { return published_.load(); }
    // Everything that the device sent is durable.
    void settle();
    // Values of a tag as it sent them: 1, 2, 3 ... in this order, and as many.
    [[nodiscard]] std::uint64_t sent(tags::TagId tag) const { return sent_.at(tag); }

private:
    class Bell final : public engine::Waker {
    public:
        void wake() noexcept override {
            rings_.fetch_add(1);
            rings_.notify_all();
        }
        [[nodiscard]] std::uint64_t rings() const { return rings_.load(); }
        void wait(std::uint64_t seen) const { rings_.wait(seen); }

    private:
        std::atomic<std::uint64_t> rings_{0};
    };
    void publish_one();

    penstock::testing::TempFolder folder_;
    base::SystemClock clock_;
    std::unique_ptr<engine::Engine> engine_;
    engine::Producer* producer_ = nullptr;
    Bell bell_;
    std::unique_ptr<engine::Capture> capture_;
    std::unique_ptr<journal::Lane> lane_;
    std::unique_ptr<history::Archiver> archiver_;
    std::unique_ptr<history::HistorianConsumer> consumer_;
    std::unique_ptr<journal::LaneThread> lane_thread_;
    std::unique_ptr<engine::EngineThread> engine_thread_;
    std::vector<std::uint64_t> sent_;
    std::vector<double> latencies_;
    std::uint64_t batches_ = 0;
    std::atomic<std::uint64_t> published_{0};
    std::jthread device_;
};

// The 99th percentile of each 1,000 in a row, and of these the median: one hiccup of the machine moves one of them.
[[nodiscard]] double p99(std::vector<double> latencies);

}  // namespace penstock::history_test
