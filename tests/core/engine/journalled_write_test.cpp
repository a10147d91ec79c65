// Writes with a journal: what is written down, and that nothing happens and nobody is told before it is durable.

#include "core/engine/write_path.hpp"
#include "tests/core/engine/journalled_plant.hpp"

namespace penstock::engine {
namespace {

tags::TagDefinition pump_speed() {
    auto tag = setpoint();
    tag.area = "works/intake";
    return tag;
}

TEST(JournalledWrite, LeavesForTheDeviceOnlyWhenTheIntentIsDurable) {
    JournalledPlant plant({pump_speed()});
    const auto answer = plant.ask("setpoint", Value(2.5));
    plant.cycle();
    plant.cycle();
    EXPECT_TRUE(plant.device.waiting.empty());
    plant.sync();
    EXPECT_TRUE(plant.device.waiting.empty()) << "a cycle takes it up, not the journal's thread";
    plant.cycle();
    ASSERT_EQ(plant.device.waiting.size(), 1U);
    EXPECT_TRUE(plant.device.values[0].identical(Value(2.5)));
    EXPECT_FALSE(*answer);
}

TEST(JournalledWrite, IsAnsweredOnlyWhenTheDevicesAnswerIsDurable) {
    JournalledPlant plant({pump_speed()});
    const auto answer = plant.ask("setpoint", Value(2.5));
    plant.settle();
    plant.device.waiting.at(0)(WriteOutcome::done());
    plant.cycle();
    plant.cycle();
    EXPECT_FALSE(*answer);
    plant.sync();
    plant.cycle();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->outcome, WriteResult::done);
}

TEST(JournalledWrite, IsWrittenDownWithWhoWhereWhatAndWhatBecameOfIt) {
    JournalledPlant plant({pump_speed()});
    plant.plant->deliver(0, 1.5);
    plant.ask("setpoint", Value("2.5"), 4711, 3);
    plant.settle();
    plant.device.waiting.at(0)(WriteOutcome::refused("exception 3 (illegal data value)"));
    plant.settle();
    const auto events = plant.events();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].kind, EventKind::write_asked);
    EXPECT_EQ(events[0].area, "works/intake");
    EXPECT_EQ(events[0].station, "control room");
    EXPECT_EQ(events[0].command, 4711U);
    EXPECT_EQ(events[0].item, 3U);
    EXPECT_TRUE(events[0].new_value.identical(Value(2.5))) << "in the tag's type";
    EXPECT_EQ(events[0].sentence(), "anna wants setpoint to be 2.5; it was 1.5");
    EXPECT_EQ(events[1].kind, EventKind::write_answered);
    EXPECT_EQ(events[1].cause, events[0].position + 1);
    EXPECT_EQ(events[1].sentence(), "setpoint did not take 2.5, as anna wanted: exception 3 (illegal data value)");
}

TEST(JournalledWrite, ARefusalIsWrittenDownToo) {
    auto tag = pump_speed();
    tag.range_high = 10;
    JournalledPlant plant({tag});
    const auto answer = plant.ask("setpoint", Value(11.0));
    plant.cycle();
    EXPECT_FALSE(*answer) << "not before it is durable";
    plant.settle();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->outcome, WriteResult::refused);
    EXPECT_EQ((*answer)->code, ErrorCode::invalid_argument);
    ASSERT_EQ(plant.events().size(), 2U);
    EXPECT_EQ(plant.events()[1].text, "write.refused");
    EXPECT_TRUE(plant.device.waiting.empty());
}

TEST(JournalledWrite, SeveralLeaveInTheOrderInWhichTheyWereAsked) {
    JournalledPlant plant({pump_speed()});
    for (int i = 0; i < 5; ++i) {
        plant.ask("setpoint", Value(i));
        plant.cycle();
        if (i == 2) plant.sync();
    }
    plant.settle();
    ASSERT_EQ(plant.device.values.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(plant.device.values[i].identical(Value(static_cast<double>(i))));
}

TEST(JournalledWrite, ToAMemoryTagTakesEffectWhenItsRecordIsDurable) {
    JournalledPlant plant({memory_tag("limit"), memory_tag("note", ValueType::string)});
    const auto asked_at = plant.plant->now.utc;
    const auto limit = plant.ask("limit", Value(2.5));
    const auto note = plant.ask("note", Value("filter 2 is being washed"));
    plant.cycle();
    EXPECT_FALSE(plant.plant->read("limit").value().has_value());
    plant.plant->advance(1s);
    plant.settle();
    EXPECT_TRUE(plant.plant->read("limit").value().identical(Value(2.5)));
    EXPECT_TRUE(plant.plant->read("note").value().identical(Value("filter 2 is being washed")));
    EXPECT_EQ(plant.plant->read("limit").time, asked_at);
    ASSERT_TRUE(*limit && *note);
    EXPECT_EQ((*limit)->outcome, WriteResult::done);
}

TEST(JournalledWrite, ThatTheDiskHoldsUpTooLongIsRefusedInsteadOfSurprisingTheDevice) {
    JournalledPlant plant({pump_speed()});
    const auto answer = plant.ask("setpoint", Value(2.5));
    plant.cycle();
    plant.plant->advance(WritePath::kMostDelay + 1ms);
    plant.settle();
    EXPECT_TRUE(plant.device.waiting.empty());
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->outcome, WriteResult::refused);
    EXPECT_NE((*answer)->reason.find("disk took longer than 5 s"), std::string::npos);
}

TEST(JournalledWrite, IsRefusedWhenTheDiskFailsAndNeverLeaves) {
    JournalledPlant plant({pump_speed()});
    const auto waiting = plant.ask("setpoint", Value(1.0));
    plant.cycle();
    plant.files.set_plan({.nth = 1, .for_good = true});
    EXPECT_FALSE(plant.lane->commit());
    const auto later = plant.ask("setpoint", Value(2.0));
    plant.cycle();
    ASSERT_TRUE(*waiting && *later);
    EXPECT_EQ((*waiting)->outcome, WriteResult::refused);
    EXPECT_NE((*waiting)->reason.find("not written: the journal failed"), std::string::npos) << (*waiting)->reason;
    EXPECT_EQ((*later)->outcome, WriteResult::refused);
    EXPECT_NE((*later)->reason.find("not written: the journal takes no records"), std::string::npos) << (*later)->reason;
    EXPECT_TRUE(plant.device.waiting.empty());
}

TEST(JournalledWrite, WhoseAnswerCannotBeWrittenDownIsNotCalledDone) {
    JournalledPlant plant({pump_speed()});
    const auto answer = plant.ask("setpoint", Value(1.0));
    plant.settle();
    plant.files.set_plan({.nth = 1, .for_good = true});
    plant.device.waiting.at(0)(WriteOutcome::done());
    plant.cycle();
    EXPECT_FALSE(plant.lane->commit());
    plant.cycle();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->outcome, WriteResult::unknown);
    EXPECT_NE((*answer)->reason.find("the tag took the value, but the journal could not write that down"), std::string::npos);
}

TEST(JournalledWrite, AskedAgainUnderTheSameNumberIsAnsweredAsTheFirstTime) {
    JournalledPlant plant({pump_speed()});
    const auto first = plant.ask("setpoint", Value(2.5), 7);
    const auto second = plant.ask("setpoint", Value(2.5), 7);
    plant.settle();
    ASSERT_EQ(plant.device.waiting.size(), 1U);
    EXPECT_FALSE(*second) << "as the first, not before it";
    plant.device.waiting[0](WriteOutcome::refused("locked"));
    plant.settle();
    const auto third = plant.ask("setpoint", Value(2.5), 7);
    plant.settle();
    ASSERT_TRUE(*first && *second && *third);
    EXPECT_EQ((*second)->reason, "locked");
    EXPECT_EQ((*third)->reason, "locked");
    EXPECT_EQ(plant.device.waiting.size(), 1U);
    EXPECT_EQ(plant.events().size(), 2U);
}

TEST(JournalledWrite, OtherNumbersItemsAndOldOnesAreNew) {
    JournalledPlant plant({pump_speed()});
    plant.ask("setpoint", Value(1.0), 7, 0);
    plant.ask("setpoint", Value(2.0), 7, 1);
    plant.ask("setpoint", Value(3.0), 8, 0);
    plant.ask("setpoint", Value(4.0));
    plant.ask("setpoint", Value(4.0));
    plant.settle();
    EXPECT_EQ(plant.device.waiting.size(), 5U);
    for (auto& done : plant.device.waiting) done(WriteOutcome::done());
    plant.settle();
    plant.plant->advance(ExecutedCommands::kKeep);
    plant.ask("setpoint", Value(1.0), 7, 0);
    plant.settle();
    EXPECT_EQ(plant.device.waiting.size(), 6U);
}

TEST(JournalledWrite, ANumberThatWasForAnotherTagIsRefused) {
    JournalledPlant plant({pump_speed(), memory_tag("limit")});
    plant.ask("setpoint", Value(1.0), 7);
    plant.settle();
    const auto answer = plant.ask("limit", Value(1.0), 7);
    plant.settle();
    ASSERT_TRUE(*answer);
    EXPECT_EQ((*answer)->code, ErrorCode::invalid_argument);
    EXPECT_FALSE(plant.plant->read("limit").value().has_value());
}

TEST(JournalledWrite, AreBoundedAndTheRestIsRefused) {
    JournalledPlant plant({pump_speed()}, {.command_capacity = 2});
    plant.ask("setpoint", Value(1.0));
    plant.ask("setpoint", Value(2.0));
    plant.cycle();
    const auto third = plant.ask("setpoint", Value(3.0));
    plant.cycle();
    ASSERT_TRUE(*third);
    EXPECT_EQ((*third)->reason, "2 writes are under way already; try again");
}

TEST(JournalledWrite, AreAnsweredWhenTheEngineGoesAway) {
    JournalledPlant plant({pump_speed()});
    const auto sent = plant.ask("setpoint", Value(1.0));
    plant.settle();
    const auto recorded = plant.ask("setpoint", Value(2.0));
    plant.cycle();
    plant.plant.reset();
    ASSERT_TRUE(*sent && *recorded);
    EXPECT_EQ((*sent)->outcome, WriteResult::unknown);
    EXPECT_EQ((*recorded)->outcome, WriteResult::refused) << "it never left";
    plant.device.waiting[0](WriteOutcome::done());  // nobody listens, nothing breaks
}

TEST(JournalledWrite, SettledIsBeforeEveryRecordWhoseEffectIsNotThereYet) {
    JournalledPlant plant({memory_tag("limit")});
    EXPECT_EQ(plant.plant->engine.settled(), 0U);
    plant.ask("limit", Value(1.0));
    plant.cycle();
    EXPECT_EQ(plant.plant->engine.settled(), 0U);
    plant.settle();
    EXPECT_EQ(plant.plant->engine.settled(), 3U) << "asked, value, answered";
}

TEST(JournalledWrite, NothingIsSettledThatAPowerCutCouldTakeAway) {
    JournalledPlant plant({memory_tag("limit")});
    Event other;
    other.kind = EventKind::comment;
    ASSERT_TRUE(journal::append_event(*plant.lane, other, plant.plant->now));
    plant.cycle();
    EXPECT_EQ(plant.plant->engine.settled(), 0U);
    plant.sync();
    plant.cycle();
    EXPECT_EQ(plant.plant->engine.settled(), 1U);
}

}  // namespace
}  // namespace penstock::engine
