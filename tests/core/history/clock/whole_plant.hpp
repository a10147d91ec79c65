#pragma once

// A whole plant from its engine to the answer of a query, with a clock that the test sets: engine, events lane, capture, archiver, values
// lane, consumer, historian, queries. The lanes lie on a disk in memory; the historian is a plugin's library.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/clock.hpp"
#include "core/history/archiver.hpp"
#include "core/history/historian_stores.hpp"
#include "core/history/history_service.hpp"
#include "tests/core/engine/journalled_plant.hpp"
#include "tests/support/temp_folder.hpp"

namespace penstock::clock_test {

inline constexpr Duration kYear = 365 * 24h;

// A sample as it must be found again.
struct Row {
    std::int64_t time;
    double value;
    bool operator==(const Row&) const = default;
};

class WholePlant {
public:
    // `historian`: "memory" or "sqlite". Numbers of a device: `level` is kept at every change, `paced` once a second at most, `steady`
    // every five seconds if it stands still; `limit` lives in the server. All are kept for `keep`.
    explicit WholePlant(const std::string& historian, Duration keep = 200 * kYear);
    ~WholePlant();
    WholePlant(const WholePlant&) = delete;
    WholePlant& operator=(const WholePlant&) = delete;

    [[nodiscard]] engine::Engine& engine() { return journalled_.plant->engine; }
    [[nodiscard]] tags::TagId id(std::string_view tag) const { return journalled_.plant->id(tag); }

    // Samples of one tag in one batch, received now, with a time of the device's or without.
    void publish(std::string_view tag, const std::vector<double>& numbers, bool has_time = false);
    // Asks for it; the cycles after it carry it out.
    void write(std::string_view tag, double value) { (void)journalled_.ask(tag, Value(value)); }
    // One cycle of the engine, and of the archiver, which is handed `at`.
    void cycle(Now at);
    void cycle() { cycle(clock.now()); }
    // What was appended is durable.
    void sync();
    // What is durable is stored, and the historian has tidied.
    void store();

    [[nodiscard]] std::vector<Row> rows(std::string_view tag, HistoryRequest request);  // all pages
    [[nodiscard]] std::vector<Row> rows(std::string_view tag);  // all there is, in pages of an odd size
    [[nodiscard]] TrendLine trend(std::string_view tag, const TrendRequest& request);
    // The tag's values as the journal has them, in order of its sequence.
    [[nodiscard]] std::vector<double> journalled(std::string_view tag) const;
    [[nodiscard]] std::uint64_t clock_events() const;

    base::ManualClock clock;

private:
    // The engine keeps it.
    [[nodiscard]] std::shared_ptr<const tags::TagCatalog> catalog() { return {std::shared_ptr<void>(), &engine().catalog()}; }

    penstock::testing::TempFolder folder_;
    std::array<tags::ArchiveRule, 3> rules_;
    engine::JournalledPlant journalled_;
    std::unique_ptr<journal::Lane> values_;
    engine::Capture capture_;
    history::Archiver archiver_;
    history::Historians historians_;
    history::HistorianStores stores_;
    history::HistoryService queries_;
};

}  // namespace penstock::clock_test
