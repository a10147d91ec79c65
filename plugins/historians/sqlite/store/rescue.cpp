#include "rescue.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

#include "bundle_store.hpp"
#include "chunk_store.hpp"
#include "first_page.hpp"
#include "raw_rows.hpp"
#include "schema.hpp"
#include "series_table.hpp"

namespace penstock::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWanted = "archive.rescue";
constexpr const char* kRescued = "archive.rescued.db";
constexpr std::size_t kBytesAtOnce = 32 * 1024 * 1024;

void remove_database(const fs::path& file) {
    std::error_code ignored;
    for (const char* const suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(file.string() + suffix, ignored);
}

void sync_folder(const fs::path& folder) noexcept {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
}

// Calls `work` and says whether the old archive could be read to its end.
template <class Work>
bool as_far_as_it_goes(const Work& work) {
    try {
        work();
        return true;
    } catch (const Damaged&) {
        return false;
    }
}

class Rescue {
public:
    Rescue(const fs::path& from, const fs::path& into) : file_(from), old_(from, Access::write), new_(open_archive_file(into)) {
        // What waits in the log belongs to it.
        as_far_as_it_goes([&] { old_.run("PRAGMA wal_checkpoint(TRUNCATE)"); });
    }

    void run() {
        carry_series();
        series_.open(new_);
        chunks_.open(new_, series_);
        bundles_.open(new_);
        carry_chunks();
        carry_summaries_without_chunk();
        carry_bundles();
        carry_cells();
        carry_position();
    }

private:
    // Rows as they are; `insert` has as many places as `select` columns.
    bool carry(const char* select, const char* insert, int columns) {
        auto from = old_.prepare(select);
        auto to = new_.prepare(insert);
        return as_far_as_it_goes([&] {
            while (from.step()) put(from, to, columns);
        });
    }
    static void put(Statement& from, Statement& to, int columns) {
        for (int i = 0; i < columns; ++i) to.bind_column(i + 1, from, i);
        to.run();
    }

    void carry_series() {
        Transaction transaction(new_);
        constexpr const char* kInsert = "INSERT OR IGNORE INTO series VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
        carry("SELECT * FROM series", kInsert, 14);
        carry("SELECT * FROM series_spare", kInsert, 14);
        transaction.commit();
    }

    void carry_position() {
        Transaction transaction(new_);
        const auto update = [&](const char* select) {
            return carry(select, "UPDATE position SET journal = ?, sequence = ?, samples = ?, oldest = ? WHERE id = 0", 4);
        };
        if (!update("SELECT journal, sequence, samples, oldest FROM position")
            && !update("SELECT journal, sequence, samples, oldest FROM position_spare"))
            throw Damaged("the archive's position cannot be read");
        transaction.commit();
    }

    // Through their tree, and where that is broken from every page of the file.
    void carry_chunks() {
        transaction_ = std::make_unique<Transaction>(new_);
        const bool is_whole = as_far_as_it_goes([&] {
            auto rows = old_.prepare("SELECT id, rows FROM chunk ORDER BY id");
            while (rows.step()) carry_chunk(rows.integer(0), rows.bytes(1));
        });
        if (!is_whole)
            find_raw_rows(file_, RawTree::table, 2, [this](std::int64_t id, std::span<const RawColumn> row) {
                if (row[1].is_blob()) carry_chunk(id, row[1].bytes);
            });
        transaction_->commit();
        transaction_.reset();
    }

    void carry_chunk(std::int64_t id, std::string_view bytes) {
        ChunkKey key;
        if (!decode_chunk(bytes, key, *rows_)) return;
        const auto series = series_.all().find(key.series);
        if (series == series_.all().end() || rows_->time[rows_->size - 1] < series->second.raw_from) return;
        if (!chunks_.adopt(id, key, bytes, rows_->view())) return;
        carried_ += bytes.size();
        if (carried_ < kBytesAtOnce) return;
        carried_ = 0;
        transaction_->commit();
        transaction_.reset();
        transaction_ = std::make_unique<Transaction>(new_);
    }

    void carry_summaries_without_chunk() {
        Transaction transaction(new_);
        auto is_there = new_.prepare("SELECT 1 FROM chunk WHERE id = ?");
        auto insert = new_.prepare("INSERT OR IGNORE INTO summary VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        as_far_as_it_goes([&] {
            auto rows = old_.prepare("SELECT * FROM summary");
            while (rows.step()) {
                const ResetAtEnd reset(is_there);
                if (!is_there.bind(1, rows.integer(2)).step()) put(rows, insert, 19);
            }
        });
        transaction.commit();
    }

    void carry_bundles() {
        auto listed = listed_bundles();
        Transaction transaction(new_);
        auto select = old_.prepare("SELECT * FROM bundle WHERE id = ?");
        auto insert = new_.prepare("INSERT INTO bundle VALUES(?,?,?,?,?,?,?,?,?,?)");
        std::erase_if(listed, [&](const auto& bundle) {
            const ResetAtEnd reset(select);
            return as_far_as_it_goes([&] {
                if (!select.bind(1, bundle.first).step()) throw Damaged("is not there");
                static_cast<void>(select.bytes(9));
                put(select, insert, 10);
            });
        });
        if (!listed.empty()) carry_raw_bundles(listed);
        for (const auto& [id, facts] : listed) bundles_.insert(facts, std::string_view(""));
        transaction.commit();
    }

    // Their table and its index know them both.
    std::map<std::int64_t, BundleFacts> listed_bundles() {
        std::map<std::int64_t, BundleFacts> listed;
        for (const char* const select :
             {"SELECT id, level, shard, first_series, last_series, t0, t1 FROM bundle INDEXED BY bundle_place WHERE level >= 0",
              "SELECT id, level, shard, first_series, last_series, t0, t1 FROM bundle NOT INDEXED"}) {
            as_far_as_it_goes([&] {
                auto rows = old_.prepare(select);
                const auto number = [&](int column) { return static_cast<std::uint32_t>(rows.integer(column)); };
                while (rows.step())
                    listed.emplace(rows.integer(0),
                                   BundleFacts{number(1), number(2), number(3), number(4), rows.integer(5), rows.integer(6)});
            });
        }
        return listed;
    }

    // Of those that the list knows; numbers are given again, so all that is said of one must fit.
    void carry_raw_bundles(std::map<std::int64_t, BundleFacts>& listed) {
        find_raw_rows(file_, RawTree::table, 10, [&](std::int64_t id, std::span<const RawColumn> row) {
            const auto wanted = listed.find(id);
            const auto number = [&](std::size_t column) { return static_cast<std::uint32_t>(row[column].integer()); };
            if (wanted == listed.end() || !row[9].is_blob()) return;
            const auto& facts = wanted->second;
            const bool is_it = number(1) == facts.level && number(2) == facts.shard && number(3) == facts.first_series
                               && number(4) == facts.last_series && row[5].integer() == facts.t0
                               && row[6].integer() == facts.t1;
            if (!is_it || !BundleReader(row[9].bytes, Verify::checksum).is_whole()) return;
            auto found = facts;
            found.sequence = static_cast<std::uint64_t>(row[7].integer());
            found.rows = static_cast<std::uint64_t>(row[8].integer());
            bundles_.insert(found, row[9].bytes);
            listed.erase(wanted);
        });
    }

    // A series whose cells cannot all be read keeps a piece that says so.
    void carry_cells() {
        Transaction transaction(new_);
        auto select = old_.prepare("SELECT * FROM thinned WHERE series = ?");
        auto insert = new_.prepare("INSERT OR IGNORE INTO thinned VALUES(?,?,?,?,?,?)");
        std::unordered_set<SeriesId> broken;
        for (const auto& [id, series] : series_.all()) {
            if (series.raw_from == std::numeric_limits<std::int64_t>::min()) continue;
            const ResetAtEnd reset(select);
            const bool is_whole = as_far_as_it_goes([&] {
                select.bind(1, std::int64_t{id});
                while (select.step()) {
                    static_cast<void>(select.bytes(5));
                    put(select, insert, 6);
                }
            });
            if (!is_whole) broken.insert(id);
        }
        if (!broken.empty()) carry_raw_cells(broken, insert);
        transaction.commit();
    }

    void carry_raw_cells(const std::unordered_set<SeriesId>& broken, Statement& insert) {
        std::vector<Cell> cells;
        find_raw_rows(file_, RawTree::without_rowid, 6, [&](std::int64_t /*none*/, std::span<const RawColumn> row) {
            const auto id = static_cast<SeriesId>(row[0].integer());
            cells.clear();
            if (!broken.contains(id) || !row[5].is_blob() || !decode_cells(row[5].bytes, id, cells)) return;
            for (int i = 0; i < 5; ++i) insert.bind(i + 1, row[static_cast<std::size_t>(i)].integer());
            insert.bind_blob(6, row[5].bytes).run();
        });
        for (const auto id : broken) {
            const auto& series = series_.at(id);
            insert.bind(1, std::int64_t{id}).bind(2, std::int64_t{0}).bind(3, series.hours_from).bind(4, series.raw_from);
            insert.bind(5, std::int64_t{0}).bind_blob(6, std::string_view("")).run();
        }
    }

    fs::path file_;
    Database old_, new_;
    SeriesTable series_;
    ChunkStore chunks_;
    BundleStore bundles_;
    std::unique_ptr<Transaction> transaction_;
    std::size_t carried_ = 0;
    std::unique_ptr<RowBuffer> rows_ = std::make_unique<RowBuffer>();
};

}  // namespace

void want_rescue(const fs::path& folder) noexcept {
    try {
        std::ofstream(folder / kWanted) << "a write met damage: archive.db is to be made anew from what can be read of it\n";
    } catch (const std::exception&) {
        // The next write meets it again.
    }
}

bool is_rescue_wanted(const fs::path& folder) noexcept {
    std::error_code ignored;
    return fs::exists(folder / kWanted, ignored);
}

fs::path set_archive_aside(const fs::path& folder) {
    std::error_code ignored;
    auto aside = folder / "archive.damaged.db";
    for (int i = 2; fs::exists(aside, ignored); ++i) aside = folder / ("archive.damaged-" + std::to_string(i) + ".db");
    const auto file = folder / kArchiveFile;
    for (const char* const suffix : {"-wal", "-shm", ""}) fs::rename(file.string() + suffix, aside.string() + suffix, ignored);
    fs::remove(folder / kWanted, ignored);
    return aside;
}

void finish_rescue(const fs::path& folder) {
    std::error_code ignored;
    if (fs::exists(folder / kArchiveFile, ignored) || !fs::exists(folder / kRescued, ignored)) return;
    fs::rename(folder / kRescued, folder / kArchiveFile, ignored);
    sync_folder(folder);
}

fs::path rescue_archive(const fs::path& folder) {
    const auto rescued = folder / kRescued;
    remove_database(rescued);
    restore_first_page(folder / kArchiveFile);
    try {
        Rescue(folder / kArchiveFile, rescued).run();
    } catch (...) {
        remove_database(rescued);
        throw;
    }
    auto aside = set_archive_aside(folder);
    finish_rescue(folder);
    return aside;
}

}  // namespace penstock::sqlite
