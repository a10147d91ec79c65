#include "core/history/event_index.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file_system.hpp"
#include "core/history/indexing/event_filter.hpp"
#include "core/history/indexing/event_store.hpp"
#include "core/journal/event_record.hpp"
#include "core/journal/lane.hpp"
#include "tests/core/journal/lane_fixture.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::history {
namespace {

using journal::Lane;
using journal::Position;

bool everywhere(std::string_view) { return true; }

// A lane of events and its index. Commits are the test's; without `commit` nothing is durable.
class Plant {
public:
    Plant() { open_lane(); }

    void open_lane() { lane = journal::open_lane(base::real_file_system(), journal::small_lane(folder.path() / "events")); }
    EventIndexOptions options() const { return {folder.path() / "events.index", "test-server", 1}; }
    void start() { index = EventIndex::start(*lane, options()); }

    Position add(Event event) {
        const auto position = lane->appended();
        const auto added = journal::append_event(*lane, event, journal::time_of(position));
        EXPECT_TRUE(added);
        return position;
    }
    void commit() { EXPECT_TRUE(lane->commit()); }

    Result<EventsReply> ask(EventsRequest request, EventIndex::Covers covers = everywhere) {
        std::promise<Result<EventsReply>> reply;
        auto future = reply.get_future();
        index->query(std::move(request), std::move(covers),
                     [&reply](Result<EventsReply> answer) { reply.set_value(std::move(answer)); });
        return future.get();
    }
    std::vector<Position> positions(const EventsRequest& request, EventIndex::Covers covers = everywhere) {
        std::vector<Position> found;
        const auto reply = ask(request, std::move(covers));
        EXPECT_TRUE(reply) << reply.error().text();
        if (reply)
            for (const auto& event : reply->events) found.push_back(event.position);
        return found;
    }
    // Stores all that is durable: a stop does.
    void stop() { index.reset(); }
    // How far the file reaches, read by itself.
    std::optional<Position> stored() const {
        const auto store = EventStore::open(options(), lane->appended());
        if (!store) return std::nullopt;
        return (*store)->position();
    }

    penstock::testing::TempFolder folder;
    std::unique_ptr<Lane> lane;
    std::unique_ptr<EventIndex> index;
};

Event write_of(std::string user, std::string object, std::string area = "works/intake") {
    Event event;
    event.kind = EventKind::write_asked;
    event.user = std::move(user);
    event.object = std::move(object);
    event.area = std::move(area);
    event.text = "write.asked";
    event.old_value = 1.5;
    event.new_value = 2.5;
    return event;
}

Event comment(std::string words) {
    Event event;
    event.kind = EventKind::comment;
    event.user = "anna";
    event.text = "comment";
    event.parameters = {std::move(words)};
    return event;
}

EventsRequest all() { return {}; }

TEST(EventIndex, AnswersNewestFirstWithAllThatWasWritten) {
    Plant plant;
    plant.start();
    plant.add(write_of("anna", "p1.speed"));
    plant.add(comment("night shift"));
    plant.commit();
    const auto reply = plant.ask(all());
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->events.size(), 2U);
    EXPECT_EQ(reply->events[0].sentence(), "anna: night shift");
    EXPECT_EQ(reply->events[0].time, journal::time_of(1).utc);
    EXPECT_EQ(reply->events[1].sentence(), "anna wants p1.speed to be 2.5; it was 1.5");
    EXPECT_EQ(reply->durable, 2U);
    EXPECT_EQ(reply->next, 0U);
}

TEST(EventIndex, WhatIsNotDurableIsNotShown) {
    Plant plant;
    plant.start();
    plant.add(comment("first"));
    plant.commit();
    plant.add(comment("second"));
    EXPECT_EQ(plant.positions(all()), (std::vector<Position>{0}));
}

TEST(EventIndex, AnEventIsThereAsSoonAsItIsDurableHoweverFarTheFileIs) {
    Plant plant;
    plant.start();
    for (Position i = 0; i < 200; ++i) {
        plant.add(comment("event " + std::to_string(i)));
        plant.commit();
        EventsRequest newest;
        newest.limit = 1;
        EXPECT_EQ(plant.positions(newest), (std::vector<Position>{i}));
    }
}

TEST(EventIndex, PagesJoinWithoutAHoleOrADouble) {
    Plant plant;
    for (int i = 0; i < 25; ++i) plant.add(comment(std::to_string(i)));
    plant.commit();
    plant.start();
    plant.stop();  // all in the file
    for (int i = 25; i < 40; ++i) plant.add(comment(std::to_string(i)));
    plant.commit();
    plant.start();
    EventsRequest request;
    request.limit = 7;
    std::vector<Position> found;
    do {
        const auto reply = plant.ask(request);
        ASSERT_TRUE(reply);
        EXPECT_LE(reply->events.size(), 7U);
        for (const auto& event : reply->events) found.push_back(event.position);
        request.before = reply->next;
    } while (request.before != 0);
    ASSERT_EQ(found.size(), 40U);
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], 39 - i);
}

TEST(EventIndex, FindsByTimeAreaKindUserObjectAndTextOfAnyCase) {
    Plant plant;
    const auto a = plant.add(write_of("anna", "p1.speed", "works/intake"));
    const auto b = plant.add(write_of("bert", "p2.speed", "works/intake/pumps"));
    const auto c = plant.add(write_of("anna", "p2.speed", "works/intake2"));
    const auto d = plant.add(comment("Überlauf am Sandfilter"));
    plant.commit();
    plant.start();
    const auto found = [&](auto change) {
        EventsRequest request;
        change(request);
        return plant.positions(request);
    };
    using P = std::vector<Position>;
    EXPECT_EQ(found([](auto& r) { r.area = "works/intake"; }), (P{b, a}));
    EXPECT_EQ(found([](auto& r) { r.user = "anna"; }), (P{d, c, a}));
    EXPECT_EQ(found([](auto& r) { r.object = "p2.speed"; }), (P{c, b}));
    EXPECT_EQ(found([](auto& r) { r.kinds = {EventKind::comment}; }), (P{d}));
    EXPECT_EQ(found([](auto& r) { r.text = "überlauf AM"; }), (P{d}));
    EXPECT_EQ(found([](auto& r) { r.text = "WANTS p2"; }), (P{c, b}));
    EXPECT_EQ(found([](auto& r) { r.text = "100%"; }), (P{}));
    EXPECT_EQ(found([&](auto& r) {
                  r.from = journal::time_of(b).utc;
                  r.to = journal::time_of(d).utc;
              }),
              (P{c, b}));
}

TEST(EventIndex, EventsOfAreasThatTheAskerDoesNotSeeDoNotExist) {
    Plant plant;
    for (int i = 0; i < 30; ++i) plant.add(write_of("anna", "x", i % 3 == 0 ? "works/intake" : "works/secret"));
    plant.commit();
    plant.start();
    EventsRequest request;
    request.limit = 4;
    const auto covers = [](std::string_view area) { return area == "works/intake"; };
    EXPECT_EQ(plant.positions(request, covers), (std::vector<Position>{27, 24, 21, 18}));
    plant.stop();
    plant.start();
    EXPECT_EQ(plant.positions(request, covers), (std::vector<Position>{27, 24, 21, 18}));
}

// The file's SQL and the filter over the tail are two programs for the same question.
TEST(EventIndex, FileAndTailAgreeOnRandomQuestions) {
    std::mt19937 random(4711);
    const auto pick = [&](const std::vector<std::string>& words) { return words[random() % words.size()]; };
    const std::vector<std::string> users{"anna", "bert", "", "Änne"}, objects{"p1", "p2", "p%", "p_", ""},
        areas{"", "works", "works/intake", "works/intake/pumps", "works/intake2", "works%"},
        texts{"", "wants", "P1", "äNNE", "'", "%", "2.5"};
    Plant indexed, tail;
    for (int i = 0; i < 300; ++i) {
        auto event = random() % 4 == 0 ? comment(pick(texts)) : write_of(pick(users), pick(objects), pick(areas));
        indexed.add(event);
        tail.add(event);
    }
    indexed.commit();
    indexed.start();
    indexed.stop();
    indexed.start();
    ASSERT_EQ(indexed.stored(), 300U);
    // A file that cannot be made leaves all to the tail.
    std::filesystem::create_directory(tail.options().file);
    tail.commit();
    tail.start();
    for (int i = 0; i < 500; ++i) {
        EventsRequest request;
        if (random() % 2 == 0) request.area = pick(areas);
        if (random() % 3 == 0) request.user = pick(users);
        if (random() % 3 == 0) request.object = pick(objects);
        if (random() % 2 == 0) request.text = pick(texts);
        if (random() % 4 == 0) request.kinds = {EventKind::comment, EventKind::device_state};
        if (random() % 3 == 0) request.from = journal::time_of(random() % 300).utc;
        if (random() % 3 == 0) request.to = journal::time_of(random() % 300).utc;
        if (random() % 3 == 0) request.before = random() % 300;
        request.limit = 1 + static_cast<std::uint32_t>(random() % 50);
        EXPECT_EQ(indexed.positions(request), tail.positions(request)) << i;
    }
    EXPECT_NE(tail.index->status().sentence.find("answers come from the journal"), std::string::npos);
}

TEST(EventIndex, AMissingFileIsMadeAnewFromTheLane) {
    Plant plant;
    for (int i = 0; i < 10; ++i) plant.add(comment("x"));
    plant.commit();
    plant.start();
    plant.stop();
    EXPECT_EQ(plant.stored(), 10U);
    EventStore::remove(plant.options().file);
    plant.start();
    EXPECT_EQ(plant.positions(all()).size(), 10U);
    plant.stop();
    EXPECT_EQ(plant.stored(), 10U);
}

TEST(EventIndex, AFileOfAnotherServerEpochOrFutureIsMadeAnew) {
    for (const int fault : {0, 1, 2}) {
        Plant plant;
        for (int i = 0; i < 10; ++i) plant.add(comment("right"));
        plant.commit();
        {
            Plant other;
            for (int i = 0; i < (fault == 2 ? 11 : 5); ++i) other.add(comment("wrong"));
            other.commit();
            auto options = plant.options();
            if (fault == 0) options.server_id = "another";
            if (fault == 1) options.epoch = 2;
            const auto index = EventIndex::start(*other.lane, options);
        }
        plant.start();
        EventsRequest wrong;
        wrong.text = "wrong";
        EXPECT_TRUE(plant.positions(wrong).empty()) << fault;
        EXPECT_EQ(plant.positions(all()).size(), 10U) << fault;
        EXPECT_EQ(plant.index->status().rebuilds, 1U) << fault;
    }
}

// Any byte of the file may be wrong: the answer is the lane's.
TEST(EventIndex, ADamagedFileNeverChangesAnAnswer) {
    Plant plant;
    for (int i = 0; i < 120; ++i) plant.add(write_of("anna", "object" + std::to_string(i % 7)));
    plant.commit();
    plant.start();
    plant.stop();
    const auto file = plant.options().file;
    std::string whole;
    {
        std::ifstream stream(file, std::ios::binary);
        whole.assign(std::istreambuf_iterator<char>(stream), {});
    }
    ASSERT_GT(whole.size(), 10'000U);
    std::mt19937 random(1);
    std::uint64_t rebuilds = 0;
    for (int round = 0; round < 90; ++round) {
        auto broken = whole;
        if (round % 3 == 0)
            broken.resize(random() % broken.size());
        else
            for (int i = 0; i < (round % 3 == 1 ? 64 : 2); ++i)
                broken[random() % broken.size()] ^= static_cast<char>(1 + random() % 255);
        EventStore::remove(file);
        std::ofstream(file, std::ios::binary) << broken;
        plant.start();
        EventsRequest by_object;
        by_object.object = "object3";
        EXPECT_EQ(plant.positions(by_object).size(), 17U) << round;
        const auto reply = plant.ask(all());
        ASSERT_TRUE(reply) << round << ": " << reply.error().text();
        ASSERT_EQ(reply->events.size(), 100U) << round;
        for (const auto& event : reply->events) {
            EXPECT_EQ(event.object, "object" + std::to_string(event.position % 7)) << round;
            EXPECT_EQ(event.time, journal::time_of(event.position).utc) << round;
        }
        rebuilds += plant.index->status().rebuilds;
        plant.stop();
    }
    EXPECT_GT(rebuilds, 20U);
}

TEST(EventIndex, ItsPositionIsStoredWithItsRows) {
    Plant plant;
    for (int i = 0; i < 5; ++i) plant.add(comment("x"));
    plant.commit();
    {
        auto store = EventStore::open(plant.options(), plant.lane->appended());
        ASSERT_TRUE(store);
        ASSERT_TRUE((*store)->begin());
        const auto reader = plant.lane->reader(0);
        journal::Record record;
        ASSERT_TRUE(reader->next(record).value_or(false));
        ASSERT_TRUE((*store)->add(*journal::decode_event(record), record));
        // no commit: as after a crash
    }
    EXPECT_EQ(plant.stored(), 0U);
    plant.start();
    EXPECT_EQ(plant.positions(all()).size(), 5U);
}

TEST(EventIndex, OtherRecordsOfTheLaneAreNoEvents) {
    Plant plant;
    plant.add(comment("x"));
    ASSERT_TRUE(plant.lane->append(journal::RecordType::memory_value, journal::bytes_of("4"), journal::time_of(1)));
    plant.commit();
    plant.start();
    EXPECT_EQ(plant.positions(all()), (std::vector<Position>{0}));
    plant.stop();
    EXPECT_EQ(plant.stored(), 2U);
}

TEST(EventIndex, ALimitOutsideItsBoundsIsRefused) {
    Plant plant;
    plant.start();
    for (const std::uint32_t limit : {0U, 1'001U}) {
        EventsRequest request;
        request.limit = limit;
        const auto reply = plant.ask(request);
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().code(), ErrorCode::invalid_argument);
    }
}

TEST(EventIndex, EveryQuestionIsAnsweredOnceAlsoAtTheEnd) {
    Plant plant;
    for (int i = 0; i < 100; ++i) plant.add(comment("x"));
    plant.commit();
    plant.start();
    std::atomic<int> answers = 0;
    for (int i = 0; i < 1'000; ++i) plant.index->query({}, everywhere, [&](Result<EventsReply>) { ++answers; });
    plant.stop();
    EXPECT_EQ(answers, 1'000);
}

TEST(EventIndex, FoldingLeavesWhatItDoesNotKnow) {
    EXPECT_EQ(folded("ÄÖÜ ß ŁÓDŹ ΑΩ ЖЁ ×÷"), "äöü ß łódź αω жё ×÷");
    EXPECT_EQ(folded("\xC3"), "\xC3");
    EXPECT_EQ(folded("\xFF\x41"), "\xFF\x61");
}

}  // namespace
}  // namespace penstock::history
