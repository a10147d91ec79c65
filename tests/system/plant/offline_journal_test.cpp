// `penstock journal --data DIR`: the journal of a server that does not run, whole and damaged. The folder is only read.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

RunResult journal(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {program("penstock"), "journal"});
    return run(std::move(arguments));
}

std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class OfflineJournal : public ::testing::Test {
protected:
    OfflineJournal()
        : plant({{"site.json",
                  R"({"format": 1, "name": "T", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {}})"},
                 {"tags/t.json",
                  R"({"tags": [{"name": "a", "type": "int", "access": "read_write", "archive": "on_change"}]})"}}) {
        plant.start();
        for (int value = 1; value <= 20; ++value) EXPECT_EQ(plant.cli({"write", "a", std::to_string(value)}).code, 0);
    }
    [[nodiscard]] fs::path newest(const std::string& lane) const {
        fs::path last;
        for (const auto& each : fs::directory_iterator(fs::path(plant.data()) / "journal" / lane))
            if (each.path().extension() == ".seg") last = std::max(last, each.path());
        return last;
    }
    Plant plant;
};

TEST_F(OfflineJournal, IsListedAndFoundWholeAndNotTouched) {
    EXPECT_EQ(plant.stop(), 0);
    std::map<std::string, std::string> before;
    for (const auto& lane : {"events", "values"}) before[lane] = content(newest(lane));
    const auto listed = journal({"--data", plant.data()});
    EXPECT_EQ(listed.code, 0) << listed.err;
    EXPECT_THAT(listed.out, HasSubstr("events"));
    EXPECT_THAT(listed.out, HasSubstr("values"));
    EXPECT_THAT(listed.out, HasSubstr("closed"));
    const auto verified = journal({"--data", plant.data(), "--verify"});
    EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
    EXPECT_THAT(verified.out, HasSubstr("nothing is wrong"));
    for (const auto& lane : {"events", "values"}) EXPECT_TRUE(content(newest(lane)) == before[lane]) << lane;
    const auto json = Json::parse(journal({"--data", plant.data(), "--verify", "--json"}).out);
    EXPECT_GE(json.at("verified_records"), 42) << "20 wishes, 20 answers, a start and a stop";
    EXPECT_EQ(json.at("lanes").at(0).at("name"), "events");
}

TEST_F(OfflineJournal, DamageIsNamed) {
    EXPECT_EQ(plant.stop(), 0);
    const auto segment = newest("events");
    auto bytes = content(segment);
    bytes[5000] = static_cast<char>(bytes[5000] ^ 4);
    std::ofstream(segment, std::ios::binary) << bytes;
    const auto verified = journal({"--data", plant.data(), "--verify"});
    EXPECT_EQ(verified.code, 1);
    EXPECT_THAT(verified.out, HasSubstr("events/" + segment.filename().string() + ": "));
    EXPECT_THAT(verified.out, HasSubstr("checksum"));
    EXPECT_TRUE(content(segment) == bytes) << "it was mended; that is for the server to do";
    fs::resize_file(segment, 3000);
    const auto cut = journal({"--data", plant.data()});
    EXPECT_EQ(cut.code, 1) << "also without --verify, what is seen is said: " << cut.out;
}

TEST_F(OfflineJournal, IsLeftToARunningServer) {
    const auto refused = journal({"--data", plant.data()});
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("a server is running on this folder"));
    EXPECT_THAT(refused.err, HasSubstr(plant.url()));
    plant.kill();  // leaves its lock file behind
    EXPECT_EQ(journal({"--data", plant.data(), "--verify"}).code, 0);
}

TEST_F(OfflineJournal, AFolderThatIsNoneSaysWhatIsWanted) {
    const auto missing = journal({"--data", "/nowhere/at/all"});
    EXPECT_EQ(missing.code, 1);
    EXPECT_THAT(missing.err, HasSubstr("/nowhere/at/all: there is no such folder"));
    const auto other = journal({"--data", plant.site()});
    EXPECT_EQ(other.code, 1);
    EXPECT_THAT(other.err, HasSubstr("is not the data folder of a server"));
}

}  // namespace
}  // namespace penstock::testing
