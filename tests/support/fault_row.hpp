#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace penstock::testing {

// Says what a test of a row of the fault catalogue has reached: "row P10: 10000 deaths of the driver". scripts/test.sh --nightly
// collects these lines. The test's name contains the row, as P10_.
inline void report_row(const char* row, std::uint64_t count, const char* what) {
    std::printf("row %s: %llu %s\n", row, static_cast<unsigned long long>(count), what);
}

// Whether rows are to run in their long form: scripts/test.sh --nightly.
inline bool is_nightly() {
    return std::getenv("PENSTOCK_NIGHTLY") != nullptr;
}  // NOLINT(concurrency-mt-unsafe): nobody sets it

}  // namespace penstock::testing
