#include "core/history/history_service.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/base/clock.hpp"
#include "core/history/aggregate_unit.hpp"
#include "core/history/history_query.hpp"
#include "core/history/series_stream.hpp"
#include "core/history/trend.hpp"

namespace penstock::history {
namespace {

// What a worker does; told whether it is too late for it.
struct Job {
    MonotonicTime by;
    std::move_only_function<void(bool is_late)> run;
};

std::unexpected<Error> too_late() {
    return fail(ErrorCode::timeout, "the server had no time for the query; ask again, or for less", {}, true);
}

}  // namespace

struct HistoryService::Parts {
    Parts(const journal::Lane& values, HistoryStores& the_stores, std::shared_ptr<const tags::TagCatalog> the_catalog,
          const base::Clock& the_clock, HistoryServiceOptions the_options)
        : journal(values), stores(&the_stores), catalog(std::move(the_catalog)), clock(&the_clock), options(the_options) {}

    [[nodiscard]] MonotonicTime now() const { return clock->now().monotonic; }
    [[nodiscard]] IsOver is_over(MonotonicTime by) {
        return [this, by] { return is_stopping.load(std::memory_order_relaxed) || now() > by; };
    }

    // False: too many wait already.
    bool enqueue(std::uint64_t session, Job job, bool is_bounded) {
        {
            const std::lock_guard lock(mutex);
            auto& queue = queues[session];
            const bool is_full = waiting >= options.waiting || queue.size() >= options.waiting_of_a_session;
            if (is_stopping || (is_bounded && is_full)) {
                ++status.refused;
                if (queue.empty()) queues.erase(session);
                return false;
            }
            if (queue.empty()) turns.push_back(session);
            queue.push_back(std::move(job));
            ++waiting;
        }
        changed.notify_one();
        return true;
    }

    // The next session's oldest question. Precondition: there is one; the lock is held.
    Job next() {
        const auto session = turns.front();
        turns.pop_front();
        const auto queue = queues.find(session);
        auto job = std::move(queue->second.front());
        queue->second.pop_front();
        if (queue->second.empty())
            queues.erase(queue);
        else
            turns.push_back(session);
        --waiting;
        return job;
    }

    void work() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return is_stopping || is_woken || !turns.empty(); });
            if (is_stopping) return;
            if (std::exchange(is_woken, false)) {
                const auto followers = streams;
                lock.unlock();
                for (const auto& [stream, session] : followers) schedule(stream, session, true);
                lock.lock();
                continue;
            }
            auto job = next();
            lock.unlock();
            job.run(now() > job.by);
            job.run = nullptr;
            lock.lock();
        }
    }

    void schedule(const std::shared_ptr<SeriesStream>& stream, std::uint64_t session, bool has_news) {
        if (stream->begin_step(has_news)) enqueue_step(stream, session);
    }
    void enqueue_step(const std::shared_ptr<SeriesStream>& stream, std::uint64_t session) {
        // Bounded by the number of streams.
        (void)enqueue(session,
                      {MonotonicTime::max(),
                       [this, stream, session](bool) {
                           const bool wants_more = stream->step(*stores, journal, now());
                           if (stream->end_step(wants_more)) enqueue_step(stream, session);
                       }},
                      false);
    }

    [[nodiscard]] Result<HistoryReply> answer(tags::TagId tag, const HistoryRequest& request, MonotonicTime by) {
        const auto view = catalog->view(tag);
        auto series = SeriesView::open(*stores, journal, tag, view.type, request.historian);
        if (!series) return std::unexpected(series.error());
        AggregateOptions aggregate;
        aggregate.is_stepped = view.type != ValueType::float64 || view.archive->mode != tags::ArchiveMode::cyclic;
        aggregate.known_until = to_ns((*series)->durable_until());
        auto reply = answer_history(**series, request, aggregate, is_over(by));
        if (reply) reply->unit = aggregate_unit(request.aggregate, view.unit);
        return reply;
    }

    [[nodiscard]] Result<TrendReply> answer(const std::vector<tags::TagId>& tags, const TrendRequest& request,
                                            MonotonicTime by) {
        TrendReply reply;
        for (std::size_t i = 0; i < tags.size(); ++i) {
            auto line = tags[i] == tags::kNoTag ? no_line(ErrorCode::not_found) : trend_line(tags[i], request, by, reply);
            if (!line) return std::unexpected(line.error());
            line->tag = request.tags[i];
            reply.lines.push_back(*std::move(line));
        }
        return reply;
    }
    [[nodiscard]] static Result<TrendLine> no_line(ErrorCode code) {
        TrendLine line;
        line.code = code;
        return line;
    }
    [[nodiscard]] Result<TrendLine> trend_line(tags::TagId tag, const TrendRequest& request, MonotonicTime by,
                                               TrendReply& reply) {
        const auto view = catalog->view(tag);
        auto series = SeriesView::open(*stores, journal, tag, view.type, "");
        if (!series && series.error().code() == ErrorCode::not_found) return no_line(ErrorCode::not_found);  // not archived
        if (!series) return std::unexpected(series.error());
        reply.durable_until = (*series)->durable_until();
        auto line = make_trend(**series, request.from, request.to, request.columns, reply.durable_until, is_over(by));
        if (line) line->unit = view.unit;
        return line;
    }

    template <class Reply, class Answer>
    void ask(std::uint64_t session, OnReply<Reply> done, Answer answer_it) {
        const auto by = now() + options.within;
        auto shared = std::make_shared<OnReply<Reply>>(std::move(done));
        const bool is_taken = enqueue(session,
                                      {by,
                                       [this, by, shared, answer_it = std::move(answer_it)](bool is_late) {
                                           count(is_late);
                                           if (is_late) return (*shared)(too_late());
                                           (*shared)(answer_it(by));
                                       }},
                                      true);
        if (!is_taken) (*shared)(fail(ErrorCode::unavailable, "so many queries wait that this one was not taken", {}, true));
    }
    void count(bool is_late) {
        const std::lock_guard lock(mutex);
        ++(is_late ? status.too_late : status.answered);
    }

    void stop() {
        {
            const std::lock_guard lock(mutex);
            is_stopping = true;
        }
        changed.notify_all();
        for (auto& each : std::exchange(workers, {})) each.join();
        // Callbacks of what waited die unused: who asked is told by that.
        std::map<std::uint64_t, std::deque<Job>> refused;
        {
            const std::lock_guard lock(mutex);
            refused.swap(queues);
            turns.clear();
            waiting = 0;
        }
    }

    JournalTail journal;
    HistoryStores* stores;
    std::shared_ptr<const tags::TagCatalog> catalog;
    const base::Clock* clock;
    HistoryServiceOptions options;
    std::atomic<bool> is_stopping = false;
    std::vector<std::thread> workers;

    mutable std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    std::map<std::uint64_t, std::deque<Job>> queues;  // by session; none is empty
    std::deque<std::uint64_t> turns;                  // sessions with questions
    std::size_t waiting = 0;
    bool is_woken = false;
    std::vector<std::pair<std::shared_ptr<SeriesStream>, std::uint64_t>> streams;
    HistoryServiceStatus status;
};

class HistoryService::Subscription final : public SeriesSubscription {
public:
    Subscription(std::shared_ptr<Parts> parts, std::shared_ptr<SeriesStream> stream, std::uint64_t session)
        : parts_(std::move(parts)), stream_(std::move(stream)), session_(session) {}
    ~Subscription() override {
        stream_->close();
        const std::lock_guard lock(parts_->mutex);
        std::erase_if(parts_->streams, [this](const auto& each) { return each.first == stream_; });
    }
    Result<std::optional<SeriesUpdate>> take() override {
        auto update = stream_->take();
        if (update && *update) parts_->schedule(stream_, session_, true);
        return update;
    }

private:
    std::shared_ptr<Parts> parts_;
    std::shared_ptr<SeriesStream> stream_;
    std::uint64_t session_;
};

HistoryService::HistoryService(const journal::Lane& values, HistoryStores& stores,
                               std::shared_ptr<const tags::TagCatalog> catalog, const base::Clock& clock,
                               HistoryServiceOptions options)
    : parts_(std::make_shared<Parts>(values, stores, std::move(catalog), clock, options)) {
    for (std::size_t n = 0; n < options.workers; ++n) parts_->workers.emplace_back([parts = parts_.get()] { parts->work(); });
}
HistoryService::~HistoryService() { stop(); }

void HistoryService::history(std::uint64_t session, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) {
    parts_->ask(session, std::move(done), [parts = parts_.get(), tag, request = std::move(request)](MonotonicTime by) {
        return parts->answer(tag, request, by);
    });
}

void HistoryService::trend(std::uint64_t session, std::vector<tags::TagId> tags, TrendRequest request,
                           OnReply<TrendReply> done) {
    parts_->ask(session, std::move(done),
                [parts = parts_.get(), tags = std::move(tags), request = std::move(request)](MonotonicTime by) {
                    return parts->answer(tags, request, by);
                });
}

Result<std::unique_ptr<SeriesSubscription>> HistoryService::open_series(std::uint64_t session, std::vector<tags::TagId> tags,
                                                                        std::vector<SeriesPlace> places,
                                                                        std::function<void()> on_ready) {
    std::vector<SeriesStream::Tag> wanted;
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const auto view = parts_->catalog->view(tags[i]);
        if (view.archive->mode == tags::ArchiveMode::off)
            return fail(ErrorCode::not_found, "the tag \"" + std::string(view.name) + "\" is not archived");
        wanted.push_back({tags[i], view.type, places[i]});
    }
    auto stream = std::make_shared<SeriesStream>(std::move(wanted), std::move(on_ready));
    {
        const std::lock_guard lock(parts_->mutex);
        parts_->streams.emplace_back(stream, session);
    }
    parts_->schedule(stream, session, true);
    return std::make_unique<Subscription>(parts_, std::move(stream), session);
}

void HistoryService::wake() noexcept {
    {
        const std::lock_guard lock(parts_->mutex);
        if (parts_->streams.empty()) return;
        parts_->is_woken = true;
    }
    parts_->changed.notify_one();
}

void HistoryService::stop() { parts_->stop(); }

HistoryServiceStatus HistoryService::status() const {
    const std::lock_guard lock(parts_->mutex);
    auto status = parts_->status;
    status.waiting = parts_->waiting;
    status.streams = parts_->streams.size();
    return status;
}

}  // namespace penstock::history
