#include "core/client/trend_watch.hpp"

#include <algorithm>
#include <utility>

namespace penstock::client {
namespace {

Duration column_of(const TrendKey& key) { return std::max<Duration>(key.span / std::max(key.columns, 1U), 1ms); }

// The end of the column that `now` is in: columns keep their place while time moves on, so an extreme does not flicker between two.
UtcTime end_of_column(UtcTime now, Duration column) {
    const auto ns = to_ns(now), step = column.count();
    return utc_from_ns((ns / step + 1) * step);
}

}  // namespace

TrendWatch::TrendWatch(Session& session) : session_(&session), self_(std::make_shared<TrendWatch*>(this)) {}
TrendWatch::~TrendWatch() { *self_ = nullptr; }

void TrendWatch::want(const TrendKey& key, MonotonicTime now) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
        found->second.wanted = now;
        return;
    }
    auto& entry = entries_[key];
    entry.wanted = entry.due = now;
    if (entries_.size() > kMostTrends) entry.trend.fault = "there are more than 64 trends on this screen";
    ++version_;  // poll() has something to do
}

const ScreenTrend* TrendWatch::find(const TrendKey& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second.trend;
}

std::optional<MonotonicTime> TrendWatch::poll(MonotonicTime now) {
    now_ = now;
    std::erase_if(entries_,
                  [&](const auto& entry) { return !entry.second.is_asked && now - entry.second.wanted > kForgetAfter; });
    if (entries_.empty() || session_->link().state != LinkState::connected) return std::nullopt;
    if (!utc_offset_) {
        ask_time();
        return std::nullopt;
    }
    std::optional<MonotonicTime> next;
    std::size_t count = 0;
    for (auto& [key, entry] : entries_) {
        if (++count > kMostTrends || entry.is_asked) continue;
        if (entry.due <= now) {
            ask(key, entry, now);
            continue;
        }
        next = next ? std::min(*next, entry.due) : entry.due;
    }
    return next;
}

void TrendWatch::ask_time() {
    if (std::exchange(is_time_asked_, true)) return;
    session_->call(StatusRequest{}, [self = self_, round = round_](Result<StatusReply> reply) {
        auto* watch = *self;
        if (watch == nullptr || watch->round_ != round || !reply) return;
        watch->utc_offset_ = reply->now.time_since_epoch() - watch->now_.time_since_epoch();
        ++watch->version_;
    });
}

void TrendWatch::ask(const TrendKey& key, Entry& entry, MonotonicTime now) {
    const auto column = column_of(key);
    TrendRequest request;
    request.tags = {key.tag};
    request.to = end_of_column(UtcTime(now.time_since_epoch() + *utc_offset_), column);
    request.from = request.to - column * key.columns;
    request.columns = key.columns;
    entry.is_asked = true;
    entry.due = now + std::max(kRefresh, column);
    session_->call(request, [self = self_, round = round_, key, request](Result<TrendReply> reply) {
        auto* watch = *self;
        if (watch != nullptr && watch->round_ == round) watch->take(key, request, reply);
    });
}

void TrendWatch::take(const TrendKey& key, const TrendRequest& request, const Result<TrendReply>& reply) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    auto& entry = found->second;
    entry.is_asked = false;
    ++version_;
    auto& trend = entry.trend;
    trend = {};
    if (!reply) {
        trend.fault = reply.error().text();
        return;
    }
    if (reply->lines.size() != 1) {
        trend.fault = "the server answered with no trend";
        return;
    }
    const auto& line = reply->lines.front();
    const auto columns = request.columns;
    if (line.code == ErrorCode::not_found)
        trend.fault = "there is no tag \"" + key.tag + '"';
    else if (line.code != ErrorCode{})
        trend.fault = "texts and arrays have no trend";
    else if (line.minimum.size() != columns || line.maximum.size() != columns || line.worst.size() != columns)
        trend.fault = "the server answered with a wrong number of columns";
    if (!trend.fault.empty()) return;
    trend.line = line;
    trend.from = request.from;
    trend.to = request.to;
    trend.durable_until = reply->durable_until;
}

void TrendWatch::connected_anew() {
    ++round_;
    utc_offset_.reset();
    is_time_asked_ = false;
    for (auto& [key, entry] : entries_) {
        entry.is_asked = false;
        entry.due = now_;
    }
}

void TrendWatch::clear() {
    connected_anew();
    entries_.clear();
    ++version_;
}

}  // namespace penstock::client
