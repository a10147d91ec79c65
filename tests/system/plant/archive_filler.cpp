// Makes an archive of many bytes that a server starts with: series that no site has, of noise that does not pack. archive_filler FOLDER BYTES

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "historian.hpp"
#include "store/database.hpp"

using namespace penstock;

namespace {

constexpr SeriesId kFirst = 1'000'000;
constexpr std::uint32_t kSeries = 100, kRows = 4'096;

std::uint64_t bytes_in(const std::filesystem::path& folder) {
    std::uint64_t sum = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) sum += entry.file_size();
    return sum;
}

void define(Historian& historian) {
    std::vector<std::string> names;
    std::vector<SeriesInfo> series(kSeries);
    for (std::uint32_t n = 0; n < kSeries; ++n) names.push_back("filler." + std::to_string(n));
    for (std::uint32_t n = 0; n < kSeries; ++n) {
        series[n].id = kFirst + n;
        series[n].name = names[n];
        series[n].type = ValueType::float64;
        series[n].keep_raw = series[n].keep_minutes = series[n].keep_hours = std::chrono::hours(24 * 3'650);
    }
    historian.define(series);
}

void fill(Historian& historian, const std::filesystem::path& folder, std::uint64_t wanted) {
    std::mt19937_64 random(1);
    std::vector<std::int64_t> time(std::size_t{kSeries} * kRows);
    std::vector<std::uint64_t> word(time.size());
    const std::vector<StatusWord> status(time.size(), 0);
    std::vector<SeriesRun> runs;
    for (std::uint32_t n = 0; n < kSeries; ++n) runs.push_back({kFirst + n, n * kRows, kRows});
    std::int64_t begin = 1'700'000'000'000'000'000;
    for (JournalPosition position = 0; bytes_in(folder) < wanted; ++position) {
        begin += std::int64_t{kRows} * 1'000'000;
        for (std::size_t i = 0; i < time.size(); ++i) {
            time[i] = begin + static_cast<std::int64_t>(i % kRows) * 1'000'000;
            word[i] = random() >> 2U;  // finite numbers
        }
        HistoryBatch batch;
        batch.runs = runs;
        batch.samples = {time, status, word, {}, {}};
        batch.begin = position;
        batch.end = position + 1;
        historian.append(batch);
        historian.flush();
        (void)historian.tidy(utc_from_ns(time.back()));
    }
    while (historian.tidy(utc_from_ns(time.back()))) {
    }
}

// As if it had all come before the journal began, which a server's own is allowed to be shorter than.
void forget_position(const std::filesystem::path& folder) {
    sqlite::Database(folder / "archive.db", sqlite::Access::write).run("UPDATE position SET journal = 0");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const std::filesystem::path folder = argv[1];
    const auto wanted = std::strtoull(argv[2], nullptr, 10);
    std::filesystem::create_directories(folder);
    {
        sqlite::SqliteHistorian historian(sqlite::Options{});
        if (historian.open(folder) != 0) return 1;
        define(historian);
        fill(historian, folder, wanted);
    }
    forget_position(folder);
    std::printf("filled %llu\n", static_cast<unsigned long long>(bytes_in(folder)));
}
