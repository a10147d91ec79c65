#include "core/history/historian_stores.hpp"

#include <algorithm>

namespace penstock::history {
namespace {

class LeasedStore final : public StoreReader {
public:
    explicit LeasedStore(ReaderLease lease) : lease_(std::move(lease)) {}
    JournalPosition position() const noexcept override { return lease_->position(); }
    Result<void> read(const SampleRange& range, SampleSink& into) override { return lease_->read(range, into); }
    Result<void> read_before(SeriesId series, std::int64_t time, SampleSink& into) override {
        return lease_->read_before(series, time, into);
    }
    bool has_summaries() const noexcept override { return lease_->has_summaries(); }
    Result<void> summarise(const SampleRange& range, Duration most_span, SummarySink& into) override {
        return lease_->summarise(range, most_span, into);
    }
    Result<std::vector<std::string>> damage() override { return lease_->damage(); }

private:
    ReaderLease lease_;
};

}  // namespace

Result<HistorianConsumer*> HistorianStores::consumer_of(tags::TagId tag, std::string_view historian) const {
    const auto& rule = catalog_->archive(tag);
    const auto name = std::string(catalog_->name(tag));
    if (rule.mode == tags::ArchiveMode::off) return fail(ErrorCode::not_found, "the tag \"" + name + "\" is not archived");
    const bool is_kept =
        historian.empty() || rule.historians.empty() || std::ranges::find(rule.historians, historian) != rule.historians.end();
    const auto wanted = historian.empty() && !rule.historians.empty() ? std::string_view(rule.historians.front()) : historian;
    auto* consumer = is_kept ? historians_->find(wanted) : nullptr;
    if (consumer == nullptr || !consumer->wanted().has(tag))
        return fail(ErrorCode::not_found,
                    "no historian \"" + std::string(wanted) + "\" keeps the tag \"" + name + "\"; " + keepers_of(tag));
    return consumer;
}

std::string HistorianStores::keepers_of(tags::TagId tag) const {
    std::string names;
    for (const auto* consumer : historians_->all())
        if (consumer->wanted().has(tag)) names += (names.empty() ? "" : ", ") + consumer->name();
    return names.empty() ? "none does" : "it is kept by " + names;
}

Result<OpenStore> HistorianStores::open(tags::TagId tag, std::string_view historian) {
    const auto consumer = consumer_of(tag, historian);
    if (!consumer) return std::unexpected(consumer.error());
    auto lease = (*consumer)->open_reader(patience_);
    if (!lease) return std::unexpected(lease.error());
    return OpenStore{std::make_unique<LeasedStore>(*std::move(lease)), (*consumer)->name()};
}

std::string HistorianStores::keeper(tags::TagId tag, std::string_view historian) {
    const auto consumer = consumer_of(tag, historian);
    return consumer ? (*consumer)->name() : std::string();
}

}  // namespace penstock::history
