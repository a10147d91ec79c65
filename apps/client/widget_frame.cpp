#include "apps/client/widget_frame.hpp"

#include <algorithm>
#include <limits>

#include <penstock/plain_value.hpp>

#include "apps/client/theme.hpp"
#include "core/base/settings_document.hpp"

namespace penstock::station {
namespace {

constexpr std::uint32_t kMaxColumns = kMaxTrendColumns;
constexpr Duration kLeastSpan = 1s, kMostSpan = 36'500 * 24h;
constexpr Duration kTrendLooked = 4s;  // a trend is looked at again before the station forgets it
constexpr Duration kTrendAwaited = 100ms;
constexpr std::size_t kMaxWishes = 16;  // of one widget in one frame: a person presses one button

}  // namespace

abi::PlainValue WidgetFrame::plain(const Value& value) {
    if (is_scalar_word(value.type())) return {static_cast<std::uint32_t>(value.type()), 0, value.word(), {}};
    return plain_view(value, texts_.emplace_front());
}

void WidgetFrame::binding(abi::Text name, abi::BindingView& view) noexcept {
    view = {};
    view.quality = static_cast<std::uint32_t>(QualityCode::bad_configuration);
    view.range_low = view.range_high = std::numeric_limits<double>::quiet_NaN();
    const auto index = screen_.binding(widget_, name.view());
    if (!index) return;
    if (!view_.tag) view_.tag = index;
    const auto& tag = screen_.tags()[*index];
    view.value = plain(tag.value);
    view.quality = static_cast<std::uint32_t>(tag.quality);
    view.found = tag.definition.found ? 1 : 0;
    view.writable = tag.definition.writable ? 1 : 0;
    view.write_state = static_cast<std::uint32_t>(tag.write.state);
    view.source_time_ns = to_ns(tag.time);
    view.range_low = tag.definition.found ? tag.definition.range_low : view.range_low;
    view.range_high = tag.definition.found ? tag.definition.range_high : view.range_high;
    view.tag = abi::text(tag.name);
    view.unit = abi::text(tag.definition.unit);
    view.cause = abi::text(tag.cause);
    view.write_reason = abi::text(tag.write.reason);
    view.asked = plain(tag.write.asked);
}

abi::Text WidgetFrame::property(abi::Text name) noexcept {
    return abi::text(texts_.emplace_front(widget_.properties->settings().text_or(name.view(), "")));
}

const abi::SettingsNode* WidgetFrame::properties() noexcept { return &widget_.properties->root(); }

void WidgetFrame::rectangle(float& x, float& y, float& width, float& height) noexcept {
    x = place_.x;
    y = place_.y;
    width = place_.width;
    height = place_.height;
}

std::uint32_t WidgetFrame::colour(std::uint32_t role) noexcept { return station::colour(static_cast<ColourRole>(role)); }

void WidgetFrame::write(abi::Text binding, const abi::PlainValue& value) noexcept {
    const auto index = screen_.binding(widget_, binding.view());
    auto wanted = value_of(value);
    if (!index || !wanted || wishes_.size() >= kMaxWishes) return;
    wishes_.push_back({index, *std::move(wanted), {}, {}});
}

void WidgetFrame::navigate(abi::Text screen) noexcept {
    if (wishes_.size() < kMaxWishes) wishes_.push_back({std::nullopt, {}, std::string(screen.view()), {}});
}

void WidgetFrame::describe(abi::Text shown) noexcept { view_.text = shown.view(); }

void WidgetFrame::trend(abi::Text binding, std::uint32_t columns, std::int64_t span_ns, abi::TrendView& view) noexcept {
    view = {};
    const auto index = screen_.binding(widget_, binding.view());
    if (!index || !sources_.trends) return;
    const auto span = std::clamp(Duration(span_ns), kLeastSpan, kMostSpan);
    const auto* trend = sources_.trends(*index, std::clamp(columns, 1U, kMaxColumns), span);
    const bool is_there = trend != nullptr && (!trend->line.minimum.empty() || !trend->fault.empty());
    redraw_in((is_there ? kTrendLooked : kTrendAwaited).count());
    if (trend == nullptr) return;
    view.minimum = trend->line.minimum.data();
    view.maximum = trend->line.maximum.data();
    view.worst = reinterpret_cast<const std::uint16_t*>(trend->line.worst.data());
    view.columns = static_cast<std::uint32_t>(trend->line.minimum.size());
    view.from_ns = to_ns(trend->from);
    view.to_ns = to_ns(trend->to);
    view.durable_until_ns = to_ns(trend->durable_until);
    view.fault = abi::text(trend->fault);
}

namespace {

// By whom and why: "by anna: bearing is being changed".
std::string note_of(const AlarmInfo& info) {
    const bool is_shelved = info.state == AlarmStateCode::shelved;
    const auto& who = is_shelved ? info.shelved_by : info.acknowledged_by;
    const auto& why = info.reason.empty() ? info.comment : info.reason;
    std::string note = who.empty() ? "" : "by " + who;
    if (!why.empty()) note += (note.empty() ? "" : ": ") + why;
    return note;
}

std::string joined(const std::vector<std::string>& sentences) {
    std::string text;
    for (const auto& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
    return text;
}

// What somebody said with it; of raising, the parameter is the alarm's text.
std::string_view remark_of(const Event& event) {
    const bool is_of_people = event.alarm->event != AlarmEvent::raised && event.alarm->event != AlarmEvent::returned;
    return is_of_people && !event.parameters.empty() ? std::string_view(event.parameters[0]) : std::string_view();
}

}  // namespace

abi::AlarmView WidgetFrame::alarm_view(const AlarmInfo& info) {
    abi::AlarmView view{};
    view.value = plain(info.value);
    view.id = info.id;
    view.since_ns = to_ns(info.since);
    view.shelved_until_ns = to_ns(info.shelved_until);
    view.state = static_cast<std::uint32_t>(info.state);
    view.priority = info.priority;
    view.is_silenced = info.is_silenced ? 1 : 0;
    view.to_confirm = info.to_confirm ? 1 : 0;
    view.is_uncertain = info.is_uncertain ? 1 : 0;
    view.is_asked = sources_.alarms->is_asked(info) ? 1 : 0;
    view.holds = info.holds ? 1 : 0;
    view.alarm = abi::text(info.alarm);
    view.area = abi::text(info.area);
    view.text = abi::text(info.text);
    view.unit = abi::text(info.unit);
    if (const auto* style = sources_.alarms->style(info.priority)) view.priority_name = abi::text(style->name);
    view.note = abi::text(texts_.emplace_front(note_of(info)));
    view.screen = abi::text(info.screen);
    return view;
}

void WidgetFrame::alarms(std::uint32_t list, abi::AlarmsView& view) noexcept {
    view = {};
    view.is_old = 1;
    if (sources_.alarms == nullptr || list >= static_cast<std::uint32_t>(AlarmList::history)) return;
    const auto& shown = sources_.alarms->look_at(static_cast<AlarmList>(list), sources_.now);
    alarms_.clear();
    for (const auto& info : shown.reply.alarms) alarms_.push_back(alarm_view(info));
    counts_.clear();
    for (const auto& count : shown.reply.counts)
        counts_.push_back({abi::text(count.area), count.priority, count.unacknowledged, count.standing, count.shelved,
                           count.suppressed, count.out_of_service});
    view.alarms = alarms_.data();
    view.counts = counts_.data();
    view.alarm_count = static_cast<std::uint32_t>(alarms_.size());
    view.count_count = static_cast<std::uint32_t>(counts_.size());
    view.sounding = sources_.alarms->sounding();
    view.is_old = shown.is_old ? 1 : 0;
    view.fault = abi::text(shown.fault);
    view.notice = abi::text(sources_.alarms->notice());
}

void WidgetFrame::alarm_action(const abi::AlarmWishView& view) noexcept {
    if (wishes_.size() >= kMaxWishes || view.event >= kAlarmEvents || view.count == 0) return;
    auto& act = wishes_.emplace_back().act;
    act.action = static_cast<AlarmEvent>(view.event);
    act.comment = view.comment.view();
    act.shelve_for = Duration(view.shelve_for_ns);
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(view.count, client::AlarmModel::kMostAlarms); ++i)
        act.alarms.push_back({view.alarms[i].id, std::string(view.alarms[i].alarm.view())});
}

void WidgetFrame::alarm_help(abi::Text alarm, abi::AlarmHelpView& view) noexcept {
    view = {};
    if (sources_.alarms == nullptr) return;
    const auto& explained = sources_.alarms->explainer().look_at(alarm.view(), sources_.now);
    const auto& reply = explained.reply;
    const auto& info = reply.info;
    view.is_known = explained.is_known ? 1 : 0;
    view.is_old = explained.is_known && explained.is_old ? 1 : 0;
    view.fault = abi::text(explained.fault);
    if (!explained.is_known) return;
    view.alarm = alarm_view(info);
    view.limit = plain(info.limit);
    steps_.clear();
    for (const auto& event : reply.last)
        if (event.alarm)
            steps_.push_back({to_ns(event.time), static_cast<std::uint32_t>(event.alarm->event),
                              static_cast<std::uint32_t>(event.alarm->state), abi::text(event.user),
                              abi::text(remark_of(event))});
    view.steps = steps_.data();
    view.step_count = static_cast<std::uint32_t>(steps_.size());
    view.tag = abi::text(info.tag);
    view.alarm_class = abi::text(info.alarm_class);
    view.input = abi::text(reply.input);
    view.cause = abi::text(reply.cause);
    view.consequence = abi::text(reply.consequence);
    view.response = abi::text(reply.response);
    view.suppressed_by = abi::text(texts_.emplace_front(joined(reply.suppressed_by)));
    view.acknowledged_by = abi::text(info.acknowledged_by);
    view.comment = abi::text(info.comment);
    view.shelved_by = abi::text(info.shelved_by);
    view.reason = abi::text(info.reason);
    view.raised_ns = to_ns(info.raised);
    view.acknowledged_ns = to_ns(info.acknowledged);
    view.time_to_respond_ns = reply.time_to_respond.count();
}

std::uint32_t WidgetFrame::priority_colour(std::uint32_t priority) noexcept {
    if (sources_.alarms != nullptr) {
        const auto* style = sources_.alarms->style(static_cast<std::uint8_t>(std::min(priority, 255U)));
        if (const auto site = style == nullptr ? std::nullopt : parse_colour(style->color)) return *site;
    }
    return station::colour(colour_of_priority(priority));
}

void WidgetFrame::redraw_in(std::int64_t ns) noexcept {
    const auto time = Duration(std::max<std::int64_t>(ns, Duration(16ms).count()));
    redraw_in_ = redraw_in_ ? std::min(*redraw_in_, time) : time;
}

}  // namespace penstock::station
