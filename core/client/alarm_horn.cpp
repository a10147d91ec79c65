#include "core/client/alarm_horn.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/log.hpp"

namespace penstock::client {
namespace {

constexpr std::uint8_t kLoss = 0;
constexpr base::Tone kLossTones[] = {{660, 250ms}, {0, 50ms}, {440, 250ms}, {0, 50ms}, {330, 500ms}};
// For a pattern that this station does not understand, of a newer server: an alarm that nobody hears is worse than another tone.
constexpr base::Tone kPlainTone{880, 500ms};

std::vector<base::Tone> tones_of(const AlarmPriority& style) {
    auto tones = base::parse_sound_pattern(style.sound);
    if (tones) return *std::move(tones);
    base::log::warning("the sound of the priority {} is not understood, a plain tone stands for it: {}", style.name,
                       tones.error().sentence());
    return {kPlainTone};
}

}  // namespace

AlarmHorn::~AlarmHorn() {
    if (playing_) output_->stop();
}

std::optional<MonotonicTime> AlarmHorn::poll(LinkState link, MonotonicTime now) {
    follow_link(link);
    const auto& standing = alarms_->look_at(AlarmList::standing, now);
    if (is_lost_) {
        calls_.clear();
        if (!is_noted_) calls_.push_back({kLoss, {std::begin(kLossTones), std::end(kLossTones)}, kLossBeat, {}, false});
    } else if (link == LinkState::connected && !standing.is_old && collected_ != alarms_->version()) {
        collected_ = alarms_->version();
        collect(standing.reply);
    }
    const auto* call = most_urgent(now);
    if (call == nullptr) {
        if (playing_) output_->stop();
        playing_.reset();
        return std::nullopt;
    }
    const auto next = playing_ && playing_->priority == call->priority ? again(*call) : now;
    if (next && *next > now) return next;
    if (next) begin(*call, now);
    return again(*call);
}

void AlarmHorn::follow_link(LinkState link) {
    const bool is_connected = link == LinkState::connected;
    was_connected_ = was_connected_ || is_connected;
    const bool is_lost = was_connected_ && !is_connected;
    if (is_lost == is_lost_) return;
    is_lost_ = is_lost;
    is_noted_ = false;
    calls_.clear();
    collected_.reset();
}

void AlarmHorn::collect(const AlarmsReply& reply) {
    auto calls = std::exchange(calls_, {});
    for (const auto& style : reply.priorities) {
        if (style.sound.empty()) continue;
        const auto known = std::ranges::find(calls, style.priority, &Call::priority);
        calls_.push_back(
            {style.priority, known != calls.end() ? std::move(known->tones) : tones_of(style), style.repeat, {}, false});
    }
    std::ranges::sort(calls_, {}, &Call::priority);
    std::set<std::uint64_t> heard;
    for (const auto& alarm : reply.alarms) {
        const bool was_heard = heard_.contains(alarm.id);
        if (was_heard) heard.insert(alarm.id);
        if (!calls_somebody(alarm)) continue;
        const auto call = std::ranges::find(calls_, alarm.priority, &Call::priority);
        if (call == calls_.end()) continue;
        call->occurrences.push_back(alarm.id);
        call->is_new = call->is_new || !was_heard;
    }
    heard_ = std::move(heard);
}

const AlarmHorn::Call* AlarmHorn::most_urgent(MonotonicTime now) const {
    for (const auto& call : calls_) {
        if (call.priority != kLoss && call.occurrences.empty()) continue;
        const bool is_playing = playing_ && playing_->priority == call.priority && now < playing_->began + playing_->length;
        if (call.beat > Duration{} || call.is_new || is_playing) return &call;
    }
    return nullptr;
}

// When it is to be played once more; of what is heard once: when it is over, so that others have their turn.
std::optional<MonotonicTime> AlarmHorn::again(const Call& call) const {
    if (!playing_) return std::nullopt;
    if (call.is_new) return playing_->began + std::max(playing_->length, kLeastPause);
    return playing_->began + std::max(playing_->length, call.beat);
}

void AlarmHorn::begin(const Call& call, MonotonicTime now) {
    playing_ = Playing{call.priority, now, base::length_of(call.tones)};
    output_->play(call.tones);
    if (call.priority == kLoss) return;
    auto& own = *std::ranges::find(calls_, call.priority, &Call::priority);
    own.is_new = false;
    heard_.insert(own.occurrences.begin(), own.occurrences.end());
}

}  // namespace penstock::client
