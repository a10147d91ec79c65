#include "core/alarms/judging.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/alarms/judging/reading.hpp"

namespace penstock::alarms {
namespace {

constexpr double kNever = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kAhead = 8;  // rows, to fetch memory for

}  // namespace

// --- made once ---
Judging::Judging(JudgingPlan plan, tags::TagTable& table, AlarmTable& alarms)
    : plan_(std::move(plan)),
      table_(table),
      alarms_(alarms),
      noted_(plan_.policies_.size() * kTurns),
      looks_(plan_.points_.size()),
      never_quiet_(table.catalog().id_limit()),
      has_failed_(plan_.policies_.size()) {
    std::ranges::sort(plan_.rules_, {}, &Plan::Rule::rule);
    link_inputs();
    begin_policies();
    alarms_.on_hiding([this](AlarmId alarm) { alarm_changed(alarm); });
}

Judging::~Judging() { alarms_.on_hiding({}); }

void Judging::link_inputs() {
    std::vector<std::pair<tags::TagId, PointNumber>> by_tag;
    by_tag.reserve(plan_.points_.size());
    std::vector<RuleId> hiding_rules;
    for (PointNumber n = 0; n < plan_.points_.size(); ++n) {
        auto& point = plan_.points_[n];
        if (point.is_of_alarm) {
            points_of_alarms_.emplace_back(point.input, n);
            for (const auto output : outputs(point))
                if (output.kind() == PointOutput::Kind::rule) hiding_rules.push_back(output.rule());
            continue;
        }
        point.type = table_.catalog().type(point.input);
        by_tag.emplace_back(point.input, n);
    }
    alarms_.set_hiding_rules(std::move(hiding_rules));
    std::ranges::sort(points_of_alarms_);
    std::ranges::sort(by_tag);
    for (auto first = by_tag.begin(); first != by_tag.end();) {
        const auto last = std::find_if(first, by_tag.end(), [&](const auto& each) { return each.first != first->first; });
        set_band(first->first, kNever, kNever);
        if (last - first > 1) link_bands(std::span(first, last));
        first = last;
    }
    for (const auto& parameter : plan_.parameters_) never_quiet(parameter.tag);
    for (const auto& delay : plan_.delays_) never_quiet(delay.tag);
    for (const auto& enabling : plan_.enablings_) never_quiet(enabling.tag);
}

void Judging::link_bands(std::span<const std::pair<tags::TagId, PointNumber>> points) {
    const auto first = static_cast<std::uint32_t>(plan_.bands_.size());
    for (const auto& [tag, point] : points) {
        const auto band = static_cast<std::uint32_t>(plan_.bands_.size());
        plan_.points_[point].band = band;
        plan_.bands_.push_back({.low = kNever, .high = kNever, .next = band + 1});
    }
    plan_.bands_.back().next = first;
}

void Judging::never_quiet(tags::TagId tag) {
    set_band(tag, kNever, kNever);
    never_quiet_[tag] = true;
}

void Judging::begin_policies() {
    for (auto& policy : plan_.policies_) policy.instance->begin();
    plan_.points_.shrink_to_fit();
    plan_.outputs_.shrink_to_fit();
    plan_.parameters_.shrink_to_fit();
    plan_.targets_.shrink_to_fit();
}

// --- what has changed ---
void Judging::begin(Now now) {
    recall_what_held();
    for (PointNumber n = 0; n < plan_.points_.size(); ++n) note_point(n);
    for (std::uint32_t n = 0; n < plan_.parameters_.size() + plan_.delays_.size(); ++n) note_parameter(n);
    for (std::uint32_t n = 0; n < plan_.enablings_.size(); ++n) note_enabling(n);
    release_unknown_suppressions(now);
}

// The records since the snapshot know more than what the policies saved then.
void Judging::recall_what_held() {
    std::vector<std::vector<PointId>> points(plan_.policies_.size());
    std::vector<std::vector<std::uint8_t>> holds(plan_.policies_.size());
    for (const auto& point : plan_.points_) {
        unsigned bits = 0;
        for (const auto output : outputs(point)) bits |= (held(output) ? 1U : 0U) << output.place();
        points[point.policy].push_back(point.row);
        holds[point.policy].push_back(static_cast<std::uint8_t>(bits));
    }
    for (PolicyNumber n = 0; n < plan_.policies_.size(); ++n) plan_.policies_[n].instance->recall(points[n], holds[n]);
}

bool Judging::held(PointOutput output) const {
    if (output.kind() == PointOutput::Kind::alarm) return alarms_.condition(output.alarm());
    if (output.kind() != PointOutput::Kind::rule) return false;
    const auto targets = targets_of(output.rule());
    return !targets.empty() && alarms_.is_suppressed_by(targets.front(), output.rule());
}

// A restart with another site: who would let go of what the rules of the old one held?
void Judging::release_unknown_suppressions(Now now) {
    const auto suppressions = alarms_.suppressions();
    if (suppressions.empty()) return;
    std::vector<std::pair<AlarmId, RuleId>> known;
    for (const auto& enabling : plan_.enablings_) known.emplace_back(enabling.alarm, kDisabled);
    for (const auto output : plan_.outputs_) {
        if (output.kind() == PointOutput::Kind::alarm) known.emplace_back(output.alarm(), kBadInput);
        if (output.kind() == PointOutput::Kind::rule)
            for (const auto target : targets_of(output.rule())) known.emplace_back(target, output.rule());
    }
    std::ranges::sort(known);
    for (const auto& suppression : suppressions)
        if (!std::ranges::binary_search(known, suppression))
            alarms_.suppress(suppression.first, suppression.second, false, now);
}

void Judging::note_point(PointNumber number) {
    plan_.points_[number].is_fresh = true;
    queue(number);
}

void Judging::queue(PointNumber number) {
    auto& point = plan_.points_[number];
    if (point.is_noted || has_failed_[point.policy]) return;
    point.is_noted = true;
    ++waiting_;
    const auto turn = point.suppresses ? Turn::suppressing : Turn::raising;
    noted_[point.policy * kTurns + static_cast<std::size_t>(turn)].push_back(number);
}

void Judging::note_parameter(std::uint32_t number) {
    const auto parameters = plan_.parameters_.size();
    auto& is_noted = number < parameters ? plan_.parameters_[number].is_noted : plan_.delays_[number - parameters].is_noted;
    if (std::exchange(is_noted, true)) return;
    noted_parameters_.push_back(number);
}

void Judging::note_enabling(std::uint32_t number) {
    if (std::exchange(plan_.enablings_[number].is_noted, true)) return;
    noted_enablings_.push_back(number);
}

void Judging::alarm_changed(AlarmId alarm) {
    auto known = std::ranges::lower_bound(points_of_alarms_, std::pair(alarm, PointNumber{0}));
    for (; known != points_of_alarms_.end() && known->first == alarm; ++known) note_point(known->second);
}

// --- a cycle ---
void Judging::run(Now now) {
    now_ = now.monotonic;
    take_enablings(now);
    take_parameters();
    wake_looks(now);
    for (int round = 0; round < kMostRounds; ++round) {
        for (const auto turn : {Turn::suppressing, Turn::raising})
            for (PolicyNumber policy = 0; policy < plan_.policies_.size(); ++policy) judge(policy, turn, now);
        alarms_.run_timers(now);
        if (waiting_ == 0) return;
    }
}

MonotonicTime Judging::due() const noexcept {
    if (waiting_ != 0 || !noted_parameters_.empty() || !noted_enablings_.empty()) return now_;
    return std::min(looks_.due(), alarms_.due());
}

void Judging::take_enablings(Now now) {
    for (const auto number : noted_enablings_) {
        auto& enabling = plan_.enablings_[number];
        enabling.is_noted = false;
        const auto reading = read_tag(table_, enabling.tag);
        const bool is_known = !reading.is_bad() && !reading.is_old();
        alarms_.doubt(enabling.alarm, AlarmTable::Doubt::enabling, !is_known);
        if (is_known) alarms_.suppress(enabling.alarm, kDisabled, reading.number == 0, now);
    }
    noted_enablings_.clear();
}

void Judging::take_parameters() {
    for (const auto number : noted_parameters_) {
        if (number < plan_.parameters_.size())
            take_parameter(plan_.parameters_[number]);
        else
            take_delay(plan_.delays_[number - plan_.parameters_.size()]);
    }
    noted_parameters_.clear();
}

void Judging::take_parameter(Plan::Parameter& parameter) {
    parameter.is_noted = false;
    auto& point = plan_.points_[parameter.point];
    const auto reading = read_tag(table_, parameter.tag);
    if (std::exchange(parameter.is_bad, reading.is_bad()) != parameter.is_bad) {
        const bool was_trusted = point.bad_parameters == 0;
        point.bad_parameters = static_cast<std::uint8_t>(point.bad_parameters + (parameter.is_bad ? 1 : -1));
        if (was_trusted != (point.bad_parameters == 0)) doubt(point, AlarmTable::Doubt::parameter, was_trusted);
    }
    if (parameter.is_bad) return;
    plan_.policies_[point.policy].instance->set(point.row, parameter.number, reading.number);
    queue(parameter.point);
}

void Judging::take_delay(Plan::Delay& delay) {
    constexpr double kLongest = 7 * 86'400;  // seconds
    delay.is_noted = false;
    const auto reading = read_tag(table_, delay.tag);
    using enum AlarmTable::Doubt;
    alarms_.doubt(delay.alarm, delay.is_on_delay ? on_delay : off_delay, reading.is_bad());
    if (reading.is_bad()) return;
    const auto seconds = std::clamp(reading.number, 0.0, kLongest);
    alarms_.set_delay(delay.alarm, delay.is_on_delay, Duration(std::llround(seconds * 1e9)));
}

void Judging::wake_looks(Now now) {
    while (const auto point = looks_.next(now.monotonic)) queue(*point);
}

void Judging::judge(PolicyNumber policy, Turn turn, Now now) {
    auto& noted = noted_[policy * kTurns + static_cast<std::size_t>(turn)];
    if (noted.empty()) return;
    at_hand_.swap(noted);  // what a verdict notes comes in the next round
    waiting_ -= at_hand_.size();
    for (std::size_t n = 0; n < at_hand_.size(); ++n) {
        if (n + 2 * kAhead < at_hand_.size()) __builtin_prefetch(&plan_.points_[at_hand_[n + 2 * kAhead]], 1);
        if (n + kAhead < at_hand_.size()) {
            const auto& coming = plan_.points_[at_hand_[n + kAhead]];
            __builtin_prefetch(&plan_.outputs_[coming.outputs]);
            if (!coming.is_of_alarm) table_.prefetch(coming.input);
        }
        add_row(at_hand_[n], now);
        if (plan_.policies_[policy].instance->is_full()) end_batch(policy, now);
    }
    end_batch(policy, now);
    at_hand_.clear();
}

void Judging::add_row(PointNumber number, Now now) {
    auto& point = plan_.points_[number];
    auto& policy = *plan_.policies_[point.policy].instance;
    point.is_noted = false;
    if (point.is_fresh) point.changed = to_ns(now.monotonic);
    point.is_fresh = false;
    if (has_failed_[point.policy]) return;
    Reading reading;
    if (point.is_of_alarm) {
        reading.number = alarms_.hides_others(point.input) ? 1 : 0;
        reading.quality = alarms_.is_uncertain(point.input) ? QualityCode::uncertain : QualityCode::good;
    } else {
        reading = read_cell(table_.cell(point.input), point.type);
    }
    if (reading.is_old() && !policy.shape().wants_bad) return take_old(number);
    if (reading.is_bad() && !policy.shape().wants_bad) return take_bad(number, reading.quality, now);
    policy.add(
        {.point = point.row, .number = reading.number, .quality = reading.quality, .time = monotonic_from_ns(point.changed)});
    batch_.push_back(number);
}

void Judging::end_batch(PolicyNumber number, Now now) {
    auto& policy = *plan_.policies_[number].instance;
    if (has_failed_[number]) return;
    if (!policy.evaluate(now.monotonic)) return take_failure(number, now);
    const auto& verdicts = policy.verdicts();
    for (std::size_t row = 0; row < batch_.size(); ++row) {
        if (row + kAhead < batch_.size()) prefetch_alarms(batch_[row + kAhead], verdicts.holds[row + kAhead]);
        take_band(batch_[row], verdicts.quiet_low[row], verdicts.quiet_high[row]);
        const auto look_at = verdicts.look_at[row];
        if (look_at != 0)
            looks_.set(batch_[row], monotonic_from_ns(look_at));
        else
            looks_.cancel(batch_[row]);
        take_verdict(batch_[row], verdicts.holds[row], now);
    }
    batch_.clear();
    policy.clear();
}

}  // namespace penstock::alarms
