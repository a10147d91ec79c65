#pragma once

// One source of samples: a device's way into the engine. A bounded queue of column batches that never blocks its producer. When
// it is full, samples merge: of each item the newest waits, the others are given up and counted.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <penstock/time.hpp>

#include "core/engine/counters.hpp"
#include "core/guests/sample_sink.hpp"

namespace penstock::engine {

class BatchQueue;
class Doorbell;

struct ProducerOptions {
    // Samples that may wait. Without one: four for each item, at least 4,096, at most 262,144. A single batch always fits
    // into an empty queue.
    std::optional<std::uint32_t> capacity;
    // Samples that the engine takes per second in the long run; up to a second's worth at once.
    std::uint32_t samples_per_second = 10'000'000;
};

// Made by Engine::add_producer and owned by the engine. publish() and all_bad(): one thread at a time, [strand] of the device.
class Producer final : public guests::SampleSink {
public:
    // blob_items[i]: item i is a string or array; empty if none is.
    Producer(std::string name, std::uint32_t items, std::vector<bool> blob_items, ProducerOptions options, Doorbell& bell);
    ~Producer() override;

    // Copies the columns. Rows of unknown items are dropped and counted. Allocates only while buffers grow to the size of the
    // device's batches.
    void publish(const abi::Columns& columns, Now received) noexcept override;
    // Every tag of the device turns bad and keeps its last value.
    void all_bad(QualityCode quality, std::string_view cause, Now received) noexcept override;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] ProducerCounters counters() const;  // [any-thread]

    // --- the engine's side ---
    [[nodiscard]] BatchQueue& queue() noexcept { return *queue_; }
    [[nodiscard]] std::uint32_t samples_per_second() const noexcept { return samples_per_second_; }
    void count_applied(std::uint64_t samples) noexcept { applied_.fetch_add(samples, std::memory_order_relaxed); }

private:
    void publish_known(const abi::Columns& columns, Now received);

    std::string name_;
    std::uint32_t items_;
    std::uint32_t samples_per_second_;
    std::unique_ptr<BatchQueue> queue_;
    Doorbell* bell_;
    std::atomic<std::uint64_t> samples_{0};
    std::atomic<std::uint64_t> applied_{0};
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace penstock::engine
