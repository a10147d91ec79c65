#include "core/guests/device_context.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace penstock::guests {

DeviceContext::DeviceContext(base::Strand& on_strand, DeviceConfig device, SampleSink& to)
    : strand(on_strand),
      config(std::move(device)),
      sink(to),
      schedule(config.name, config.scan_classes, config.items),
      backoff(config.backoff_min, config.backoff_max, stable_hash(config.name)),
      checker_(config.items),
      log_("device " + config.name),
      teller_(config.on_link),
      seen_in_(config.items.size()) {}

void DeviceContext::publish(const abi::Columns& raw, std::span<const ItemId> due) {
    std::uint64_t cut_off = 0;
    const auto columns = checker_.check(raw, cut_off);
    if (cut_off != 0) {
        count(board.samples_cut_off, cut_off);
        warn(fmt::format("{} delivered {} rows whose item, cause or length does not exist; they were cut off", config.driver,
                         cut_off));
    }
    bad_quality_ = QualityCode::good;
    teller_.note(true, {}, now());
    if (columns.count != 0) sink.publish(columns, strand.now());
    const bool is_exact = columns.count == due.size() && std::equal(due.begin(), due.end(), columns.item);
    if (!is_exact && !due.empty()) report_missing(due, columns);
}

void DeviceContext::report_missing(std::span<const ItemId> due, const abi::Columns& columns) {
    ++batch_;
    for (std::uint32_t row = 0; row < columns.count; ++row) seen_in_[columns.item[row]] = batch_;
    std::vector<std::uint32_t> missing;
    std::ranges::copy_if(due, std::back_inserter(missing), [&](ItemId item) { return seen_in_[item] != batch_; });
    if (missing.empty()) return;
    count(board.items_left_out, missing.size());
    const std::string cause = cause_of("the driver's answer leaves this item out");
    const abi::Text cause_text = abi::text(cause);
    const std::vector<std::uint32_t> statuses(missing.size(), status_word(QualityCode::bad, 1));
    const std::vector<std::uint64_t> words(missing.size(), 0);
    abi::Columns bad{};
    bad.count = static_cast<std::uint32_t>(missing.size());
    bad.cause_count = 1;
    bad.item = missing.data();
    bad.status = statuses.data();
    bad.word = words.data();
    bad.causes = &cause_text;
    sink.publish(bad, strand.now());
}

// Connected is not yet there: there are gateways that take connections for devices that are dead. A device that has something to
// read is told once it was read.
void DeviceContext::link_is_up() {
    board.set("connected", {});
    if (config.items.empty()) teller_.note(true, {}, now());
}

void DeviceContext::link_is_lost(std::string_view sentence) {
    board.set("waiting", bad_cause_);
    teller_.note(false, sentence, now());
}

void DeviceContext::mark_bad(QualityCode quality, std::string_view sentence) {
    if (set_bad(quality, sentence)) warn(sentence);
}

bool DeviceContext::set_bad(QualityCode quality, std::string_view sentence) {
    auto cause = cause_of(sentence);
    if (quality == bad_quality_ && cause == bad_cause_) return false;
    bad_quality_ = quality;
    bad_cause_ = std::move(cause);
    sink.all_bad(quality, bad_cause_, strand.now());
    return true;
}

std::string DeviceContext::cause_of(std::string_view sentence) const {
    const bool names_endpoint = config.endpoint.empty() || sentence.find(config.endpoint) != std::string_view::npos;
    if (names_endpoint) return fmt::format("device {}: {}", config.name, sentence);
    return fmt::format("device {} at {}: {}", config.name, config.endpoint, sentence);
}

void DeviceContext::warn(std::string_view sentence) { log_.log(2, sentence, now()); }

std::optional<PendingWrite> DeviceContext::take_write() {
    if (writes.empty()) return std::nullopt;
    std::optional<PendingWrite> write(std::move(writes.front()));
    writes.pop_front();
    waiting_writes.fetch_sub(1, std::memory_order_relaxed);
    return write;
}

void DeviceContext::refuse(PendingWrite write, std::string_view reason) {
    answer(std::move(write), WriteOutcome::refused(cause_of(reason)));
}

void DeviceContext::refuse_all(std::string_view reason) {
    for (auto write = take_write(); write; write = take_write()) refuse(std::move(*write), reason);
}

void DeviceContext::answer(PendingWrite write, WriteOutcome outcome) {
    if (outcome.outcome() == abi::Outcome::refused) count(board.writes_refused);
    if (outcome.outcome() == abi::Outcome::unknown) count(board.writes_unknown);
    write.done(std::move(outcome));
}

void DeviceContext::collect_due(std::vector<ItemId>& due) {
    due.clear();
    due.swap(rereads);
    if (due.size() > 1) {
        std::ranges::sort(due);
        const auto repeated = std::ranges::unique(due);
        due.erase(repeated.begin(), repeated.end());
    }
    count(board.missed_scans, schedule.take_due(now(), due));
}

QualityCode quality_of(ErrorCode code, bool was_connected) noexcept {
    switch (code) {
        case ErrorCode::invalid_config: return QualityCode::bad_configuration;
        case ErrorCode::internal: return QualityCode::bad_internal;
        case ErrorCode::timeout: return was_connected ? QualityCode::bad_timeout : QualityCode::bad_no_communication;
        default: return was_connected ? QualityCode::bad_communication : QualityCode::bad_no_communication;
    }
}

}  // namespace penstock::guests
