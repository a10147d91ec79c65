#pragma once

// What the runners of all kinds of drivers share: the device's configuration, what is due, which writes wait, and the ways
// out: samples, bad quality, the answers of writes. [strand], unless noted.

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/log_limiter.hpp"
#include "core/base/strand.hpp"
#include "core/guests/backoff.hpp"
#include "core/guests/column_checker.hpp"
#include "core/guests/device_board.hpp"
#include "core/guests/device_config.hpp"
#include "core/guests/sample_sink.hpp"
#include "core/guests/scan_schedule.hpp"
#include "core/guests/write_target.hpp"

namespace penstock::guests {

struct PendingWrite {
    PendingWrite(ItemId id, Value native, WriteDone on_done) : item(id), value(std::move(native)), done(std::move(on_done)) {}
    ItemId item;
    Value value;
    WriteDone done;
};

class DeviceContext {
public:
    DeviceContext(base::Strand& strand, DeviceConfig config, SampleSink& sink);

    [[nodiscard]] MonotonicTime now() const noexcept { return strand.now().monotonic; }

    // Checks the columns and hands them on. Due items without a row become bad.
    void publish(const abi::Columns& raw, std::span<const ItemId> due);
    // All items become bad, unless they are so already for the same reason. `sentence` is what happened; the cause
    // names the device and its endpoint too.
    void mark_bad(QualityCode quality, std::string_view sentence);
    // The same without a line in the log, for what was asked for. False if they were bad for this reason already.
    bool set_bad(QualityCode quality, std::string_view sentence);
    [[nodiscard]] std::string cause_of(std::string_view sentence) const;
    [[nodiscard]] const std::string& last_cause() const noexcept { return bad_cause_; }
    void warn(std::string_view sentence);

    // How the link is, for the board and for who wants to be told.
    void link_is_up();
    void link_is_lost(std::string_view sentence);  // after mark_bad(); also for every further attempt that failed

    // The next write to do; nothing if none waits.
    [[nodiscard]] std::optional<PendingWrite> take_write();
    void refuse(PendingWrite write, std::string_view reason);
    void refuse_all(std::string_view reason);
    void answer(PendingWrite write, WriteOutcome outcome);

    // The written item is to be read at once.
    void read_again(ItemId item) { rereads.push_back(item); }
    // Replaces `due` by what is to be read now, in ascending order: items to be read again, and those that are due.
    void collect_due(std::vector<ItemId>& due);

    base::Strand& strand;
    const DeviceConfig config;
    SampleSink& sink;
    DeviceBoard board;
    ScanSchedule schedule;
    Backoff backoff;
    std::deque<PendingWrite> writes;
    std::vector<ItemId> rereads;
    std::atomic<std::uint32_t> waiting_writes{0};  // [any-thread] also those on their way to the strand

private:
    void report_missing(std::span<const ItemId> due, const abi::Columns& columns);

    ColumnChecker checker_;
    base::LogLimiter log_;
    LinkTeller teller_;
    std::vector<std::uint64_t> seen_in_;  // by item: the number of the batch that had it last
    std::uint64_t batch_ = 0;
    QualityCode bad_quality_ = QualityCode::good;
    std::string bad_cause_;
};

// The quality of a link that failed with this code while it was used (or while it was being connected).
[[nodiscard]] QualityCode quality_of(ErrorCode code, bool was_connected) noexcept;

}  // namespace penstock::guests
