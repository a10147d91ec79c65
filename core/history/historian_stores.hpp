#pragma once

#include "core/history/historians.hpp"
#include "core/history/store_reader.hpp"

namespace penstock::history {

// The historians of a server, for queries.
class HistorianStores final : public HistoryStores {
public:
    // A historian that does not answer within `patience` is unavailable. `historians` and `catalog` outlive it.
    HistorianStores(const Historians& historians, const tags::TagCatalog& catalog, Duration patience = 2s)
        : historians_(&historians), catalog_(&catalog), patience_(patience) {}

    Result<OpenStore> open(tags::TagId tag, std::string_view historian) override;
    std::string keeper(tags::TagId tag, std::string_view historian) override;

private:
    [[nodiscard]] Result<HistorianConsumer*> consumer_of(tags::TagId tag, std::string_view historian) const;
    [[nodiscard]] std::string keepers_of(tags::TagId tag) const;

    const Historians* historians_;
    const tags::TagCatalog* catalog_;
    Duration patience_;
};

}  // namespace penstock::history
