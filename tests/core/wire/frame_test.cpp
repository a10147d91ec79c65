#include "core/wire/frame.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace penstock::wire {
namespace {

Buffer frame_of(FrameHeader header, std::string_view body) {
    const HeaderBytes head(header);
    Buffer frame(head.bytes().begin(), head.bytes().end());
    for (const char c : body) frame.push_back(static_cast<std::byte>(c));
    return frame;
}

std::string text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

TEST(Frame, HeaderSurvivesWithTheLargestNumbers) {
    const FrameHeader header{FrameKind::reply, true, std::numeric_limits<std::uint64_t>::max(),
                             static_cast<OperationId>(0xFFFF)};
    const auto bytes = frame_of(header, "body");
    const auto frame = parse_frame(bytes);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->header, header);
    EXPECT_EQ(text_of(frame->body), "body");
}

TEST(Frame, OfAnotherFormatKindOrFlagIsRefusedInASentence) {
    auto bytes = frame_of({}, "");
    bytes[0] = std::byte{2};
    EXPECT_EQ(parse_frame(bytes).error().text(), "byte 1, field \"format\": frame format 2 is unknown, wanted 1");
    bytes = frame_of({}, "");
    bytes[1] = std::byte{99};
    EXPECT_EQ(parse_frame(bytes).error().text(), "byte 2, field \"kind\": frame kind 99 is unknown");
    bytes = frame_of({}, "");
    bytes[2] = std::byte{4};
    EXPECT_EQ(parse_frame(bytes).error().text(), "byte 3, field \"flags\": frame flags 4 are unknown");
    EXPECT_FALSE(parse_frame({}));
}

TEST(Assembler, PutsAMessageTogether) {
    MessageAssembler assembler;
    FrameHeader header{FrameKind::reply, true, 7, OperationId::browse};
    const auto first = frame_of(header, "one ");
    header.more = false;
    const auto last = frame_of(header, "message");
    const auto none = assembler.add(first);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_value());
    const auto whole = assembler.add(last);
    ASSERT_TRUE(whole && whole->has_value());
    EXPECT_EQ(text_of((*whole)->body), "one message");
    EXPECT_EQ((*whole)->header, header);
}

TEST(Assembler, KeepsNoCopyOfAMessageInOneFrame) {
    MessageAssembler assembler;
    const auto bytes = frame_of({}, "whole");
    const auto whole = assembler.add(bytes);
    ASSERT_TRUE(whole && whole->has_value());
    EXPECT_EQ((*whole)->body.data() + (*whole)->body.size(), bytes.data() + bytes.size());
}

TEST(Assembler, RefusesAMessageBeyondItsLimit) {
    MessageAssembler assembler(10);
    FrameHeader header{FrameKind::request, true, 1, OperationId::read};
    EXPECT_TRUE(assembler.add(frame_of(header, "123456")));
    const auto refused = assembler.add(frame_of(header, "123456"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sentence(), "a message of more than 10 bytes");
}

TEST(Assembler, RefusesAMessageWithinAnother) {
    MessageAssembler assembler;
    EXPECT_TRUE(assembler.add(frame_of({FrameKind::request, true, 1, OperationId::read}, "a")));
    EXPECT_FALSE(assembler.add(frame_of({FrameKind::request, false, 2, OperationId::read}, "b")));
}

TEST(Assembler, RefusesEmptyFramesThatAnnounceMore) {
    MessageAssembler assembler;
    EXPECT_FALSE(assembler.add(frame_of({FrameKind::request, true, 1, OperationId::read}, "")));
}

TEST(Assembler, RefusesAFrameBeyondOneMebibyte) {
    MessageAssembler assembler;
    EXPECT_FALSE(assembler.add(Buffer(kMaxFrameBytes + 1)));
}

TEST(ErrorBody, KeepsEverythingOfAnError) {
    Buffer bytes;
    encode_error(Error(ErrorCode::unknown_outcome, "the link broke", "plc1", true), bytes);
    const auto error = decode_error(bytes);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), ErrorCode::unknown_outcome);
    EXPECT_EQ(error->text(), "plc1: the link broke");
    EXPECT_TRUE(error->retryable());
}

}  // namespace
}  // namespace penstock::wire
