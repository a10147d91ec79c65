// The station as its users start it, on a display without a screen.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/plant.hpp"
#include "tests/support/program.hpp"

namespace penstock::testing {
namespace {

const std::string kWaterworks = std::string(PENSTOCK_SOURCE_DIR) + "/config/waterworks";

// The command line of the station on a display of its own.
std::vector<std::string> on_display(std::vector<std::string> arguments) {
    std::vector<std::string> command = {"xvfb-run", "-a", "-s", "-screen 0 1280x960x24", program("penstock-client")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

class Plantsim {
public:
    Plantsim() : program_({program("plantsim"), "--port", "0"}), endpoint_(program_.wait_for_line("listening ").substr(10)) {}
    [[nodiscard]] std::string parameter() const { return "plc_endpoint=" + endpoint_; }

private:
    Program program_;
    std::string endpoint_;
};

class ClientProgram : public ::testing::Test {
protected:
    // Runs the station for --after and reads what it showed.
    Json view(std::vector<std::string> arguments, const std::string& after = "4s") {
        arguments.insert(arguments.end(), {"--view", file("view.json"), "--screenshot", file("view.png"), "--after", after});
        const auto done = run(on_display(std::move(arguments)));
        errors = done.err;
        EXPECT_EQ(done.code, 0) << done.err;
        return Json::parse(std::ifstream(file("view.json")), nullptr, false);
    }
    [[nodiscard]] std::string file(std::string_view name) const { return folder_ / name; }
    static Json widget(const Json& view, std::string_view id) {
        const auto found = std::ranges::find_if(view, [&](const Json& each) { return each.at("id") == id; });
        EXPECT_NE(found, view.end()) << "no widget " << id;
        return found == view.end() ? Json::object({{"text", ""}, {"quality", ""}, {"value", nullptr}}) : *found;
    }
    std::string errors;

private:
    ScratchFolder folder_;
};

TEST_F(ClientProgram, ShowsTheWaterworks) {
    const Plantsim plant;
    const auto shown = view({"--site", kWaterworks, "--set", plant.parameter()});
    ASSERT_TRUE(shown.is_array());
    for (const auto& each : shown) {
        EXPECT_EQ(each.at("fault"), "") << each;
        if (!each.at("quality").is_null()) EXPECT_EQ(each.at("quality"), "good") << each;
    }
    EXPECT_TRUE(widget(shown, "clear_tank").at("value").is_number());
    EXPECT_NE(widget(shown, "clear_tank").at("text").get<std::string>().find(" m, setpoint "), std::string::npos);
    EXPECT_GT(std::filesystem::file_size(file("view.png")), 10'000U);
}

TEST_F(ClientProgram, SaysWhyEverythingIsBadWithoutThePlc) {
    const auto shown = view({"--site", kWaterworks, "--set", "plc_endpoint=127.0.0.1:" + std::to_string(free_port())});
    const auto level = widget(shown, "clear_tank");
    EXPECT_EQ(level.at("quality"), "bad");
    EXPECT_NE(level.at("text").get<std::string>().find("cannot connect"), std::string::npos) << level;
}

TEST_F(ClientProgram, RefusesAFaultySiteWithItsFaults) {
    std::filesystem::copy(kWaterworks, file("site"), std::filesystem::copy_options::recursive);
    std::ofstream(file("site") + "/screens/overview.json")
        << R"({"format": 1, "title": "T", "size": [100, 100], "widgets": [{"id": "a", "type": "vaule", "x": 0, "y": 0, "width": 9, "height": 9}]})";
    const auto done = run(on_display({"--site", file("site"), "--view", file("view.json")}));
    EXPECT_EQ(done.code, 1);
    EXPECT_NE(done.err.find("screens/overview.json:1:"), std::string::npos) << done.err;
    EXPECT_NE(done.err.find("vaule"), std::string::npos) << done.err;
}

TEST_F(ClientProgram, SaysThatThereIsNoDisplay) {
    const auto done = run({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", program("penstock-client"),
                           "unix:" + file("no.sock"), "--view", file("view.json")});
    EXPECT_EQ(done.code, 1);
    EXPECT_NE(done.err.find("there is no display"), std::string::npos) << done.err;
}

TEST_F(ClientProgram, ExplainsWrongUse) {
    EXPECT_EQ(run({program("penstock-client")}).code, 2);
    EXPECT_EQ(run({program("penstock-client"), "unix:x", "--site", "y"}).code, 2);
    EXPECT_EQ(run({program("penstock-client"), "unix:x", "--after", "soon"}).code, 2);
}

TEST_F(ClientProgram, DrawsOnlyWhenSomethingChanges) {
    // Registers that nobody writes: after the first values nothing changes.
    const ModbusPeer peer;
    const auto plant = Plant::made_for(peer.endpoint());
    plant->start();
    const auto shown = view({plant->url()}, "4s");
    EXPECT_EQ(shown.size(), 10U);
    EXPECT_EQ(widget(shown, "h5").at("quality"), "good") << errors;
    const auto at = errors.find("drew ");
    ASSERT_NE(at, std::string::npos) << errors;
    EXPECT_LT(std::stoi(errors.substr(at + 5)), 20) << "4 s of a plant that stands still";
}

TEST_F(ClientProgram, WritesWhatAnOperatorTypes) {
    const ModbusPeer peer;
    const auto plant = Plant::made_for(peer.endpoint());
    // The screen of the site, with a field to set h5 in its upper left corner.
    std::ofstream(plant->site() + "/screens/overview.json")
        << R"({"format": 1, "title": "Set", "size": [1280, 774], "widgets": [{"id": "h5", "type": "input", "x": 100, "y": 100,)"
        << R"( "width": 300, "height": 100, "properties": {"label": "h5"}, "bindings": {"value": "plc1.h5"}}]})";
    plant->start();
    ASSERT_TRUE(plant->becomes("plc1.h5", "good"));
    // Hands that try again: on a busy machine a window may need a while until it listens. The program and its hands share a display.
    const std::string hands = R"("$1" "$2" --window 1280x800 & client=$!
        for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
            sleep 1
            xdotool mousemove 250 190 mousedown 1; sleep 0.15; xdotool mouseup 1; sleep 0.4
            xdotool type --delay 80 4711; sleep 0.3
            xdotool keydown Return; sleep 0.15; xdotool keyup Return; sleep 0.5
            "$3" read plc1.h5 --server "$2" | grep -q 4711 && break
        done
        kill $client; wait $client)";
    const auto done = run({"xvfb-run", "-a", "-s", "-screen 0 1280x960x24", "bash", "-c", hands, "hands",
                           program("penstock-client"), plant->url(), program("penstock")});
    EXPECT_EQ(plant->read("plc1.h5").at("value"), 4711) << done.err;
}

TEST_F(ClientProgram, TrustsNothingWhenTheServerHasGone) {
    const ModbusPeer peer;
    const auto plant = Plant::made_for(peer.endpoint());
    plant->start();
    Program station(on_display({plant->url(), "--view", file("view.json"), "--after", "6s"}));
    ASSERT_TRUE(plant->becomes("plc1.h5", "good"));
    const auto is_shown = [&] {
        station.poll_line("-", Seconds(0.1));
        return station.errors().find("shows the screen overview") != std::string::npos;
    };
    ASSERT_TRUE(eventually(is_shown)) << station.errors();
    plant->kill();
    EXPECT_EQ(station.wait(), 0) << station.errors();
    const auto shown = Json::parse(std::ifstream(file("view.json")), nullptr, false);
    EXPECT_EQ(widget(shown, "h5").at("quality"), "bad");
    EXPECT_NE(widget(shown, "h5").at("text").get<std::string>().find("the server is lost"), std::string::npos);
}

}  // namespace
}  // namespace penstock::testing
