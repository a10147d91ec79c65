#pragma once

// What the engine counts; copies, taken at any time. Sums since the start unless said otherwise.

#include <cstdint>
#include <string>
#include <vector>

namespace penstock::engine {

struct ProducerCounters {
    std::string name;
    std::uint64_t samples = 0;       // published
    std::uint64_t applied = 0;       // reached the tags
    std::uint64_t merged = 0;        // given up for a newer one of the same item, because the queue was full
    std::uint64_t refused = 0;       // of item numbers that the device does not have, or blobs that do not fit the batch
    std::uint64_t waiting = 0;       // now in the queue
    std::uint64_t most_waiting = 0;  // ever
};

struct EngineCounters {
    std::uint64_t cycles = 0;
    std::uint64_t samples = 0;            // applied
    std::uint64_t changes = 0;            // of them, those that readers were told of
    std::uint64_t commands = 0;           // taken up
    std::uint64_t commands_refused = 0;   // not taken up because the queue was full
    std::uint64_t cycles_cut_short = 0;   // left samples for the next cycle: more came in than the budget allows
    std::uint64_t clock_steps = 0;        // the wall clock was set, by more than 100 ms
    std::uint64_t tags_bad = 0;           // now
    std::vector<ProducerCounters> producers;
};

}  // namespace penstock::engine
