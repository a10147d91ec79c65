// `penstock logs --follow`: every event once, in order, also over a restart of the server.
#include <csignal>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

class FollowLogs : public ::testing::Test {
protected:
    FollowLogs()
        : plant(
              {{"site.json",
                R"({"format": 1, "name": "T", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {}})"},
               {"tags/t.json",
                R"({"tags": [{"name": "a", "type": "int", "access": "read_write"}, {"name": "b", "type": "int", "access": "read_write"}]})"}}) {
        plant.start();
    }
    void write(const std::string& tag, int count) {
        for (int i = 0; i < count; ++i) EXPECT_EQ(plant.cli({"write", tag, std::to_string(++value)}).code, 0);
    }
    [[nodiscard]] Program follow(std::vector<std::string> arguments = {}) const {
        std::vector<std::string> command{program("penstock"), "--server", plant.url(), "logs", "--follow", "--json"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return Program(command);
    }
    static std::vector<std::uint64_t> positions_in(const std::string& lines) {
        std::vector<std::uint64_t> positions;
        std::istringstream stream(lines);
        for (std::string line; std::getline(stream, line);)
            positions.push_back(Json::parse(line).at("position").get<std::uint64_t>());
        return positions;
    }
    // Of all events that there are, or of a kind.
    std::vector<std::uint64_t> all(std::vector<std::string> arguments = {}) {
        arguments.insert(arguments.begin(), {"logs", "--limit", "1000"});
        std::vector<std::uint64_t> positions;
        for (const auto& event : plant.json(arguments)) positions.push_back(event.at("position").get<std::uint64_t>());
        return positions;
    }
    // What was shown until it has the newest event.
    std::vector<std::uint64_t> shown_by(Program& follower, std::uint64_t newest) {
        EXPECT_FALSE(follower.wait_for_line("{", kPatience).empty());
        EXPECT_TRUE(eventually([&] {
            (void)follower.poll_line("{never", Seconds(0.05));
            return follower.output().find("\"position\":" + std::to_string(newest) + ",") != std::string::npos;
        })) << follower.output()
            << follower.errors();
        EXPECT_EQ(follower.stop(), 0) << follower.errors();
        return positions_in(follower.output());
    }
    Plant plant;
    int value = 0;
};

TEST_F(FollowLogs, ShowsEveryEventOnceOverARestart) {
    write("a", 3);
    auto follower = follow();
    write("a", 20);
    plant.kill();
    plant.start();
    write("a", 20);
    const auto wanted = all();
    ASSERT_GE(wanted.size(), 86U);
    EXPECT_EQ(shown_by(follower, wanted.back()), wanted);
}

TEST_F(FollowLogs, ShowsWhatIsAskedForAndNoOther) {
    write("a", 2);
    auto follower = follow({"--object", "b"});
    write("b", 3);
    write("a", 3);
    write("b", 3);
    const auto wanted = all({"--object", "b"});
    ASSERT_EQ(wanted.size(), 12U);
    EXPECT_EQ(shown_by(follower, wanted.back()), wanted);
}

}  // namespace
}  // namespace penstock::testing
