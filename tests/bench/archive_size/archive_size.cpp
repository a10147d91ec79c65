// What a value costs on the disk: at rest, file and index and all, against Gorilla's codec alone; and how many bytes are written for
// it on the way there (the journal's records, SQLite's log, bundles, chunks), against rows in an indexed table.
//
// The historian is filled through the SDK's class, as the server fills it: batches, a flush when 64 MiB are together or a minute of
// the plant is over, tidy() in between.

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/history/values_record.hpp"
#include "historian.hpp"
#include "tests/bench/archive_size/gorilla.hpp"
#include "tests/bench/archive_size/signals.hpp"
#include "tests/bench/bench_report.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::bench {
namespace {

constexpr std::uint64_t kRecordHeadBytes = 40;  // of a journal record, about

// Bytes that this process has handed to write() so far.
std::uint64_t bytes_written() {
    std::ifstream io("/proc/self/io");
    std::string key;
    for (std::uint64_t value = 0; io >> key >> value;)
        if (key == "wchar:") return value;
    std::fprintf(stderr, "/proc/self/io has no wchar\n");
    std::exit(1);
}

// One cycle's rows, as they come: sorted by tag only after the journal has packed them.
struct Batch {
    std::vector<tags::TagId> tag;
    std::vector<std::int64_t> time;
    std::vector<StatusWord> status;
    std::vector<std::uint64_t> word;

    void add(tags::TagId of, const Sample& sample) {
        tag.push_back(of);
        time.push_back(sample.time);
        status.push_back(sample.status);
        word.push_back(sample.word);
    }
    void clear() {
        tag.clear();
        time.clear();
        status.clear();
        word.clear();
    }
};

class Ours {
public:
    explicit Ours(std::uint32_t tags) : encoder_(tags) { historian_.open(folder_.path()); }

    void define(SeriesId id, ValueType type) {
        defined_.push_back({id, type});
        names_.push_back("plant.value" + std::to_string(id));
    }
    void begin() {
        std::vector<SeriesInfo> infos(defined_.size());
        for (std::size_t i = 0; i < infos.size(); ++i) {
            infos[i].id = defined_[i].first;
            infos[i].type = defined_[i].second;
            infos[i].name = names_[i];
            infos[i].keep_raw = infos[i].keep_minutes = infos[i].keep_hours = std::chrono::hours(24 * 3650);
        }
        historian_.define(infos);
        start_ = bytes_written();
    }
    // A journal group: one record, which the historian gets as the consumer decodes it.
    void append(const Batch& batch) {
        if (batch.tag.empty()) return;
        history::ValueColumns columns{batch.tag, batch.time, batch.status, batch.word, {}, {}};
        const auto body = encoder_.encode(columns);
        journal_ += body.size() + kRecordHeadBytes;
        if (!history::decode_values(body, decoded_)) std::exit(1);
        HistoryBatch given;
        given.runs = decoded_.runs();
        given.samples = decoded_.samples();
        given.begin = position_;
        given.end = ++position_;
        historian_.append(given);
        values_ += batch.tag.size();
    }
    void minute() {
        historian_.flush();
        while (historian_.tidy(UtcTime())) {
        }
    }
    [[nodiscard]] double written_per_value() const {
        return static_cast<double>(bytes_written() - start_ + journal_) / static_cast<double>(values_);
    }
    [[nodiscard]] double journal_per_value() const { return static_cast<double>(journal_) / static_cast<double>(values_); }
    [[nodiscard]] double bytes_per_value() const {
        return static_cast<double>(historian_.status().bytes) / static_cast<double>(values_);
    }

private:
    penstock::testing::TempFolder folder_;
    sqlite::SqliteHistorian historian_{sqlite::Options{}};
    history::ValuesEncoder encoder_;
    history::DecodedValues decoded_;
    std::vector<std::pair<SeriesId, ValueType>> defined_;
    std::vector<std::string> names_;
    std::uint64_t position_ = 0, journal_ = 0, values_ = 0, start_ = 0;
};

// A row a value and an index (tag, time): what one writes first. A commit for each second of the plant.
class Rows {
public:
    Rows() {
        sqlite3_open((folder_.path() / "rows.db").c_str(), &database_);
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE samples(tag INTEGER, time INTEGER, value, "
            "quality INTEGER);"
            "CREATE INDEX samples_place ON samples(tag, time)");
        sqlite3_prepare_v2(database_, "INSERT INTO samples VALUES(?, ?, ?, ?)", -1, &insert_, nullptr);
        start_ = bytes_written();
    }
    ~Rows() {
        sqlite3_finalize(insert_);
        sqlite3_close(database_);
    }
    Rows(const Rows&) = delete;
    void restart() { start_ = bytes_written(); }
    void append(const Batch& batch) {
        run("BEGIN");
        for (std::size_t i = 0; i < batch.tag.size(); ++i) {
            sqlite3_bind_int64(insert_, 1, batch.tag[i]);
            sqlite3_bind_int64(insert_, 2, batch.time[i]);
            sqlite3_bind_double(insert_, 3, double_of(batch.word[i]));
            sqlite3_bind_int64(insert_, 4, batch.status[i]);
            sqlite3_step(insert_);
            sqlite3_reset(insert_);
        }
        run("COMMIT");
        values_ += batch.tag.size();
    }
    [[nodiscard]] double written_per_value() const {
        return static_cast<double>(bytes_written() - start_) / static_cast<double>(values_);
    }

private:
    void run(const char* sql) {
        if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) std::exit(1);
    }
    penstock::testing::TempFolder folder_;
    sqlite3* database_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    std::uint64_t values_ = 0, start_ = 0;
};

void report(std::string_view metric, double value, std::string_view unit, std::string_view peer, double peer_value) {
    print({.bench = "archive_size", .metric = metric, .unit = unit, .peer = peer}, {value, peer_value}, 1);
}

double measure_signal(SignalKind kind, std::uint32_t tags, std::uint32_t rows) {
    Ours ours(tags);
    std::vector<Signal> signals;
    std::vector<Gorilla> peers(tags);
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
        signals.emplace_back(kind, tag + 1);
        ours.define(tag, signals.back().type());
    }
    ours.begin();
    Batch batch;
    for (std::uint32_t row = 0; row < rows; ++row) {
        batch.clear();
        for (std::uint32_t tag = 0; tag < tags; ++tag) {
            const auto sample = signals[tag].next();
            batch.add(tag, sample);
            const auto number =
                signals[tag].type() == ValueType::float64 ? double_of(sample.word) : static_cast<double>(sample.word);
            peers[tag].add(sample.time / 1'000'000, number);
        }
        ours.append(batch);
    }
    ours.minute();
    std::uint64_t bits = 0;
    for (const auto& peer : peers) bits += peer.bits();
    const auto name = std::string("bytes_per_value_") + std::string(kSignalNames[static_cast<std::size_t>(kind)]);
    const auto value = ours.bytes_per_value();
    report(name, value, "B", "gorilla", static_cast<double>(bits) / 8 / static_cast<double>(std::uint64_t{tags} * rows));
    return value;
}

void measure_written(std::uint32_t tags, std::uint32_t rows) {
    Ours ours(tags);
    Rows peer;
    std::vector<Signal> signals;
    for (std::uint32_t tag = 0; tag < tags; ++tag) {
        signals.emplace_back(static_cast<SignalKind>(tag % kSignalNames.size()), tag + 1);
        ours.define(tag, signals.back().type());
    }
    ours.begin();
    Batch batch;
    for (std::uint32_t row = 0; row < rows; ++row) {
        batch.clear();
        for (std::uint32_t tag = 0; tag < tags; ++tag) batch.add(tag, signals[tag].next());
        ours.append(batch);
    }
    ours.minute();
    const auto written = ours.written_per_value();
    std::fprintf(stderr, "of the %.2f bytes written for a value, the journal has %.2f\n", written, ours.journal_per_value());
    std::vector<Signal> again;
    for (std::uint32_t tag = 0; tag < tags; ++tag)
        again.emplace_back(static_cast<SignalKind>(tag % kSignalNames.size()), tag + 1);
    Batch second;
    peer.restart();
    for (std::uint32_t row = 0; row < std::max(rows / 10, 10U); ++row) {
        for (std::uint32_t tag = 0; tag < tags; ++tag) second.add(tag, again[tag].next());
        if (row % 10 != 9) continue;
        peer.append(second);
        second.clear();
    }
    report("bytes_written_per_value", written, "B", "sqlite_indexed", peer.written_per_value());
}

// 100,000 tags that change every ten minutes or so, in no order.
void measure_rare(std::uint32_t tags, int minutes) {
    Ours ours(tags);
    Rows peer;
    for (std::uint32_t tag = 0; tag < tags; ++tag) ours.define(tag, ValueType::float64);
    ours.begin();
    std::mt19937_64 random(1);
    Batch batch, second;
    double our_written = 0;
    for (const bool is_peer : {false, true}) {
        for (int minute = 0; minute < (is_peer ? std::max(minutes / 10, 1) : minutes); ++minute) {
            for (int group = 0; group < 1200; ++group) {
                const auto now = 1'700'000'000'000 + (std::int64_t{minute} * 1200 + group) * 50;
                const auto changes = tags / 10 / 1200 + (static_cast<std::uint32_t>(group) % 3 == 0 ? 1 : 0);
                batch.clear();
                for (std::uint32_t i = 0; i < changes; ++i) {
                    const auto value = static_cast<double>(random() % 10'000) / 100;
                    batch.add(static_cast<tags::TagId>(random() % tags), {now * 1'000'000, 0, word_of(value)});
                }
                if (is_peer) {
                    for (std::size_t i = 0; i < batch.tag.size(); ++i)
                        second.add(batch.tag[i], {batch.time[i], batch.status[i], batch.word[i]});
                    if (group % 20 == 19) {
                        peer.append(second);
                        second.clear();
                    }
                } else {
                    ours.append(batch);
                }
            }
            if (!is_peer) ours.minute();
        }
        if (!is_peer) {
            our_written = ours.written_per_value();
            std::fprintf(stderr, "rare: journal %.2f, at rest %.2f bytes a value\n", ours.journal_per_value(),
                         ours.bytes_per_value());
            peer.restart();
        }
    }
    report("bytes_written_per_value_rare", our_written, "B", "sqlite_indexed", peer.written_per_value());
}

}  // namespace
}  // namespace penstock::bench

int main(int argc, char** argv) {
    using namespace penstock::bench;
    const auto options = parse_options(argc, argv, 1);
    const std::uint32_t tags = options.smoke ? 50 : 1000;
    const std::uint32_t rows = options.smoke ? 3000 : 10'000;
    double without_noise = 0;
    for (const auto kind : {SignalKind::constant, SignalKind::counter, SignalKind::walk, SignalKind::noise, SignalKind::boolean,
                            SignalKind::plateau}) {
        const auto bytes = measure_signal(kind, tags, rows);
        if (kind != SignalKind::noise) without_noise += bytes / 5;
    }
    std::fprintf(stderr, "mean without noise: %.3f bytes a value\n", without_noise);
    measure_written(tags, rows);
    measure_rare(options.smoke ? 5000 : 100'000, options.smoke ? 20 : 200);
}
