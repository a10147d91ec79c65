// What the policies say, on its way to the alarms and into the cells.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/alarms/judging.hpp"
#include "core/alarms/judging/reading.hpp"

namespace penstock::alarms {

std::span<const PointOutput> Judging::outputs(const Plan::Point& point) const {
    return std::span(plan_.outputs_).subspan(point.outputs, point.output_count);
}

// Those that will be told something.
void Judging::prefetch_alarms(PointNumber number, std::uint8_t holds) const noexcept {
    const auto& point = plan_.points_[number];
    const auto changed = static_cast<unsigned>(point.is_known ? point.holds ^ holds : 0xFF);
    if (changed == 0) return;
    for (const auto output : outputs(point))
        if ((changed >> output.place() & 1U) != 0 && output.kind() == PointOutput::Kind::alarm)
            alarms_.prefetch(output.alarm());
}

void Judging::take_verdict(PointNumber number, std::uint8_t holds, Now now) {
    auto& point = plan_.points_[number];
    const auto changed = static_cast<unsigned>(point.is_known ? point.holds ^ holds : 0xFF);
    point.holds = holds;
    point.is_known = true;
    if (changed == 0) return;
    for (const auto output : outputs(point)) {
        if ((changed >> output.place() & 1U) == 0) continue;
        const bool is_so = (holds >> output.place() & 1U) != 0;
        if (output.kind() == PointOutput::Kind::alarm)
            alarms_.judge(output.alarm(), is_so, judged(point, output), now);
        else
            suppress_targets(output.rule(), is_so, now);
    }
}

// What the transition says of the input.
Judged Judging::judged(const Plan::Point& point, PointOutput output) const {
    Judged judged;
    judged.limit = limit(point, output);
    if (point.is_of_alarm) {
        judged.word = alarms_.hides_others(point.input) ? 1 : 0;
        return judged;
    }
    const auto reading = read_cell(table_.cell(point.input), point.type);
    judged.word = reading.word;
    judged.quality = reading.quality;
    judged.time = reading.time;
    return judged;
}

// The parameter that is called as the output; NaN: there is none.
double Judging::limit(const Plan::Point& point, PointOutput output) const {
    const auto& policy = plan_.policies_[point.policy];
    const auto parameter = policy.limit_of[output.place()];
    return parameter == Plan::kNone ? std::numeric_limits<double>::quiet_NaN()
                                    : policy.instance->parameter(point.row, parameter);
}

void Judging::suppress_targets(RuleId rule, bool is_so, Now now) {
    for (const auto target : targets_of(rule)) alarms_.suppress(target, rule, is_so, now);
}

std::span<const AlarmId> Judging::targets_of(RuleId rule) const {
    const auto known = std::ranges::lower_bound(plan_.rules_, rule, {}, &Plan::Rule::rule);
    if (known == plan_.rules_.end() || known->rule != rule) return {};
    return std::span(plan_.targets_).subspan(known->first, known->count);
}

// --- how long a tag is of no interest ---
void Judging::take_band(PointNumber number, double low, double high) {
    const auto& point = plan_.points_[number];
    if (point.is_of_alarm) return;
    if (point.band == Plan::kAlone) return set_band(point.input, low, high);
    auto& its = plan_.bands_[point.band];
    its.low = low;
    its.high = high;
    for (const auto* other = &plan_.bands_[its.next]; other != &its; other = &plan_.bands_[other->next]) {
        // A NaN stays: somebody wants every change.
        low = other->low > low || std::isnan(other->low) ? other->low : low;
        high = other->high < high || std::isnan(other->high) ? other->high : high;
    }
    set_band(point.input, low, high);
}

void Judging::set_band(tags::TagId tag, double low, double high) {
    if (never_quiet_[tag]) return;
    auto& cell = table_.cell(tag);
    cell.quiet_low.store(word_of(low), std::memory_order_relaxed);
    cell.quiet_high.store(word_of(high), std::memory_order_relaxed);
}

// --- what cannot be trusted ---
void Judging::take_bad(PointNumber number, QualityCode quality, Now now) {
    auto& point = plan_.points_[number];
    point.is_known = false;
    for (const auto output : outputs(point)) {
        if (output.kind() != PointOutput::Kind::alarm) continue;
        auto what = judged(point, output);
        what.quality = quality;
        alarms_.judge_bad(output.alarm(), what, now);
    }
}

void Judging::take_old(PointNumber number) {
    auto& point = plan_.points_[number];
    point.is_known = false;  // the next verdict is said in any case: it ends the doubt
    doubt(point, AlarmTable::Doubt::input, true);
}

void Judging::doubt(const Plan::Point& point, AlarmTable::Doubt what, bool is_so) {
    for (const auto output : outputs(point))
        if (output.kind() == PointOutput::Kind::alarm) alarms_.doubt(output.alarm(), what, is_so);
}

void Judging::take_failure(PolicyNumber policy, Now now) {
    has_failed_[policy] = true;
    failures_.push_back(plan_.policies_[policy].instance->failure());
    batch_.clear();
    constexpr auto kEver = std::numeric_limits<double>::infinity();
    for (PointNumber n = 0; n < plan_.points_.size(); ++n) {
        auto& point = plan_.points_[n];
        if (point.policy != policy) continue;
        take_band(n, -kEver, kEver);  // nobody asks any more
        looks_.cancel(n);
        take_bad(n, QualityCode::bad_internal, now);
        for (const auto output : outputs(point))
            if (output.kind() == PointOutput::Kind::rule) suppress_targets(output.rule(), false, now);
    }
}

std::vector<Error> Judging::take_failures() { return std::exchange(failures_, {}); }

}  // namespace penstock::alarms
