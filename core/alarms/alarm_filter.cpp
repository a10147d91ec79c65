#include "core/alarms/alarm_filter.hpp"

#include <algorithm>

#include "core/base/folded.hpp"
#include "core/tags/area_path.hpp"

namespace penstock::alarms {
AlarmFilter::AlarmFilter(const AlarmsRequest& request) : request_(&request), text_(base::folded(request.text)) {}

bool AlarmFilter::has_area(std::string_view area) const noexcept { return tags::is_inside(area, request_->area); }

bool AlarmFilter::has_priority(std::uint8_t priority) const noexcept {
    return request_->priorities.empty() || std::ranges::find(request_->priorities, priority) != request_->priorities.end();
}

bool AlarmFilter::has_state(AlarmStateCode state) const noexcept {
    return request_->states.empty() || std::ranges::find(request_->states, state) != request_->states.end();
}

bool AlarmFilter::fits(const AlarmInfo& info) const {
    if (text_.empty()) return true;
    const auto has = [this](std::string_view text) { return base::folded(text).contains(text_); };
    return has(info.alarm) || has(info.tag) || has(info.text);
}

std::string suppression_reason(const AlarmCatalog& alarms, RuleId rule, std::size_t language) {
    if (rule == kDisabled) return "it is not enabled";
    if (rule == kBadInput) return "its input is bad";
    const auto* known = alarms.suppression(rule);
    if (known == nullptr) return "by a rule that the site no longer has";
    const auto reason = alarms.reason(rule, language);
    return reason.empty() ? known->name : std::string(reason);
}

}  // namespace penstock::alarms
