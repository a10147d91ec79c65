#include "core/history/values_record.hpp"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/journal/record.hpp"
#include "tests/core/history/values_columns.hpp"

namespace penstock::history {
namespace {

using history_test::OwnedColumns;
using history_test::Row;
using history_test::Series;
using history_test::series_of;

constexpr std::int64_t kStart = 1'800'000'000'000'000'000;
constexpr std::int64_t kMs = 1'000'000;

std::vector<std::byte> copy(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

std::uint64_t random_word(std::mt19937_64& random, unsigned kind, std::uint64_t before) {
    switch (kind) {
        case 0: return 0;
        case 1: return before + 1;
        case 2: return word_of(std::round((double_of(before) + static_cast<double>(random() % 21) / 100 - 0.1) * 100) / 100);
        case 3: return random();
        case 4: return random() % 2;
        case 5: return word_of(static_cast<double>(static_cast<std::int64_t>(random())));
        case 6: return word_of(0.5 + static_cast<double>(random() % 27'649) * (6.0 / 27'648));
        default: return static_cast<std::uint64_t>(-static_cast<std::int64_t>(random() % 100));
    }
}

// Every shape of record: few and many tags, short and long runs, all kinds of words, times and causes.
OwnedColumns random_columns(std::mt19937_64& random) {
    OwnedColumns columns;
    const auto rows = 1 + random() % (random() % 8 == 0 ? 5'000 : 300);
    const auto tags = static_cast<tags::TagId>(1 + random() % (random() % 2 == 0 ? 4 : 400));
    const auto quantum = std::array<std::int64_t, 4>{1, 100, 1'000, kMs}[random() % 4];
    const auto bad = random() % 3 == 0 ? 4U : 100U;
    std::vector<std::uint64_t> last(tags);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto index = static_cast<tags::TagId>(random() % tags);
        Row row;
        row.time = kStart + static_cast<std::int64_t>(i + random() % 5) * quantum;
        if (random() % 200 == 0) row.time = static_cast<std::int64_t>(random());
        const auto id = index * 7 + 3;
        if (random() % bad == 0) {
            row.quality = random() % 2 == 0 ? QualityCode::bad_timeout : QualityCode::bad_sensor_failure;
            row.cause = "cause " + std::to_string(random() % 5);
        } else if (index % 8 == 5 && index % 2 == 1) {
            row.blob = std::string(random() % 9, static_cast<char>('a' + random() % 26));
        } else {
            row.word = last[index] = random_word(random, index % 8, last[index]);
        }
        columns.add(id, row, index % 8 == 5);
    }
    return columns;
}
bool is_blob(tags::TagId id) { return (id - 3) / 7 % 8 == 5; }

ValuesEncoder encoder_for_random() {
    ValuesEncoder encoder(3'000);
    for (tags::TagId id = 3; id < 3'000; id += 7) {
        if (is_blob(id)) encoder.set_blob(id);
        if ((id - 3) / 7 % 8 == 6) encoder.set_scale(id, 6.0 / 27'648, 0.5);
    }
    return encoder;
}

TEST(ValuesRecord, GivesBackWhatWasPutInSortedByTagAndInOrderOfArrival) {
    std::mt19937_64 random(1);
    auto encoder = encoder_for_random();
    DecodedValues values;
    for (int i = 0; i < 600; ++i) {
        auto columns = random_columns(random);
        const auto record = copy(encoder.encode(columns.view()));
        const auto read = decode_values(record, values);
        ASSERT_TRUE(read) << i << ": " << read.error().sentence();
        ASSERT_EQ(series_of(values, is_blob), columns.series) << i;
        ASSERT_TRUE(std::ranges::is_sorted(values.runs(), {}, &SeriesRun::series));
        ASSERT_EQ(values.size(), columns.tag.size());
        ASSERT_EQ(values.samples().size(), columns.tag.size());
    }
}

TEST(ValuesRecord, FindsTheSamplesOfSomeTagsAlone) {
    std::mt19937_64 random(2);
    auto encoder = encoder_for_random();
    DecodedValues values;
    for (int i = 0; i < 300; ++i) {
        auto columns = random_columns(random);
        const auto record = copy(encoder.encode(columns.view()));
        std::vector<tags::TagId> wanted;
        Series expected;
        for (tags::TagId id = 0; id < 3'000; ++id) {
            if (random() % 50 != 0) continue;
            wanted.push_back(id);
            if (const auto known = columns.series.find(id); known != columns.series.end()) expected.insert(*known);
        }
        const auto found = find_values(record, wanted, values);
        ASSERT_TRUE(found) << found.error().sentence();
        ASSERT_EQ(series_of(values, is_blob), expected) << i;
    }
}

TEST(ValuesRecord, SaysItsTimesAndCountsInTheHead) {
    OwnedColumns columns;
    columns.add(9, {kStart + 5 * kMs, {}, {}, 1, {}});
    columns.add(4, {kStart - 2 * kMs, {}, {}, 1, {}});
    columns.add(9, {kStart + kMs, {}, {}, 1, {}});
    ValuesEncoder encoder(10);
    const auto head = read_values_head(encoder.encode(columns.view()));
    ASSERT_TRUE(head);
    EXPECT_EQ(head->rows, 3U);
    EXPECT_EQ(head->runs, 2U);
    EXPECT_EQ(head->first_time, kStart - 2 * kMs);
    EXPECT_EQ(head->last_time, kStart + 5 * kMs);
    EXPECT_EQ(head->first_tag, 4U);
}

TEST(ValuesRecord, KeepsEveryBitOfSpecialValuesAndTimes) {
    const double special[] = {std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::signaling_NaN(),
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity(),
                              -0.0,
                              0.0,
                              std::numeric_limits<double>::denorm_min(),
                              std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::lowest(),
                              1e300,
                              0.1,
                              1.0 / 3};
    const std::int64_t times[] = {0,
                                  1,
                                  -1,
                                  4'300'000'000'000'000'000,
                                  std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::min()};
    for (const std::size_t repeat : {1U, 3U, 40U}) {  // short runs and long ones
        OwnedColumns columns;
        tags::TagId id = 0;
        for (const auto value : special) {
            for (std::size_t i = 0; i < repeat; ++i) {
                columns.add(id, {times[i % std::size(times)], {}, {}, word_of(value), {}});
                columns.add(id + 1, {kStart, {}, {}, word_of(special[i % std::size(special)]), {}});
                columns.add(id + 2, {kStart, {}, {}, word_of(i % 20 == 7 ? value : static_cast<double>(i) / 10), {}});
            }
            id += 3;
        }
        ValuesEncoder encoder(id);
        encoder.set_scale(2, 0.1, 0);
        DecodedValues values;
        const auto record = copy(encoder.encode(columns.view()));
        ASSERT_TRUE(decode_values(record, values));
        EXPECT_EQ(series_of(values), columns.series);
    }
}

struct Signal {
    const char* name;
    double most_bytes;
    std::uint64_t (*word)(std::mt19937_64&, std::uint64_t row, std::uint64_t before);
};
const Signal kSignals[] = {
    {"constant", 0.9, [](std::mt19937_64&, std::uint64_t, std::uint64_t) { return word_of(12.5); }},
    {"counter", 0.9, [](std::mt19937_64&, std::uint64_t row, std::uint64_t) { return 1'000'000 + row; }},
    {"walk", 1.7,
     [](std::mt19937_64& random, std::uint64_t, std::uint64_t before) {
         return word_of(std::round(double_of(before) * 100 + static_cast<double>(random() % 11) - 5) / 100);
     }},
    {"noise", 8.9,
     [](std::mt19937_64& random, std::uint64_t, std::uint64_t) {
         return word_of(std::uniform_real_distribution<double>(-1, 1)(random));
     }},
    {"bool", 1.1, [](std::mt19937_64& random, std::uint64_t, std::uint64_t) { return std::uint64_t{random() % 2}; }},
    {"converter", 2.6,
     [](std::mt19937_64& random, std::uint64_t, std::uint64_t) {
         return word_of(1 + static_cast<double>(random() % 4'000) * (6.0 / 27'648));
     }},
};

class ValuesRecordSize : public testing::TestWithParam<Signal> {};

TEST_P(ValuesRecordSize, ABusyTagTakesFewBytesAValue) {
    std::mt19937_64 random(3);
    OwnedColumns columns;
    constexpr std::size_t kTags = 20, kRows = 250;
    std::vector<std::uint64_t> last(kTags, word_of(20.0));
    ValuesEncoder encoder(kTags);
    for (tags::TagId id = 0; id < kTags; ++id) encoder.set_scale(id, 6.0 / 27'648, 1);
    for (std::size_t row = 0; row < kRows; ++row) {
        for (tags::TagId id = 0; id < kTags; ++id) {
            last[id] = GetParam().word(random, row, last[id]);
            const auto jitter = static_cast<std::int64_t>(random() % 5) - 2;
            const auto quality = random() % 100 == 0 ? QualityCode::uncertain : QualityCode::good;
            columns.add(id, {kStart + (static_cast<std::int64_t>(row) * 10 + jitter) * kMs, quality, {}, last[id], {}});
        }
    }
    const auto bytes = static_cast<double>(encoder.encode(columns.view()).size()) / (kTags * kRows);
    EXPECT_LE(bytes, GetParam().most_bytes);
    RecordProperty("bytes_per_value", std::to_string(bytes));
}
INSTANTIATE_TEST_SUITE_P(Signals, ValuesRecordSize, testing::ValuesIn(kSignals),
                         [](const auto& info) { return info.param.name; });

TEST(ValuesRecord, ManyTagsWithOneSampleEachTakeAtMostTenBytesAValue) {
    std::mt19937_64 random(4);
    OwnedColumns columns;
    for (tags::TagId id = 0; id < 10'000; ++id) {
        const auto word = id % 3 == 0 ? random() % 2 : word_of(static_cast<double>(random() % 27'648) * (6.0 / 27'648));
        columns.add(id * 3, {kStart + static_cast<std::int64_t>(random() % 50) * kMs, {}, {}, word, {}});
    }
    ValuesEncoder encoder(30'000);
    EXPECT_LE(static_cast<double>(encoder.encode(columns.view()).size()) / 10'000, 9.0);
}

TEST(ValuesRecord, TheLargestFitsIntoAJournalRecord) {
    std::mt19937_64 random(5);
    OwnedColumns columns;
    columns.blob.assign(kMaxRecordBlobBytes, 'x');
    // Nothing that could be packed: noise in all columns, runs just long enough for a block of their own.
    for (std::uint32_t row = 0; row < kMaxRecordRows; ++row) {
        columns.tag.push_back(row / 25 * 300);
        columns.time.push_back(static_cast<std::int64_t>(random()));
        columns.status.push_back(static_cast<StatusWord>(random() << 16U));
        columns.word.push_back(random());
    }
    ValuesEncoder encoder(kMaxRecordRows / 25 * 300 + 1);
    const auto record = encoder.encode({columns.tag, columns.time, columns.status, columns.word, columns.blob, {}});
    EXPECT_LE(record.size(), journal::kMaxRecordBytes);
    DecodedValues values;
    ASSERT_TRUE(decode_values(record, values));
    EXPECT_EQ(values.samples().word[77], columns.word[77]);
}

TEST(ValuesRecord, EveryCutAndManyDamagesAreRefusedOrHarmless) {
    std::mt19937_64 random(6);
    auto encoder = encoder_for_random();
    DecodedValues values;
    for (int i = 0; i < 20; ++i) {
        auto columns = random_columns(random);
        const auto record = copy(encoder.encode(columns.view()));
        for (std::size_t cut = 0; cut < std::min<std::size_t>(record.size(), 3'000); ++cut) {
            const std::vector shorter(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(cut));
            ASSERT_FALSE(decode_values(shorter, values)) << cut;
            ASSERT_EQ(values.size(), 0U);
            ASSERT_TRUE(values.runs().empty());
        }
        for (int damage = 0; damage < 500; ++damage) {
            auto damaged = record;
            damaged[random() % damaged.size()] ^= static_cast<std::byte>(1U << random() % 8);
            (void)decode_values(damaged, values);
            (void)find_values(damaged, std::vector<tags::TagId>{3, 10, 17}, values);
        }
    }
}

TEST(ValuesRecord, AWordThatPointsOutsideOfTheBlobIsRefused) {
    OwnedColumns columns;
    columns.add(1, {kStart, {}, {}, 0, "pump"}, true);
    columns.word[0] = 2ULL << 32U | 3;
    ValuesEncoder encoder(2);
    encoder.set_blob(1);
    DecodedValues values;
    const auto read = decode_values(copy(encoder.encode(columns.view())), values);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), ErrorCode::protocol);
    EXPECT_THAT(read.error().sentence(), testing::HasSubstr("block 0"));
}

TEST(ValuesRecord, ARecordOfAnotherVersionIsRefusedInWords) {
    OwnedColumns columns;
    columns.add(1, {kStart, {}, {}, 5, {}});
    ValuesEncoder encoder(2);
    auto record = copy(encoder.encode(columns.view()));
    record[0] = std::byte{2};
    DecodedValues values;
    const auto read = decode_values(record, values);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().sentence(), "its format is version 2, and this program reads version 1");
}

}  // namespace
}  // namespace penstock::history
