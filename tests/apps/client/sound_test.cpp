// What comes out of a station's loudspeaker: the real station, with OpenAL's writer of wave files in place of a sound card.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numbers>
#include <span>

#include <gtest/gtest.h>

#include "tests/support/plant.hpp"
#include "tests/support/program.hpp"

namespace penstock::testing {
namespace {

constexpr unsigned kRate = 48'000;
constexpr double kBlock = 0.05;  // s

// One priority that repeats at 880 Hz; memory tags stand for the plant.
const std::vector<std::pair<std::string, std::string>> kSite{
    {"site.json", R"({"format": 1, "name": "Pumps", "languages": ["en", "de"], "time_zone": "UTC", "start_screen": "one",
        "areas": {"works": {}}, "plugins": {"widget.basic": {}},
        "alarm_priorities": [{"name": "urgent", "color": "#C62828", "sound": {"pattern": "880:300", "repeat": "600ms"}}]})"},
    {"screens/one.json", R"({"format": 1, "title": "One", "size": [400, 300], "widgets": []})"},
    {"tags/pumps.json",
     R"({"tags": [{"name": "tripped", "type": "bool", "access": "read_write", "initial": false, "area": "works"}]})"},
    {"alarms/pumps.json", R"({"alarms": [{"name": "trip", "tag": "tripped", "priority": "urgent",
        "text": {"en": "Pump tripped", "de": "Pumpe ausgelöst"}}]})"},
};

// How much of a frequency there is in a piece, 0 to 1 of full scale (Goertzel).
double loudness(std::span<const std::int16_t> samples, double hertz) {
    const double turn = 2 * std::cos(2 * std::numbers::pi * hertz / kRate);
    double one = 0, two = 0;
    for (const auto sample : samples) {
        const double next = sample / 32'768.0 + turn * one - two;
        two = one;
        one = next;
    }
    return std::sqrt(std::max(0.0, one * one + two * two - turn * one * two)) * 2 / static_cast<double>(samples.size());
}

// The left channel of a wave file of 16 bits and two channels; its header ends with the word "data" and a length.
std::vector<std::int16_t> left_channel(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto data = bytes.find("data");
    std::vector<std::int16_t> samples;
    if (data == std::string::npos) return samples;
    for (auto at = data + 8; at + 4 <= bytes.size(); at += 4) {
        std::int16_t sample = 0;
        std::memcpy(&sample, bytes.data() + at, sizeof sample);
        samples.push_back(sample);
    }
    return samples;
}

// For each piece of kBlock: whether 880 Hz is heard; -1: something else is.
std::vector<int> heard(const std::vector<std::int16_t>& samples) {
    constexpr auto kSamples = static_cast<std::size_t>(kBlock * kRate);
    std::vector<int> blocks;
    for (std::size_t from = 0; from + kSamples <= samples.size(); from += kSamples) {
        const auto block = std::span(samples).subspan(from, kSamples);
        double energy = 0;
        for (const auto sample : block) energy += std::pow(sample / 32'768.0, 2);
        const bool is_loud = std::sqrt(energy / kSamples) > 0.1;  // a piece may hold the tone's beginning or end alone
        blocks.push_back(!is_loud ? 0 : loudness(block, 880) > 0.03 ? 1 : -1);
    }
    return blocks;
}

class StationSound : public ::testing::Test {
protected:
    StationSound() : plant_(kSite) {
        std::ofstream(folder_ / "openal.conf")
            << "drivers = wave\nchannels = stereo\nsample-type = int16\nfrequency = " << kRate << "\n[wave]\nfile = " << wave()
            << '\n';
        plant_.start();
    }
    [[nodiscard]] std::string wave() const { return folder_ / "heard.wav"; }
    [[nodiscard]] std::unique_ptr<Program> station(std::vector<std::string> options = {}, std::string drivers = {}) {
        std::vector<std::string> command = {"xvfb-run", "-a", "-s", "-screen 0 640x480x24", "bash", "-c",
                                            // The display outlives its program: it is the program that has to end in order.
                                            R"("$@" & echo $! >"$0"; wait $!; wait $!)", pid_file(), program("penstock-client"),
                                            plant_.url()};
        command.insert(command.end(), options.begin(), options.end());
        std::vector<std::string> environment{"ALSOFT_CONF=" + (folder_ / "openal.conf")};
        if (!drivers.empty()) environment.push_back("ALSOFT_DRIVERS=" + drivers);
        return std::make_unique<Program>(std::move(command), std::move(environment));
    }
    static bool shows_screen(Program& station) {
        return eventually([&] {
            station.poll_line("-", Seconds(0.1));
            return station.errors().find("shows the screen one") != std::string::npos;
        });
    }
    // Ends the station itself, so that the file is whole.
    void end(Program& station) const {
        pid_t pid = 0;
        std::ifstream(pid_file()) >> pid;
        ASSERT_GT(pid, 1);
        ::kill(pid, SIGTERM);
        station.wait();
    }
    [[nodiscard]] std::string pid_file() const { return folder_ / "pid"; }
    // Until so much has been written since; OpenAL writes in its own time.
    [[nodiscard]] bool goes_on(double seconds) const {
        const auto size = [&] { return std::filesystem::exists(wave()) ? std::filesystem::file_size(wave()) : 0; };
        const auto from = size();
        return eventually([&] { return size() > from + static_cast<std::uintmax_t>(seconds * kRate * 4); });
    }

    ScratchFolder folder_;
    Plant plant_;
};

TEST_F(StationSound, IsThePatternOfTheAlarmAtItsBeatUntilSomebodyAcknowledges) {
    const auto station = this->station();
    ASSERT_TRUE(shows_screen(*station)) << station->errors();
    ASSERT_EQ(plant_.cli({"write", "tripped", "true"}).code, 0);
    ASSERT_TRUE(goes_on(2)) << station->errors();
    ASSERT_EQ(plant_.cli({"ack", "trip"}).code, 0);
    ASSERT_TRUE(goes_on(2));
    end(*station);
    const auto blocks = heard(left_channel(wave()));
    EXPECT_EQ(std::ranges::count(blocks, -1), 0) << "nothing but 880 Hz";
    const auto last = std::find(blocks.rbegin(), blocks.rend(), 1);
    ASSERT_NE(last, blocks.rend());
    int beats = 0;
    for (std::size_t i = 1; i < blocks.size(); ++i) beats += blocks[i] == 1 && blocks[i - 1] == 0 ? 1 : 0;
    EXPECT_GE(beats, 3) << "2 s at a beat of 600 ms";
    EXPECT_GT(last - blocks.rbegin(), 20) << "silence for a second and more after the acknowledgement";
}

TEST_F(StationSound, IsNoneWhereTheStationIsMuted) {
    ASSERT_EQ(plant_.cli({"write", "tripped", "true"}).code, 0);
    const auto muted = station({"--mute"});
    ASSERT_TRUE(shows_screen(*muted)) << muted->errors();
    end(*muted);
    EXPECT_FALSE(std::filesystem::exists(wave())) << "no card is opened";
}

TEST_F(StationSound, IsMissedInWordsAndOnceWithoutASoundCard) {
    ASSERT_EQ(plant_.cli({"write", "tripped", "true"}).code, 0);
    const auto station = this->station({}, "null");
    ASSERT_TRUE(shows_screen(*station)) << station->errors();
    end(*station);
    const auto& said = station->errors();
    const auto first = said.find("no alarm is heard at this station: there is no sound card");
    ASSERT_NE(first, std::string::npos) << said;
    EXPECT_EQ(said.find("no alarm is heard", first + 1), std::string::npos) << said;
}

}  // namespace
}  // namespace penstock::testing
