#include "core/engine/producer.hpp"

#include <algorithm>
#include <span>

#include <penstock/sample_batch.hpp>

#include "core/engine/batch_queue.hpp"
#include "core/engine/doorbell.hpp"

namespace penstock::engine {
namespace {

std::size_t capacity_for(std::size_t items, const ProducerOptions& options) {
    if (options.capacity) return std::max<std::size_t>(*options.capacity, 1);
    return std::clamp<std::size_t>(4 * items, 4096, 262'144);
}

}  // namespace

Producer::Producer(std::string name, std::uint32_t items, std::vector<bool> blob_items, ProducerOptions options, Doorbell& bell)
    : name_(std::move(name)),
      items_(items),
      samples_per_second_(std::max(options.samples_per_second, 1U)),
      queue_(std::make_unique<BatchQueue>(capacity_for(items, options), std::move(blob_items), items)),
      bell_(&bell) {}

Producer::~Producer() = default;

void Producer::publish(const abi::Columns& columns, Now received) noexcept {
    if (columns.count == 0) return;
    samples_.fetch_add(columns.count, std::memory_order_relaxed);
    bool all_known = true;  // no early end: so the compiler can look at several items at once
    for (std::uint32_t i = 0; i < columns.count; ++i) all_known &= columns.item[i] < items_;
    if (all_known) {
        queue_->publish(columns, received);
    } else {
        publish_known(columns, received);
    }
    bell_->values_wait();
}

// The sink's contract rules unknown items out; a producer that breaks it must not write over other tags.
void Producer::publish_known(const abi::Columns& columns, Now received) {
    Batch known;
    known.copy(columns);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (known.items[i] >= items_) continue;
        known.items[kept] = known.items[i];
        known.statuses[kept] = known.statuses[i];
        known.words[kept] = known.words[i];
        if (!known.times.empty()) known.times[kept] = known.times[i];
        ++kept;
    }
    refused_.fetch_add(known.size() - kept, std::memory_order_relaxed);
    if (kept == 0) return;
    auto rest = columns;
    rest.count = static_cast<std::uint32_t>(kept);
    rest.item = known.items.data();
    rest.status = known.statuses.data();
    rest.word = known.words.data();
    if (columns.time != nullptr) rest.time = known.times.data();
    queue_->publish(rest, received);
}

void Producer::all_bad(QualityCode quality, std::string_view cause, Now received) noexcept {
    queue_->all_bad(quality, cause, received);
    bell_->values_wait();
}

ProducerCounters Producer::counters() const {
    ProducerCounters counters;
    counters.name = name_;
    counters.samples = samples_.load(std::memory_order_relaxed);
    counters.applied = applied_.load(std::memory_order_relaxed);
    counters.merged = queue_->merged();
    counters.refused = refused_.load(std::memory_order_relaxed);
    counters.waiting = queue_->waiting();
    counters.most_waiting = queue_->most_waiting();
    return counters;
}

}  // namespace penstock::engine
