// What the station shows, built without a window: values of all kinds, faults, and the words of --view.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <imgui.h>
#include <nlohmann/json.hpp>

#include "apps/client/station_window.hpp"
#include "core/guests/plugin_registry.hpp"
#include "tests/core/client/fake_session.hpp"

namespace penstock::station {
namespace {

using client::testing::FakeSession;
using client::testing::known_tag;
using nlohmann::json;

constexpr MonotonicTime kNow = monotonic_from_ns(1'000'000'000);

class ImguiWithoutWindow {
public:
    ImguiWithoutWindow() : context_(ImGui::CreateContext()) {
        auto& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1280, 800};
        unsigned char* pixels = nullptr;
        int width = 0;
        int height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    }
    ~ImguiWithoutWindow() { ImGui::DestroyContext(context_); }
    ImguiWithoutWindow(const ImguiWithoutWindow&) = delete;
    ImguiWithoutWindow& operator=(const ImguiWithoutWindow&) = delete;

private:
    ImGuiContext* context_;
};

DefinitionReply definition(std::string name, std::string content) {
    DefinitionReply reply;
    reply.name = std::move(name);
    reply.content = std::move(content);
    reply.hash = "h";
    return reply;
}

class StationScreen : public ::testing::Test {
protected:
    // A screen with one widget a tag; each is 200 x 44 in a column.
    void show(const std::vector<std::pair<std::string, std::string>>& types_and_tags, const json& properties = json::object(),
              int width = 200, int height = 44) {
        json placed = json::array();
        SubscribeReply reply;
        for (const auto& [type, tag] : types_and_tags) {
            const auto number = placed.size();
            placed.push_back({{"id", "w" + std::to_string(number)},
                              {"type", type},
                              {"x", 10},
                              {"y", 50 * number},
                              {"width", width},
                              {"height", height},
                              {"properties", properties},
                              {"bindings", {{"value", tag}}}});
            reply.tags.push_back(known_tag(tag));
            reply.tags.back().unit = "";
        }
        const json screen = {{"title", "Test"}, {"size", {1280, 774}}, {"widgets", placed}};
        station.poll(kNow);
        session.answer(definition("site", R"({"name": "Works", "start_screen": "test"})"));
        station.poll(kNow);
        session.answer(definition("test", screen.dump()));
        station.poll(kNow);
        session.start(reply);
        station.poll(kNow);
    }
    // One frame, and what it shows.
    json view() {
        station.poll(kNow);
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        const bool is_whole = window.build(1280, 800, kNow);
        EXPECT_TRUE(is_whole);
        ImGui::Render();
        corners = ImGui::GetDrawData()->TotalVtxCount;
        return json::parse(window.view_json());
    }

    // The pointer goes to the middle of a widget, and its button down and up.
    void click(const json& widget) {
        auto& io = ImGui::GetIO();
        io.MousePos = {widget.at("x").get<float>() + widget.at("width").get<float>() / 2,
                       widget.at("y").get<float>() + widget.at("height").get<float>() / 2};
        for (const bool is_down : {false, true, false}) {
            io.MouseDown[0] = is_down;
            view();
        }
    }

    // The colour of any corner that the last frame drew.
    static bool has_colour(ImU32 colour) {
        const auto& data = *ImGui::GetDrawData();
        for (int i = 0; i < data.CmdListsCount; ++i)
            for (const auto& corner : data.CmdLists[i]->VtxBuffer)
                if (corner.col == colour) return true;
        return false;
    }
    // A list of one alarm of priority 1, with that colour.
    void answer_alarms(std::string colour) {
        AlarmsReply reply;
        auto& info = reply.alarms.emplace_back();
        info.id = 7;
        info.alarm = "pump.trip";
        info.state = AlarmStateCode::unacknowledged;
        info.priority = 1;
        auto& style = reply.priorities.emplace_back();
        style.priority = 1;
        style.color = std::move(colour);
        session.next<AlarmsRequest>();
        session.answer(AnyReply(reply));
    }

    ImguiWithoutWindow imgui;
    guests::PluginRegistry plugins = guests::PluginRegistry::scan({PENSTOCK_PLUGIN_DIR});
    WidgetHost widgets{plugins};
    FakeSession session;
    client::Station station{session, {}};
    StationWindow window{station, widgets, "unix:/somewhere", ""};
    int corners = 0;
};

TEST_F(StationScreen, ListsEveryWidgetWithPlaceTextValueAndQuality) {
    show({{"value", "tank.level"}});
    session.update(0, 4.25);
    const auto shown = view();
    ASSERT_EQ(shown.size(), 1U);
    std::vector<std::string> keys;
    for (const auto& [key, ignored] : shown[0].items()) keys.push_back(key);
    for (const auto* key : {"id", "type", "x", "y", "width", "height", "text", "value", "quality", "state", "fault"})
        EXPECT_TRUE(shown[0].contains(key)) << key;
    EXPECT_EQ(keys.size(), 11U);
    EXPECT_EQ(shown[0].at("id"), "w0");
    EXPECT_EQ(shown[0].at("type"), "value");
    EXPECT_EQ(shown[0].at("text"), "4.25");
    EXPECT_EQ(shown[0].at("value"), 4.25);
    EXPECT_EQ(shown[0].at("quality"), "good");
    EXPECT_EQ(shown[0].at("fault"), "");
}

TEST_F(StationScreen, ShowsExtremeValuesUnharmed) {
    std::string name;
    while (name.size() < 255) name += "höhe";
    const std::vector<std::pair<Value, std::string>> values = {
        {std::int64_t{9'007'199'254'740'993}, "9007199254740993"},
        {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
        {-0.0, "-0"},
        {5e-324, "5e-324"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
        {std::numeric_limits<double>::infinity(), "Infinity"},
        {name, name}};
    std::vector<std::pair<std::string, std::string>> tags;
    for (std::size_t i = 0; i < values.size(); ++i) tags.emplace_back("value", "tag" + std::to_string(i));
    show(tags);
    for (std::uint32_t i = 0; i < values.size(); ++i) session.update(i, values[i].first);
    const auto shown = view();
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(shown[i].at("text"), values[i].second);
    EXPECT_EQ(shown[0].at("value").get<std::int64_t>(), 9'007'199'254'740'993);
    EXPECT_EQ(shown[1].at("value").get<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_TRUE(std::signbit(shown[2].at("value").get<double>()));
    EXPECT_EQ(shown[3].at("value").get<double>(), 5e-324);
    EXPECT_EQ(shown[4].at("value"), "NaN");
}

TEST_F(StationScreen, ShowsTagsWithLongNames) {
    std::string name = "plant.";
    while (name.size() < 254) name += "ü";
    show({{"value", name}});
    session.update(0, Value(), QualityCode::bad_timeout, "no answer from " + name);
    EXPECT_NE(view()[0].at("text").get<std::string>().find(name), std::string::npos);
}

TEST_F(StationScreen, PutsAPlaceholderThatNamesTheFaultWhereAWidgetCannotBeDrawn) {
    show({{"valve", "a"}, {"value", "b"}});
    session.update(1, 7);
    const auto shown = view();
    const auto fault = shown[0].at("fault").get<std::string>();
    EXPECT_NE(fault.find("there is no widget type \"valve\""), std::string::npos) << fault;
    EXPECT_NE(fault.find("value"), std::string::npos) << "and what was meant: " << fault;
    EXPECT_GT(shown[0].at("width"), 0);
    EXPECT_EQ(shown[1].at("text"), "7") << "its neighbour is not harmed";
    EXPECT_EQ(shown[1].at("fault"), "");
}

TEST_F(StationScreen, SaysThatAWriteIsAskedAndThenConfirmed) {
    show({{"input", "tank.setpoint"}});
    session.update(0, 4.0);
    view();
    station.write(0, 4.5, kNow);
    auto shown = view();
    EXPECT_EQ(shown[0].at("state"), "asked");
    EXPECT_EQ(shown[0].at("value"), 4.0) << "nothing is shown as changed because it was asked for";
    EXPECT_EQ(shown[0].at("text"), "4, → 4.5 …");
    WriteReply reply;
    reply.items.emplace_back().outcome = WriteResult::done;
    session.answer(reply);
    session.update(0, 4.5);
    view();
    shown = view();
    EXPECT_EQ(shown[0].at("state"), "");
    EXPECT_EQ(shown[0].at("value"), 4.5);
}

TEST_F(StationScreen, LaysAVeilOverAllWhenTheServerIsLost) {
    show({{"value", "tank.level"}});
    session.update(0, 4.0);
    view();
    view();
    const auto before = corners;
    session.status.state = LinkState::lost;
    session.status.sentence = "connection refused";
    const auto shown = view();
    EXPECT_EQ(shown[0].at("quality"), "bad");
    EXPECT_NE(shown[0].at("text").get<std::string>().find("the server is lost: connection refused"), std::string::npos);
    EXPECT_GT(corners, before + 100) << "the veil and its sentence";
}

TEST_F(StationScreen, WritesWhatAPressedButtonSays) {
    show({{"button", "tank.setpoint"}}, {{"label", "Fill"}, {"value", 5.5}});
    session.update(0, 4.0);
    click(view()[0]);
    ASSERT_EQ(session.calls.size(), 1U);
    EXPECT_EQ(session.next<WriteTagsRequest>().values.at(0).value.as_double_or(0), 5.5);
}

TEST_F(StationScreen, TakesNoClickUnderTheVeil) {
    show({{"button", "tank.setpoint"}}, {{"label", "Fill"}, {"value", 5.5}});
    session.update(0, 4.0);
    const auto shown = view();
    session.status.state = LinkState::lost;
    click(shown[0]);
    EXPECT_TRUE(session.calls.empty());
}

TEST_F(StationScreen, DrawsAlarmsInTheColoursOfTheSite) {
    show({{"alarm_banner", "unused"}});
    view();
    view();
    answer_alarms("#123456");
    view();
    EXPECT_NE(view()[0].at("text").get<std::string>().find("pump.trip"), std::string::npos);
    EXPECT_TRUE(has_colour(IM_COL32(0x12, 0x34, 0x56, 255)));
}

TEST_F(StationScreen, DrawsAlarmsInItsOwnColoursWhereTheSiteHasNone) {
    show({{"alarm_banner", "unused"}});
    view();
    view();
    answer_alarms("");
    view();
    view();
    EXPECT_TRUE(has_colour(IM_COL32(0xC6, 0x1A, 0x1A, 255)));
}

TEST_F(StationScreen, TellsOfASelectedAlarmWhatToDoAndWhatItDidBefore) {
    show({{"alarm_list", "unused"}}, json::object(), 1240, 300);
    view();
    view();
    answer_alarms("");
    view();
    const auto shown = view()[0];
    auto& io = ImGui::GetIO();
    io.MousePos = {shown.at("x").get<float>() + 200, shown.at("y").get<float>() + 6 + 28 + 18 + 12};
    for (const bool is_down : {false, true, false}) {
        io.MouseDown[0] = is_down;
        view();
    }
    view();
    ASSERT_EQ(session.calls.size(), 1U);
    EXPECT_EQ(session.next<ExplainAlarmRequest>().alarm, "pump.trip");
    ExplainAlarmReply reply;
    reply.info.id = 7;
    reply.info.alarm = "pump.trip";
    reply.info.state = AlarmStateCode::unacknowledged;
    reply.info.priority = 1;
    reply.response = "Stop the pump";
    reply.consequence = "It is damaged";
    reply.time_to_respond = 10min;
    reply.input = "pump.tripped = true, good";
    reply.suppressed_by = {"one rule", "another"};
    reply.last.resize(2);
    reply.last[0].alarm.emplace().event = AlarmEvent::commented;
    reply.last[0].user = "bert";
    reply.last[0].parameters = {"on my way"};
    reply.last[1].alarm.emplace().event = AlarmEvent::raised;
    reply.last[1].parameters = {"the text of the alarm"};
    session.answer(AnyReply(reply));
    view();
    const auto text = view()[0].at("text").get<std::string>();
    for (const auto* part : {"what to do: Stop the pump, within 10 min", "consequence: It is damaged",
                             "now: pump.tripped = true, good", "suppressed: one rule; another", "commented by bert: on my way"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    EXPECT_EQ(text.find("the text of the alarm"), std::string::npos) << "nobody said it: " << text;
}

TEST_F(StationScreen, IsAnEmptyListBeforeAScreenHasCome) { EXPECT_EQ(view(), json::array()); }

}  // namespace
}  // namespace penstock::station
