#include "verify.hpp"

#include <sqlite3.h>

#include <memory>

#include "bundle.hpp"
#include "page_seal.hpp"
#include "sealed_files.hpp"

namespace penstock::sqlite {
namespace {

class Verifier {
public:
    Verifier(Database& database, std::size_t most) : database_(database), most_(most) {}

    std::vector<std::string> run() {
        part("the file", [this] { check_seals(); });
        part("the file", [this] { check_trees(); });
        part("the chunks", [this] { check_chunks(); });
        part("the bundles", [this] { check_bundles(); });
        return std::move(faults_);
    }

private:
    template <class Check>
    void part(const char* what, const Check& check) {
        try {
            check();
        } catch (const std::exception& fault) {
            tell(std::string(what) + ": " + fault.what());
        }
    }
    void tell(std::string sentence) {
        if (faults_.size() < most_) faults_.push_back(std::move(sentence));
    }
    // Of every page, also of those that no query comes by.
    void check_seals() {
        sqlite3_file* file = nullptr;
        sqlite3_file_control(database_.handle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
        sqlite3_int64 size = 0;
        if (file == nullptr || file->pMethods == nullptr || file->pMethods->xFileSize(file, &size) != SQLITE_OK) return;
        const auto pages = static_cast<std::size_t>(size) / kPageBytes;
        std::string page(kPageBytes, '\0');
        for (std::size_t i = 0; i < pages; ++i) {
            const auto place = static_cast<sqlite3_int64>(i * kPageBytes);
            int code = kBrokenSeal;
            // More than once: a historian that runs may be writing it.
            for (int attempt = 0; attempt < 3 && code == kBrokenSeal; ++attempt)
                code = file->pMethods->xRead(file, page.data(), static_cast<int>(kPageBytes), place);
            if (code == kBrokenSeal) tell("page " + std::to_string(i + 1) + " does not fit its seal");
        }
    }
    void check_trees() {
        auto rows = database_.prepare("PRAGMA integrity_check");
        while (rows.step())
            if (rows.bytes(0) != "ok") tell("the file: " + std::string(rows.bytes(0)));
    }
    void check_chunks() {
        auto rows = database_.prepare("SELECT id, series, sequence, count FROM summary ORDER BY id");
        auto chunk = database_.prepare("SELECT rows FROM chunk WHERE id = ?");
        while (rows.step()) {
            const ChunkKey wanted{static_cast<SeriesId>(rows.integer(1)), static_cast<std::uint64_t>(rows.integer(2))};
            const auto is_whole = [&](std::string_view bytes) {
                ChunkKey key;
                return decode_chunk(bytes, key, *buffer_) && key == wanted
                       && buffer_->size == static_cast<std::size_t>(rows.integer(3));
            };
            if (!holds(chunk, rows.integer(0), is_whole))
                tell("chunk " + std::to_string(rows.integer(0)) + " of series " + std::to_string(wanted.series)
                     + " is damaged");
        }
    }
    void check_bundles() {
        auto rows = database_.prepare("SELECT id FROM bundle INDEXED BY bundle_place WHERE level >= 0");
        auto bundle = database_.prepare("SELECT runs FROM bundle WHERE id = ?");
        const auto is_whole = [&](std::string_view bytes) {
            BundleReader reader(bytes, Verify::checksum);
            bool decodes = reader.is_whole();
            while (const auto place = reader.next()) decodes = decodes && reader.decode(*place, *buffer_);
            return decodes && reader.is_whole();
        };
        while (rows.step())
            if (!holds(bundle, rows.integer(0), is_whole)) tell("bundle " + std::to_string(rows.integer(0)) + " is damaged");
    }
    // Whether the row is there, can be read, and is what it should be.
    template <class IsWhole>
    static bool holds(Statement& by_id, std::int64_t id, const IsWhole& is_whole) {
        const ResetAtEnd reset(by_id);
        try {
            return by_id.bind(1, id).step() && is_whole(by_id.bytes(0));
        } catch (const Damaged&) {
            return false;
        }
    }

    Database& database_;
    std::size_t most_;
    std::vector<std::string> faults_;
    std::unique_ptr<RowBuffer> buffer_ = std::make_unique<RowBuffer>();
};

}  // namespace

std::vector<std::string> verify_archive(Database& database, std::size_t most) { return Verifier(database, most).run(); }

}  // namespace penstock::sqlite
