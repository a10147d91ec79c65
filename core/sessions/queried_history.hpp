#pragma once

// The part of HistoryServices that a HistoryService answers: history, trends, series. Who implements the rest derives from it.

#include "core/history/history_service.hpp"
#include "core/sessions/history_services.hpp"

namespace penstock::sessions {

class QueriedHistory : public HistoryServices {
public:
    // `service` outlives it.
    explicit QueriedHistory(history::HistoryService& service) noexcept : service_(&service) {}

    void history(const Asker& asker, tags::TagId tag, HistoryRequest request, OnReply<HistoryReply> done) final;
    void trend(const Asker& asker, std::vector<tags::TagId> tags, TrendRequest request, OnReply<TrendReply> done) final;
    [[nodiscard]] Result<std::unique_ptr<SeriesFeed>> open_series(const Asker& asker, std::vector<tags::TagId> tags,
                                                                  std::vector<SeriesPlace> places,
                                                                  std::function<void()> on_ready) final;

private:
    history::HistoryService* service_;
};

}  // namespace penstock::sessions
