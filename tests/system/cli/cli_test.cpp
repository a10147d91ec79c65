// The command line as its users meet it: words, exit codes, JSON.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kLongName = "\xC3\xBC";  // repeated to 255 bytes below

std::string long_name() {
    std::string name = "x";
    for (int i = 0; i < 127; ++i) name += kLongName;
    return name;
}

// Tags that live in the server: they take what is written to them.
std::vector<std::pair<std::string, std::string>> memory_site() {
    return {{"site.json",
             R"({"format": 1, "name": "Memory", "languages": ["en"], "time_zone": "UTC", "areas": {"a": {}}, "plugins": {}})"},
            {"tags/tags.json", R"({"tags": [
                {"name": "tank.level", "type": "double", "unit": "m", "area": "a", "range": [0, 6], "access": "read_write", "initial": 1.5},
                {"name": "count", "type": "int", "access": "read_write"},
                {"name": "total", "type": "uint", "access": "read_write"},
                {"name": "any", "type": "double", "access": "read_write"},
                {"name": "name", "type": "string", "access": "read_write"},
                {"name": "fixed", "type": "int", "initial": 7},
                {"name": ")" + long_name()
                                   + R"(", "type": "string", "access": "read_write"}]})"}};
}

class Cli : public ::testing::Test {
protected:
    void SetUp() override { plant_.start(); }
    std::string write_and_read(const std::string& tag, const std::string& value) {
        const auto written = plant_.cli({"write", tag, "--", value});
        EXPECT_EQ(written.code, 0) << written.out << written.err;
        return plant_.read(tag)["value"].dump();
    }
    Plant plant_{memory_site()};
};

TEST_F(Cli, KeepsEveryBitOfAValue) {
    EXPECT_EQ(write_and_read("count", "9007199254740993"), "9007199254740993");
    EXPECT_EQ(write_and_read("count", "-9223372036854775808"), "-9223372036854775808");
    EXPECT_EQ(write_and_read("total", "18446744073709551615"), "18446744073709551615");
    EXPECT_EQ(write_and_read("any", "-0.0"), "-0.0");
    EXPECT_EQ(write_and_read("any", "NaN"), R"("NaN")");
    EXPECT_EQ(write_and_read("any", "-Infinity"), R"("-Infinity")");
    EXPECT_EQ(write_and_read("any", "5e-324"), "5e-324");
    EXPECT_EQ(write_and_read("name",
                             "Stra\xC3\x9F"
                             "e \xE6\xB0\xB4"),
              "\"Stra\xC3\x9F"
              "e \xE6\xB0\xB4\"");
    EXPECT_EQ(write_and_read(long_name(), long_name()), '"' + long_name() + '"');
}

TEST_F(Cli, PrintsTheKeysThatAreAgreed) {
    const auto value = plant_.read("tank.level");
    EXPECT_EQ(value["tag"], "tank.level");
    EXPECT_EQ(value["value"], 1.5);
    EXPECT_EQ(value["quality"], "uncertain");  // the initial value; nothing has been written yet
    EXPECT_TRUE(value.contains("cause"));
    EXPECT_TRUE(value.contains("time"));
    EXPECT_EQ(value["unit"], "m");
    EXPECT_EQ(plant_.json({"write", "count", "5"}), Json::parse(R"({"tag": "count", "outcome": "done", "reason": ""})"));
}

TEST_F(Cli, RefusesWithTheReason) {
    const auto outside = plant_.cli({"write", "tank.level", "7"});
    EXPECT_EQ(outside.code, 1);
    EXPECT_THAT(outside.out, HasSubstr("tank.level: refused: "));
    EXPECT_THAT(outside.out, HasSubstr("6"));
    EXPECT_EQ(plant_.cli({"write", "fixed", "1"}).code, 1);
    EXPECT_EQ(plant_.cli({"write", "count", "many"}).code, 1);
    EXPECT_EQ(plant_.cli({"write", "count", "1.5"}).code, 1);
    EXPECT_EQ(plant_.read("tank.level")["value"], 1.5);
}

TEST_F(Cli, AnswersAnUnknownTagWithTheNearest) {
    const auto result = plant_.cli({"read", "tank.levle"});
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("did you mean \"tank.level\"?"));
    EXPECT_EQ(plant_.cli({"explain", "tank.levle"}).code, 1);
    EXPECT_EQ(plant_.cli({"write", "tank.levle", "1"}).code, 1);
    EXPECT_EQ(plant_.cli({"watch", "tank.levle"}).code, 1);
}

TEST_F(Cli, AnswersAnUnknownVerbOrOptionWithTheNearest) {
    const auto verb = plant_.cli({"raed", "count"});
    EXPECT_EQ(verb.code, 2);
    EXPECT_THAT(verb.err, HasSubstr("there is no verb \"raed\"; did you mean \"read\"?"));
    const auto option = plant_.cli({"read", "count", "--jsn"});
    EXPECT_EQ(option.code, 2);
    EXPECT_THAT(option.err, HasSubstr("there is no option \"--jsn\"; did you mean \"--json\"?"));
    EXPECT_EQ(plant_.cli({"read"}).code, 2);
    const auto forgotten = plant_.cli({"history", "--from", "-5m"});  // a value that looks like an option
    EXPECT_EQ(forgotten.code, 2);
    EXPECT_THAT(forgotten.err, HasSubstr("TAG is required"));
    EXPECT_EQ(run({program("penstock")}).code, 2);
    EXPECT_EQ(run({program("penstock"), "--help"}).code, 0);
}

TEST_F(Cli, SaysWhenThereIsNoServer) {
    const auto result = run({program("penstock"), "read", "x", "--server", "unix:/nonexistent/penstock.sock"});
    EXPECT_EQ(result.code, 3);
    EXPECT_THAT(result.err, HasSubstr("/nonexistent/penstock.sock"));
}

TEST_F(Cli, ListsTagsByPattern) {
    EXPECT_THAT(plant_.cli({"tags", "tank.*"}).out, StartsWith("tank.level  double  m"));
    EXPECT_THAT(plant_.cli({"tags", "tank.*", "--origin"}).out, HasSubstr("tags/tags.json:2:"));
    EXPECT_EQ(plant_.json({"tags"}).size(), 7U);
    EXPECT_EQ(plant_.cli({"tags", "nothing*"}).code, 1);
}

TEST_F(Cli, WatchesThroughARestartOfTheServer) {
    Program watch({program("penstock"), "watch", "count", "--json", "--server", plant_.url()});
    watch.wait_for_line("{");
    ASSERT_EQ(plant_.cli({"write", "count", "41"}).code, 0);
    EXPECT_THAT(watch.wait_for_line("{"), HasSubstr("41"));
    plant_.kill();
    plant_.start();
    ASSERT_EQ(plant_.cli({"write", "count", "42"}).code, 0);
    EXPECT_TRUE(eventually([&] { return watch.poll_line("{", Seconds(0.2)).find("42") != std::string::npos; }));
    EXPECT_EQ(watch.stop(), 0);
}

TEST_F(Cli, CompletesVerbsOptionsAndTagsInBash) {
    const auto script = "source <(" + program("penstock") + " completion bash); PENSTOCK_SERVER=" + plant_.url()
                        + "; export PENSTOCK_SERVER; COMP_WORDS=(" + program("penstock")
                        + " read tank.); COMP_CWORD=2; _penstock; echo \"${COMPREPLY[@]}\";" + "COMP_WORDS=("
                        + program("penstock") + " expl); COMP_CWORD=1; _penstock; echo \"${COMPREPLY[@]}\"";
    EXPECT_EQ(run({"bash", "-c", script}).out, "tank.level\nexplain\n");
}

TEST(CliSite, NamesFaultsByLineAndColumnAndAGoodSiteInOneLine) {
    const ScratchFolder folder;
    ASSERT_EQ(run({program("penstock"), "new", "site", folder / "s", "--modbus", "127.0.0.1:1502"}).code, 0);
    const auto good = run({program("penstock"), "check", folder / "s"});
    EXPECT_EQ(good.code, 0) << good.out << good.err;
    EXPECT_EQ(std::count(good.out.begin(), good.out.end(), '\n'), 1);
    EXPECT_EQ(run({program("penstock"), "new", "site", folder / "s"}).code, 1);  // what is there stays

    Plant faulty(
        {{"site.json", R"({"format": 1, "name": "x", "languages": ["en"], "time_zone": "UTC", "areas": {}, "plugins": {}})"},
         {"tags/t.json", "{\"tags\": [\n  {\"name\": \"a\", \"type\": \"double\", \"unit\": \"baar\"}]}"}});
    const auto bad = run({program("penstock"), "check", faulty.site()});
    EXPECT_EQ(bad.code, 1);
    EXPECT_THAT(bad.out, StartsWith("tags/t.json:2:43: "));
    EXPECT_THAT(bad.out, HasSubstr("did you mean \"bar\"?"));
    const auto json = Json::parse(run({program("penstock"), "check", faulty.site(), "--json"}).out);
    EXPECT_EQ(json[0]["file"], "tags/t.json");
    EXPECT_EQ(json[0]["line"], 2);
}

TEST(CliSite, PrintsSchemasForEditors) {
    const ScratchFolder folder;
    ASSERT_EQ(run({program("penstock"), "new", "site", folder / "s"}).code, 0);
    const auto schemas = Json::parse(run({program("penstock"), "schema", folder / "s"}).out);
    EXPECT_TRUE(schemas.contains("site.json"));
    EXPECT_EQ(run({program("penstock"), "schema", folder / "none"}).code, 1);
}

TEST(CliPlugins, AreListedAndRefusedInWords) {
    const auto all = run({program("penstock"), "plugins"});
    EXPECT_EQ(all.code, 0) << all.err;
    EXPECT_THAT(all.out, HasSubstr("driver.modbus"));
    EXPECT_THAT(all.out, HasSubstr("transport.unix"));
    const auto refused = run({program("penstock"), "plugins", "/bin/true"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err, HasSubstr("/bin/true"));
}

// Texts by language, over the whole way from a site's files to the terminal.
TEST(CliLanguage, AlarmsAreExplainedInTheLanguageThatIsNamed) {
    Plant plant(
        {{"site.json",
          R"({"format": 1, "name": "Two", "languages": ["en", "de"], "time_zone": "UTC", "areas": {"a": {}}, "plugins": {}})"},
         {"tags/tags.json", R"({"tags": [{"name": "full", "type": "bool", "area": "a", "initial": true}]})"},
         {"alarms/alarms.json", R"({"alarms": [{"name": "overflow", "tag": "full", "priority": "high",
                     "text": {"en": "Overflow", "de": "Überlauf"}, "response": {"en": "Close the inlet", "de": "Zulauf schließen"}}]})"}});
    plant.start();
    const auto german = plant.cli({"explain", "overflow", "--language", "de"});
    EXPECT_EQ(german.code, 0) << german.err;
    EXPECT_THAT(german.out, HasSubstr("Überlauf"));
    EXPECT_THAT(german.out, HasSubstr("Zulauf schließen"));
    const auto english = plant.cli({"explain", "overflow", "--language", "en"});
    EXPECT_THAT(english.out, HasSubstr("Close the inlet"));
    const auto none = plant.cli({"alarms", "--language", "fr"});
    EXPECT_EQ(none.code, 1);
    EXPECT_EQ(none.err, "penstock: the site has no texts in \"fr\"; it has en, de\n");
}

}  // namespace
}  // namespace penstock::testing
