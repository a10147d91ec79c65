#include "core/sessions/latest_hub.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/sessions/tag_index.hpp"
#include "tests/core/sessions/test_plant.hpp"

namespace penstock::sessions {
namespace {

using namespace testing;

// What one member knows.
class Member final : public LatestSink {
public:
    void join(LatestHub& hub, std::vector<tags::TagId> tags) { handle = hub.join(std::move(tags), *this); }
    void send_update(const SharedFrame& frame) override {
        frames.push_back(frame);
        for (std::size_t i = 0; i < frame->update.index.size(); ++i)
            values[frame->update.index[i]] = frame->update.value[i].as_double_or(-1);
    }
    bool can_take() const noexcept override { return is_open; }

    std::unique_ptr<LatestMember> handle;
    std::vector<SharedFrame> frames;
    std::map<std::uint32_t, double> values;
    bool is_open = true;
};

class Hub : public ::testing::Test {
protected:
    static constexpr std::size_t kMany = 200;

    std::vector<tags::TagId> many() const { return plant_.engine.catalog().matching("more.*"); }
    void set(std::size_t tag, double value) { plant_.deliver(static_cast<ItemId>(3 + tag), value); }
    void set_and_pump(std::size_t tag, double value) {
        set(tag, value);
        hub_.pump();
    }

    TestPlant plant_{kMany};
    LatestHub hub_{tags::TagReader(plant_.engine.table()), LatestHub::Form::columns};
};

TEST_F(Hub, GivesANewMemberEverything) {
    Member member;
    member.join(hub_, many());
    EXPECT_TRUE(member.frames.empty()) << "without credit";
    member.handle->add_credit(1);
    EXPECT_EQ(member.values.size(), kMany);
}

TEST_F(Hub, SendsWhatChangedAndNothingElse) {
    Member member;
    member.join(hub_, many());
    member.handle->add_credit(10);
    const auto before = member.frames.size();
    set_and_pump(7, 1.5);
    ASSERT_EQ(member.frames.size(), before + 1);
    EXPECT_EQ(member.frames.back()->update.index, std::vector<std::uint32_t>{7});
    hub_.pump();
    EXPECT_EQ(member.frames.size(), before + 1);
}

TEST_F(Hub, MakesAFrameOnceForAllOfAGroup) {
    std::vector<Member> members(50);
    for (auto& member : members) {
        member.join(hub_, many());
        member.handle->add_credit(4);
    }
    EXPECT_EQ(hub_.groups(), 1U);
    const auto made = hub_.counters().frames_made;
    set_and_pump(3, 2.5);
    EXPECT_EQ(hub_.counters().frames_made, made + 1);
    for (const auto& member : members) EXPECT_EQ(member.frames.back(), members[0].frames.back()) << "not the same frame";
}

TEST_F(Hub, MakesNoFrameThatNobodyCanTake) {
    Member member;
    member.join(hub_, many());
    member.handle->add_credit(1);
    const auto made = hub_.counters().frames_made;
    for (int i = 0; i < 100; ++i) set_and_pump(1, i);
    EXPECT_EQ(hub_.counters().frames_made, made);
    member.handle->add_credit(1);
    EXPECT_EQ(member.values[1], 99.0);
    EXPECT_EQ(hub_.counters().frames_made, made + 1);
}

TEST_F(Hub, ASlowMemberSkipsWhileAFastOneSeesAll) {
    Member fast, slow;
    fast.join(hub_, many());
    slow.join(hub_, many());
    fast.handle->add_credit(1);
    slow.handle->add_credit(1);
    for (int i = 0; i < 1000; ++i) {
        fast.handle->add_credit(1);
        set_and_pump(static_cast<std::size_t>(i) % kMany, i);
    }
    EXPECT_EQ(fast.frames.size(), 1001U);
    const auto before = slow.frames.size();
    for (int i = 0; i < 50; ++i) slow.handle->add_credit(1);
    EXPECT_LE(slow.frames.size() - before, LatestHub::kMaxChainFrames + 1);
    EXPECT_EQ(slow.values, fast.values);
}

TEST_F(Hub, WaitsForASinkThatCannotTake) {
    Member member;
    member.join(hub_, many());
    member.is_open = false;
    member.handle->add_credit(5);
    set_and_pump(1, 1.0);
    EXPECT_TRUE(member.frames.empty());
    member.is_open = true;
    member.handle->resume();
    EXPECT_EQ(member.values[1], 1.0);
}

TEST_F(Hub, KeepsPlacesOfTagsThatDoNotExistEmpty) {
    Member member;
    member.join(hub_, {tags::kNoTag, many()[0], tags::kNoTag, many()[0]});
    member.handle->add_credit(5);
    EXPECT_EQ(member.values.size(), 2U);
    set_and_pump(0, 8.0);
    EXPECT_EQ(member.values[1], 8.0);
    EXPECT_EQ(member.values[3], 8.0);
}

TEST_F(Hub, ForgetsAGroupWithItsLastMember) {
    Member a, b;
    a.join(hub_, many());
    b.join(hub_, many());
    a.handle.reset();
    EXPECT_EQ(hub_.groups(), 1U);
    b.handle.reset();
    EXPECT_EQ(hub_.groups(), 0U);
    set_and_pump(1, 1.0);
    a.join(hub_, many());
    a.handle->add_credit(1);
    EXPECT_EQ(a.values[1], 1.0);
}

// The property: whatever the order of changes, pumps, joins and credits, a member that has had enough credit knows the truth.
TEST_F(Hub, EveryMemberEndsWithTheTruth) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<std::unique_ptr<Member>> members;
        std::map<std::uint32_t, double> truth;
        for (std::uint32_t tag = 0; tag < kMany; ++tag) truth[tag] = 0, set(tag, 0);
        for (int step = 0; step < 600; ++step) {
            const auto what = random() % 10;
            if (what == 0 && members.size() < 8) {
                members.push_back(std::make_unique<Member>());
                members.back()->join(hub_, many());
            } else if (what == 1 && !members.empty()) {
                members.erase(members.begin() + static_cast<std::ptrdiff_t>(random() % members.size()));
            } else if (what < 5 && !members.empty()) {
                members[random() % members.size()]->handle->add_credit(1 + static_cast<std::uint32_t>(random() % 3));
            } else {
                const auto tag = static_cast<std::uint32_t>(random() % kMany);
                truth[tag] = step + 0.5;
                set(tag, step + 0.5);
                if (random() % 3 == 0) hub_.pump();
            }
        }
        hub_.pump();
        for (const auto& member : members) {
            for (int i = 0; i < 40; ++i) member->handle->add_credit(1);
            ASSERT_EQ(member->values, truth) << "seed " << seed;
        }
    }
}

// The same with more tags than a frame has rows: catching up takes several credits, and changes go on meanwhile.
TEST(BigHub, EveryMemberEndsWithTheTruth) {
    constexpr std::uint32_t kTags = 3 * LatestHub::kMaxFrameRows;
    TestPlant plant(kTags);
    LatestHub hub(tags::TagReader(plant.engine.table()), LatestHub::Form::columns);
    const auto tags = plant.engine.catalog().matching("more.*");
    std::vector<double> truth(kTags);
    const auto change = [&](std::uint32_t first, std::uint32_t count, double value) {
        SampleBatch batch;
        for (auto tag = first; tag < std::min(first + count, kTags); ++tag) {
            batch.add(ItemId{3 + tag}, value);
            truth[tag] = value;
        }
        plant.deliver(batch);
    };
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<std::unique_ptr<Member>> members;
        change(0, kTags, 0.5);
        for (int step = 0; step < 150; ++step) {
            const auto what = random() % 10;
            if (what == 0 && members.size() < 4) {
                members.push_back(std::make_unique<Member>());
                members.back()->join(hub, tags);
            } else if (what < 6 && !members.empty()) {
                members[random() % members.size()]->handle->add_credit(1);
            } else {
                const auto count = random() % 4 == 0 ? 2 * LatestHub::kMaxFrameRows : 3;
                change(static_cast<std::uint32_t>(random() % kTags), static_cast<std::uint32_t>(count), step + 1);
                hub.pump();
            }
        }
        hub.pump();
        for (const auto& member : members) {
            for (int i = 0; i < 60; ++i) member->handle->add_credit(1);
            ASSERT_EQ(member->values.size(), kTags);
            for (std::uint32_t tag = 0; tag < kTags; ++tag)
                ASSERT_EQ(member->values[tag], truth[tag]) << "seed " << seed << ", tag " << tag;
        }
    }
}

TEST(BigHub, AMemberThatFallsBehindWithinAStepMissesNoneOfIt) {
    constexpr std::uint32_t kTags = 3 * LatestHub::kMaxFrameRows;
    TestPlant plant(kTags);
    LatestHub hub(tags::TagReader(plant.engine.table()), LatestHub::Form::columns);
    const auto tags = plant.engine.catalog().matching("more.*");
    Member fast, slow;
    fast.join(hub, tags);
    slow.join(hub, tags);
    fast.handle->add_credit(64);
    slow.handle->add_credit(4);  // three to begin with, and one of the three of the next step
    plant.deliver_to_all(kTags, 7.0);
    hub.pump();
    for (std::size_t i = 0; i <= LatestHub::kMaxChainFrames; ++i) {
        plant.deliver(3, static_cast<double>(i));
        hub.pump();
    }
    slow.handle->add_credit(64);
    EXPECT_EQ(slow.values, fast.values);
}

TEST(TagIndexTest, RemembersPlacesUntilTheyAreRemoved) {
    TagIndex index;
    index.add(5, 1, 10);
    index.add(5, 2, 20);
    index.add(9, 1, 11);
    const auto places = [&](tags::TagId tag) {
        std::map<TagIndex::GroupNumber, std::uint32_t> found;
        index.for_each(tag, [&](auto group, auto place) { found[group] = place; });
        return found;
    };
    EXPECT_EQ(places(5), (std::map<TagIndex::GroupNumber, std::uint32_t>{{1, 10}, {2, 20}}));
    EXPECT_TRUE(places(1000).empty());
    index.remove(std::vector<tags::TagId>{5, 9, tags::kNoTag}, 1);
    EXPECT_EQ(places(5), (std::map<TagIndex::GroupNumber, std::uint32_t>{{2, 20}}));
    EXPECT_TRUE(places(9).empty());
    index.add(9, 3, 30);
    EXPECT_EQ(places(9), (std::map<TagIndex::GroupNumber, std::uint32_t>{{3, 30}}));
}

}  // namespace
}  // namespace penstock::sessions
