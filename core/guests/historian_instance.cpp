#include "core/guests/historian_instance.hpp"

#include <cassert>
#include <limits>
#include <utility>

#include "core/guests/historian_sink.hpp"
#include "core/guests/printable.hpp"

namespace penstock::guests {
namespace {

abi::RangeOfSamples to_plain(const SampleRange& range) noexcept {
    return {.series = range.series,
            .newest_first = range.newest_first ? 1U : 0U,
            .from_ns = range.from,
            .to_ns = range.to,
            .skip = range.skip};
}

abi::SeriesDefinition to_plain(const SeriesInfo& info) noexcept {
    return {.id = info.id,
            .type = static_cast<std::uint32_t>(info.type),
            .name = abi::text(info.name),
            .unit = abi::text(info.unit),
            .step = info.step,
            .offset = info.offset,
            .keep_raw_ns = info.keep_raw.count(),
            .keep_minutes_ns = info.keep_minutes.count(),
            .keep_hours_ns = info.keep_hours.count()};
}

Error broken(const HistorianLease& lease, std::string_view sentence) {
    return Error(ErrorCode::internal,
                 "plugin " + lease.info.id + " " + lease.info.version + " is broken: " + std::string(sentence), lease.name);
}

Error retired(const HistorianLease& lease) {
    return Error(ErrorCode::unavailable, "the historian is being started anew", lease.name, true);
}

}  // namespace

HistorianReader::HistorianReader(ReaderOwner guest, std::shared_ptr<HistorianLease> lease)
    : lease_(std::move(lease)),
      guest_(std::move(guest)),
      position_(guest_->position()),
      has_summaries_(guest_->has_summaries()) {
    lease_->readers.fetch_add(1);
}

HistorianReader::~HistorianReader() {
    guest_.reset();  // before the owner may see that it is gone
    lease_->readers.fetch_sub(1);
}

// `call(fault)` runs the guest and answers with the sink that it filled, or null.
template <class Call>
Result<void> HistorianReader::call(Call&& call) {
    if (lease_->is_retired.load()) return std::unexpected(retired(*lease_));
    abi::Fault fault;
    const std::string complaint = std::forward<Call>(call)(fault);
    if (!complaint.empty()) return std::unexpected(broken(*lease_, complaint));
    if (fault.failed()) return std::unexpected(to_error(fault, lease_->info, lease_->name));
    return {};
}

Result<void> HistorianReader::read(const SampleRange& range, penstock::SampleSink& into) {
    return call([&](abi::Fault& fault) {
        HistorianSink sink(range, into);
        guest_->read(to_plain(range), sink, fault);
        sink.rethrow();
        return sink.complaint();
    });
}

Result<void> HistorianReader::read_before(SeriesId series, std::int64_t time, penstock::SampleSink& into) {
    return call([&](abi::Fault& fault) {
        const SampleRange range{.series = series, .from = std::numeric_limits<std::int64_t>::min(), .to = time};
        HistorianSink sink(range, into);
        guest_->read_before(series, time, sink, fault);
        sink.rethrow();
        return sink.complaint();
    });
}

Result<void> HistorianReader::summarise(const SampleRange& range, Duration most_span, SummarySink& into) {
    return call([&](abi::Fault& fault) {
        HistorianSink sink(range, into);
        guest_->summarise(to_plain(range), most_span.count(), sink, fault);
        sink.rethrow();
        return sink.complaint();
    });
}

Result<std::vector<std::string>> HistorianReader::damage() {
    std::vector<std::string> sentences;
    const auto asked = call([&](abi::Fault& fault) {
        const auto count = guest_->count_damage(fault);
        for (std::uint32_t i = 0; i < count; ++i) sentences.push_back(printable(guest_->damage(i).view()));
        return std::string();
    });
    if (!asked) return std::unexpected(asked.error());
    return sentences;
}

HistorianInstance::HistorianInstance(HistorianOwner guest, PluginInfo info, std::string name,
                                     std::shared_ptr<const void> keep_alive)
    : keep_alive_(std::move(keep_alive)),
      lease_(std::make_shared<HistorianLease>(std::move(info), std::move(name))),
      guest_(std::move(guest)) {}

HistorianInstance::~HistorianInstance() { assert(lease_->readers.load() == 0 && "a reader outlives its historian"); }

Error HistorianInstance::error(const abi::Fault& fault) const { return to_error(fault, lease_->info, lease_->name); }

Result<JournalPosition> HistorianInstance::open(const std::filesystem::path& folder) {
    abi::Fault fault;
    const auto position = guest_->open(abi::text(folder.native()), fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return position;
}

Result<void> HistorianInstance::define(std::span<const SeriesInfo> series) {
    definitions_.clear();
    for (const auto& info : series) definitions_.push_back(to_plain(info));
    abi::Fault fault;
    guest_->define(definitions_.data(), definitions_.size(), fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return {};
}

Result<void> HistorianInstance::append(const HistoryBatch& batch) {
    const abi::BatchColumns columns{.runs = batch.runs.data(),
                                    .run_count = batch.runs.size(),
                                    .samples = crossing_.to_columns(batch.samples),
                                    .begin = batch.begin,
                                    .end = batch.end};
    abi::Fault fault;
    guest_->append(columns, fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return {};
}

Result<void> HistorianInstance::flush() {
    abi::Fault fault;
    guest_->flush(fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return {};
}

JournalPosition HistorianInstance::persisted() const noexcept { return guest_->persisted(); }

Result<std::unique_ptr<HistorianReader>> HistorianInstance::open_reader() {
    if (lease_->is_retired.load()) return std::unexpected(retired(*lease_));
    abi::Fault fault;
    ReaderOwner reader(guest_->open_reader(fault));
    if (fault.failed()) return std::unexpected(error(fault));
    if (reader == nullptr) return std::unexpected(broken(*lease_, "it opened no reader and gave no reason"));
    return std::make_unique<HistorianReader>(std::move(reader), lease_);
}

Result<bool> HistorianInstance::tidy(UtcTime now) {
    abi::Fault fault;
    const bool has_more = guest_->tidy(to_ns(now), fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return has_more;
}

Result<HistorianStatus> HistorianInstance::status() {
    abi::Fault fault;
    abi::StatusOfHistorian plain{};
    guest_->status(plain, fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return HistorianStatus{.samples = plain.samples,
                           .bytes = plain.bytes,
                           .oldest_time = plain.oldest_time_ns,
                           .sentence = printable(plain.sentence.view())};
}

bool HistorianInstance::has_backup() const noexcept { return guest_->has_backup(); }

Result<bool> HistorianInstance::back_up(const std::filesystem::path& folder) {
    abi::Fault fault;
    const bool has_more = guest_->back_up(abi::text(folder.native()), fault);
    if (fault.failed()) return std::unexpected(error(fault));
    return has_more;
}

void HistorianInstance::retire() noexcept { lease_->is_retired.store(true); }

std::uint32_t HistorianInstance::open_readers() const noexcept { return lease_->readers.load(); }

HistorianFactory make_historian_factory(std::shared_ptr<PluginLibrary> library,
                                        std::shared_ptr<const base::SettingsDocument> settings, std::string name) {
    return [library = std::move(library), settings = std::move(settings),
            name = std::move(name)]() -> Result<std::unique_ptr<HistorianInstance>> {
        auto guest = create_historian(*library, *settings, name);
        if (!guest) return std::unexpected(std::move(guest).error());
        return std::make_unique<HistorianInstance>(*std::move(guest), library->info(), name, settings);
    };
}

}  // namespace penstock::guests
