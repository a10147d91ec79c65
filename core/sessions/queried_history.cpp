#include "core/sessions/queried_history.hpp"

#include <utility>

namespace penstock::sessions {
namespace {

class Subscribed final : public SeriesFeed {
public:
    explicit Subscribed(std::unique_ptr<history::SeriesSubscription> subscription) : subscription_(std::move(subscription)) {}
    Result<std::optional<SeriesUpdate>> take() override { return subscription_->take(); }

private:
    std::unique_ptr<history::SeriesSubscription> subscription_;
};

}  // namespace

void QueriedHistory::history(const Asker& asker, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) {
    service_->history(asker.session, tag, std::move(request), std::move(done));
}

void QueriedHistory::trend(const Asker& asker, std::vector<tags::TagId> tags, TrendRequest request, OnReply<TrendReply> done) {
    service_->trend(asker.session, std::move(tags), std::move(request), std::move(done));
}

Result<std::unique_ptr<SeriesFeed>> QueriedHistory::open_series(const Asker& asker, std::vector<tags::TagId> tags,
                                                                std::vector<SeriesPlace> places,
                                                                std::function<void()> on_ready) {
    auto subscription = service_->open_series(asker.session, std::move(tags), std::move(places), std::move(on_ready));
    if (!subscription) return std::unexpected(subscription.error());
    return std::make_unique<Subscribed>(*std::move(subscription));
}

}  // namespace penstock::sessions
