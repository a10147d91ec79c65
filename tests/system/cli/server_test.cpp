// The server program: who may start it, on what, and that it comes and goes cleanly.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using ::testing::HasSubstr;

std::vector<std::pair<std::string, std::string>> site() {
    return {{"site.json", R"({"format": 1, "name": "T", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {}})"},
            {"tags/t.json", R"({"tags": [{"name": "a", "type": "int", "access": "read_write"}]})"}};
}

RunResult start_on(const Plant& plant, const std::string& data) {
    return run({program("penstock-server"), "--data", data, "--site", plant.site(), "--allow-root"},
               {"XDG_RUNTIME_DIR=" + data});
}

TEST(ServerProgram, RefusesToRunAsRootUnlessTold) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root is refused";
    Plant plant(site());
    const auto result = run({program("penstock-server"), "--data", plant.data(), "--site", plant.site()});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("--allow-root"));
    plant.start();
    EXPECT_THAT(plant.cli({"status"}).out, HasSubstr("warning: the server runs as root"));
}

TEST(ServerProgram, HasItsDataFolderForItself) {
    Plant plant(site());
    plant.start();
    const auto second = start_on(plant, plant.data());
    EXPECT_EQ(second.code, 1);
    EXPECT_THAT(second.err, HasSubstr("another server is running on this data folder"));
    EXPECT_EQ(plant.cli({"read", "a"}).code, 0);  // and the first goes on
}

TEST(ServerProgram, RefusesADataFolderThatOthersCanWrite) {
    Plant plant(site());
    std::filesystem::create_directory(plant.data());
    ::chmod(plant.data().c_str(), 0777);
    const auto result = start_on(plant, plant.data());
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("0700"));
}

TEST(ServerProgram, StopsCleanlyAndStartsAgainAsTheSameServer) {
    Plant plant(site());
    plant.start();
    const auto id = plant.json({"status"})["server"]["server_id"];
    EXPECT_EQ(plant.stop(), 0);
    plant.start();
    EXPECT_EQ(plant.json({"status"})["server"]["server_id"], id);
    plant.kill();  // leaves its socket and lock behind
    plant.start();
    EXPECT_EQ(plant.json({"status"})["server"]["server_id"], id);
}

TEST(ServerProgram, IsFoundByTheLinkToTheServerStartedLast) {
    Plant plant(site());
    plant.start();
    const auto runtime = std::filesystem::path(plant.data()).parent_path().string();
    const auto result = run({program("penstock"), "read", "a"}, {"XDG_RUNTIME_DIR=" + runtime, "PENSTOCK_SERVER="});
    EXPECT_EQ(result.code, 0) << result.err;
    plant.stop();
    EXPECT_FALSE(std::filesystem::is_symlink(runtime + "/penstock.sock"));
}

TEST(ServerProgram, NamesEveryFaultOfItsSite) {
    Plant plant(
        {{"site.json", R"({"format": 1, "name": "T", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {}})"},
         {"tags/t.json", R"({"tags": [{"name": "a", "type": "integer"}, {"name": "a", "type": "int"}]})"}});
    const auto result = start_on(plant, plant.data());
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("tags/t.json:1:33: "));
}

}  // namespace
}  // namespace penstock::testing
