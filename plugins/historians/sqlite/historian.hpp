#pragma once

// The embedded historian: one SQLite file in the instance's folder, nothing to install, nothing to administer.
// docs/decisions/0005-the-archive.md tells how it keeps what it keeps.

#include <filesystem>
#include <memory>
#include <string>

#include <penstock/historian.hpp>

#include "store/gather.hpp"

namespace penstock::sqlite {

class Archive;
class Backup;
class ReadConnections;

struct Options {
    Duration store_within = kStoreWithin;
    std::uint64_t store_bytes = kStoreBytes;
    Duration piece = 60ms;  // of upkeep, of the 100 ms that one may take: a merge that was begun is finished
};

class SqliteHistorian final : public Historian {
public:
    explicit SqliteHistorian(Settings settings);
    explicit SqliteHistorian(const Options& options);
    ~SqliteHistorian() override;

    JournalPosition open(const std::filesystem::path& folder) override;
    void define(std::span<const SeriesInfo> series) override;
    void append(const HistoryBatch& batch) override;
    void flush() override;
    [[nodiscard]] JournalPosition persisted() const noexcept override;
    std::unique_ptr<HistoryReader> open_reader() override;
    bool tidy(UtcTime now) override;
    [[nodiscard]] HistorianStatus status() const override;
    [[nodiscard]] bool has_backup() const noexcept override { return true; }
    bool back_up(const std::filesystem::path& folder) override;

private:
    // Writing into an archive that is damaged there fails, and the next opening makes it whole.
    template <class Work>
    auto writing(const Work& work);

    Options options_;
    std::filesystem::path folder_;
    std::unique_ptr<Archive> archive_;
    std::shared_ptr<ReadConnections> connections_;
    std::unique_ptr<Backup> backup_;
    Gather gather_;
    std::string told_;
    JournalPosition appended_ = 0;
    MonotonicTime oldest_gathered_{};
};

}  // namespace penstock::sqlite
