// Row D7, the archive's part: whatever block of archive.db a disk has spoilt, the historian starts, serves nothing wrong, loses no more
// than lay in that block, and says so. Each value follows from its series and time, so that a wrong one is known at sight.

#include <array>
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
#include "tests/support/temp_folder.hpp"

namespace penstock::sqlite {
namespace {

using penstock::testing::TempFolder;
using testing::kLeast;
using testing::OwnedColumns;
using testing::Plant;
using testing::Row;
namespace fs = std::filesystem;

constexpr SeriesId kSeries = 40;
constexpr std::int64_t kRows = 4000;  // of the busy half; a hundredth of that of the others
constexpr std::uint64_t kBlock = 64 * 1024;
constexpr std::int64_t kLater = kRows * 100'000'000;

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
    bool is_told = false;
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

void read_all(Reader& reader, Outcome& outcome) {
    for (SeriesId id = 0; id < kSeries; ++id) {
        SampleRange range;
        range.series = id;
        range.from = kLeast;
        range.to = kLater;
        Checker checker(id, outcome);
        reader.read(range, checker);
    }
    for (const auto& sentence : reader.damage()) outcome.sentences += sentence + '\n';
    outcome.is_told = outcome.is_told || !reader.damage().empty();
    outcome.lost = all_rows() - std::min(all_rows(), outcome.served);
}

Outcome start_and_read(const fs::path& folder) {
    Outcome outcome;
    SqliteHistorian historian{Options{}};
    historian.open(folder);
    outcome.is_told = !historian.status().sentence.empty();
    outcome.sentences = historian.status().sentence + '\n';
    Reader reader(std::make_shared<ReadConnections>(folder / kArchiveFile));
    read_all(reader, outcome);
    return outcome;
}

// The plant goes on: as the core does it, an instance that fails is made anew and told everything from its position on.
std::string fault_of_going_on(const fs::path& folder) {
    std::string fault;
    for (int attempt = 0; attempt < 3; ++attempt) {
        try {
            SqliteHistorian historian{Options{}};
            const auto position = historian.open(folder);
            std::vector<SeriesInfo> infos(kSeries);
            OwnedColumns columns;
            std::vector<SeriesRun> runs;
            for (SeriesId id = 0; id < kSeries; ++id) {
                infos[id].id = id;
                infos[id].name = "tag";
                infos[id].type = ValueType::uint64;
                infos[id].keep_raw = infos[id].keep_minutes = infos[id].keep_hours = testing::kLong;
                runs.push_back({id, columns.size(), 700});
                for (std::int64_t i = 0; i < 700; ++i) columns.add({.time = kLater + i, .word = 1}, ValueType::uint64);
            }
            historian.define(infos);
            HistoryBatch batch{.runs = runs, .samples = columns.view(), .begin = position, .end = position + 1};
            historian.append(batch);
            historian.flush();
            while (historian.tidy(utc_from_ns(0))) {
            }
            return historian.persisted() == position + 1 ? "" : "its position stands still";
        } catch (const LinkError& error) {
            fault = error.error().text();
        }
    }
    return fault;
}

enum class Spoilt : std::uint8_t { bit, block, end };
constexpr std::array kKinds = {Spoilt::block, Spoilt::bit, Spoilt::bit, Spoilt::block, Spoilt::end};

// Returns how many bytes may be gone.
std::uint64_t spoil(const fs::path& file, std::mt19937_64& random, Spoilt kind) {
    const auto size = fs::file_size(file);
    const auto place = random() % size;
    if (kind == Spoilt::end) {
        const auto cut = size - 1 - place / 8;  // within the last eighth
        fs::resize_file(file, cut);
        return size - cut;
    }
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    if (kind == Spoilt::block) {
        const auto block = place / 4096 * 4096;
        const std::string nothing(std::min<std::size_t>(4096, size - block), '\0');
        stream.seekp(static_cast<std::streamoff>(block));
        stream.write(nothing.data(), static_cast<std::streamsize>(nothing.size()));
        return nothing.size();
    }
    stream.seekg(static_cast<std::streamoff>(place));
    const auto byte = static_cast<char>(stream.get() ^ (1 << random() % 8));
    stream.seekp(static_cast<std::streamoff>(place));
    stream.put(byte);
    return 1;
}

TEST(ArchiveDamage, D7_StartsServesNothingWrongAndTellsOfEveryLoss) {
    Plant plant;
    fill(plant);
    const std::uint64_t places = penstock::testing::is_nightly() ? 10'000 : 200;
    const auto rows_in = [](std::uint64_t bytes) { return bytes / 3; };  // a value has 24 bits that nothing predicts
    std::mt19937_64 random(4);
    std::uint64_t hurt = 0, untold = 0, more_than_block = 0, lost = 0;
    for (std::uint64_t place = 0; place < places; ++place) {
        const TempFolder copy;
        const auto file = copy.path() / kArchiveFile;
        fs::copy_file(plant.folder() / kArchiveFile, file);
        const auto spoilt = spoil(file, random, kKinds[place % kKinds.size()]);
        const auto outcome = start_and_read(copy.path());
        ASSERT_EQ(outcome.wrong, 0) << "place " << place << '\n' << outcome.sentences;
        ASSERT_TRUE(outcome.lost == 0 || outcome.is_told) << "place " << place << ": samples are gone and nobody is told";
        ASSERT_EQ(fault_of_going_on(copy.path()), "") << "place " << place;
        const auto afterwards = start_and_read(copy.path());
        ASSERT_EQ(afterwards.wrong, 0) << "place " << place << '\n' << afterwards.sentences;
        ASSERT_TRUE(afterwards.lost == 0 || afterwards.is_told)
            << "place " << place << ": forgotten after a while: " << outcome.lost << outcome.sentences << afterwards.lost
            << afterwards.sentences;
        if (afterwards.lost > outcome.lost)
            std::printf("place %llu: %llu lost, afterwards %llu: %s%s", static_cast<unsigned long long>(place),
                        static_cast<unsigned long long>(outcome.lost), static_cast<unsigned long long>(afterwards.lost),
                        outcome.sentences.c_str(), afterwards.sentences.c_str());
        if (outcome.lost > rows_in(std::max(spoilt, kBlock)))
            std::printf("place %llu: %llu lost: %s", static_cast<unsigned long long>(place),
                        static_cast<unsigned long long>(outcome.lost), outcome.sentences.c_str());
        hurt += outcome.lost > 0 ? 1 : 0;
        lost += outcome.lost;
        untold += outcome.lost > 0 && !outcome.is_told ? 1 : 0;
        more_than_block += outcome.lost > rows_in(std::max(spoilt, kBlock)) ? 1 : 0;
    }
    std::printf(
        "D7 archive: of %llu places %llu cost samples, %llu of %llu in the mean, %llu more than lay in the block, %llu "
        "without a word\n",
        static_cast<unsigned long long>(places), static_cast<unsigned long long>(hurt),
        static_cast<unsigned long long>(hurt == 0 ? 0 : lost / hurt), static_cast<unsigned long long>(all_rows()),
        static_cast<unsigned long long>(more_than_block), static_cast<unsigned long long>(untold));
    EXPECT_GT(hurt, places / 4) << "the places hit nothing: the test shows nothing";
    EXPECT_EQ(more_than_block, 0);
    penstock::testing::report_row("D7", places, "spoilt places of the archive");
}

// The control: without checksums wrong values come out.
TEST(ArchiveDamage, D7_WithoutChecksumsWrongValuesAreServed) {
    Plant plant;
    fill(plant);
    std::mt19937_64 random(4);
    std::uint64_t wrong = 0;
    for (int place = 0; place < 60; ++place) {
        const TempFolder copy;
        const auto file = copy.path() / kArchiveFile;
        fs::copy_file(plant.folder() / kArchiveFile, file);
        spoil(file, random, Spoilt::bit);
        Outcome outcome;
        try {
            Reader reader(std::make_shared<ReadConnections>(file, Access::read_unsealed), Verify::nothing);
            read_all(reader, outcome);
        } catch (const std::exception&) {
            continue;  // SQLite itself has found it
        }
        wrong += outcome.wrong;
    }
    EXPECT_GT(wrong, 0);
}

}  // namespace
}  // namespace penstock::sqlite
