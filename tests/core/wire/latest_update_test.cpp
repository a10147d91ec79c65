#include "core/wire/latest_update.hpp"

#include <gtest/gtest.h>

#include "core/wire/codec.hpp"
#include "tests/core/wire/random_message.hpp"

namespace penstock::wire {
namespace {

using testing::identical;
using testing::RandomMessage;

LatestUpdate random_update(std::uint64_t seed) {
    RandomMessage random(seed);
    LatestUpdate update;
    const auto rows = random.below(200);
    for (std::size_t row = 0; row < rows; ++row) {
        random.fill(update.index.emplace_back());
        update.value.push_back(random.value());
        random.fill(update.quality.emplace_back());
        random.fill(update.time.emplace_back());
        random.fill(update.cause.emplace_back());
    }
    return update;
}

TEST(Update, SurvivesTheWireToTheBit) {
    LatestUpdate received;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const auto sent = random_update(seed);
        Buffer bytes;
        encode_update(sent, bytes);
        const auto result = decode_update(bytes, received);
        ASSERT_TRUE(result) << result.error().text();
        ASSERT_TRUE(identical(sent, received)) << "seed " << seed;
    }
}

TEST(Update, TakesTwelveBytesForATypicalDouble) {
    LatestUpdate update;
    for (std::uint32_t row = 0; row < 1000; ++row) {
        update.index.push_back(row);
        update.value.emplace_back(0.1 * row);
        update.quality.push_back(QualityCode::good);
        update.time.push_back(1'700'000'000'000'000'000);
        update.cause.emplace_back();
    }
    Buffer bytes;
    encode_update(update, bytes);
    EXPECT_LE(bytes.size(), 12'100U);
}

TEST(Update, CarriesACauseOnceForAllItsRows) {
    LatestUpdate update;
    const std::string cause(500, 'c');
    for (std::uint32_t row = 0; row < 1000; ++row) {
        update.index.push_back(row);
        update.value.emplace_back();
        update.quality.push_back(QualityCode::bad_timeout);
        update.time.push_back(0);
        update.cause.push_back(cause);
    }
    Buffer bytes;
    encode_update(update, bytes);
    EXPECT_LE(bytes.size(), 8'000U);
    LatestUpdate received;
    ASSERT_TRUE(decode_update(bytes, received));
    EXPECT_EQ(received.cause.back(), cause);
}

TEST(Update, CutsLongCausesBetweenCharacters) {
    LatestUpdate update{{0}, {Value(1)}, {QualityCode::bad}, {0}, {std::string(999, 'a') + "é"}};
    Buffer bytes;
    encode_update(update, bytes);
    LatestUpdate received;
    ASSERT_TRUE(decode_update(bytes, received));
    EXPECT_EQ(received.cause.front(), std::string(999, 'a'));
}

TEST(Update, OfWhichFewBytesWouldBecomeManyIsRefused) {
    Buffer bytes;
    Writer writer(bytes);
    constexpr std::size_t rows = 20'000;
    writer.varint(rows);
    for (std::size_t i = 0; i < 4 * rows; ++i) writer.byte(0);
    writer.varint(1);
    writer.text(std::string(1000, 'x'));
    for (std::size_t i = 0; i < rows; ++i) writer.varint(1);
    LatestUpdate received;
    const auto result = decode_update(bytes, received);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().sentence().find("more than 8 MiB"), std::string::npos);
}

TEST(Update, CutOrChangedNeverThrows) {
    std::mt19937_64 random(3);
    LatestUpdate received;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Buffer bytes;
        encode_update(random_update(seed), bytes);
        for (std::size_t size = 0; size < bytes.size(); size += 1 + random() % 50)
            (void)decode_update(Bytes(bytes).first(size), received);
        for (int i = 0; i < 20 && !bytes.empty(); ++i) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
            (void)decode_update(bytes, received);
            EXPECT_EQ(received.index.size(), received.time.size());
        }
    }
}

}  // namespace
}  // namespace penstock::wire
