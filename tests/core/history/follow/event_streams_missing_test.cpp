// What cannot be given any more is said in its place.
#include <filesystem>
#include <fstream>

#include "tests/core/history/follow/event_streams_fixture.hpp"

namespace penstock::history {
namespace {

TEST_F(EventStreamsTest, RecordsThatAreNoEventsArePassedOver) {
    const std::string word = "0123456789abcdef";
    ASSERT_TRUE(lane->append(journal::RecordType::memory_value, journal::bytes_of(word), journal::time_of(0)));
    const auto event = add(event_of(EventKind::comment, "works"));
    ASSERT_TRUE(lane->append(journal::RecordType::memory_value, journal::bytes_of(word), journal::time_of(2)));
    commit();
    Follower follower(*streams, from(0));
    follower.follow_to(2);
    EXPECT_EQ(follower.seen, (Positions{event}));
    EXPECT_TRUE(follower.missing.empty());
}

TEST_F(EventStreamsTest, APositionThatIsNotThereYetIsTakenBackAndSaid) {
    add_some(3);
    Follower follower(*streams, from(4711));
    const auto update = follower.next();
    EXPECT_NE(update.missing.find("were put back: they go on with position 3"), std::string::npos) << update.missing;
    EXPECT_EQ(update.next, 3U);
    add_some(1);
    follower.follow_to(4);
    EXPECT_EQ(follower.seen, range(3, 4));
}

TEST_F(EventStreamsTest, WhatWasTrimmedIsSaidBeforeWhatFollows) {
    add_some(3'000);  // several segments
    ASSERT_TRUE(lane->trim(2'000));
    const auto first = lane->first();
    ASSERT_GT(first, 0U);
    Follower follower(*streams, from(0));
    follower.follow_to(3'000);
    EXPECT_EQ(follower.seen, range(first, 3'000));
    ASSERT_EQ(follower.missing.size(), 1U);
    EXPECT_NE(follower.missing[0].find("events 0 to " + std::to_string(first - 1) + " cannot be read: removed"),
              std::string::npos)
        << follower.missing[0];
}

TEST_F(EventStreamsTest, ADamagedRecordIsSaidInItsPlaceToAll) {
    add_some(20);
    auto marked = event_of(EventKind::comment, "works", "damaged.here");
    const auto damaged = add(marked);
    add_some(20);
    streams.reset();
    ASSERT_TRUE(lane->seal());
    lane.reset();
    std::filesystem::path segment;
    for (const auto& entry : std::filesystem::directory_iterator(options().folder))
        if (entry.path().extension() == ".seg" && (segment.empty() || entry.path() < segment)) segment = entry.path();
    std::fstream file(segment, std::ios::binary | std::ios::in | std::ios::out);
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto place = bytes.find("damaged.here");
    ASSERT_NE(place, std::string::npos);
    file.clear();
    file.seekp(static_cast<std::streamoff>(place));
    file.put('X');
    file.close();
    open();

    Follower one(*streams, from(0)), other(*streams, from(5));
    for (auto* const each : {&one, &other}) {
        const auto before = each->next();
        EXPECT_TRUE(before.missing.empty());
        ASSERT_FALSE(before.events.empty());
        EXPECT_EQ(before.events.back().position, damaged - 1) << "what is missing is told before what follows it";
        EXPECT_EQ(before.next, damaged);
        const auto after = each->next();
        EXPECT_NE(after.missing.find("events 20 to 20 cannot be read"), std::string::npos) << after.missing;
        ASSERT_FALSE(after.events.empty());
        EXPECT_EQ(after.events.front().position, damaged + 1);
    }
}

TEST_F(EventStreamsTest, ARecordThatIsNoEventThoughItSaysSoIsMissing) {
    ASSERT_TRUE(lane->append(journal::RecordType::event, journal::bytes_of(std::string(64, char(0xFF))), journal::time_of(0)));
    add_some(1);
    Follower follower(*streams, from(0));
    follower.follow_to(2);
    ASSERT_EQ(follower.missing.size(), 1U);
    EXPECT_NE(follower.missing[0].find("event 0 makes no sense"), std::string::npos) << follower.missing[0];
    EXPECT_EQ(follower.seen, range(1, 2));
}

}  // namespace
}  // namespace penstock::history
