// Row F8: the fuzz target's input made at random, for machines without libFuzzer; it aborts where something wrong is served.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fault_row.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace penstock::journal {
namespace {

TEST(JournalMutation, F8_NoChangedSegmentCrashesOrPassesForARightOne) {
    const std::uint64_t rounds = std::getenv("PENSTOCK_NIGHTLY") != nullptr ? 1'000'000 : 1'000;
    std::mt19937_64 random(8);
    std::vector<std::uint8_t> input;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        input.resize(1 + 5 * (1 + random() % 12));
        for (auto& byte : input) byte = static_cast<std::uint8_t>(random());
        ASSERT_EQ(LLVMFuzzerTestOneInput(input.data(), input.size()), 0);
    }
    penstock::testing::report_row("F8", rounds, "changed lanes opened, read and verified, 0 findings");
}

}  // namespace
}  // namespace penstock::journal
