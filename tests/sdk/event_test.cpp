#include <gtest/gtest.h>

#include <penstock/history_operations.hpp>

namespace penstock {
namespace {

Event write_event(std::string text) {
    Event event;
    event.user = "anna";
    event.object = "plc1.h5";
    event.text = std::move(text);
    event.old_value = Value(1.5);
    event.new_value = Value(2.0);
    return event;
}

TEST(Event, SaysInEnglishWhatHappened) {
    EXPECT_EQ(write_event("write.asked").sentence(), "anna wants plc1.h5 to be 2; it was 1.5");
    auto refused = write_event("write.refused");
    refused.parameters = {"exception 3 (illegal data value)"};
    EXPECT_EQ(refused.sentence(), "plc1.h5 did not take 2, as anna wanted: exception 3 (illegal data value)");
}

TEST(Event, WithoutUserTheServerDidItAndWithoutOldValueThereWasNone) {
    auto asked = write_event("write.asked");
    asked.user.clear();
    asked.old_value = Value();
    EXPECT_EQ(asked.sentence(), "the server wants plc1.h5 to be 2; it was without a value");
}

TEST(Event, ATextThatNobodyKnowsIsShownAsItsKey) { EXPECT_EQ(write_event("turbine.tripped").sentence(), "turbine.tripped"); }

TEST(Event, AMissingParameterLeavesItsPlaceEmpty) { EXPECT_EQ(write_event("comment").sentence(), "anna: "); }

TEST(EventKind, EveryKindHasAWordOfItsOwn) {
    for (int number = 0; number < 100; ++number) {
        const auto kind = static_cast<EventKind>(number);
        if (to_string(kind) == "unknown") continue;
        EXPECT_EQ(parse_event_kind(to_string(kind)), kind);
    }
    EXPECT_EQ(to_string(EventKind::write_asked), "write_asked");
    EXPECT_EQ(parse_event_kind("no such kind"), EventKind{});
}

}  // namespace
}  // namespace penstock
