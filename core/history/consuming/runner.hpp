#pragma once

// The consumer's thread. Every call into the historian stands between enter() and leave(): while it is inside, the owner may leave
// the thread behind, and leave() then throws LeftBehind: nothing of the host is touched any more.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/clock.hpp"
#include "core/guests/backoff.hpp"
#include "core/history/consuming/retention_clock.hpp"
#include "core/history/historian_consumer.hpp"
#include "core/history/journal_feed.hpp"
#include "core/journal/lane.hpp"

namespace penstock::history {

class HistorianConsumer::Runner final : public std::enable_shared_from_this<Runner> {
public:
    Runner(journal::Lane& lane, WantedSeries wanted, guests::HistorianFactory factory, ConsumerOptions options,
           const base::Clock& clock, OnEvent on_event);

    void start();
    void wake() noexcept;
    bool stop(Duration within);
    // `job(error)` runs on the thread; with an error if there is no historian to ask. Error: nobody will run it.
    using Job = std::move_only_function<void(const Error* why_not)>;
    [[nodiscard]] Result<void> post(Job job);

    // --- on the thread, in a job ---
    [[nodiscard]] Result<std::unique_ptr<guests::HistorianReader>> open_reader();
    [[nodiscard]] Result<void> store_all();  // up to what is durable now
    [[nodiscard]] Result<bool> back_up(const std::filesystem::path& folder);
    void feed_once();

    [[nodiscard]] ConsumerStatus status() const;
    void check();
    [[nodiscard]] journal::Position persisted() const noexcept { return persisted_.load(); }
    [[nodiscard]] bool is_known() const noexcept { return is_known_.load(); }
    [[nodiscard]] const ConsumerOptions& options() const noexcept { return options_; }
    [[nodiscard]] const WantedSeries& wanted() const noexcept { return wanted_; }
    [[nodiscard]] const std::shared_ptr<ReaderPool>& pool() const noexcept { return pool_; }

private:
    static constexpr std::size_t kMostJobs = 256;

    struct LeftBehind {};
    struct Handed {
        journal::Position end;
        std::int64_t time;
    };

    void run();
    bool turn();
    void run_jobs();
    void finish();
    void sleep(Duration most);
    [[nodiscard]] Duration time_to_next(Now now) const;

    void bear(Now now);
    [[nodiscard]] Result<void> open_instance();
    void fail(const Error& error);
    bool end_retired();
    bool feed(Now now);
    [[nodiscard]] Result<void> hand_over(const HistoryBatch& batch, std::int64_t time);
    [[nodiscard]] Result<void> bridge(const JournalGap& gap);
    bool store_if_due(Now now);
    [[nodiscard]] Result<void> store();
    bool tidy(Now now);
    void note_persisted();
    void note_state();
    void ask_status();
    void tell(EventKind kind, std::string text, std::vector<std::string> parameters);

    template <class Call>
    auto guest(const char* what, Call&& call);
    void enter(const char* what);
    void leave();

    journal::Lane& lane_;
    const WantedSeries wanted_;
    guests::HistorianFactory factory_;
    const ConsumerOptions options_;
    const base::Clock& clock_;
    const OnEvent on_event_;
    const std::shared_ptr<ReaderPool> pool_ = std::make_shared<ReaderPool>();
    std::thread thread_;
    std::atomic<journal::Position> persisted_{0};
    std::atomic<bool> is_known_{false};

    // --- the thread's own ---
    std::unique_ptr<guests::HistorianInstance> instance_, retired_;
    JournalFeed feed_;
    guests::Backoff backoff_;
    consuming::RetentionClock retention_clock_;
    UtcTime age_from_;  // what it says
    MonotonicTime retry_at_{}, gather_at_{}, tidy_at_{}, unstored_since_{}, status_at_{};
    std::uint64_t unstored_bytes_ = 0;
    bool has_tried_ = false, is_draining_ = false, has_unstored_ = false, has_to_tidy_ = false, is_failure_told_ = false;
    std::deque<Handed> handed_;  // not persisted yet

    mutable std::mutex mutex_;  // guards what follows
    mutable std::condition_variable changed_;
    std::deque<Job> jobs_;
    bool is_woken_ = false, is_stopping_ = false, is_ended_ = true, is_left_behind_ = false, is_silence_told_ = false;
    std::chrono::steady_clock::time_point finish_by_{};
    const char* call_ = nullptr;  // what the historian is doing
    MonotonicTime call_since_{};
    ConsumerStatus status_;
};

template <class Call>
auto HistorianConsumer::Runner::guest(const char* what, Call&& call) {
    enter(what);
    auto result = std::forward<Call>(call)();
    leave();
    return result;
}

}  // namespace penstock::history
