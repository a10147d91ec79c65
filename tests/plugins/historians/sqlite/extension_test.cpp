// What a person reads with the program sqlite3 and our extension is what was appended.

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/plugins/historians/sqlite/plant.hpp"

namespace penstock::sqlite {
namespace {

using testing::Plant;
using testing::Row;

struct Close {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

// What the program prints; its errors too.
std::string ask(const Plant& plant, const std::string& sql) {
    const auto command = "sqlite3 -batch -readonly -csv '" + (plant.folder() / "archive.db").string()
                         + "' '.load " PENSTOCK_SQLITE_EXTENSION "' \"" + sql + "\" 2>&1";
    const std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "r"));
    std::string text;
    std::array<char, 4096> buffer;
    while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), size);
    std::erase(text, '\r');
    return text;
}

class Extension : public ::testing::Test {
protected:
    Plant plant_;
};

TEST_F(Extension, PrintsTimesValuesQualitiesAndCausesAsTheCommandLineDoes) {
    plant_.define(1, ValueType::float64);
    plant_.append(
        {{1,
          {{.time = 1'700'000'000'123'000'000, .word = word_of(0.1 + 0.2)},
           {.time = 1'700'000'000'123'456'000, .quality = status_word(QualityCode::uncertain), .word = word_of(-0.0)},
           {.time = 1'700'000'001'000'000'007, .quality = status_word(QualityCode::bad_timeout), .cause = "no answer"},
           {.time = 1'700'000'002'000'000'000, .word = word_of(1e300)}}}});
    plant_.historian().flush();
    EXPECT_EQ(ask(plant_, "SELECT time, value, quality, cause FROM samples('tag1')"),
              "2023-11-14T22:13:20.123Z,0.30000000000000004,good,\n"
              "2023-11-14T22:13:20.123456Z,-0,uncertain,\n"
              "2023-11-14T22:13:21.000000007Z,,bad,\"no answer\"\n"
              "2023-11-14T22:13:22.000Z,1e+300,good,\n");
}

TEST_F(Extension, GivesEveryRowOfManyPagesAlsoOfEqualTimes) {
    plant_.define(1, ValueType::int64);
    std::vector<Row> rows;
    std::string wanted;
    for (std::uint64_t i = 0; i < 30'000; ++i) {
        rows.push_back({.time = static_cast<std::int64_t>(i / 10'000) * 1'000'000'000, .word = i});
        wanted += std::to_string(i) + '\n';
    }
    plant_.append({{1, rows}});
    plant_.historian().flush();
    EXPECT_EQ(ask(plant_, "SELECT value FROM samples('tag1')"), wanted);
    EXPECT_EQ(
        ask(plant_, "SELECT count(*), min(time_ns), max(number) FROM samples('tag1', '1970-01-01T00:00:01Z', 2000000000)"),
        "10000,1000000000,19999.0\n");
}

TEST_F(Extension, SaysWhatItWants) {
    plant_.define(1, ValueType::int64);
    EXPECT_NE(ask(plant_, "SELECT * FROM samples('nowhere')").find("no tag \"nowhere\" is archived here"), std::string::npos);
    EXPECT_NE(ask(plant_, "SELECT * FROM samples").find("wants the name of a tag"), std::string::npos);
    EXPECT_NE(ask(plant_, "SELECT * FROM samples('tag1', 'yesterday')").find("\"yesterday\" is no time"), std::string::npos);
}

TEST_F(Extension, VerifiesAnArchive) {
    plant_.define(1, ValueType::int64);
    std::vector<Row> rows;
    for (std::uint64_t i = 0; i < 3000; ++i) rows.push_back({.time = static_cast<std::int64_t>(i), .word = i * i});
    plant_.append({{1, rows}});
    plant_.historian().flush();
    EXPECT_EQ(ask(plant_, "SELECT penstock_verify()"), "ok\n");
}

}  // namespace
}  // namespace penstock::sqlite
