#include <penstock/sample_batch.hpp>

#include <gtest/gtest.h>

namespace penstock {
namespace {

TEST(SampleBatch, HandsOverColumnsOfEqualLength) {
    SampleBatch batch;
    batch.add(0, true);
    batch.add(1, std::int64_t{-5});
    batch.add(2, 2.5);
    batch.add(3, std::string_view("text"));
    const auto columns = batch.columns();
    ASSERT_EQ(columns.count, 4U);
    EXPECT_EQ(columns.time, nullptr);
    EXPECT_EQ(columns.word[1], static_cast<std::uint64_t>(-5));
    EXPECT_EQ(double_of(columns.word[2]), 2.5);
    EXPECT_EQ(columns.blob.view().substr(columns.word[3] >> 32U, columns.word[3] & 0xFFFFFFFFU), "text");
    EXPECT_EQ(columns.cause_count, 0U);
}

TEST(SampleBatch, SharesEqualCauses) {
    SampleBatch batch;
    batch.add_bad(0, QualityCode::bad_not_found, "illegal data address 40");
    batch.add_bad(1, QualityCode::bad_timeout, "no answer");
    batch.add_bad(2, QualityCode::bad_not_found, "illegal data address 40");
    const auto columns = batch.columns();
    ASSERT_EQ(columns.cause_count, 2U);
    EXPECT_EQ(status_cause(columns.status[0]), status_cause(columns.status[2]));
    EXPECT_EQ(columns.causes[status_cause(columns.status[2]) - 1].view(), "illegal data address 40");
    EXPECT_EQ(status_quality(columns.status[1]), QualityCode::bad_timeout);
}

TEST(SampleBatch, GivesEarlierRowsNoTimeWhenALaterOneHasOne) {
    SampleBatch batch;
    batch.add(0, 1.0);
    batch.add_word(1, word_of(2.0), QualityCode::good, 77);
    batch.add(2, 3.0);
    const auto columns = batch.columns();
    ASSERT_NE(columns.time, nullptr);
    EXPECT_EQ(columns.time[0], 0);
    EXPECT_EQ(columns.time[1], 77);
    EXPECT_EQ(columns.time[2], 0);
}

TEST(SampleBatch, TurnsAnOversizedValueBad) {
    SampleBatch batch;
    batch.add(0, std::string_view(std::string(kMaxValueBytes, 'x')));
    batch.add(1, std::string_view(std::string(kMaxValueBytes + 1, 'x')));
    const auto columns = batch.columns();
    EXPECT_EQ(status_quality(columns.status[0]), QualityCode::good);
    EXPECT_EQ(status_quality(columns.status[1]), QualityCode::bad_out_of_range);
    EXPECT_EQ(columns.causes[0].view(), "found a value of 65537 bytes, wanted at most 65536");
}

TEST(SampleBatch, TakesAnyValue) {
    SampleBatch batch;
    const Value array(std::vector<double>{1, 2});
    batch.add(0, array);
    batch.add(1, Value());
    const auto columns = batch.columns();
    EXPECT_EQ(columns.blob.view(), array.blob());
    EXPECT_TRUE(is_bad(status_quality(columns.status[1])));
}

TEST(SampleBatch, ParsesTextOrSaysWhyNot) {
    SampleBatch batch;
    batch.add_parsed(0, ValueType::float64, "2.5");
    batch.add_parsed(1, ValueType::float64, "OVERLOAD");
    const auto columns = batch.columns();
    EXPECT_EQ(double_of(columns.word[0]), 2.5);
    EXPECT_EQ(status_quality(columns.status[1]), QualityCode::bad_decoding);
    EXPECT_EQ(columns.causes[0].view(), "found \"OVERLOAD\", wanted a number, NaN, Infinity or -Infinity");
}

TEST(SampleBatch, IsEmptyAfterClear) {
    SampleBatch batch;
    batch.add_bad(0, QualityCode::bad, "why");
    batch.clear();
    EXPECT_TRUE(batch.empty());
    EXPECT_EQ(batch.columns().cause_count, 0U);
    EXPECT_EQ(batch.cause("why"), 1);
}

}  // namespace
}  // namespace penstock
