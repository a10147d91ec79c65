#pragma once

// The historians of a server, one consumer each, and the thread that looks after them: it trims the values lane to what all of them
// have persisted, and tells of those that are silent or have lost something.
//
//     Historians historians(lane, clock, [&](Event event) { (void)journal::append_event(events, event, clock.now()); });
//     historians.add(std::move(wanted), std::move(factory), {.name = "historian.sqlite", .folder = data / "historians/sqlite"});
//     historians.start();
//     ...
//     historians.stop(10s);    // after the lane's thread has stopped: what is durable then is stored

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "core/history/historian_consumer.hpp"
#include "core/history/journal_keeper.hpp"

namespace penstock::history {

class Historians final {
public:
    // `lane` and `clock` outlive it. `on_event` is called on several threads, and must not block.
    Historians(journal::Lane& lane, const base::Clock& clock, HistorianConsumer::OnEvent on_event = nullptr);
    ~Historians();  // stop(10 s)
    Historians(const Historians&) = delete;
    Historians& operator=(const Historians&) = delete;

    // Before start(), and before the lane's thread runs.
    HistorianConsumer& add(WantedSeries wanted, guests::HistorianFactory factory, ConsumerOptions options,
                           BufferLimits limits = {});
    void start();
    // Bounded; names those that did not come back. Twice is fine. [worker]
    std::vector<std::string> stop(Duration within);

    // What the engine's snapshot needs of the values lane; until it is set, nothing is kept for it. [any-thread]
    void set_snapshot_position(journal::Position position) noexcept { snapshot_.store(position); }
    // By id ("historian.sqlite"); "" = the first. Null if there is none. [any-thread]
    [[nodiscard]] HistorianConsumer* find(std::string_view name) const noexcept;
    // In the order added. [any-thread]
    [[nodiscard]] std::vector<HistorianConsumer*> all() const;
    [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
    // As `status` shows them. [any-thread]
    [[nodiscard]] std::vector<ConsumerInfo> status() const;
    // One look at everything, as the thread does it every second; for tests.
    void look_after();

private:
    // A query reads the historian up to its position, and then the journal from there: what was persisted just now stays for it.
    static constexpr Duration kGraceForQueries = 30s;

    struct Member {
        std::unique_ptr<HistorianConsumer> consumer;
        BufferLimits limits;
        journal::Position settled = 0, settling = 0;  // persisted for one or two graces, and for up to one
    };
    void run();
    void settle(Now now);
    [[nodiscard]] std::vector<ConsumerPosition> positions() const;

    journal::Lane& lane_;
    const base::Clock& clock_;
    HistorianConsumer::OnEvent on_event_;
    std::vector<Member> members_;
    std::atomic<journal::Position> snapshot_{UINT64_MAX};
    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    JournalKeeper keeper_;
    MonotonicTime settle_at_{};
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace penstock::history
