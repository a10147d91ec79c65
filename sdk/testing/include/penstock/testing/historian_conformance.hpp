#pragma once

// What every historian has to stand, as one line in its test:
//
//     const HistorianKit kKit{.settings = R"({"page_size": 4096})"};
//     PENSTOCK_HISTORIAN_CONFORMANCE(Sqlite, kKit);
//
// The plugin is held as the host holds it, each test in a folder of its own. One rule stands above all: after whatever happened, what
// a reader gives is exactly what was appended up to its position: every bit, once, in order of (time, arrival).

#include <memory>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include <penstock/plugin.hpp>
#include <penstock/testing/historian_rig.hpp>

// Of the plugin whose objects are linked into the test (penstock_add_plugin, TESTS).
extern "C" [[gnu::visibility("default")]] void* penstock_plugin_factory(const ::penstock::abi::Birth& birth,
                                                                        ::penstock::abi::Fault& fault) noexcept;

namespace penstock::testing {

struct HistorianKit {
    std::string settings = "{}";
    std::uint32_t many_series = 100'000;
    // False for one that loses the folder when the program ends, or keeps it elsewhere: a copy is then not opened as a store.
    bool opens_backups = true;
    HistorianRig::Factory factory = nullptr;  // filled in by PENSTOCK_HISTORIAN_CONFORMANCE
};

class HistorianConformance : public ::testing::TestWithParam<HistorianKit> {
protected:
    void SetUp() override;
    // Series 1 to 4: double, int, uint, bool; kept for ten years.
    void define_numbers();
    [[nodiscard]] HistorianRig& rig() { return *rig_; }

    std::unique_ptr<HistorianRig> rig_;
};

void PrintTo(const HistorianKit& kit, std::ostream* out);

// Here so that the tests of the kit are linked where they are used.
[[nodiscard]] HistorianKit checked_kit(HistorianKit kit, HistorianRig::Factory factory);

}  // namespace penstock::testing

// For the plugin whose objects are linked into the test. `name` is the first word of the tests' names.
#define PENSTOCK_HISTORIAN_CONFORMANCE(name, kit)        \
    using ::penstock::testing::HistorianConformance;     \
    INSTANTIATE_TEST_SUITE_P(name, HistorianConformance, \
                             ::testing::Values(::penstock::testing::checked_kit(kit, &penstock_plugin_factory)))
