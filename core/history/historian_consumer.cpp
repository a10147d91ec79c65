#include "core/history/historian_consumer.hpp"

#include <algorithm>
#include <utility>

#include "core/base/thread_priority.hpp"
#include "core/history/consuming/answer.hpp"
#include "core/history/consuming/runner.hpp"

namespace penstock::history {
namespace {

constexpr Duration kBehindAfter = 10s;

std::string in_words(Duration duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    if (ms < 10'000) return std::to_string(ms) + " ms";
    return ms < 600'000 ? std::to_string(ms / 1000) + " s" : std::to_string(ms / 60'000) + " min";
}

Error late(const std::string& name, Duration patience) {
    return Error(ErrorCode::unavailable, "the historian did not answer within " + in_words(patience), name, true);
}

std::string silence(const char* call, Duration since) {
    return std::string("it has not come back from ") + call + " for " + in_words(since);
}

}  // namespace

std::string_view to_string(ConsumerState state) noexcept {
    constexpr std::string_view words[] = {"starting", "storing", "behind", "silent", "failed", "stopped"};
    return words[static_cast<unsigned>(state)];
}

ConsumerInfo to_info(const std::string& name, const ConsumerStatus& status) {
    ConsumerInfo info;
    info.name = name;
    info.lane = "values";
    info.state = to_string(status.state);
    info.sentence = status.sentence;
    info.position = status.persisted;
    info.lag_records = status.durable - std::min(status.durable, status.persisted);
    info.lag_bytes = status.lag_bytes;
    info.until = status.persisted_until;
    info.samples = status.samples;
    info.bytes = status.bytes;
    info.bytes_per_value = status.samples == 0 ? 0 : static_cast<double>(status.bytes) / static_cast<double>(status.samples);
    return info;
}

// --- the owner's side of the runner ---

void HistorianConsumer::Runner::start() {
    {
        const std::scoped_lock lock(mutex_);
        if (!std::exchange(is_ended_, false)) return;
        is_stopping_ = false;
    }
    thread_ = std::thread([self = shared_from_this()] {
        base::give_way();  // to the engine and the journal: what is in the journal is safe, and can wait
        self->run();
    });
}

void HistorianConsumer::Runner::wake() noexcept {
    const std::scoped_lock lock(mutex_);
    is_woken_ = true;
    changed_.notify_all();
}

bool HistorianConsumer::Runner::stop(Duration within) {
    if (!thread_.joinable()) return true;
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    const auto begun = std::chrono::steady_clock::now();
    finish_by_ = begun + within / 2;
    changed_.notify_all();
    changed_.wait_until(lock, begun + within, [this] { return is_ended_; });
    // Out of our own code the thread comes soon; only a historian's may never return.
    while (!is_ended_ && call_ == nullptr) changed_.wait_for(lock, 5ms);
    if (is_ended_) {
        lock.unlock();
        thread_.join();
        return true;
    }
    is_left_behind_ = true;
    status_.state = ConsumerState::stopped;
    status_.sentence = std::string("it did not come back from ") + call_;
    const auto reader = feed_.close();  // its lane may go
    if (instance_ != nullptr) instance_->retire();
    lock.unlock();
    pool_->close();
    thread_.detach();
    return false;
}

Result<void> HistorianConsumer::Runner::post(Job job) {
    const auto refuse = [this](const char* why) { return penstock::fail(ErrorCode::unavailable, why, options_.name, true); };
    const std::scoped_lock lock(mutex_);
    if (is_ended_ || is_left_behind_) return refuse("the historian is not running");
    if (jobs_.size() >= kMostJobs) return refuse("too many wait for the historian already");
    jobs_.push_back(std::move(job));
    changed_.notify_all();
    return {};
}

ConsumerStatus HistorianConsumer::Runner::status() const {
    const auto lane = lane_.status();
    const auto now = clock_.now().monotonic;
    const std::scoped_lock lock(mutex_);
    auto status = status_;
    status.durable = lane.durable;
    const auto there = lane.durable - lane.first;
    const auto behind = lane.durable - std::min(lane.durable, std::max(status.persisted, lane.first));
    if (there != 0)
        status.lag_bytes = static_cast<std::uint64_t>(static_cast<double>(lane.bytes) * static_cast<double>(behind)
                                                      / static_cast<double>(there));
    const auto lag = lane.durable_time - status.appended_until;
    if (status.state == ConsumerState::storing && behind != 0 && to_ns(status.appended_until) != 0 && lag > kBehindAfter) {
        status.state = ConsumerState::behind;
        status.sentence = "it is " + in_words(lag) + " behind";
    }
    if (call_ != nullptr && now - call_since_ > options_.silent_after && !is_left_behind_) {
        status.state = ConsumerState::silent;
        status.sentence = silence(call_, now - call_since_);
    }
    return status;
}

void HistorianConsumer::Runner::check() {
    const auto now = clock_.now().monotonic;
    std::string sentence;
    {
        const std::scoped_lock lock(mutex_);
        if (call_ == nullptr || is_silence_told_ || now - call_since_ <= options_.silent_after) return;
        is_silence_told_ = true;
        sentence = silence(call_, now - call_since_);
    }
    tell(EventKind::historian_state, "historian.behind", {std::move(sentence)});
}

// --- the consumer ---

HistorianConsumer::HistorianConsumer(journal::Lane& lane, WantedSeries wanted, guests::HistorianFactory factory,
                                     ConsumerOptions options, const base::Clock& clock, OnEvent on_event)
    : runner_(std::make_shared<Runner>(lane, std::move(wanted), std::move(factory), std::move(options), clock,
                                       std::move(on_event))) {}

HistorianConsumer::~HistorianConsumer() { stop(10s); }

void HistorianConsumer::start() { runner_->start(); }
void HistorianConsumer::wake() noexcept { runner_->wake(); }
bool HistorianConsumer::stop(Duration within) { return runner_->stop(within); }
const std::string& HistorianConsumer::name() const noexcept { return runner_->options().name; }
const WantedSeries& HistorianConsumer::wanted() const noexcept { return runner_->wanted(); }
journal::Position HistorianConsumer::persisted() const noexcept { return runner_->persisted(); }
bool HistorianConsumer::is_known() const noexcept { return runner_->is_known(); }
ConsumerStatus HistorianConsumer::status() const { return runner_->status(); }
void HistorianConsumer::check() { runner_->check(); }

Result<ReaderLease> HistorianConsumer::open_reader(Duration patience) {
    const auto& pool = runner_->pool();
    if (auto idle = pool->take()) return ReaderLease(std::move(idle), pool);
    using Opened = std::unique_ptr<guests::HistorianReader>;
    const auto answer = std::make_shared<consuming::Answer<Opened>>();
    auto* const runner = runner_.get();
    const auto posted = runner_->post([runner, answer](const Error* why_not) {
        if (answer->is_left()) return;
        answer->give(why_not != nullptr ? Result<Opened>(std::unexpected(*why_not)) : runner->open_reader());
    });
    if (!posted) return std::unexpected(posted.error());
    auto opened = answer->wait(patience);
    if (!opened) return std::unexpected(late(name(), patience));
    if (!*opened) return std::unexpected((*opened).error());
    return ReaderLease(std::move(**opened), pool);
}

Result<void> HistorianConsumer::flush(Duration patience) {
    const auto answer = std::make_shared<consuming::Answer<void>>();
    auto* const runner = runner_.get();
    const auto posted = runner_->post([runner, answer](const Error* why_not) {
        if (answer->is_left()) return;
        answer->give(why_not != nullptr ? Result<void>(std::unexpected(*why_not)) : runner->store_all());
    });
    if (!posted) return std::unexpected(posted.error());
    auto flushed = answer->wait(patience);
    if (!flushed) return std::unexpected(late(name(), patience));
    return *flushed;
}

Result<void> HistorianConsumer::back_up(const std::filesystem::path& folder, Duration patience, std::stop_token stop) {
    const auto answer = std::make_shared<consuming::Answer<void>>();
    auto* const runner = runner_.get();
    const auto posted = runner_->post([runner, answer, folder, stop = std::move(stop)](const Error* why_not) {
        if (why_not != nullptr) return answer->give(std::unexpected(*why_not));
        while (!answer->is_left()) {
            if (stop.stop_requested())
                return answer->give(
                    penstock::fail(ErrorCode::cancelled, "the server is stopping: the backup was not finished"));
            const auto more = runner->back_up(folder);
            if (!more) return answer->give(std::unexpected(more.error()));
            if (!*more) return answer->give({});
            runner->feed_once();
        }
    });
    if (!posted) return std::unexpected(posted.error());
    auto copied = answer->wait(patience);
    if (!copied) return std::unexpected(late(name(), patience));
    return *copied;
}

}  // namespace penstock::history
