#include "verify.hpp"

#include <memory>

#include "bundle.hpp"

namespace penstock::sqlite {
namespace {

class Verifier {
public:
    Verifier(Database& database, std::size_t most) : database_(database), most_(most) {}

    std::vector<std::string> run() {
        part("the file", [this] { check_pages(); });
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
    void check_pages() {
        auto rows = database_.prepare("PRAGMA integrity_check");
        while (rows.step())
            if (rows.bytes(0) != "ok") tell("the file: " + std::string(rows.bytes(0)));
    }
    void check_chunks() {
        auto rows = database_.prepare(
            "SELECT summary.id, series, sequence, count, rows FROM summary LEFT JOIN chunk ON chunk.id = summary.id ORDER BY "
            "summary.id");
        ChunkKey key;
        while (rows.step()) {
            const ChunkKey wanted{static_cast<SeriesId>(rows.integer(1)), static_cast<std::uint64_t>(rows.integer(2))};
            const bool is_whole = decode_chunk(rows.bytes(4), key, *buffer_) && key == wanted
                                  && buffer_->size == static_cast<std::size_t>(rows.integer(3));
            if (!is_whole)
                tell("chunk " + std::to_string(rows.integer(0)) + " of series " + std::to_string(wanted.series)
                     + " is damaged");
        }
    }
    void check_bundles() {
        auto rows = database_.prepare("SELECT id, runs FROM bundle ORDER BY id");
        while (rows.step()) {
            BundleReader bundle(rows.bytes(1), Verify::checksum);
            bool is_whole = bundle.is_whole();
            while (const auto place = bundle.next()) is_whole = is_whole && bundle.decode(*place, *buffer_);
            if (!is_whole || !bundle.is_whole()) tell("bundle " + std::to_string(rows.integer(0)) + " is damaged");
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
