// Row D7, the archive's part: whatever block of archive.db a disk has spoilt, the historian starts, serves nothing wrong, and loses no
// more than lay in that block. Each value follows from its series and time, so that a wrong one is known at sight.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "store/read_connection.hpp"
#include "store/reader.hpp"
#include "store/schema.hpp"
#include "tests/plugins/historians/sqlite/plant.hpp"
#include "tests/support/fault_row.hpp"

namespace penstock::sqlite {
namespace {

using testing::kLeast;
using testing::kMost;
using testing::OwnedColumns;
using testing::Plant;
using testing::Row;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

constexpr SeriesId kSeries = 40;
constexpr std::int64_t kRows = 4000;  // of the busy half; a hundredth of that of the others
constexpr std::uint64_t kMostLost = 64 * 1024;  // rows of a spoilt block of 64 KiB: more than one a byte there is not

std::uint64_t value_at(SeriesId series, std::int64_t time) {
    const auto mixed = (static_cast<std::uint64_t>(time) ^ series * 0x9E37'79B9'7F4A'7C15ULL) * 0xBF58'476D'1CE4'E5B9ULL;
    return mixed >> 40U;  // 24 bits that nothing predicts
}

std::int64_t rows_of(SeriesId series) { return series % 2 == 0 ? kRows : kRows / 100; }

void fill(Plant& plant) {
    for (SeriesId id = 0; id < kSeries; ++id) plant.define(id, ValueType::uint64);
    for (std::int64_t part = 0; part < 4; ++part) {
        std::map<SeriesId, std::vector<Row>> rows;
        for (SeriesId id = 0; id < kSeries; ++id) {
            const auto count = rows_of(id) / 4;
            for (std::int64_t i = part * count; i < (part + 1) * count; ++i)
                rows[id].push_back({.time = i * 100'000'000, .word = value_at(id, i * 100'000'000)});
        }
        plant.append(rows);
        plant.historian().flush();
    }
    plant.close();
}

struct Outcome {
    std::uint64_t served = 0, wrong = 0, lost = 0;
    bool is_told = false, is_set_aside = false;
    std::string sentences;
};

class Checker final : public SampleSink {
public:
    Checker(SeriesId series, Outcome& outcome) : series_(series), outcome_(outcome) {}
    bool take(const SampleView& samples) override {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto time = samples.time[i];
            const bool is_right = time > last_ && time >= 0 && time % 100'000'000 == 0 && time / 100'000'000 < rows_of(series_)
                                  && samples.status[i] == 0 && samples.word[i] == value_at(series_, time);
            ++outcome_.served;
            outcome_.wrong += is_right ? 0 : 1;
            last_ = time;
        }
        return true;
    }

private:
    SeriesId series_;
    Outcome& outcome_;
    std::int64_t last_ = kLeast;
};

std::uint64_t all_rows() {
    std::uint64_t rows = 0;
    for (SeriesId id = 0; id < kSeries; ++id) rows += static_cast<std::uint64_t>(rows_of(id));
    return rows;
}

Outcome start_and_read(const fs::path& folder, Verify verify) {
    Outcome outcome;
    SqliteHistorian historian{Options{}};
    historian.open(folder);
    outcome.is_told = !historian.status().sentence.empty();
    outcome.sentences = historian.status().sentence + '\n';
    outcome.is_set_aside = fs::exists(folder / "archive.damaged.db");
    const auto connections = std::make_shared<ReadConnections>(folder / kArchiveFile);
    Reader reader(connections, verify);
    for (SeriesId id = 0; id < kSeries; ++id) {
        SampleRange range;
        range.series = id;
        range.from = kLeast;
        range.to = kMost;
        Checker checker(id, outcome);
        reader.read(range, checker);
    }
    for (const auto& sentence : reader.damage()) outcome.sentences += sentence + '\n';
    outcome.is_told = outcome.is_told || !reader.damage().empty();
    outcome.lost = all_rows() - std::min(all_rows(), outcome.served);
    return outcome;
}

void spoil(const fs::path& file, std::mt19937_64& random, bool zeroes) {
    const auto size = fs::file_size(file);
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto place = random() % size;
    if (zeroes) {
        const auto block = place / 4096 * 4096;
        const std::string nothing(std::min<std::size_t>(4096, size - block), '\0');
        stream.seekp(static_cast<std::streamoff>(block));
        stream.write(nothing.data(), static_cast<std::streamsize>(nothing.size()));
        return;
    }
    stream.seekg(static_cast<std::streamoff>(place));
    const auto byte = static_cast<char>(stream.get() ^ (1 << random() % 8));
    stream.seekp(static_cast<std::streamoff>(place));
    stream.put(byte);
}

TEST(ArchiveDamage, D7_StartsServesNothingWrongAndLosesOnlyTheBlock) {
    Plant plant;
    fill(plant);
    const auto nightly = std::getenv("PENSTOCK_NIGHTLY") != nullptr;
    const std::uint64_t places = nightly ? 10'000 : 150;
    std::mt19937_64 random(4);
    std::uint64_t hurt = 0, set_aside = 0, untold = 0, more_than_block = 0;
    for (std::uint64_t place = 0; place < places; ++place) {
        const TemporaryFolder copy;
        fs::copy_file(plant.folder() / kArchiveFile, copy.path() / kArchiveFile);
        spoil(copy.path() / kArchiveFile, random, place % 2 == 0);
        const auto outcome = start_and_read(copy.path(), Verify::checksum);
        ASSERT_EQ(outcome.wrong, 0) << "place " << place << '\n' << outcome.sentences;
        set_aside += outcome.is_set_aside ? 1 : 0;
        hurt += outcome.lost > 0 ? 1 : 0;
        untold += outcome.lost > 0 && !outcome.is_told ? 1 : 0;
        more_than_block += outcome.lost > kMostLost && !outcome.is_set_aside ? 1 : 0;
    }
    std::printf(
        "D7 archive: of %llu places %llu cost samples, %llu more than lay in the block, %llu without a word; %llu were set "
        "aside\n",
        static_cast<unsigned long long>(places), static_cast<unsigned long long>(hurt),
        static_cast<unsigned long long>(more_than_block), static_cast<unsigned long long>(untold),
        static_cast<unsigned long long>(set_aside));
    EXPECT_GT(hurt, places / 4) << "the places hit nothing: the test shows nothing";
    // SQLite's own inner pages have no checksums of ours: one that points elsewhere hides what lies below it. In this small archive they
    // are one page in a hundred.
    EXPECT_LE(untold, places / 20) << "samples are gone and nobody is told";
    EXPECT_LE(more_than_block + set_aside, places / 20);
    penstock::testing::report_row("D7", places, "spoilt places of the archive");
}

// The control: without checksums wrong values come out.
TEST(ArchiveDamage, D7_WithoutChecksumsWrongValuesAreServed) {
    Plant plant;
    fill(plant);
    std::mt19937_64 random(4);
    std::uint64_t wrong = 0;
    for (int place = 0; place < 60 && wrong == 0; ++place) {
        const TemporaryFolder copy;
        fs::copy_file(plant.folder() / kArchiveFile, copy.path() / kArchiveFile);
        spoil(copy.path() / kArchiveFile, random, false);
        wrong += start_and_read(copy.path(), Verify::nothing).wrong;
    }
    EXPECT_GT(wrong, 0);
}

}  // namespace
}  // namespace penstock::sqlite
