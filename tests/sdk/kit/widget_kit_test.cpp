// A test that cannot fail is no test: one widget without fault, and one for each fault that the kit has to find.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <penstock/plugin.hpp>
#include <penstock/testing/widget_conformance.hpp>
#include <penstock/widget.hpp>

namespace penstock::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kAnySchema =
    R"({"properties": {"label": {"type": "string"}}, "bindings": {"value": {"required": true}}})";

// Draws what it should; the others leave out or add one thing.
class Honest : public Widget {
public:
    static constexpr std::string_view kSchema = kAnySchema;
    void draw(Frame& frame) override {
        const auto value = frame.binding("value");
        const auto at = frame.position();
        const auto text = words(value);
        auto& list = *ImGui::GetWindowDrawList();
        list.AddText(at, frame.colour(ColourRole::text), text.data(), text.data() + std::min<std::size_t>(text.size(), 200));
        frame.describe(text);
    }

protected:
    virtual std::string words(const Binding& value) {
        const std::string mark = value.is_good() ? "" : penstock::is_bad(value.quality) ? "? " : "~ ";
        return mark + (value.value.has_value() ? value.value.text() : "-");
    }
};

struct Sound final : Honest {
    static constexpr std::string_view kType = "sound";
};
struct ColoursOnly final : Honest {
    static constexpr std::string_view kType = "colours_only";
    std::string words(const Binding& value) override { return value.value.text() + " "; }
};
struct Throws final : Honest {
    static constexpr std::string_view kType = "throws";
    void draw(Frame& frame) override {
        if (!frame.binding("value").found) throw std::runtime_error("no such tag");
        Honest::draw(frame);
    }
};
struct LeavesOpen final : Honest {
    static constexpr std::string_view kType = "leaves_open";
    void draw(Frame& frame) override {
        ImGui::PushID("open");
        Honest::draw(frame);
    }
};
struct DrawsBeyond final : Honest {
    static constexpr std::string_view kType = "draws_beyond";
    void draw(Frame& frame) override {
        ImGui::PushClipRect({0, 0}, ImGui::GetIO().DisplaySize, false);
        ImGui::GetWindowDrawList()->AddRectFilled({0, 0}, {900, 900}, frame.colour(ColourRole::bad));
        ImGui::PopClipRect();
        Honest::draw(frame);
    }
};
struct SaysNothing final : Honest {
    static constexpr std::string_view kType = "says_nothing";
    void draw(Frame& frame) override {
        ImGui::GetWindowDrawList()->AddText(frame.position(), frame.colour(ColourRole::text), "42");
    }
};
struct WritesUnasked final : Honest {
    static constexpr std::string_view kType = "writes_unasked";
    void draw(Frame& frame) override {
        Honest::draw(frame);
        if (frame.binding("value").write_state == abi::WriteState::refused) frame.write("value", Value(1));  // "try again"
    }
};
struct Remembers final : Honest {
    static constexpr std::string_view kType = "remembers";
    std::string words(const Binding& value) override {
        const double number = value.number_or(0);
        highest_ = std::max(highest_, number);
        return Honest::words(value) + " highest " + Value(highest_).text();
    }
    double highest_ = 0;
};

using Set = WidgetSet<Sound, ColoursOnly, Throws, LeavesOpen, DrawsBeyond, SaysNothing, WritesUnasked, Remembers>;

WidgetKit kit(std::string_view type) { return {&penstock::detail::make_guest<Set>, std::string(type), "{}"}; }

TEST(WidgetKit, PassesAWidgetWithoutFault) {
    EXPECT_THAT(faults_of_values(kit("sound")), IsEmpty());
    EXPECT_THAT(faults_of_states(kit("sound")), IsEmpty());
    EXPECT_THAT(faults_of_places(kit("sound")), IsEmpty());
    EXPECT_THAT(faults_of_trust(kit("sound")), IsEmpty());
    EXPECT_THAT(faults_of_memory(kit("sound")), IsEmpty());
}

TEST(WidgetKit, FindsQualityThatIsOnlyAColour) {
    EXPECT_THAT(faults_of_trust(kit("colours_only")), Contains(HasSubstr("looks the same bad as good, but for colours")));
}

TEST(WidgetKit, FindsAWidgetThatThrows) {
    EXPECT_THAT(faults_of_states(kit("throws")),
                Contains(HasSubstr("when the tag does not exist it throws: the plugin threw std::runtime_error: no such tag")));
}

TEST(WidgetKit, FindsStacksThatStayOpen) {
    EXPECT_THAT(faults_of_values(kit("leaves_open")), Contains(HasSubstr("stacks open")));
}

TEST(WidgetKit, FindsDrawingBeyondTheRectangle) {
    EXPECT_THAT(faults_of_places(kit("draws_beyond")), Contains(HasSubstr("draws beyond its rectangle")));
}

TEST(WidgetKit, FindsAWidgetThatDescribesNothing) {
    EXPECT_THAT(faults_of_values(kit("says_nothing")), Contains(HasSubstr("describes nothing")));
}

TEST(WidgetKit, FindsAWriteThatNobodyAskedFor) {
    EXPECT_THAT(faults_of_states(kit("writes_unasked")), Contains(HasSubstr("when a write is refused it writes to value")));
}

TEST(WidgetKit, FindsAWidgetThatShowsWhatWas) {
    EXPECT_THAT(faults_of_memory(kit("remembers")), Contains(HasSubstr("shows an earlier one differently")));
}

TEST(WidgetKit, MakesTwoKitsOfEachType) {
    const auto kits = widget_kits(&penstock::detail::make_guest<Set>);
    ASSERT_EQ(kits.size(), 16U);
    EXPECT_EQ(kits[0].properties, "{}");
    EXPECT_EQ(kits[1].properties, R"({"label":"Sample"})");
}

TEST(WidgetKit, RefusesATypeThatDoesNotExist) { EXPECT_THROW(WidgetRig rig(kit("sonud")), std::invalid_argument); }

}  // namespace
}  // namespace penstock::testing
