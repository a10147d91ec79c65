// An archive of which a page is spoilt becomes a whole one again, whichever page it is: with all that did not lie in the page, and with
// words about what did.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "store/page_seal.hpp"
#include "store/schema.hpp"
#include "store/verify.hpp"
#include "tests/plugins/historians/sqlite/plant.hpp"
#include "tests/support/fault_row.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::sqlite {
namespace {

using penstock::testing::TempFolder;
using testing::kLeast;
using testing::kMost;
using testing::Plant;
using testing::RandomSignal;
using testing::Row;
namespace fs = std::filesystem;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kBegin = 19'000 * kDay;
constexpr SeriesId kSeries = 60, kThinned = 40;

// All that an archive may hold: chunks, bundles of two levels, texts, minutes, hours, and pages that are free.
void fill(Plant& plant) {
    using std::chrono::days;
    for (SeriesId id = 0; id < kThinned; ++id) plant.define(id, id % 4 == 0 ? ValueType::string : ValueType::float64);
    for (SeriesId id = kThinned; id < kSeries; ++id) plant.define(id, ValueType::float64, days(4), days(8), days(100));
    for (int part = 0; part < 20; ++part) {
        std::map<SeriesId, std::vector<Row>> rows;
        for (SeriesId id = 0; id < kSeries; ++id) {
            const int count = id % 3 == 0 && id % 4 != 0 ? 700 : 30;
            for (int i = 0; i < count; ++i) {
                const auto time = kBegin + part * kDay + i * (kDay / count);
                const auto mixed = (static_cast<std::uint64_t>(time) ^ id * 0x9E37'79B9ULL) * 0xBF58'476D'1CE4'E5B9ULL;
                if (plant.type(id) == ValueType::string)
                    rows[id].push_back({.time = time, .text = "state " + std::to_string(mixed >> 40U)});
                else
                    rows[id].push_back({.time = time, .word = word_of(static_cast<double>(mixed >> 40U) / 7)});
            }
        }
        plant.append(rows);
        plant.historian().flush();
        plant.tidy_all(utc_from_ns(kBegin + part * kDay));
    }
}

using Rows = std::map<SeriesId, std::vector<Row>>;

Rows read_all(Plant& plant, HistoryReader& reader) {
    Rows all;
    for (SeriesId id = 0; id < kSeries; ++id) {
        SampleRange range;
        range.series = id;
        range.from = kLeast;
        range.to = kMost;
        all[id] = plant.read(reader, range);
    }
    return all;
}

std::size_t count_of(const Rows& rows) {
    std::size_t count = 0;
    for (const auto& [id, of_series] : rows) count += of_series.size();
    return count;
}

bool holds_nothing_else(const Rows& found, const Rows& wanted) {
    const auto before = [](const Row& a, const Row& b) { return a.time < b.time; };
    for (const auto& [id, rows] : found) {
        if (!std::ranges::is_sorted(rows, {}, &Row::time)) return false;
        for (const auto& row : rows) {
            const auto equal = std::equal_range(wanted.at(id).begin(), wanted.at(id).end(), row, before);
            if (std::find(equal.first, equal.second, row) == equal.second) return false;
        }
    }
    return true;
}

void spoil(const fs::path& file, std::uint64_t page) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(page * kPageBytes + 4096));
    stream << std::string(4096, '\0');
}

void change_and_seal(const fs::path& file, std::uint32_t page, std::uint64_t place, std::mt19937_64& random) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes(kPageBytes, '\0');
    stream.seekg(static_cast<std::streamoff>(std::uint64_t{page} * kPageBytes));
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes[place] = static_cast<char>(random());
    seal_page(bytes.data(), page + 1);
    stream.seekp(static_cast<std::streamoff>(std::uint64_t{page} * kPageBytes));
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// As after a write that met damage there.
void want(const fs::path& folder) { std::ofstream(folder / "archive.rescue") << ""; }

TEST(Rescue, D7_CarriesOverAllThatDidNotLieInTheSpoiltPage) {
    Plant plant;
    fill(plant);
    plant.reopen();
    const auto wanted = read_all(plant, *plant.historian().open_reader());
    const auto position = plant.position();
    const auto file = plant.folder() / kArchiveFile;
    const auto pages = fs::file_size(file) / kPageBytes;
    ASSERT_GT(pages, 40);
    const bool is_nightly = penstock::testing::is_nightly();
    std::size_t whole = 0, places = 0;
    for (std::uint64_t page = 0; page <= pages; ++page) {
        // The first ones are roots; of the others a few in the daily run.
        if (!is_nightly && page > 14 && page % 16 != 0 && page != pages) continue;
        ++places;
        SCOPED_TRACE("page " + std::to_string(page + 1) + " of " + std::to_string(pages));
        const TempFolder copy;
        fs::copy_file(file, copy.path() / kArchiveFile);
        if (page < pages) spoil(copy.path() / kArchiveFile, page);
        want(copy.path());
        SqliteHistorian historian{Options{}};
        ASSERT_EQ(historian.open(copy.path()), position);
        EXPECT_NE(historian.status().sentence.find("carried over"), std::string::npos) << historian.status().sentence;
        const auto reader = historian.open_reader();
        const auto found = read_all(plant, *reader);
        EXPECT_TRUE(holds_nothing_else(found, wanted));
        const auto lost = count_of(wanted) - count_of(found);
        EXPECT_TRUE(lost == 0 || !reader->damage().empty()) << lost << " rows are gone and nobody is told";
        EXPECT_LT(lost, count_of(wanted) / 8);
        Database rescued(copy.path() / kArchiveFile, Access::read);
        const auto faults = verify_archive(rescued);
        EXPECT_TRUE(lost > 0 || faults.empty()) << faults.front();
        for (const auto& fault : faults) EXPECT_EQ(fault.find("seal"), std::string::npos) << fault;
        whole += lost == 0 ? 1 : 0;
    }
    penstock::testing::report_row("D7", places, "spoilt pages of an archive that was made whole again");
    EXPECT_GT(whole, 8) << "not even the page of an index can be done without";
    EXPECT_LT(whole, places) << "no page held anything: the test shows nothing";
}

// Upkeep that meets the spoilt page fails once, and goes on with what was carried over.
TEST(Rescue, D7_RetentionAndMergingGoOnWhicheverPageIsSpoilt) {
    Plant plant;
    fill(plant);
    plant.close();
    const auto file = plant.folder() / kArchiveFile;
    const auto pages = fs::file_size(file) / kPageBytes;
    std::size_t failed = 0;
    for (std::uint64_t page = 0; page < pages; page += page < 14 ? 1 : 29) {
        SCOPED_TRACE("page " + std::to_string(page + 1) + " of " + std::to_string(pages));
        const TempFolder copy;
        fs::copy_file(file, copy.path() / kArchiveFile);
        spoil(copy.path() / kArchiveFile, page);
        std::string fault = "never tried";
        for (int attempt = 0; attempt < 3 && !fault.empty(); ++attempt) {
            try {
                SqliteHistorian historian{Options{}};
                historian.open(copy.path());
                while (historian.tidy(utc_from_ns(kBegin + 60 * kDay))) {
                }
                fault.clear();
            } catch (const LinkError& error) {
                fault = error.error().text();
                ++failed;
            }
        }
        EXPECT_EQ(fault, "");
    }
    EXPECT_GT(failed, 0) << "no page was in the way: the test shows nothing";
}

TEST(Rescue, ABackupIsNoCopyOfDamageAndAsksForIt) {
    Plant plant;
    fill(plant);
    plant.close();
    const TempFolder copy, later;
    const auto file = plant.folder() / kArchiveFile;
    spoil(file, fs::file_size(file) / kPageBytes / 2);
    {
        SqliteHistorian historian{Options{}};
        historian.open(plant.folder());
        EXPECT_EQ(historian.status().sentence, "") << "nobody came by it yet";
        EXPECT_THROW(while (historian.back_up(copy.path())){}, LinkError);
        EXPECT_NE(historian.status().sentence.find("made anew"), std::string::npos);
    }
    SqliteHistorian historian{Options{}};
    historian.open(plant.folder());
    EXPECT_NE(historian.status().sentence.find("carried over"), std::string::npos);
    while (historian.back_up(later.path())) {
    }
    SqliteHistorian restored{Options{}};
    EXPECT_EQ(restored.open(later.path()), plant.position());
}

// Bytes that are wrong although the seals fit, as an attacker writes them: nothing crashes, whatever comes out.
TEST(Rescue, F8_NoBytesOfAnArchiveCrashTheHistorian) {
    Plant plant;
    fill(plant);
    plant.close();
    const auto file = plant.folder() / kArchiveFile;
    const auto pages = fs::file_size(file) / kPageBytes;
    const std::uint64_t rounds = penstock::testing::is_nightly() ? 4'000 : 40;
    std::mt19937_64 random(8);
    std::uint64_t opened = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        const TempFolder copy;
        fs::copy_file(file, copy.path() / kArchiveFile);
        for (std::uint64_t changes = 1 + random() % 4; changes > 0; --changes) {
            // Roots and inner pages as often as all others, and the beginnings of pages, where places and sizes stand.
            const auto page = static_cast<std::uint32_t>(random() % (random() % 2 == 0 ? 14 : pages));
            change_and_seal(copy.path() / kArchiveFile, page, random() % 2 == 0 ? random() % 200 : random() % kPageBytes,
                            random);
        }
        if (round % 3 == 0) want(copy.path());
        try {
            SqliteHistorian historian{Options{}};
            historian.open(copy.path());
            ++opened;
            read_all(plant, *historian.open_reader());
            for (int piece = 0; piece < 200 && historian.tidy(utc_from_ns(kBegin + 60 * kDay)); ++piece) {
            }
        } catch (const std::exception&) {
            // In words, as it should be.
        }
    }
    EXPECT_GT(opened, rounds / 2);
    penstock::testing::report_row("F8", rounds, "archives with wrong bytes under right seals, 0 crashes");
}

TEST(Rescue, IsFinishedWhenACrashCameBetweenItsLastSteps) {
    Plant plant;
    fill(plant);
    plant.close();
    fs::rename(plant.folder() / kArchiveFile, plant.folder() / "archive.rescued.db");
    SqliteHistorian historian{Options{}};
    EXPECT_EQ(historian.open(plant.folder()), plant.position());
}

TEST(Rescue, BeginsAnewWhereNothingCanBeRead) {
    const TempFolder folder;
    std::ofstream(folder.path() / kArchiveFile) << std::string(200'000, 'x');
    SqliteHistorian historian{Options{}};
    EXPECT_EQ(historian.open(folder.path()), 0);
    EXPECT_TRUE(fs::exists(folder.path() / "archive.damaged.db"));
    EXPECT_NE(historian.status().sentence.find("a new one was begun"), std::string::npos) << historian.status().sentence;
}

}  // namespace
}  // namespace penstock::sqlite
