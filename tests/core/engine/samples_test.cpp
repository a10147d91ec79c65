// What becomes of samples: conversion, scaling, range, deadband, times, quality, `since`.

#include <cmath>
#include <limits>

#include "tests/core/engine/plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::engine {
namespace {

tags::TagDefinition level() {
    auto tag = device_tag("level", ValueType::uint64, ValueType::float64);
    tag.scaling = tags::Scaling{0, 27648, 0, 6, false};
    tag.range_low = 0;
    tag.range_high = 6;
    return tag;
}

TEST(EngineSamples, BeforeTheFirstTheTagIsBadAndSaysWhy) {
    Plant plant({level()});
    const auto tag = plant.read("level");
    EXPECT_FALSE(tag.value().has_value());
    EXPECT_EQ(tag.quality, QualityCode::bad_waiting_for_initial);
    EXPECT_EQ(plant.cause("level"), "nothing has arrived since the server started");
    EXPECT_EQ(tag.since, plant.now.utc);
    EXPECT_EQ(plant.engine.counters().tags_bad, 1U);
}

TEST(EngineSamples, AnInitialValueIsUncertain) {
    auto setpoint = level();
    setpoint.initial = Value(2.5);
    auto label = device_tag("label", ValueType::string);
    label.initial = Value("empty");
    Plant plant({setpoint, label});
    EXPECT_TRUE(plant.read("level").value().identical(Value(2.5)));
    EXPECT_TRUE(plant.read("label").value().identical(Value("empty")));
    EXPECT_EQ(plant.read("level").quality, QualityCode::uncertain_initial);
    EXPECT_NE(plant.cause("level").find("initial value"), std::string::npos);
}

TEST(EngineSamples, AreScaledAndKeepTheRawValue) {
    Plant plant({level()});
    plant.deliver(0, std::uint64_t{13824});
    const auto tag = plant.read("level");
    EXPECT_TRUE(tag.value().identical(Value(3.0)));
    EXPECT_TRUE(tag.raw_value().identical(Value(std::uint64_t{13824})));
    EXPECT_EQ(tag.quality, QualityCode::good);
    EXPECT_EQ(tag.cause, tags::kNoCause);
    EXPECT_EQ(tag.time, plant.now.utc);
    EXPECT_EQ(tag.received, plant.now.utc);
    EXPECT_EQ(plant.engine.counters().tags_bad, 0U);
}

TEST(EngineSamples, AtFullScaleAreExactlyTheEndOfTheRange) {
    auto odd = level();
    odd.scaling = tags::Scaling{3, 1000, 0.1, 0.7, false};
    odd.range_low = 0.1;
    odd.range_high = 0.7;
    Plant plant({odd});
    plant.deliver(0, std::uint64_t{1000});
    EXPECT_EQ(plant.read("level").quality, QualityCode::good);
    EXPECT_TRUE(plant.read("level").value().identical(Value(0.7)));
    plant.deliver(0, std::uint64_t{3});
    EXPECT_TRUE(plant.read("level").value().identical(Value(0.1)));
}

TEST(EngineSamples, OutsideTheRangeAreUncertainAndSayWhichRange) {
    Plant plant({level()});
    plant.deliver(0, std::uint64_t{30000});
    EXPECT_EQ(plant.read("level").quality, QualityCode::uncertain_range_exceeded);
    EXPECT_GT(double_of(plant.read("level").word), 6);
    EXPECT_EQ(plant.cause("level"), "the value is outside the range 0 to 6");
    plant.deliver(0, std::uint64_t{27648});
    EXPECT_EQ(plant.read("level").quality, QualityCode::good);
    EXPECT_EQ(plant.cause("level"), "");
}

TEST(EngineSamples, AreClampedWhereTheScalingSaysSo) {
    auto clamped = level();
    clamped.scaling->clamp = true;
    auto falling = device_tag("falling", ValueType::int64, ValueType::float64);
    falling.scaling = tags::Scaling{0, 100, 10, -10, true};
    Plant plant({clamped, falling});
    plant.deliver(0, std::uint64_t{30000});
    EXPECT_TRUE(plant.read("level").value().identical(Value(6.0)));
    EXPECT_EQ(plant.read("level").quality, QualityCode::good);
    plant.deliver(1, std::int64_t{-50});
    EXPECT_TRUE(plant.read("falling").value().identical(Value(10.0)));
    plant.deliver(1, std::int64_t{500});
    EXPECT_TRUE(plant.read("falling").value().identical(Value(-10.0)));
}

TEST(EngineSamples, CarryEveryBitOfEveryNumber) {
    const std::vector<double> doubles{std::nan("7"),
                                      -std::nan(""),
                                      std::numeric_limits<double>::signaling_NaN(),
                                      -0.0,
                                      0.0,
                                      std::numeric_limits<double>::denorm_min(),
                                      -std::numeric_limits<double>::denorm_min(),
                                      std::numeric_limits<double>::infinity(),
                                      -std::numeric_limits<double>::infinity(),
                                      std::numeric_limits<double>::max(),
                                      0.1};
    Plant plant({device_tag("d"), device_tag("i", ValueType::int64), device_tag("u", ValueType::uint64)});
    for (const auto value : doubles) {
        SampleBatch batch;
        batch.add_word(0, word_of(value));
        plant.deliver(batch);
        EXPECT_EQ(plant.read("d").word, word_of(value));
        EXPECT_EQ(plant.read("d").quality, QualityCode::good) << "no range, no doubt";
    }
    for (const std::int64_t value :
         {std::int64_t{1} << 53, (std::int64_t{1} << 53) + 1, INT64_MIN, INT64_MAX, std::int64_t{-1}}) {
        plant.deliver(1, value);
        EXPECT_TRUE(plant.read("i").value().identical(Value(value)));
    }
    plant.deliver(2, UINT64_MAX);
    EXPECT_TRUE(plant.read("u").value().identical(Value(UINT64_MAX)));
}

TEST(EngineSamples, SeeThatMinusZeroIsNotZeroAndNanIsItself) {
    Plant plant({device_tag("d")});
    plant.deliver(0, 0.0);
    (void)plant.changes();
    plant.deliver(0, -0.0);
    EXPECT_EQ(plant.changes().size(), 1U);
    plant.deliver(0, std::nan(""));
    EXPECT_EQ(plant.changes().size(), 1U);
    plant.deliver(0, std::nan(""));
    EXPECT_TRUE(plant.changes().empty());
}

TEST(EngineSamples, NotANumberIsOutsideEveryRange) {
    auto tag = device_tag("d");
    tag.range_low = 0;
    Plant plant({tag});
    plant.deliver(0, std::nan(""));
    EXPECT_EQ(plant.read("d").quality, QualityCode::uncertain_range_exceeded);
    EXPECT_EQ(plant.cause("d"), "the value is outside the range at least 0");
    EXPECT_EQ(plant.read("d").word, word_of(std::nan("")));
    plant.deliver(0, std::numeric_limits<double>::infinity());
    EXPECT_EQ(plant.read("d").quality, QualityCode::good) << "no upper limit";
}

TEST(EngineSamples, ConvertBetweenNumbersOrSayThatTheyDoNotFit) {
    Plant plant(
        {device_tag("signed", ValueType::uint64, ValueType::int64), device_tag("unsigned", ValueType::int64, ValueType::uint64),
         device_tag("rounded", ValueType::float64, ValueType::int64), device_tag("flag", ValueType::uint64, ValueType::boolean),
         device_tag("number", ValueType::boolean, ValueType::float64)});
    SampleBatch fits;
    fits.add(0, std::uint64_t{5});
    fits.add(1, std::int64_t{6});
    fits.add(2, 6.7);
    fits.add(3, std::uint64_t{2});
    fits.add(4, true);
    plant.deliver(fits);
    EXPECT_TRUE(plant.read("signed").value().identical(Value(5)));
    EXPECT_TRUE(plant.read("unsigned").value().identical(Value(6U)));
    EXPECT_TRUE(plant.read("rounded").value().identical(Value(7)));
    EXPECT_TRUE(plant.read("flag").value().identical(Value(true)));
    EXPECT_TRUE(plant.read("number").value().identical(Value(1.0)));

    SampleBatch unfit;
    unfit.add(0, UINT64_MAX);
    unfit.add(1, std::int64_t{-1});
    unfit.add(2, std::nan(""));
    plant.deliver(unfit);
    for (const auto* name : {"signed", "unsigned", "rounded"}) {
        EXPECT_EQ(plant.read(name).quality, QualityCode::bad_out_of_range) << name;
        EXPECT_TRUE(plant.read(name).value().has_value()) << "the last value stays";
    }
    EXPECT_EQ(plant.cause("signed"), "the raw value does not fit the tag's type int");
}

TEST(EngineSamples, OfStringsAndArraysChangeInSizeAndStayWhole) {
    Plant plant({device_tag("text", ValueType::string), device_tag("list", ValueType::float64_array),
                 device_tag("names", ValueType::string_array)});
    for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 7000U, 65536U, 5U}) {
        const std::string text(size, 'x');
        SampleBatch batch;
        batch.add(0, std::string_view(text));
        batch.add(1, Value(std::vector<double>(size / 8, 1.5)));
        batch.add(2, Value(std::vector<std::string>{"a", "", "ä"}));
        plant.deliver(batch);
        EXPECT_TRUE(plant.read("text").value().identical(Value(text))) << size;
        EXPECT_TRUE(plant.read("list").value().identical(Value(std::vector<double>(size / 8, 1.5)))) << size;
    }
    EXPECT_TRUE(plant.read("names").value().identical(Value(std::vector<std::string>{"a", "", "ä"})));
    EXPECT_TRUE(plant.read("names").raw_value().identical(plant.read("names").value()));
}

TEST(EngineSamples, OfEqualStringsAreNoChange) {
    Plant plant({device_tag("text", ValueType::string)});
    plant.deliver(0, std::string_view("running"));
    EXPECT_EQ(plant.changes().size(), 1U);
    plant.deliver(0, std::string_view("running"));
    EXPECT_TRUE(plant.changes().empty());
    plant.deliver(0, std::string_view("runninG"));
    EXPECT_EQ(plant.changes().size(), 1U);
}

TEST(EngineSamples, ThatAreNoArrayOfTheTypeAreBad) {
    Plant plant({device_tag("list", ValueType::int64_array), device_tag("names", ValueType::string_array)});
    SampleBatch batch;
    batch.add_blob(0, "1234567");
    batch.add_blob(1, std::string_view("\xff\0\0\0x", 5));
    plant.deliver(batch);
    EXPECT_EQ(plant.read("list").quality, QualityCode::bad_decoding);
    EXPECT_EQ(plant.cause("list"), "what the device sent is no int[]");
    EXPECT_EQ(plant.read("names").quality, QualityCode::bad_decoding);
}

TEST(EngineSamples, ThatAreBadKeepValueAndTimeAndNameTheCause) {
    Plant plant({device_tag("d")});
    plant.deliver(0, 4.5);
    const auto good_time = plant.now.utc;
    plant.advance(1s);
    SampleBatch batch;
    batch.add_bad(0, QualityCode::bad_not_found, "illegal data address 45");
    plant.deliver(batch);
    const auto tag = plant.read("d");
    EXPECT_EQ(tag.quality, QualityCode::bad_not_found);
    EXPECT_EQ(plant.cause("d"), "illegal data address 45");
    EXPECT_TRUE(tag.value().identical(Value(4.5)));
    EXPECT_EQ(tag.time, good_time);
    EXPECT_EQ(tag.since, plant.now.utc);
    EXPECT_EQ(plant.engine.counters().tags_bad, 1U);
}

TEST(EngineSamples, ThatAreBadWithoutACauseGetOne) {
    Plant plant({device_tag("d")});
    SampleBatch batch;
    batch.add_word(0, 0, QualityCode::bad_sensor_failure);
    plant.deliver(batch);
    EXPECT_EQ(plant.cause("d"), "the driver says bad_sensor_failure and gives no cause");
}

TEST(EngineSamples, SinceIsWhenTheQualityBecameWhatItIs) {
    Plant plant({device_tag("d")});
    plant.advance(1s);
    plant.deliver(0, 1.0);
    const auto good_since = plant.now.utc;
    plant.advance(1h);
    plant.deliver(0, 2.0);
    EXPECT_EQ(plant.read("d").since, good_since);
    EXPECT_EQ(plant.read("d").received, plant.now.utc);
    SampleBatch bad;
    bad.add_bad(0, QualityCode::bad_timeout, "no answer");
    plant.deliver(bad);
    const auto bad_since = plant.now.utc;
    plant.advance(1h);
    bad.clear();
    bad.add_bad(0, QualityCode::bad_timeout, "still no answer");
    (void)plant.changes();
    plant.deliver(bad);
    EXPECT_EQ(plant.read("d").since, bad_since);
    EXPECT_EQ(plant.changes().size(), 1U) << "another cause is a change";
    EXPECT_EQ(plant.cause("d"), "still no answer");
}

TEST(EngineSamples, WithinTheDeadbandAreNoChangeAndAddUp) {
    auto tag = device_tag("d");
    tag.deadband_kind = tags::DeadbandKind::absolute;
    tag.deadband = 0.5;
    Plant plant({tag});
    plant.deliver(0, 10.0);
    (void)plant.changes();
    plant.advance(1s);
    plant.deliver(0, 10.5);
    EXPECT_TRUE(plant.changes().empty()) << "at the edge";
    EXPECT_TRUE(plant.read("d").value().identical(Value(10.0)));
    EXPECT_EQ(plant.read("d").time, plant.now.utc) << "the value is confirmed";
    plant.deliver(0, 10.75);
    EXPECT_EQ(plant.changes().size(), 1U) << "the small steps add up";
    EXPECT_TRUE(plant.read("d").value().identical(Value(10.75)));
}

TEST(EngineSamples, DeadbandInPercentIsOfTheRangeElseOfTheScaling) {
    auto ranged = device_tag("ranged");
    ranged.range_low = 0;
    ranged.range_high = 200;
    auto scaled = device_tag("scaled", ValueType::uint64, ValueType::float64);
    scaled.scaling = tags::Scaling{0, 1000, 0, 100, false};
    for (auto* tag : {&ranged, &scaled}) {
        tag->deadband_kind = tags::DeadbandKind::percent;
        tag->deadband = 1;
    }
    Plant plant({ranged, scaled});
    plant.deliver(0, 100.0);
    plant.deliver(1, std::uint64_t{500});
    (void)plant.changes();
    plant.deliver(0, 102.0);
    plant.deliver(1, std::uint64_t{510});
    EXPECT_TRUE(plant.changes().empty());
    plant.deliver(0, 102.1);
    plant.deliver(1, std::uint64_t{511});
    EXPECT_EQ(plant.changes().size(), 2U);
}

TEST(EngineSamples, DeadbandNeverHidesAnInfinityOrANan) {
    auto tag = device_tag("d");
    tag.deadband_kind = tags::DeadbandKind::absolute;
    tag.deadband = 1e300;
    Plant plant({tag});
    plant.deliver(0, 1.0);
    for (const double value :
         {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), std::nan("")}) {
        (void)plant.changes();
        plant.deliver(0, value);
        EXPECT_EQ(plant.changes().size(), 1U) << value;
    }
    plant.deliver(0, 1.0);
    EXPECT_TRUE(plant.read("d").value().identical(Value(1.0)));
}

TEST(EngineSamples, OfAnotherTimeKeepItAndAreUncertain) {
    auto strict = device_tag("strict");
    strict.source_time_tolerance = 2s;
    Plant plant({strict, device_tag("default")});
    for (const std::int64_t offset : {3'000'000'000LL, -3'000'000'000LL}) {
        SampleBatch batch;
        for (const ItemId item : {0U, 1U}) batch.add_word(item, word_of(1.0), QualityCode::good, kStartNs + offset);
        plant.deliver(batch);
        EXPECT_EQ(plant.read("strict").quality, QualityCode::uncertain_source_time);
        EXPECT_EQ(plant.cause("strict"), "the device's time stamp is further off than the tag allows");
        EXPECT_EQ(to_ns(plant.read("strict").time), kStartNs + offset);
        EXPECT_EQ(plant.read("strict").received, plant.now.utc);
        EXPECT_EQ(plant.read("default").quality, QualityCode::good) << "an hour is allowed";
    }
}

TEST(EngineSamples, OfAllTimesAreCarried) {
    Plant plant({device_tag("d")});
    for (const std::int64_t time : {std::int64_t{1}, std::int64_t{4'291'747'200'000'000'000}, INT64_MIN, INT64_MAX}) {
        SampleBatch batch;
        batch.add_word(0, word_of(1.0), QualityCode::good, time);
        plant.deliver(batch);
        EXPECT_EQ(to_ns(plant.read("d").time), time);
        EXPECT_EQ(plant.read("d").quality, QualityCode::uncertain_source_time) << time;
    }
}

// RELIABILITY.md P9, the tags' part: quality x value x time.
TEST(EngineSamples, P9_CarryQualityThroughAllCombinations) {
    const QualityCode qualities[] = {QualityCode::good,
                                     QualityCode::good_local_override,
                                     QualityCode::uncertain_sub_normal,
                                     QualityCode::uncertain_last_usable,
                                     QualityCode::uncertain_substitute,
                                     QualityCode::bad_timeout,
                                     QualityCode::bad_sensor_failure,
                                     QualityCode::bad_device_failure};
    const double values[] = {
        1.0, std::nan(""), std::numeric_limits<double>::infinity(), -0.0, std::numeric_limits<double>::denorm_min(), 100.0};
    const std::int64_t times[] = {0, kStartNs, 1, 4'291'747'200'000'000'000, kStartNs + 7'200'000'000'000};
    auto tag = device_tag("d");
    tag.range_low = -10;
    tag.range_high = 10;
    for (const auto quality : qualities) {
        for (const auto value : values) {
            for (const auto time : times) {
                Plant plant({tag});
                plant.deliver(0, 5.0);
                SampleBatch batch;
                batch.add_word(0, word_of(value), quality, time, batch.cause("said the device"));
                plant.deliver(batch);
                const auto read = plant.read("d");
                const bool is_out = !(value >= -10 && value <= 10);
                const bool is_late = time != 0 && time != kStartNs;
                auto wanted = quality;
                if (quality == QualityCode::good && is_late) wanted = QualityCode::uncertain_source_time;
                if (quality == QualityCode::good && is_out) wanted = QualityCode::uncertain_range_exceeded;
                EXPECT_EQ(read.quality, wanted) << to_string(quality) << " " << value << " " << time;
                EXPECT_EQ(read.word, word_of(is_bad(quality) ? 5.0 : value));
                if (!is_bad(quality)) EXPECT_EQ(to_ns(read.time), time == 0 ? kStartNs : time);
                if (quality != QualityCode::good) EXPECT_EQ(plant.cause("d"), "said the device");
            }
        }
    }
    penstock::testing::report_row("P9", std::size(qualities) * std::size(values) * std::size(times),
                                  "combinations of quality, value and time");
}

}  // namespace
}  // namespace penstock::engine
