#include "tests/bench/support/history/signal_rows.hpp"

namespace penstock::bench {

std::vector<SignalRows> make_signal_rows(std::uint32_t tags, std::uint64_t values) {
    std::vector<Signal> signals;
    for (std::uint32_t tag = 0; tag < tags; ++tag) signals.emplace_back(kSignals[tag % kSignals.size()], tag);
    std::vector<SignalRows> batches(values / SignalRows::kCount);
    std::uint32_t tag = 0;
    for (auto& batch : batches) {
        for (std::uint32_t row = 0; row < SignalRows::kCount; ++row) {
            const auto sample = signals[tag].next();
            batch.tag.push_back(tag);
            batch.time.push_back(sample.time);
            batch.status.push_back(sample.status);
            batch.word.push_back(sample.word);
            tag = (tag + 1) % tags;
        }
    }
    return batches;
}

}  // namespace penstock::bench
