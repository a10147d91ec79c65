#include "core/history/journal_keeper.hpp"

#include <algorithm>

namespace penstock::history {
namespace {

constexpr Duration kMarkEvery = 5s;
constexpr Duration kRateOver = 60s;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

double bytes_per_record(const journal::LaneStatus& status) {
    const auto records = status.durable - status.first;
    return records == 0 ? 0 : static_cast<double>(status.bytes) / static_cast<double>(records);
}

}  // namespace

// Segments say how many bytes lie before a position only to their own grain; between, records count alike.
double JournalKeeper::bytes_behind(journal::Position position, const journal::LaneStatus& status) {
    const auto behind = status.durable - std::clamp(position, status.first, status.durable);
    return static_cast<double>(behind) * bytes_per_record(status);
}

void JournalKeeper::mark(const journal::LaneStatus& status, Now now) {
    last_ = status;
    if (!marks_.empty() && now.monotonic - marks_.back().at < kMarkEvery) return;
    const auto before = marks_.empty() ? Mark{status.durable, now.monotonic, 0} : marks_.back();
    const auto grown = static_cast<double>(status.durable - before.position) * bytes_per_record(status);
    marks_.push_back({status.durable, now.monotonic, before.bytes + static_cast<std::uint64_t>(grown)});
    while (marks_.size() > 1 && marks_[1].position <= status.first) marks_.pop_front();
    const auto recent = std::ranges::find_if(marks_, [&](const Mark& m) { return now.monotonic - m.at <= kRateOver; });
    const auto span = seconds(now.monotonic - recent->at);
    if (span > 0) bytes_per_s_ = static_cast<double>(marks_.back().bytes - recent->bytes) / span;
}

// What is younger, and behind it no more than the buffer: from here on everything stays.
journal::Position JournalKeeper::oldest_allowed(const BufferLimits& limits, const journal::LaneStatus& status, Now now) const {
    auto oldest = status.first;
    for (const auto& mark : marks_) {
        if (now.monotonic - mark.at < limits.age) break;
        oldest = std::max(oldest, mark.position);
    }
    const auto excess = bytes_behind(oldest, status) - static_cast<double>(limits.bytes);
    const auto each = bytes_per_record(status);
    if (excess > 0 && each > 0) oldest += static_cast<journal::Position>(excess / each);
    return std::min(oldest, status.durable);
}

Result<JournalKeeper::Kept> JournalKeeper::keep(std::span<const ConsumerPosition> consumers, journal::Position snapshot,
                                                Now now) {
    const auto status = lane_.status();
    mark(status, now);
    Kept kept;
    auto target = std::min(snapshot, status.durable);
    std::vector<std::string> behind;
    for (const auto& consumer : consumers) {
        const auto oldest = oldest_allowed(consumer.limits, status, now);
        target = std::min(target, std::max(consumer.persisted, oldest));
    }
    kept.trimmed_to = target;
    if (target > status.first) {
        const auto trimmed = lane_.trim(target);
        if (!trimmed) return std::unexpected(trimmed.error());
    }
    for (const auto& consumer : consumers) {
        if (!consumer.is_known || consumer.persisted >= lane_.first()) continue;
        behind.push_back(consumer.name);
        if (std::ranges::find(behind_, consumer.name) == behind_.end()) kept.given_up.push_back(consumer.name);
    }
    behind_ = std::move(behind);
    return kept;
}

Duration JournalKeeper::covers(const ConsumerPosition& consumer) const {
    if (bytes_per_s_ <= 0) return Duration{};
    const auto room = static_cast<double>(consumer.limits.bytes) - bytes_behind(consumer.persisted, last_);
    const auto by_bytes = std::max(0.0, room / bytes_per_s_);
    return Duration(static_cast<std::int64_t>(std::min(by_bytes, seconds(consumer.limits.age)) * 1e9));
}

}  // namespace penstock::history
