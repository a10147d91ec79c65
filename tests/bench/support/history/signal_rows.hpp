#pragma once

// The six signals, in turn over the tags, as batches that a driver would hand over.

#include <cstdint>
#include <vector>

#include <penstock/abi/plain.hpp>

#include "tests/bench/support/history/signals.hpp"

namespace penstock::bench {

struct SignalRows {
    static constexpr std::uint32_t kCount = 1'000;

    std::vector<std::uint32_t> tag;
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word;

    [[nodiscard]] abi::Columns columns() const {
        return {kCount, 0, tag.data(), time.data(), status.data(), word.data(), {}, nullptr};
    }
};

// values / kCount batches: a sample of each tag, the next one of each tag, and so on. Made beforehand: what a signal costs is nobody's.
[[nodiscard]] std::vector<SignalRows> make_signal_rows(std::uint32_t tags, std::uint64_t values);

}  // namespace penstock::bench
