#pragma once

// A historian that keeps everything in memory, for tests of what stands around historians. It is strict where a real one may be
// lenient (a batch that does not begin where the last one ended is refused), and it can be told to misbehave.

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <penstock/historian.hpp>

#include "tests/plugins/historians/memory/memory_store.hpp"

namespace penstock::testing {

// What stands for the disk: it outlives the historian, as a folder does. Anything that was not flushed is not on it. [any-thread]
class MemoryDisk {
public:
    [[nodiscard]] std::shared_ptr<const MemoryState> state() const;
    void store(std::shared_ptr<const MemoryState> state);

    // --- how it misbehaves ---
    void freeze();  // append() and flush() wait until thaw()
    void thaw();
    void fail_appends_at(
        std::uint64_t row);  // append() throws at this row, counted from now over all batches, after taking those before
    void fail_next_flush(bool is_stored);  // flush() throws, before or after it stored everything
    void fail_opens(std::uint32_t count);  // open() throws this many times
    void slow_down(Duration per_batch);

    // --- what it has seen ---
    [[nodiscard]] std::uint64_t births() const;
    [[nodiscard]] std::uint64_t appended_rows() const;  // also those that never were stored
    [[nodiscard]] bool is_frozen() const;  // somebody waits in it
    void wait_until_frozen();

private:
    friend class MemoryHistorian;
    void pass_gate();
    void count_rows(std::uint64_t rows);
    // How many rows of the next `rows` are taken before it throws; all if it does not.
    [[nodiscard]] std::uint64_t rows_until_failure(std::uint64_t rows);
    [[nodiscard]] bool takes_failing_open();

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::shared_ptr<const MemoryState> state_ = std::make_shared<MemoryState>();
    bool is_closed_ = false;
    std::uint32_t waiting_ = 0, failing_opens_ = 0;
    std::uint64_t births_ = 0, rows_ = 0, rows_to_failure_ = UINT64_MAX;
    bool fails_before_ = false, fails_after_ = false;
    Duration per_batch_{};
};

struct MemoryOptions {
    std::uint64_t flush_rows = UINT64_MAX;  // stores by itself after so many
    bool has_summaries = true;
    std::string gate;  // waits in append() while a file of this path exists; for tests of whole programs
};

class MemoryHistorian final : public Historian {
public:
    // `disk`: null = one per folder, for the life of the process.
    explicit MemoryHistorian(std::shared_ptr<MemoryDisk> disk, MemoryOptions options = {});
    // flush_rows, summaries, gate, slow (a duration per batch), fail_at_row
    explicit MemoryHistorian(Settings settings);

    JournalPosition open(const std::filesystem::path& folder) override;
    void define(std::span<const SeriesInfo> series) override;
    void append(const HistoryBatch& batch) override;
    void flush() override;
    [[nodiscard]] JournalPosition persisted() const noexcept override { return persisted_; }
    std::unique_ptr<HistoryReader> open_reader() override;
    bool tidy(UtcTime now) override;
    [[nodiscard]] HistorianStatus status() const override;

private:
    struct Pending {
        std::shared_ptr<MemorySeries> definition;  // null: as it was
        std::shared_ptr<MemorySegment> rows;
    };

    void take(const HistoryBatch& batch, std::uint64_t rows);
    [[nodiscard]] ValueType type_of(SeriesId series) const;

    std::shared_ptr<MemoryDisk> disk_;
    MemoryOptions options_;
    Duration slow_{};
    std::uint64_t fail_at_row_ = 0;
    std::shared_ptr<const MemoryState> stored_;
    std::map<SeriesId, Pending> pending_;
    std::uint64_t pending_rows_ = 0;
    JournalPosition appended_ = 0, persisted_ = 0;
};

}  // namespace penstock::testing
