// The thread: what it does next, the historian's birth and failure, and what others ask of it.

#include "core/history/consuming/runner.hpp"

#include <algorithm>
#include <utility>

namespace penstock::history {
namespace {

Error not_there(const std::string& name, const std::string& why) {
    return Error(ErrorCode::unavailable, why.empty() ? "the historian has not started yet" : why, name, true);
}

}  // namespace

HistorianConsumer::Runner::Runner(journal::Lane& lane, WantedSeries wanted, guests::HistorianFactory factory,
                                  ConsumerOptions options, const base::Clock& clock, OnEvent on_event)
    : lane_(lane),
      wanted_(std::move(wanted)),
      factory_(std::move(factory)),
      options_(std::move(options)),
      clock_(clock),
      on_event_(std::move(on_event)),
      feed_(wanted_),
      backoff_(options_.backoff_least, options_.backoff_most, std::hash<std::string>{}(options_.name)),
      retention_clock_(lane.recovery().last_time.utc) {}

// --- the calls into the historian ---

void HistorianConsumer::Runner::enter(const char* what) {
    const auto now = clock_.now().monotonic;
    const std::scoped_lock lock(mutex_);
    call_ = what;
    call_since_ = now;
}

void HistorianConsumer::Runner::leave() {
    const std::scoped_lock lock(mutex_);
    call_ = nullptr;
    if (is_left_behind_) throw LeftBehind();
}

// --- the thread ---

void HistorianConsumer::Runner::run() {
    try {
        while (turn()) {
        }
        finish();
    } catch (const LeftBehind&) {
        // The readers of it know that it is retired; whoever is left keeps a store that nobody will open again in this process.
        while (instance_ != nullptr && instance_->open_readers() != 0) std::this_thread::sleep_for(100ms);
    }
    instance_.reset();
    retired_.reset();
    const std::scoped_lock lock(mutex_);
    is_ended_ = true;
    status_.state = ConsumerState::stopped;
    changed_.notify_all();
}

// One thing after another, the most urgent first. False: stop.
bool HistorianConsumer::Runner::turn() {
    if (has_tried_) run_jobs();  // who asks while the first one starts waits for it
    {
        const std::scoped_lock lock(mutex_);
        if (is_stopping_) return false;
        is_woken_ = false;  // before looking at what there is: what comes later wakes again
    }
    const auto now = clock_.now();
    age_from_ = retention_clock_.look(now);
    if (retired_ != nullptr && !end_retired()) {
        sleep(20ms);
        return true;
    }
    if (instance_ == nullptr) {
        if (now.monotonic >= retry_at_) {
            bear(now);
        } else {
            sleep(retry_at_ - now.monotonic);
        }
        return true;
    }
    if (!feed(now) && !store_if_due(now) && !tidy(now)) {
        if (now.monotonic >= status_at_) ask_status();
        sleep(time_to_next(now));
    }
    return true;
}

// A clock that tests move by hand cannot wake anybody: they call wake().
void HistorianConsumer::Runner::sleep(Duration most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::clamp<Duration>(most, 1ms, 1s),
                      [this] { return is_woken_ || is_stopping_ || !jobs_.empty(); });
}

Duration HistorianConsumer::Runner::time_to_next(Now now) const {
    auto next = std::min(tidy_at_, status_at_);
    if (lane_.durable() > feed_.position()) next = std::min(next, gather_at_);
    if (has_unstored_) next = std::min(next, unstored_since_ + options_.store_within);
    return next - now.monotonic;
}

// Those that wait now: who asks and asks does not keep it from its work.
void HistorianConsumer::Runner::run_jobs() {
    std::deque<Job> jobs;
    std::string why;
    {
        const std::scoped_lock lock(mutex_);
        jobs.swap(jobs_);
        why = status_.sentence;
    }
    for (auto& job : jobs) {
        const auto error = not_there(options_.name, why);
        job(instance_ == nullptr ? &error : nullptr);
    }
}

// What is durable is stored, as far as there is time.
void HistorianConsumer::Runner::finish() {
    const auto is_late = [&] { return std::chrono::steady_clock::now() >= finish_by_; };
    is_draining_ = true;
    if (!has_tried_) bear(clock_.now());  // it is stopped before it has begun
    while (instance_ != nullptr && !is_late() && feed(clock_.now())) {
    }
    if (instance_ != nullptr && has_unstored_) {
        const auto stored = store();
        if (!stored) fail(stored.error());
    }
    pool_->close();
    feed_.close().reset();
    if (instance_ != nullptr) {
        instance_->retire();
        retired_ = std::move(instance_);
    }
    while (retired_ != nullptr && !end_retired()) sleep(5ms);
    const Error stopped(ErrorCode::unavailable, "the historian is being stopped", options_.name);
    std::deque<Job> jobs;
    {
        const std::scoped_lock lock(mutex_);
        jobs.swap(jobs_);
    }
    for (auto& job : jobs) job(&stopped);
}

// --- birth and failure ---

void HistorianConsumer::Runner::bear(Now now) {
    has_tried_ = true;
    const auto opened = open_instance();
    if (!opened) return fail(opened.error());
    is_draining_ = true;
    has_unstored_ = has_to_tidy_ = false;
    unstored_bytes_ = 0;
    tidy_at_ = now.monotonic + options_.tidy_every;
    note_state();
}

Result<void> HistorianConsumer::Runner::open_instance() {
    std::error_code problem;
    std::filesystem::create_directories(options_.folder, problem);
    if (problem)
        return penstock::fail(ErrorCode::denied, "its folder cannot be made: " + problem.message(), options_.folder.string());
    auto born = guest("its start", [&] { return factory_(); });
    if (!born) return std::unexpected(born.error());
    instance_ = std::move(*born);
    const auto position = guest("open", [&] { return instance_->open(options_.folder); });
    if (!position) return std::unexpected(position.error());
    if (*position > lane_.durable()) {
        return penstock::fail(ErrorCode::invalid_config,
                              "its store ends at position " + std::to_string(*position) + " of the journal, which ends at "
                                  + std::to_string(lane_.durable())
                                  + ": it belongs to another journal; move its folder away, or restore both");
    }
    const auto defined = guest("define", [&] { return instance_->define(wanted_.list()); });
    if (!defined) return defined;
    feed_.begin(lane_.reader(*position), *position);
    handed_.clear();
    pool_->set_position(*position);
    pool_->open();
    note_persisted();
    return {};
}

// The instance goes; what it had not persisted is read again by the next one.
void HistorianConsumer::Runner::fail(const Error& error) {
    feed_.close().reset();
    pool_->close();
    handed_.clear();
    has_unstored_ = false;
    if (instance_ != nullptr) {
        instance_->retire();
        retired_ = std::move(instance_);
    }
    const auto pause = backoff_.next();
    retry_at_ = clock_.now().monotonic + pause;
    {
        const std::scoped_lock lock(mutex_);
        status_.state = ConsumerState::failed;
        status_.sentence = error.text();
        status_.failures += 1;
    }
    if (std::exchange(is_failure_told_, true)) return;
    tell(EventKind::historian_state, "historian.failed", {error.sentence()});
}

// True when it is gone.
bool HistorianConsumer::Runner::end_retired() {
    if (retired_->open_readers() != 0) return false;
    guest("its end", [&] {
        retired_.reset();
        return true;
    });
    return true;
}

// --- what jobs ask for ---

Result<std::unique_ptr<guests::HistorianReader>> HistorianConsumer::Runner::open_reader() {
    return guest("opening a reader", [&] { return instance_->open_reader(); });
}

void HistorianConsumer::Runner::feed_once() {
    if (instance_ != nullptr) feed(clock_.now());
}

Result<void> HistorianConsumer::Runner::store_all() {
    const auto target = lane_.durable();
    is_draining_ = true;
    while (instance_ != nullptr && feed_.position() < target && feed(clock_.now())) {
    }
    if (instance_ != nullptr && persisted() < target) {
        const auto stored = store();
        if (!stored) fail(stored.error());
    }
    if (persisted() >= target) return {};
    return std::unexpected(not_there(options_.name, status().sentence));
}

Result<bool> HistorianConsumer::Runner::back_up(const std::filesystem::path& folder) {
    if (instance_ == nullptr) return std::unexpected(not_there(options_.name, status().sentence));
    if (!instance_->has_backup())
        return penstock::fail(ErrorCode::unsupported, "the historian offers no backup", options_.name);
    return guest("backup", [&] { return instance_->back_up(folder); });
}

}  // namespace penstock::history
