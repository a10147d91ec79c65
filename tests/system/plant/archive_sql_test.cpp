// A person with `sqlite3` and our extension sees what `penstock history` says, row for row, as far as the historian has stored it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/plant.hpp"

namespace penstock::testing {
namespace {

using TestRow = std::tuple<std::string, std::string, std::string>;  // time, value, quality
using Rows = std::vector<TestRow>;

// RFC 4180: both programs quote, each what it likes.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
    std::vector<std::vector<std::string>> lines(1, {""});
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto& field = lines.back().back();
        const char c = text[i];
        if (is_quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            field += text[++i];
        } else if (c == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted && c == ',') {
            lines.back().emplace_back();
        } else if (!is_quoted && c == '\n') {
            lines.push_back({""});
        } else if (is_quoted || c != '\r') {
            field += c;
        }
    }
    lines.pop_back();
    return lines;
}

Rows rows_of(const std::string& csv, bool has_header) {
    Rows rows;
    for (const auto& line : parse_csv(csv))
        if (line.size() >= 3) rows.emplace_back(line[0], line[1], line[2]);
    if (has_header && !rows.empty()) rows.erase(rows.begin());
    return rows;
}

class ArchiveSql : public ::testing::Test {
protected:
    ArchiveSql() : plant_(files(peer_)) { plant_.start(); }

    static std::vector<std::pair<std::string, std::string>> files(const ModbusPeer& peer) {
        return {{"site.json", R"({"format": 1, "name": "Sql", "languages": ["en"], "time_zone": "UTC", "areas": {"a": {}},
                    "plugins": {"driver.modbus": {}, "historian.sqlite": {"store_within": "1s"}}})"},
                {"devices/plc1.json", R"({"driver": "modbus", "endpoint": ")" + peer.endpoint()
                                          + R"(", "unit": 1, "scan_classes": {"fast": "50ms"}})"},
                {"tags/tags.json", R"({"tags": [
                    {"name": "h5", "device": "plc1", "address": "holding:5", "scan_class": "fast", "access": "read_write", "archive": "on_change"},
                    {"name": "level", "type": "double", "access": "read_write", "archive": "on_change"},
                    {"name": "open", "type": "bool", "access": "read_write", "archive": "on_change"},
                    {"name": "count", "type": "int", "access": "read_write", "archive": "on_change"},
                    {"name": "note", "type": "string", "access": "read_write", "archive": "on_change"}]})"}};
    }
    void write(const std::string& tag, const std::string& value) const {
        const auto written = plant_.cli({"write", tag, "--", value});
        ASSERT_EQ(written.code, 0) << tag << ": " << written.out << written.err;
    }
    [[nodiscard]] Rows by_history(const std::string& tag) const {
        const auto told = plant_.cli({"history", tag, "--from", "-10m", "--csv", "-", "--limit", "100000"});
        EXPECT_EQ(told.code, 0) << told.err;
        return rows_of(told.out, true);
    }
    [[nodiscard]] Rows by_sql(const std::string& tag) const {
        const auto told =
            run({"/usr/bin/sqlite3", "-batch", "-readonly", "-csv", plant_.data() + "/historians/sqlite/archive.db",
                 ".load " PENSTOCK_SQLITE_EXTENSION, "SELECT time, value, quality FROM samples('" + tag + "')"});
        return rows_of(told.out, false);
    }
    // {position, until ...} of the historian, as `penstock status` shows it.
    [[nodiscard]] Json historian() const {
        for (const auto& consumer : plant_.json({"journal"}).value("consumers", Json::array()))
            if (consumer.value("name", "") == "historian.sqlite") return consumer;
        return Json::object();
    }

    ModbusPeer peer_;
    Plant plant_;
};

TEST_F(ArchiveSql, EqualsTheHistoryRowForRow) {
    ASSERT_TRUE(plant_.becomes("h5", "good"));
    for (const char* const value : {"1.5", "-0.0", "0.1", "1e300", "5e-324", "-7"}) write("level", value);
    for (const char* const value : {"true", "false", "true"}) write("open", value);
    for (const char* const value : {"9007199254740993", "-9223372036854775808", "0"}) write("count", value);
    for (const char* const value : {"running", "says \"stop\", twice",
                                    "Stra\xC3\x9F"
                                    "e \xE6\xB0\xB4",
                                    ""})
        write("note", value);
    for (int value = 1000; value < 1010; ++value) write("h5", std::to_string(value));
    peer_.freeze();
    ASSERT_TRUE(plant_.becomes("h5", "bad"));
    peer_.go_on();
    ASSERT_TRUE(plant_.becomes("h5", "good"));
    write("h5", "2000");

    const auto is_stored = [&] {
        const auto rows = by_sql("h5");
        return !rows.empty() && std::get<1>(rows.back()) == "2000";
    };
    ASSERT_TRUE(eventually(is_stored, kPatience)) << historian().dump(1);
    for (const char* const tag : {"h5", "level", "open", "count", "note"}) {
        const auto stored = by_sql(tag);
        const auto told = by_history(tag);
        EXPECT_EQ(stored, told) << tag;
        ASSERT_FALSE(stored.empty()) << tag;
        EXPECT_LE(std::get<0>(stored.back()), historian().value("until", "")) << tag;
    }
    EXPECT_GE(by_sql("level").size(), 6U);
    EXPECT_GE(by_sql("note").size(), 4U);
    const auto is_bad = [](const TestRow& row) { return std::get<2>(row) == "bad" && std::get<1>(row).empty(); };
    EXPECT_TRUE(std::ranges::any_of(by_sql("h5"), is_bad)) << "the silence of the device is there too";
}

// While samples come, the archive holds the beginning of what the history tells.
TEST_F(ArchiveSql, IsTheBeginningOfTheHistoryWhileMoreComes) {
    ASSERT_TRUE(plant_.becomes("h5", "good"));
    std::size_t longest = 0;
    for (int value = 0; value < 60 || longest < 10; ++value) {
        ASSERT_LT(value, 2000) << "the historian stores nothing";
        write("count", std::to_string(value));
        if (value % 5 != 4) continue;
        const auto stored = by_sql("count");
        const auto told = by_history("count");
        ASSERT_LE(stored.size(), told.size());
        ASSERT_TRUE(std::ranges::equal(stored, std::span(told).first(stored.size()))) << "after " << value;
        longest = std::max(longest, stored.size());
    }
}

}  // namespace
}  // namespace penstock::testing
