#include "core/wire/codec.hpp"

#include <gtest/gtest.h>

#include "core/wire/messages.hpp"
#include "tests/core/wire/random_message.hpp"

namespace penstock::wire {
namespace {

using testing::identical;
using testing::RandomMessage;

template <class Message>
class EveryMessage : public ::testing::Test {};

using Messages =
    ::testing::Types<HelloRequest, HelloReply, BrowseRequest, BrowseReply, ReadRequest, ReadReply, WriteTagsRequest, WriteReply,
                     ExplainRequest, ExplainReply, StatusRequest, StatusReply, DefinitionRequest, DefinitionReply,
                     SubscribeRequest, SubscribeReply, UnsubscribeRequest, UnsubscribeReply, HistoryRequest, HistoryReply,
                     TrendRequest, TrendReply, SubscribeSeriesRequest, SubscribeSeriesReply, EventsRequest, EventsReply,
                     JournalRequest, JournalReply, BackupRequest, BackupReply, AlarmsRequest, AlarmsReply, AlarmActionRequest,
                     AlarmActionReply, SubscribeEventsRequest, SubscribeEventsReply, ExplainAlarmRequest, ExplainAlarmReply,
                     AlarmFiguresRequest, AlarmFiguresReply, LatestUpdate, SeriesUpdate, EventsUpdate>;
TYPED_TEST_SUITE(EveryMessage, Messages);

TYPED_TEST(EveryMessage, SurvivesTheWireToTheBit) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        TypeParam sent;
        RandomMessage(seed).fill(sent);
        Buffer bytes;
        encode(sent, bytes);
        const auto received = decode<TypeParam>(bytes);
        ASSERT_TRUE(received) << "seed " << seed << ": " << received.error().text();
        ASSERT_TRUE(identical(sent, *received)) << "seed " << seed;
    }
}

TYPED_TEST(EveryMessage, CutAnywhereIsAnErrorOrAShorterMessage) {
    TypeParam sent;
    RandomMessage(7).fill(sent);
    Buffer bytes;
    encode(sent, bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto received = decode<TypeParam>(Bytes(bytes).first(size));
        if (!received) EXPECT_EQ(received.error().code(), ErrorCode::protocol);
    }
}

TYPED_TEST(EveryMessage, WithChangedBytesNeverThrowsNorOverreaches) {
    std::mt19937_64 random(11);
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        TypeParam sent;
        RandomMessage(seed).fill(sent);
        Buffer bytes;
        encode(sent, bytes);
        for (int i = 0; i < 10 && !bytes.empty(); ++i) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
            const auto received = decode<TypeParam>(bytes);
            if (!received) EXPECT_FALSE(received.error().sentence().empty());
        }
    }
}

// Every alternative of AnyRequest must be in the list above: the variants count them.
TEST(Messages, AreAllTested) { EXPECT_EQ(2 * std::variant_size_v<AnyRequest> + std::variant_size_v<AnyUpdate>, 43U); }

TEST(Messages, AreFoundByTheirOperation) {
    Buffer bytes;
    const AnyRequest request(ReadRequest{{"plc1.h5"}});
    encode_request(request, bytes);
    EXPECT_EQ(operation_of(request), OperationId::read);
    EXPECT_EQ(name_of(OperationId::read), "read");
    const auto received = decode_request(OperationId::read, bytes);
    ASSERT_TRUE(received);
    EXPECT_EQ(std::get<ReadRequest>(*received).tags, std::vector<std::string>{"plc1.h5"});
}

TEST(Messages, OfAnUnknownOperationAreUnsupported) {
    const auto received = decode_request(static_cast<OperationId>(999), {});
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().code(), ErrorCode::unsupported);
    EXPECT_EQ(received.error().sentence(), "operation number 999 is unknown");
}

struct Inner1 {
    std::string a;
    static constexpr auto fields() { return std::tuple(field("a", &Inner1::a)); }
};
struct Inner2 {
    std::string a;
    std::vector<double> added;
    static constexpr auto fields() { return std::tuple(field("a", &Inner2::a), field("added", &Inner2::added)); }
};
template <class Inner>
struct Outer {
    Inner inner;
    std::optional<std::uint32_t> number;
    static constexpr auto fields() { return std::tuple(field("inner", &Outer::inner), field("number", &Outer::number)); }
};

TEST(Evolution, AReaderThatKnowsFewerFieldsSkipsTheRest) {
    Buffer bytes;
    encode(Outer<Inner2>{{"x", {1, 2, 3}}, 4}, bytes);
    const auto received = decode<Outer<Inner1>>(bytes);
    ASSERT_TRUE(received);
    EXPECT_EQ(received->inner.a, "x");
    EXPECT_EQ(received->number, 4U);
}

TEST(Evolution, AReaderThatKnowsMoreFieldsGetsDefaults) {
    Buffer bytes;
    encode(Outer<Inner1>{{"x"}, 4}, bytes);
    const auto received = decode<Outer<Inner2>>(bytes);
    ASSERT_TRUE(received);
    EXPECT_TRUE(received->inner.added.empty());
    EXPECT_EQ(received->number, 4U);
}

TEST(Columns, OfNumbersTravelAsTheyLieInMemory) {
    SeriesUpdate sent;
    sent.rows.time = {1, -2};
    sent.rows.status = {3, 4};
    sent.rows.word = {0x0807'0605'0403'0201U};
    Buffer bytes;
    encode(sent.rows, bytes);
    EXPECT_EQ(bytes.size(), 1U + (1 + 16) + (1 + 8) + (1 + 8) + 1 + 1);
    EXPECT_EQ(bytes[1 + 17 + 9 + 1], std::byte{1});  // the first byte of the word
    EXPECT_EQ(bytes[1 + 17 + 9 + 8], std::byte{8});
}

TEST(Columns, AreNotCountedAmongTheElementsOfAMessage) {
    SampleColumns sent;
    sent.time.resize(kMaxElements);
    sent.status.resize(kMaxElements);
    sent.word.resize(kMaxElements);
    Buffer bytes;
    encode(sent, bytes);
    const auto received = decode<SampleColumns>(bytes);
    ASSERT_TRUE(received) << received.error().text();
    EXPECT_EQ(received->size(), kMaxElements);
}

Buffer bytes_of(std::initializer_list<int> numbers) {
    Buffer bytes;
    for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
    return bytes;
}

TEST(Decoder, NamesByteFieldAndWhatItFound) {
    const auto received = decode<ReadRequest>(bytes_of({1, 200, 1, 'x'}));
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().text(), "byte 3, field \"tags\": a text of 200 bytes is announced, 1 remain");
}

TEST(Decoder, BelievesNoCountThatTheBytesDoNotBack) {
    const auto received = decode<ReadRequest>(bytes_of({0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0}));
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().text(), "byte 5, field \"tags\": a list of 4294967295 elements is announced, 2 bytes remain");
}

TEST(Decoder, BelievesNoColumnThatTheBytesDoNotBack) {
    const auto received = decode<SampleColumns>(bytes_of({4, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().text(), "byte 2, field \"time\": a column of 2 numbers is announced, 9 bytes remain");
}

TEST(Decoder, CountsTheElementsOfAMessage) {
    Buffer bytes;
    Writer(bytes).varint(kMaxElements + 1);
    bytes.resize(bytes.size() + kMaxElements + 1);  // as many empty texts
    const auto received = decode<ReadRequest>(bytes);
    ASSERT_FALSE(received);
    EXPECT_NE(received.error().sentence().find("more than 131072 list elements"), std::string::npos);
}

TEST(Decoder, RefusesNumbersBeyondTheirField) {
    Buffer bytes;
    Writer writer(bytes);
    writer.text("*");
    writer.text("");
    writer.varint(std::uint64_t{1} << 32U);
    const auto received = decode<BrowseRequest>(bytes);
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().sentence(), "byte 8, field \"limit\": a number is 4294967296, wanted at most 4294967295");
}

TEST(Decoder, RefusesOverlongNumbers) {
    EXPECT_FALSE(decode<UnsubscribeRequest>(Buffer(11, std::byte{0x80})));
    EXPECT_FALSE(decode<UnsubscribeRequest>(bytes_of({255, 255, 255, 255, 255, 255, 255, 255, 255, 2})));
}

TEST(Decoder, RefusesValuesBeyondTheirLimit) {
    Buffer bytes;
    Writer writer(bytes);
    writer.varint(1);
    const auto begun = writer.begin_block();
    writer.text("tag");
    put_value(writer, Value(std::vector<std::uint64_t>(kMaxValueBytes / 8 + 1)));
    writer.end_block(begun);
    const auto received = decode<WriteTagsRequest>(bytes);
    ASSERT_FALSE(received);
    EXPECT_NE(received.error().sentence().find("more than 65536 bytes"), std::string::npos);
}

TEST(Decoder, RefusesAnUnknownValueType) {
    Reader reader{Bytes()};
    const auto bytes = bytes_of({1, 5, 1, 't', 77, 0, 0});
    const auto received = decode<WriteTagsRequest>(bytes);
    ASSERT_FALSE(received);
    EXPECT_NE(received.error().sentence().find("value type 77 is unknown"), std::string::npos);
}

}  // namespace
}  // namespace penstock::wire
