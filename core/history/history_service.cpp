#include "core/history/history_service.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <utility>

#include "core/base/clock.hpp"
#include "core/history/aggregate_unit.hpp"
#include "core/history/history_query.hpp"
#include "core/history/querying/crew.hpp"
#include "core/history/querying/trend_gathering.hpp"
#include "core/history/series_stream.hpp"
#include "core/history/trend.hpp"

namespace penstock::history {
namespace {

using detail::Crew;
using detail::CrewLimits;

std::unexpected<Error> too_late() {
    return fail(ErrorCode::timeout, "the server had no time for the query; ask again, or for less", {}, true);
}
std::unexpected<Error> too_many() {
    return fail(ErrorCode::unavailable, "so many queries wait that this one was not taken", {}, true);
}

}  // namespace

struct HistoryService::Parts {
    Parts(const journal::Lane& values, HistoryStores& the_stores, std::shared_ptr<const tags::TagCatalog> the_catalog,
          const base::Clock& the_clock, HistoryServiceOptions the_options)
        : journal(values),
          stores(&the_stores),
          catalog(std::move(the_catalog)),
          clock(&the_clock),
          options(the_options),
          followers({the_options.workers, the_options.waiting, the_options.waiting_of_a_session}) {}

    [[nodiscard]] MonotonicTime now() const { return clock->now().monotonic; }
    [[nodiscard]] IsOver is_over(MonotonicTime by) {
        return [this, by] { return is_stopping.load(std::memory_order_relaxed) || now() > by; };
    }

    // Who answers for a historian; null: nobody any more.
    [[nodiscard]] Crew* crew(const std::string& keeper) {
        const std::lock_guard lock(mutex);
        if (is_stopping) return nullptr;
        auto& found = crews[keeper];
        if (!found) found = std::make_unique<Crew>(CrewLimits{options.workers, options.waiting, options.waiting_of_a_session});
        return found.get();
    }

    // --- questions ---
    enum class Outcome : std::uint8_t { answered, refused, too_late };
    void count(Outcome outcome) {
        const std::lock_guard lock(mutex);
        if (outcome == Outcome::answered) ++status.answered;
        if (outcome == Outcome::refused) ++status.refused;
        if (outcome == Outcome::too_late) ++status.too_late;
    }

    void ask(std::uint64_t session, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) {
        auto* const answering = crew(stores->keeper(tag, request.historian));
        const auto by = now() + options.within;
        auto shared = std::make_shared<OnReply<HistoryReply>>(std::move(done));
        const auto answer_it = [this, by, tag, request = std::move(request), shared] {
            const bool is_late = now() > by;
            count(is_late ? Outcome::too_late : Outcome::answered);
            if (is_late) return (*shared)(too_late());
            (*shared)(answer(tag, request, by));
        };
        if (answering != nullptr && answering->enqueue(session, answer_it)) return;
        count(Outcome::refused);
        (*shared)(too_many());
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

    // A trend is as many jobs as its tags have historians.
    struct Trend {
        Trend(std::vector<tags::TagId> the_tags, TrendRequest the_request, std::size_t parts, OnReply<TrendReply> done)
            : tags(std::move(the_tags)), request(std::move(the_request)), gathering(tags.size(), parts, std::move(done)) {}
        std::vector<tags::TagId> tags;
        TrendRequest request;
        MonotonicTime by;
        detail::TrendGathering gathering;
        std::atomic<Outcome> outcome = Outcome::answered;
    };
    void ask(std::uint64_t session, std::vector<tags::TagId> tags, TrendRequest request, OnReply<TrendReply> done) {
        std::map<std::string, std::vector<std::size_t>> parts;  // indices of tags by keeper
        for (std::size_t i = 0; i < tags.size(); ++i)
            parts[tags[i] == tags::kNoTag ? std::string() : stores->keeper(tags[i], {})].push_back(i);
        if (parts.empty()) parts[{}] = {};
        const auto trend = std::make_shared<Trend>(std::move(tags), std::move(request), parts.size(), std::move(done));
        trend->by = now() + options.within;
        for (auto& [keeper, part] : parts) {
            auto* const answering = crew(keeper);
            const auto answer_it = [this, trend, part] { draw(*trend, part); };
            if (answering == nullptr || !answering->enqueue(session, answer_it))
                give_up(*trend, Outcome::refused, too_many().error());
        }
    }
    void give_up(Trend& trend, Outcome outcome, Error why) {
        trend.outcome = outcome;
        trend.gathering.fail(std::move(why));
        finish_part(trend);
    }
    void finish_part(Trend& trend) {
        if (!trend.gathering.finish_part()) return;
        count(trend.outcome);
        trend.gathering.answer();
    }
    void draw(Trend& trend, const std::vector<std::size_t>& part) {
        if (now() > trend.by) return give_up(trend, Outcome::too_late, too_late().error());
        for (const auto index : part) {
            if (trend.gathering.has_failed()) break;
            if (auto drawn = draw_line(trend, index); !drawn) trend.gathering.fail(std::move(drawn).error());
        }
        finish_part(trend);
    }
    [[nodiscard]] Result<void> draw_line(Trend& trend, std::size_t index) {
        const auto& request = trend.request;
        const auto none = [&](ErrorCode code) {
            TrendLine line;
            line.code = code;
            line.tag = request.tags[index];
            trend.gathering.put(index, std::move(line));
            return Result<void>();
        };
        const auto tag = trend.tags[index];
        if (tag == tags::kNoTag) return none(ErrorCode::not_found);
        const auto view = catalog->view(tag);
        auto series = SeriesView::open(*stores, journal, tag, view.type, "");
        if (!series && series.error().code() == ErrorCode::not_found) return none(ErrorCode::not_found);  // not archived
        if (!series) return std::unexpected(series.error());
        const auto until = (*series)->durable_until();
        auto line = make_trend(**series, request.from, request.to, request.columns, until, is_over(trend.by));
        if (!line) return std::unexpected(line.error());
        line->tag = request.tags[index];
        line->unit = view.unit;
        trend.gathering.put(index, *std::move(line), until);
        return {};
    }

    // --- streams of series ---
    struct Follower {
        std::shared_ptr<SeriesStream> stream;
        std::string keeper;
        std::uint64_t session;
    };
    void schedule(const Follower& follower, bool has_news) {
        if (follower.stream->queue().begin_step(has_news)) enqueue_step(follower);
    }
    // Bounded by the number of streams.
    void enqueue_step(const Follower& follower) {
        auto* const stepping = follower.stream->needs_store() ? crew(follower.keeper) : &followers;
        if (stepping == nullptr) return;
        stepping->enqueue_in_any_case(follower.session, [this, follower] {
            const bool wants_more = follower.stream->step(*stores, journal, now());
            if (follower.stream->queue().end_step(wants_more)) enqueue_step(follower);
        });
    }
    void follow() {
        std::vector<Follower> all;
        {
            const std::lock_guard lock(mutex);
            is_woken = false;
            all = streams;
        }
        for (const auto& each : all) schedule(each, true);
    }

    void stop() {
        std::vector<Crew*> all{&followers};
        {
            const std::lock_guard lock(mutex);
            is_stopping = true;
            for (const auto& [keeper, each] : crews) all.push_back(each.get());
        }
        for (auto* const each : all) each->stop();
    }

    JournalTail journal;
    HistoryStores* stores;
    std::shared_ptr<const tags::TagCatalog> catalog;
    const base::Clock* clock;
    HistoryServiceOptions options;
    std::atomic<bool> is_stopping = false;
    Crew followers;  // streams that have come to the journal's tail

    mutable std::mutex mutex;  // guards what follows
    std::map<std::string, std::unique_ptr<Crew>> crews;  // by historian; stays until the end
    bool is_woken = false;
    std::vector<Follower> streams;
    std::size_t subscriptions = 0;
    HistoryServiceStatus status;
};

// A stream for each historian that keeps some of its tags.
class HistoryService::Subscription final : public SeriesSubscription {
public:
    using Follower = Parts::Follower;
    Subscription(std::shared_ptr<Parts> parts, std::vector<Follower> streams)
        : parts_(std::move(parts)), streams_(std::move(streams)) {
        {
            const std::lock_guard lock(parts_->mutex);
            parts_->streams.insert(parts_->streams.end(), streams_.begin(), streams_.end());
            ++parts_->subscriptions;
        }
        for (const auto& each : streams_) parts_->schedule(each, true);
    }
    ~Subscription() override {
        for (const auto& each : streams_) each.stream->queue().close();
        const std::lock_guard lock(parts_->mutex);
        --parts_->subscriptions;
        for (const auto& own : streams_)
            std::erase_if(parts_->streams, [&](const Follower& each) { return each.stream == own.stream; });
    }
    Result<std::optional<SeriesUpdate>> take() override {
        for (std::size_t asked = 0; asked < streams_.size(); ++asked) {
            const auto& follower = streams_[next_];
            next_ = (next_ + 1) % streams_.size();
            auto update = follower.stream->queue().take();
            if (update && !*update) continue;
            if (update) parts_->schedule(follower, true);
            return update;
        }
        return std::optional<SeriesUpdate>();
    }

private:
    std::shared_ptr<Parts> parts_;
    std::vector<Follower> streams_;
    std::size_t next_ = 0;
};

HistoryService::HistoryService(const journal::Lane& values, HistoryStores& stores,
                               std::shared_ptr<const tags::TagCatalog> catalog, const base::Clock& clock,
                               HistoryServiceOptions options)
    : parts_(std::make_shared<Parts>(values, stores, std::move(catalog), clock, options)) {}
HistoryService::~HistoryService() { stop(); }

void HistoryService::history(std::uint64_t session, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) {
    parts_->ask(session, tag, std::move(request), std::move(done));
}

void HistoryService::trend(std::uint64_t session, std::vector<tags::TagId> tags, TrendRequest request,
                           OnReply<TrendReply> done) {
    parts_->ask(session, std::move(tags), std::move(request), std::move(done));
}

Result<std::unique_ptr<SeriesSubscription>> HistoryService::open_series(std::uint64_t session, std::vector<tags::TagId> tags,
                                                                        std::vector<SeriesPlace> places,
                                                                        std::function<void()> on_ready) {
    std::map<std::string, std::vector<SeriesStream::Tag>> wanted;  // by keeper
    for (std::size_t i = 0; i < tags.size(); ++i) {
        const auto view = parts_->catalog->view(tags[i]);
        if (view.archive->mode == tags::ArchiveMode::off)
            return fail(ErrorCode::not_found, "the tag \"" + std::string(view.name) + "\" is not archived");
        wanted[parts_->stores->keeper(tags[i], {})].push_back({tags[i], view.type, places[i], static_cast<std::uint32_t>(i)});
    }
    std::vector<Parts::Follower> streams;
    for (auto& [keeper, of_keeper] : wanted)
        streams.push_back({std::make_shared<SeriesStream>(std::move(of_keeper), on_ready), keeper, session});
    return std::make_unique<Subscription>(parts_, std::move(streams));
}

void HistoryService::wake() noexcept {
    {
        const std::lock_guard lock(parts_->mutex);
        if (parts_->streams.empty() || std::exchange(parts_->is_woken, true)) return;
    }
    parts_->followers.enqueue_in_any_case(0, [parts = parts_.get()] { parts->follow(); });
}

void HistoryService::stop() { parts_->stop(); }

HistoryServiceStatus HistoryService::status() const {
    const std::lock_guard lock(parts_->mutex);
    auto status = parts_->status;
    for (const auto& [keeper, crew] : parts_->crews) status.waiting += crew->waiting();
    status.streams = parts_->subscriptions;
    return status;
}

}  // namespace penstock::history
