// The codec gives back what it was given, bit for bit, and refuses what it did not make.

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codec/chunk.hpp"
#include "tests/plugins/historians/sqlite/model.hpp"

namespace penstock::sqlite {
namespace {

using testing::Collector;
using testing::OwnedColumns;
using testing::RandomSignal;
using testing::Row;

constexpr std::array kTypes = {ValueType::float64, ValueType::int64, ValueType::uint64, ValueType::boolean, ValueType::string};

struct Encoded {
    std::string bytes;
    std::vector<Row> rows;
};

Encoded encode(const std::vector<Row>& rows, ValueType type, const Scale& hint = {}) {
    OwnedColumns columns;
    for (const auto& row : rows) columns.add(row, type);
    Encoded encoded;
    encode_chunk({7, 3}, columns.view(), {type, hint}, encoded.bytes);
    auto buffer = std::make_unique<RowBuffer>();
    ChunkKey key;
    EXPECT_TRUE(decode_chunk(encoded.bytes, key, *buffer));
    EXPECT_EQ(key, (ChunkKey{7, 3}));
    Collector collector(type);
    collector.take(buffer->view());
    encoded.rows = collector.rows;
    return encoded;
}

std::vector<Row> doubles(const std::vector<double>& values) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < values.size(); ++i)
        rows.push_back({.time = static_cast<std::int64_t>(i) * 1'000'000, .word = word_of(values[i])});
    return rows;
}

TEST(Codec, GivesBackRandomSeriesOfEveryTypeBitForBit) {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        std::mt19937_64 random(seed);
        const auto type = kTypes[seed % kTypes.size()];
        RandomSignal signal(seed, type);
        const std::size_t size = seed % 3 == 0 ? 1 + random() % 12 : 1 + random() % kMostRows;
        std::vector<Row> rows;
        for (std::size_t i = 0; i < size; ++i) rows.push_back(signal.next());
        const auto hint = seed % 2 == 0 ? Scale{6.0 / 27'648, -0.5} : Scale{};
        ASSERT_EQ(testing::difference(encode(rows, type, hint).rows, rows), "") << "seed " << seed;
    }
}

TEST(Codec, GivesBackTimesAtTheEndsOfTheRange) {
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const std::vector<Row> rows = {{.time = most, .word = 1},
                                   {.time = least, .word = 2},
                                   {.time = 0, .word = 3},
                                   {.time = most, .word = 4},
                                   {.time = most, .word = 5}};
    EXPECT_EQ(encode(rows, ValueType::uint64).rows, rows);
    const std::vector<Row> two = {{.time = least, .word = 1}, {.time = most, .word = 2}};
    EXPECT_EQ(encode(two, ValueType::uint64).rows, two);
}

TEST(Codec, GivesBackIntegersBeyondWhatADoubleHolds) {
    std::vector<Row> rows;
    for (std::int64_t i = 0; i < 500; ++i)
        rows.push_back({.time = i, .word = (std::uint64_t{1} << 53U) + static_cast<std::uint64_t>(i * i * i)});
    rows.push_back({.time = 501, .word = std::numeric_limits<std::uint64_t>::max()});
    rows.push_back({.time = 502, .word = 0});
    rows.push_back({.time = 503, .word = std::uint64_t{1} << 63U});
    EXPECT_EQ(encode(rows, ValueType::int64).rows, rows);
}

TEST(Codec, KeepsTheSignOfZeroAndThePayloadOfNaN) {
    const auto payload = std::bit_cast<double>(std::uint64_t{0x7FF8'0000'0000'1234});
    std::vector<double> values(400, 12.25);
    values[17] = -0.0;
    values[18] = 0.0;
    values[200] = payload;
    values[399] = -std::numeric_limits<double>::infinity();
    const auto encoded = encode(doubles(values), ValueType::float64);
    EXPECT_EQ(encoded.rows, doubles(values));
    EXPECT_LT(encoded.bytes.size(), 150) << "four strangers spoil the other 396";
}

TEST(Codec, PutsAConverterStepIntoFewBitsWithTheSeriesHint) {
    std::mt19937 random(1);
    std::vector<double> values;
    for (int i = 0; i < 1024; ++i) values.push_back((13'000 + static_cast<double>(random() % 16)) * (6.0 / 27'648) + 0.25);
    const auto without = encode(doubles(values), ValueType::float64).bytes.size();
    const auto with = encode(doubles(values), ValueType::float64, {6.0 / 27'648, 0.25}).bytes.size();
    EXPECT_LT(with, 1024 * 4 / 8 + 100);
    EXPECT_GT(without, 4 * with);
}

TEST(Codec, PutsRegularTimesAndAConstantIntoAFewBytes) {
    EXPECT_LT(encode(doubles(std::vector<double>(1024, 3.7)), ValueType::float64).bytes.size(), 50);
}

TEST(Codec, ForgetsWhatABadRowHasAsWord) {
    const std::vector<Row> rows = {
        {.time = 1, .quality = status_word(QualityCode::bad_timeout), .cause = "no answer", .word = 99}};
    EXPECT_EQ(encode(rows, ValueType::float64).rows[0].word, 0);
}

TEST(Codec, RefusesEveryFlippedBitAndEveryCut) {
    RandomSignal signal(11, ValueType::float64);
    std::vector<Row> rows;
    for (int i = 0; i < 300; ++i) rows.push_back(signal.next());
    const auto bytes = encode(rows, ValueType::float64).bytes;
    auto buffer = std::make_unique<RowBuffer>();
    ChunkKey key;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto damaged = bytes;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        ASSERT_FALSE(decode_chunk(damaged, key, *buffer)) << "bit " << bit;
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        ASSERT_FALSE(decode_chunk(std::string_view(bytes).substr(0, size), key, *buffer)) << "cut to " << size;
}

// The checksum keeps accidents out; whoever writes a file on purpose can make it fit. The decoder must survive that too.
TEST(Codec, SurvivesAnythingWhoseChecksumFits) {
    auto buffer = std::make_unique<RowBuffer>();
    ChunkKey key;
    std::mt19937_64 random(5);
    for (std::uint64_t round = 0; round < 20'000; ++round) {
        const auto type = kTypes[round % kTypes.size()];
        RandomSignal signal(round % 50, type);
        std::vector<Row> rows;
        for (std::uint64_t i = 0; i <= round % 40; ++i) rows.push_back(signal.next());
        OwnedColumns columns;
        for (const auto& row : rows) columns.add(row, type);
        std::string bytes;
        encode_chunk({1, 1}, columns.view(), {type, {}}, bytes);
        for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
        if (!decode_chunk(bytes, key, *buffer, Verify::nothing)) continue;
        const auto view = buffer->view();
        for (std::size_t i = 0; i < view.size(); ++i) {
            ASSERT_LE(status_cause(view.status[i]), view.causes.size());
            if (!view.blob.empty()) static_cast<void>(view.blob_at(i));
        }
    }
}

}  // namespace
}  // namespace penstock::sqlite
