#pragma once

// Brings the journal's values into one historian, on a thread of its own: reads durable records by position, hands over batches of
// the series that the historian keeps, has it store them in time, lets it tidy, and starts it anew when it failed. Nothing waits
// for it: a historian that is slow, frozen or dead is only behind.
//
//     HistorianConsumer consumer(lane, wanted, guests::make_historian_factory(library, settings, "historian.sqlite"), options,
//                                clock, [&](Event event) { ... });
//     lane.on_advance([&] { consumer.wake(); });
//     consumer.start();
//     auto reader = consumer.open_reader(2s);     // on a query's worker
//
// What is lost is said: records that the journal no longer has become one sample without value per series, where the gap begins, and
// an event history_gap. What was handed over and not persisted when a historian fails is handed over again.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include <penstock/operations.hpp>
#include <penstock/result.hpp>

#include "core/guests/historian_instance.hpp"
#include "core/history/reader_lease.hpp"
#include "core/history/wanted_series.hpp"
#include "core/journal/record.hpp"

namespace penstock::base {
class Clock;
}
namespace penstock::journal {
class Lane;
}

namespace penstock::history {

struct ConsumerOptions {
    std::string name;  // "historian.sqlite"
    std::filesystem::path folder;  // of the historian's own, made if it is not there
    std::size_t batch_rows = 65'536;
    Duration gather_for = 500ms;  // what came in this time is handed over together, unless it is much
    Duration store_within = kStoreWithin;
    std::uint64_t store_bytes = kStoreBytes;  // of samples as they lie in a batch
    Duration tidy_every = 10s;
    Duration backoff_least = 1s, backoff_most = 60s;
    Duration silent_after = 10s;  // a call that takes longer is told
    // Records are lost to this historian, up to `until` (1970: that is not known), and their gap has been handed over: whoever knows may
    // append what stood still meanwhile (Archiver::keep_again). Called on the consumer's thread; must not block.
    std::function<void(UtcTime until)> on_gap;
};

enum class ConsumerState : std::uint8_t {
    starting,  // no historian yet
    storing,  // fine
    behind,  // catching up: more than a batch waits
    silent,  // it does not come back from a call
    failed,  // waits before the next attempt
    stopped,
};
[[nodiscard]] std::string_view to_string(ConsumerState state) noexcept;

struct ConsumerStatus {
    ConsumerState state = ConsumerState::starting;
    std::string sentence;  // why it is not fine, or what the historian says of itself
    journal::Position persisted = 0, appended = 0, durable = 0;
    UtcTime persisted_until, appended_until;  // time of the last record before each; 0 = not known yet
    std::uint64_t lag_bytes = 0;  // of the journal behind persisted, about
    std::uint64_t samples_appended = 0, batches = 0, flushes = 0;  // since start; repeated ones count again
    std::uint64_t failures = 0, gaps = 0;
    std::uint64_t samples = 0, bytes = 0;  // what the historian holds; 0 = it does not say
};
// As `status` and `journal` show it; `covers` is the journal keeper's to fill in.
[[nodiscard]] ConsumerInfo to_info(const std::string& name, const ConsumerStatus& status);

class HistorianConsumer final {
public:
    using OnEvent = std::function<void(Event)>;  // called on the consumer's thread and in check(); must not block

    // `lane` and `clock` outlive it.
    HistorianConsumer(journal::Lane& lane, WantedSeries wanted, guests::HistorianFactory factory, ConsumerOptions options,
                      const base::Clock& clock, OnEvent on_event = nullptr);
    ~HistorianConsumer();  // stop(10 s)
    HistorianConsumer(const HistorianConsumer&) = delete;
    HistorianConsumer& operator=(const HistorianConsumer&) = delete;

    void start();
    // Something is durable that was not, or the clock was moved. Never blocks. [any-thread]
    void wake() noexcept;
    // Stores what is durable now, ends the historian and joins. One that does not come back in time is left behind with its thread,
    // and what it had not persisted is repeated after the next start. False then. Twice is fine. [worker]
    bool stop(Duration within);

    // A reader of what is persisted. unavailable (retryable) if the historian has failed, or did not answer within `patience`: one
    // that is frozen costs the asker no more. [worker]
    [[nodiscard]] Result<ReaderLease> open_reader(Duration patience);
    // Returns when everything that is durable now is persisted. timeout, unavailable. [worker]
    [[nodiscard]] Result<void> flush(Duration patience);
    // Writes one consistent copy into an empty folder, in pieces between the batches. unsupported if the historian offers none;
    // cancelled. [worker]
    [[nodiscard]] Result<void> back_up(const std::filesystem::path& folder, Duration patience, std::stop_token stop = {});

    [[nodiscard]] const std::string& name() const noexcept;
    [[nodiscard]] const WantedSeries& wanted() const noexcept;
    [[nodiscard]] journal::Position persisted() const noexcept;  // [any-thread]
    [[nodiscard]] bool is_known() const noexcept;  // persisted() is: the store was opened once [any-thread]
    [[nodiscard]] ConsumerStatus status() const;  // [any-thread]
    // Looks whether the historian is silent, and tells; now and then, from any thread but its own.
    void check();

private:
    class Runner;
    std::shared_ptr<Runner> runner_;  // the thread keeps it too, also one that was left behind
};

}  // namespace penstock::history
