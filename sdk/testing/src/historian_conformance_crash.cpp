#include "historian_conformance_parts.hpp"

namespace penstock::testing {

using namespace detail;

void detail::link_historian_crash_tests() {}

TEST_P(HistorianConformance, KeepsWhatWasFlushedOverACrash) {
    define_numbers();
    rig().append({{1, row(kBegin, 1.0)}, {2, row(kBegin, Value(2))}});
    rig().flush();
    rig().append({{1, row(kBegin + 1, 3.0)}});
    rig().crash();
    const auto position = rig().persisted();
    EXPECT_GE(position, 1U);
    EXPECT_EQ(rig().read_all(1), rig().expected(1, position));
    EXPECT_EQ(rig().read_all(2), rig().expected(2, position));
}

TEST_P(HistorianConformance, StoresPositionAndDataTogether) {
    define_numbers();
    std::mt19937_64 random(5);
    auto time = kBegin;
    for (int round = 0; round < 20; ++round) {
        for (std::size_t i = random() % 12; i > 0; --i) rig().append(random_rows(random, 1 + random() % 200, time));
        if (random() % 2 == 0) rig().flush();
        if (random() % 4 == 0) rig().tidy(utc_from_ns(time));
        rig().crash();
        const auto position = rig().persisted();
        ASSERT_EQ(rig().read_all(1), rig().expected(1, position)) << "after crash " << round << " at position " << position;
        rig().repeat();
    }
    rig().expect_everything();
}

TEST_P(HistorianConformance, LosesAndDoublesNothingWhenItIsRepeatedFromItsPosition) {
    rig().define({series_of(1, "level", ValueType::float64), series_of(2, "text", ValueType::string),
                  series_of(3, "state", ValueType::boolean)});
    std::mt19937_64 random(6);
    auto time = kBegin;
    for (int round = 0; round < 60; ++round) {
        auto rows = random_rows(random, 50, time);
        rows.push_back({2, row(time, Value("text " + std::to_string(round)))});
        rows.push_back({3, row(time, Value(round % 2 == 0))});
        rig().append(rows);
        if (round % 9 == 8) rig().flush();
        if (round % 5 != 4) continue;
        rig().crash();
        rig().repeat();
    }
    rig().expect_everything();
    rig().crash();
    rig().expect_everything();
}

TEST_P(HistorianConformance, ForgetsAReaderOfAStoreThatIsOpenedAgain) {
    define_numbers();
    rig().append({{1, row(kBegin, 1.0)}});
    rig().flush();
    for (int i = 0; i < 20; ++i) {
        {
            const auto reader = rig().open_reader();
        }
        rig().crash();
    }
    EXPECT_EQ(rig().read_all(1).size(), 1U);
}

}  // namespace penstock::testing
