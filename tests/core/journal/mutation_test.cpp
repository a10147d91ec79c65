// Row F8: the fuzz target's input made at random, for machines without libFuzzer. A change is undetected if a record is handed out that was
// never appended so: each body tells its sequence, so that nothing else need be believed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/core/journal/fuzz_segments.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::journal {
namespace {

constexpr std::uint8_t kFittingChecksums = 2;

// Up to 12 changed bytes, and ways to change more.
class Mutations {
public:
    [[nodiscard]] const std::vector<std::uint8_t>& next() {
        input_.resize(1 + 5 * (1 + random_() % 12));
        for (auto& byte : input_) byte = static_cast<std::uint8_t>(random_());
        return input_;
    }
    // With checksums made to fit the change, as nobody but a forger has them: nothing may crash on them, but they pass.
    [[nodiscard]] const std::vector<std::uint8_t>& next(bool has_fitting_checksums) {
        (void)next();
        input_[0] =
            static_cast<std::uint8_t>(has_fitting_checksums ? input_[0] | kFittingChecksums : input_[0] & ~kFittingChecksums);
        return input_;
    }

private:
    std::mt19937_64 random_{8};
    std::vector<std::uint8_t> input_;
};

TEST(JournalMutation, F8_NoChangedSegmentCrashesOrPassesForARightOne) {
    const std::uint64_t rounds = penstock::testing::is_nightly() ? 4'000'000 : 1'000;
    Mutations mutations;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        const bool has_fitting_checksums = round % 4 == 0;
        const auto& input = mutations.next(has_fitting_checksums);
        const auto wrong = wrong_records_of(input.data(), input.size());
        if (!has_fitting_checksums) ASSERT_EQ(wrong, 0U) << "round " << round;
    }
    penstock::testing::report_row("F8", rounds,
                                  "changed lanes opened, read, verified and appended to: 0 crashes, 0 undetected changes");
}

TEST(JournalMutation, F8_ControlWithoutChecksumsChangesGoUnnoticed) {
    Mutations mutations;
    std::uint64_t wrong = 0;
    for (int round = 0; round < 1'000; ++round) {
        const auto& input = mutations.next(true);
        wrong += wrong_records_of(input.data(), input.size());
    }
    EXPECT_GT(wrong, 100U);
}

}  // namespace
}  // namespace penstock::journal
