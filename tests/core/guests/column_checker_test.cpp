#include "core/guests/column_checker.hpp"

#include <array>
#include <random>

#include <gtest/gtest.h>
#include <penstock/quality.hpp>
#include <penstock/sample_batch.hpp>

namespace penstock::guests {
namespace {

const std::vector<DeviceItem> kItems{{"", 0, ValueType::int64}, {"", 0, ValueType::string}, {"", 0, ValueType::float64_array}};

TEST(ColumnChecker, HandsGoodColumnsOnWithoutCopying) {
    SampleBatch batch;
    batch.add(0, std::int64_t{5});
    batch.add(1, std::string_view("text"));
    batch.add_bad(2, QualityCode::bad_not_found, "illegal data address 45");
    const auto raw = batch.columns();
    ColumnChecker checker(kItems);
    std::uint64_t cut_off = 0;
    const auto checked = checker.check(raw, cut_off);
    EXPECT_EQ(cut_off, 0U);
    EXPECT_EQ(checked.count, 3U);
    EXPECT_EQ(checked.item, raw.item);
    EXPECT_EQ(checked.causes[0].view(), "illegal data address 45");
}

TEST(ColumnChecker, CutsOffItemsCausesAndTextsThatDoNotExist) {
    const std::array<std::uint32_t, 5> items{0, 3, 0, 1, 1};
    const std::array<std::uint32_t, 5> statuses{0, 0, status_word(QualityCode::bad, 2), 0, 0};
    const std::array<std::uint64_t, 5> words{1, 1, 1, std::uint64_t{3} << 32U | 2, std::uint64_t{2} << 32U | 2};
    const abi::Text cause = abi::text("why");
    abi::Columns raw{};
    raw.count = 5;
    raw.item = items.data();
    raw.status = statuses.data();
    raw.word = words.data();
    raw.blob = abi::text("abcd");
    raw.causes = &cause;
    raw.cause_count = 1;
    ColumnChecker checker(kItems);
    std::uint64_t cut_off = 0;
    const auto checked = checker.check(raw, cut_off);
    EXPECT_EQ(cut_off, 3U);
    ASSERT_EQ(checked.count, 2U);
    EXPECT_EQ(checked.item[0], 0U);
    EXPECT_EQ(checked.item[1], 1U);
    EXPECT_EQ(checked.word[1], std::uint64_t{2} << 32U | 2);
}

TEST(ColumnChecker, TakesNothingFromColumnsThatAreNotThere) {
    abi::Columns raw{};
    raw.count = 1000;
    ColumnChecker checker(kItems);
    std::uint64_t cut_off = 0;
    EXPECT_EQ(checker.check(raw, cut_off).count, 0U);
    EXPECT_EQ(cut_off, 1000U);
}

TEST(ColumnChecker, BoundsTheLengthOfCauses) {
    const std::uint32_t item = 0, status = status_word(QualityCode::bad, 1);
    const std::uint64_t word = 0;
    const std::string endless(100'000, 'x');
    const std::array<abi::Text, 2> causes{abi::text(endless), abi::Text{nullptr, 55}};
    abi::Columns raw{1, 2, &item, nullptr, &status, &word, {nullptr, 9}, causes.data()};
    ColumnChecker checker(kItems);
    std::uint64_t cut_off = 0;
    const auto checked = checker.check(raw, cut_off);
    EXPECT_EQ(checked.causes[0].size, ColumnChecker::kMaxCauseText);
    EXPECT_EQ(checked.causes[1].size, 0U);
    EXPECT_EQ(checked.blob.size, 0U);
}

TEST(ColumnChecker, LetsNothingThroughThatPointsOutside) {
    std::mt19937_64 random(3);
    ColumnChecker checker(kItems);
    const std::string blob(64, 'b');
    const std::array<abi::Text, 3> causes{abi::text("a"), abi::text("b"), abi::text("c")};
    for (int round = 0; round < 2000; ++round) {
        std::array<std::uint32_t, 8> items, statuses;
        std::array<std::uint64_t, 8> words;
        for (std::size_t i = 0; i < 8; ++i) {
            items[i] = static_cast<std::uint32_t>(random() % 5);
            statuses[i] =
                status_word(random() % 2 == 0 ? QualityCode::good : QualityCode::bad, static_cast<std::uint16_t>(random() % 6));
            words[i] = random() % 3 == 0 ? random() : ((random() % 80) << 32U | (random() % 80));
        }
        abi::Columns raw{8, 3, items.data(), nullptr, statuses.data(), words.data(), abi::text(blob), causes.data()};
        std::uint64_t cut_off = 0;
        const auto checked = checker.check(raw, cut_off);
        ASSERT_EQ(checked.count + cut_off, 8U);
        for (std::uint32_t row = 0; row < checked.count; ++row) {
            ASSERT_LT(checked.item[row], 3U);
            ASSERT_LE(status_cause(checked.status[row]), 3U);
            if (checked.item[row] == 0 || is_bad(status_quality(checked.status[row]))) continue;
            ASSERT_LE((checked.word[row] >> 32U) + (checked.word[row] & 0xFFFF'FFFFU), blob.size());
        }
    }
}

}  // namespace
}  // namespace penstock::guests
