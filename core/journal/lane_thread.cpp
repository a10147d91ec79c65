#include "core/journal/lane_thread.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/clock.hpp"
#include "core/journal/lane.hpp"

namespace penstock::journal {
namespace {

// How long a group takes is real time, whatever clock the records carry: a test's clock may stand still.
using Steady = std::chrono::steady_clock;

constexpr auto kRetry = std::chrono::milliseconds(500);  // a full disk is asked again
constexpr auto kAlive = std::chrono::seconds(1);         // a values lane says that it lives

}  // namespace

struct LaneThread::State {
    State(Lane& the_lane, const base::Clock& the_clock, Gather the_gather, Duration every)
        : lane(the_lane), clock(the_clock), gather(std::move(the_gather)), gather_every(every) {}

    // Allocating a segment takes long, so that it has a thread of its own and a commit never waits for it.
    void run_preparing() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            if (!prepare_wanted) {
                prepare_changed.wait(lock);
                continue;
            }
            lock.unlock();
            const bool prepared = lane.prepare().has_value();
            lock.lock();
            prepare_wanted = !prepared;
            if (prepared) {
                hurried = true;  // a commit that found no room may go on
                changed.notify_one();
            } else if (!stopping) {
                prepare_changed.wait_for(lock, kRetry);
            }
        }
    }

    void run() {
        auto gather_at = Steady::now() + gather_every;
        last_activity = Steady::now();
        last_appended = lane.appended();
        for (;;) {
            const bool stop = wait_for_work(gather ? gather_at : last_activity + kAlive);
            const auto now = clock.now();
            if (gather) {
                const auto begun = Steady::now();
                gather_at = begun + std::min(gather(now), gather_every);
            }
            say_alive(now, stop);
            forget_appended();
            const bool done = lane.commit().has_value();
            if (lane.wants_prepare()) want_prepare();
            const std::scoped_lock lock(mutex);
            retry_at = done ? Steady::time_point{} : Steady::now() + kRetry;
            if (stop) return;
        }
    }

    // Until a group's time is over, something is due, or somebody is in a hurry. True at the end.
    bool wait_for_work(Steady::time_point due) {
        std::unique_lock lock(mutex);
        for (;;) {
            auto until = due;
            if (appended_at) until = std::min(until, *appended_at + lane.options().group);
            until = std::max(until, retry_at);
            if (hurried || stopping || Steady::now() >= until) break;
            changed.wait_until(lock, until);
        }
        hurried = false;
        return stopping;
    }

    // What has been appended so far is in the commit that follows.
    void forget_appended() {
        const std::scoped_lock lock(mutex);
        appended_at.reset();
    }

    // Two gaps are told apart by it: nothing changed, and nobody was there to see.
    void say_alive(Now now, bool is_last) {
        const auto appended = lane.appended();
        if (appended != last_appended) {
            last_appended = appended;
            last_activity = Steady::now();
        } else if (is_last || Steady::now() >= last_activity + kAlive) {
            const bool says_it = lane.options().kind == LaneKind::values;
            if (says_it && lane.append(RecordType::alive, {}, now)) last_appended = lane.appended();
            last_activity = Steady::now();  // of every lane: the thread sleeps until a second after it
        }
    }

    void on_append() {
        const std::scoped_lock lock(mutex);
        if (!appended_at) appended_at = Steady::now();
        changed.notify_one();
    }

    void want_prepare() {
        const std::scoped_lock lock(mutex);
        prepare_wanted = true;
        prepare_changed.notify_one();
    }

    Lane& lane;
    const base::Clock& clock;
    const Gather gather;
    const Duration gather_every;
    Steady::time_point last_activity;  // of the committing thread
    Position last_appended = 0;        // the same

    std::mutex mutex;  // guards all below
    std::condition_variable changed, prepare_changed;
    std::optional<Steady::time_point> appended_at;  // the first of what waits
    Steady::time_point retry_at{};
    bool hurried = false, stopping = false, prepare_wanted = false;

    std::thread committing, preparing;
};

LaneThread::LaneThread(Lane& lane, const base::Clock& clock, Gather gather, Duration gather_every)
    : state_(std::make_shared<State>(lane, clock, std::move(gather), gather_every)) {
    // Shared, as somebody may append while and after this is destroyed.
    lane.on_append([state = state_] { state->on_append(); });
    state_->prepare_wanted = lane.wants_prepare();
    MonotonicTime ignored;
    if (lane.is_waiting(ignored)) state_->on_append();
    state_->committing = std::thread([state = state_.get()] { state->run(); });
    state_->preparing = std::thread([state = state_.get()] { state->run_preparing(); });
}

LaneThread::~LaneThread() { stop(); }

void LaneThread::hurry() {
    const std::scoped_lock lock(state_->mutex);
    state_->hurried = true;
    state_->changed.notify_one();
}

void LaneThread::stop() {
    {
        const std::scoped_lock lock(state_->mutex);
        if (std::exchange(state_->stopping, true)) return;
        state_->changed.notify_one();
        state_->prepare_changed.notify_one();
    }
    state_->committing.join();
    state_->preparing.join();
    // Only a hint for the next start; what is durable is durable without it.
    (void)state_->lane.seal();
}

}  // namespace penstock::journal
