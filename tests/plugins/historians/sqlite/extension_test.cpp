// What a person reads with the program sqlite3 and our extension is what was appended.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "store/page_seal.hpp"
#include "store/schema.hpp"
#include "tests/plugins/historians/sqlite/plant.hpp"

namespace penstock::sqlite {
namespace {

using testing::Plant;
using testing::Row;

struct Close {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

// What a command prints; its errors too.
std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, Close> pipe(::popen((command + " 2>&1").c_str(), "r"));
    std::string text;
    std::array<char, 4096> buffer;
    while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) text.append(buffer.data(), size);
    std::erase(text, '\r');
    return text;
}

// As a person does it.
std::string ask(const Plant& plant, const std::string& sql) {
    return output_of("sqlite3 -batch -readonly -csv '" + (plant.folder() / kArchiveFile).string()
                     + "' '.load " PENSTOCK_SQLITE_EXTENSION "' \"" + sql + "\"");
}
// Without the extension, and not as we ask for it.
std::string ask_plainly(const std::filesystem::path& folder, const std::string& sql) {
    return output_of("sqlite3 -batch -csv '" + (folder / kArchiveFile).string() + "' \"" + sql + "\"");
}

std::map<SeriesId, std::vector<Row>> squares(std::uint64_t first, std::uint64_t count) {
    std::vector<Row> rows;
    for (auto i = first; i < first + count; ++i) rows.push_back({.time = static_cast<std::int64_t>(i), .word = i * i});
    return {{1, rows}};
}

// The page number of a page below the root of a table, the first of them.
std::uint32_t page_below(const std::filesystem::path& file, const char* root_sql) {
    const auto root =
        static_cast<std::uint32_t>(std::stoul(output_of("sqlite3 -readonly '" + file.string() + "' \"" + root_sql + "\"")));
    std::ifstream stream(file, std::ios::binary);
    std::string page(kPageBytes, '\0');
    stream.seekg(static_cast<std::streamoff>(kPageBytes * (root - 1)));
    stream.read(page.data(), static_cast<std::streamsize>(page.size()));
    const auto byte = [&](std::size_t place) { return static_cast<std::uint32_t>(static_cast<unsigned char>(page[place])); };
    if (page[0] != 2 && page[0] != 5) return root;
    const auto cell = byte(12) << 8U | byte(13);
    return byte(cell) << 24U | byte(cell + 1) << 16U | byte(cell + 2) << 8U | byte(cell + 3);
}

void flip(const std::filesystem::path& file, std::uint64_t place) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(place));
    const auto byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(static_cast<std::streamoff>(place));
    stream.put(byte);
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
    plant_.append(squares(0, 3000));
    plant_.historian().flush();
    EXPECT_EQ(ask(plant_, "SELECT penstock_verify()"), "ok\n");
}

TEST_F(Extension, NamesWhatIsDamagedAndGivesTheRest) {
    plant_.define(1, ValueType::uint64);
    for (std::uint64_t part = 0; part < 40; ++part) plant_.append(squares(part * 1000, 1000));
    plant_.close();
    const auto file = plant_.folder() / kArchiveFile;
    const auto page = page_below(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'chunk'");
    flip(file, std::uint64_t{page - 1} * kPageBytes + 9000);
    const auto told = ask(plant_, "SELECT penstock_verify()");
    EXPECT_NE(told.find("page " + std::to_string(page) + " does not fit its seal"), std::string::npos) << told;
    EXPECT_NE(told.find("chunk 1 of series 1"), std::string::npos) << told;
    EXPECT_EQ(told.find("chunk 30 of"), std::string::npos) << told;
    const auto rows = std::stoull(ask(plant_, "SELECT count(*) FROM samples('tag1')"));
    EXPECT_GT(rows, 20'000U);
    EXPECT_LT(rows, 40'000U);
}

TEST_F(Extension, PlainSqliteCannotWriteIntoAnArchive) {
    plant_.define(1, ValueType::uint64);
    plant_.append(squares(0, 3000));
    plant_.reopen();
    const auto copy = testing::TemporaryFolder();
    std::filesystem::copy_file(plant_.folder() / kArchiveFile, copy.path() / kArchiveFile);
    EXPECT_EQ(ask_plainly(copy.path(), "SELECT name FROM series"), "tag1\n");
    EXPECT_NE(ask_plainly(copy.path(), "UPDATE series SET name = 'mine'").find("readonly"), std::string::npos);
    EXPECT_EQ(ask_plainly(copy.path(), "SELECT name FROM series"), "tag1\n");
}

// It copies the log into the file, and knows no seals.
TEST_F(Extension, PlainSqliteMayBeTheFirstToOpenAnArchiveAfterACrash) {
    plant_.define(1, ValueType::uint64);
    plant_.append(squares(0, 3000));
    plant_.reopen();
    plant_.append(squares(3000, 3000));
    plant_.historian().flush();
    const auto crashed = testing::TemporaryFolder();
    for (const char* const suffix : {"", "-wal"})
        std::filesystem::copy_file((plant_.folder() / kArchiveFile).string() + suffix,
                                   (crashed.path() / kArchiveFile).string() + suffix);
    EXPECT_EQ(ask_plainly(crashed.path(), "SELECT journal FROM position"), std::to_string(plant_.position()) + '\n');
    EXPECT_FALSE(std::filesystem::exists((crashed.path() / kArchiveFile).string() + "-wal")) << "the test shows nothing";
    SqliteHistorian historian{Options{}};
    ASSERT_EQ(historian.open(crashed.path()), plant_.position());
    const auto reader = historian.open_reader();
    SampleRange range;
    range.series = 1;
    range.to = 10'000;
    EXPECT_EQ(plant_.read(*reader, range).size(), 6000U);
    EXPECT_TRUE(reader->damage().empty());
    EXPECT_EQ(historian.status().sentence, "");
}

}  // namespace
}  // namespace penstock::sqlite
