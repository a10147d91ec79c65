#pragma once

// A reader of a historian, for as long as a query needs it. Given back, it may serve the next query, as long as the historian stores
// nothing more: to open one costs a trip through the historian's thread.

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include <penstock/historian.hpp>
#include <penstock/time.hpp>

#include "core/guests/historian_instance.hpp"

namespace penstock::history {

// Readers that nobody uses at the moment. [any-thread]
class ReaderPool final {
public:
    static constexpr std::size_t kMost = 4;

    // One that sees what is persisted now, or null.
    [[nodiscard]] std::unique_ptr<guests::HistorianReader> take();
    void give_back(std::unique_ptr<guests::HistorianReader> reader);
    // Readers of other positions are of no more use. Also purges.
    void set_position(JournalPosition position);
    // Readers hold the store's old state in place; those that wait for nobody go.
    void purge();
    void open();
    void close();  // takes nothing back

private:
    std::mutex mutex_;  // guards what follows
    std::vector<std::unique_ptr<guests::HistorianReader>> idle_;
    JournalPosition position_ = 0;
    bool is_open_ = false;
};

// One thread at a time, [worker].
class ReaderLease final {
public:
    ReaderLease() = default;
    ReaderLease(std::unique_ptr<guests::HistorianReader> reader, std::shared_ptr<ReaderPool> pool)
        : reader_(std::move(reader)), pool_(std::move(pool)) {}
    ReaderLease(ReaderLease&&) noexcept = default;
    ReaderLease& operator=(ReaderLease&& other) noexcept;
    ~ReaderLease() { reset(); }

    void reset();
    explicit operator bool() const noexcept { return reader_ != nullptr; }
    [[nodiscard]] guests::HistorianReader* operator->() const noexcept { return reader_.get(); }
    [[nodiscard]] guests::HistorianReader& operator*() const noexcept { return *reader_; }

private:
    std::unique_ptr<guests::HistorianReader> reader_;
    std::shared_ptr<ReaderPool> pool_;
};

}  // namespace penstock::history
