#include "apps/plantsim/request.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace penstock::plantsim {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint16_t>;

// A Modbus TCP frame around `pdu`.
Bytes frame(std::initializer_list<std::uint8_t> pdu) {
    Bytes bytes{0, 1, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), 1};
    bytes.insert(bytes.end(), pdu);
    return bytes;
}

std::optional<WriteRequest> read(const Bytes& bytes) {
    return write_request(bytes, [](int) { return std::uint16_t{0b1010}; });
}

TEST(FrameLength, IsKnownWithTheHeader) {
    const Bytes whole = frame({3, 0, 0, 0, 1});
    EXPECT_EQ(frame_length(std::span(whole).first(6)), std::nullopt);
    EXPECT_EQ(frame_length(whole), whole.size());
}

TEST(FrameLength, IsZeroForWhatIsNoModbus) {
    EXPECT_EQ(frame_length(Bytes{'G', 'E', 'T', ' ', '/', ' ', 'H'}), 0U);
    EXPECT_EQ(frame_length(Bytes{0, 1, 0, 0, 0, 1, 1}), 0U) << "shorter than unit and function";
    EXPECT_EQ(frame_length(Bytes{0, 1, 0, 0, 0, 255, 1}), 0U) << "longer than Modbus allows";
}

TEST(WriteRequest, IsFoundInEachWritingFunction) {
    EXPECT_EQ(read(frame({5, 0, 4, 0xFF, 0}))->words, Words{1});
    EXPECT_EQ(read(frame({6, 0, 7, 1, 2}))->words, Words{0x0102});
    EXPECT_EQ(read(frame({15, 0, 4, 0, 3, 1, 0b101}))->words, (Words{1, 0, 1}));
    EXPECT_EQ(read(frame({16, 0, 2, 0, 2, 4, 1, 2, 3, 4}))->words, (Words{0x0102, 0x0304}));
    EXPECT_EQ(read(frame({22, 0, 20, 0, 0b0010, 0, 0b0100}))->words, Words{0b0110});
    const auto both = read(frame({23, 0, 0, 0, 1, 0, 9, 0, 1, 2, 1, 2}));
    EXPECT_EQ(both->address, 9);
    EXPECT_EQ(both->words, Words{0x0102});
}

TEST(WriteRequest, IsNotFoundInReads) {
    EXPECT_FALSE(read(frame({3, 0, 0, 0, 1})));
    EXPECT_FALSE(read(frame({1, 0, 0, 0, 1})));
    EXPECT_FALSE(read(Bytes{0, 1, 0, 0, 0, 2, 1}));
}

TEST(WriteRequest, IsNotFoundWhereCountAndBytesDisagree) {
    EXPECT_FALSE(read(frame({16, 0, 2, 0, 2, 2, 1, 2})));
    EXPECT_FALSE(read(frame({16, 0, 2, 0, 1, 2, 1})));
    EXPECT_FALSE(read(frame({16, 0, 2, 0, 0, 0})));
    EXPECT_FALSE(read(frame({15, 0, 2, 0, 9, 1, 0})));
    EXPECT_FALSE(read(frame({6, 0, 2})));
}

}  // namespace
}  // namespace penstock::plantsim
