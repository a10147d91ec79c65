#pragma once

// The table that crosses (abi/widget.hpp), generated around a set of widget types. Included by widget.hpp. In a header, since the
// SDK's library does not know ImGui.

#include <array>
#include <string>
#include <type_traits>

#include <penstock/abi/plugin.hpp>
#include <penstock/detail/guard.hpp>
#include <penstock/detail/manifest_bake.hpp>
#include <penstock/plain_value.hpp>
#include <penstock/widget.hpp>

namespace penstock {

// A value that the host garbled reads as none: the widget then shows what it shows without a value.
inline Binding Frame::binding(std::string_view name) const {
    abi::BindingView view{};
    host_->binding(abi::text(name), view);
    Binding binding;
    binding.tag = view.tag.view();
    binding.unit = view.unit.view();
    binding.cause = view.cause.view();
    binding.value = value_of(view.value).value_or(Value());
    binding.quality = static_cast<QualityCode>(view.quality);
    binding.source_time = utc_from_ns(view.source_time_ns);
    binding.range_low = view.range_low;
    binding.range_high = view.range_high;
    binding.found = view.found != 0;
    binding.writable = view.writable != 0;
    binding.write_state = static_cast<abi::WriteState>(view.write_state);
    binding.asked = value_of(view.asked).value_or(Value());
    binding.write_reason = view.write_reason.view();
    return binding;
}

inline Trend Frame::trend(std::string_view binding, std::uint32_t columns, Duration span) const {
    static_assert(sizeof(QualityCode) == sizeof(std::uint16_t));
    abi::TrendView view{};
    host_->trend(abi::text(binding), columns, span.count(), view);
    Trend trend;
    trend.minimum = {view.minimum, view.columns};
    trend.maximum = {view.maximum, view.columns};
    trend.worst = {reinterpret_cast<const QualityCode*>(view.worst), view.columns};
    trend.from = utc_from_ns(view.from_ns);
    trend.to = utc_from_ns(view.to_ns);
    trend.durable_until = utc_from_ns(view.durable_until_ns);
    trend.fault = view.fault.view();
    return trend;
}

inline ShownAlarms Frame::alarms(AlarmPage page) const {
    abi::AlarmsView view{};
    host_->alarms(static_cast<std::uint32_t>(page), view);
    return ShownAlarms(view);
}

namespace detail {

inline ShownAlarm shown_alarm(const abi::AlarmView& view) {
    ShownAlarm alarm;
    alarm.id = view.id;
    alarm.alarm = view.alarm.view();
    alarm.area = view.area.view();
    alarm.text = view.text.view();
    alarm.unit = view.unit.view();
    alarm.priority_name = view.priority_name.view();
    alarm.screen = view.screen.view();
    alarm.note = view.note.view();
    alarm.value = value_of(view.value).value_or(Value());
    alarm.since = utc_from_ns(view.since_ns);
    alarm.shelved_until = utc_from_ns(view.shelved_until_ns);
    alarm.state = static_cast<AlarmStateCode>(view.state);
    alarm.priority = static_cast<std::uint8_t>(view.priority);
    alarm.holds = view.holds != 0;
    alarm.is_silenced = view.is_silenced != 0;
    alarm.to_confirm = view.to_confirm != 0;
    alarm.is_uncertain = view.is_uncertain != 0;
    alarm.is_asked = view.is_asked != 0;
    return alarm;
}

}  // namespace detail

inline ShownAlarm ShownAlarms::operator[](std::size_t index) const { return detail::shown_alarm(view_.alarms[index]); }

inline AlarmHelp Frame::alarm_help(std::string_view alarm) const {
    abi::AlarmHelpView view{};
    host_->alarm_help(abi::text(alarm), view);
    AlarmHelp help;
    help.alarm = detail::shown_alarm(view.alarm);
    help.response = view.response.view();
    help.consequence = view.consequence.view();
    help.cause = view.cause.view();
    help.time_to_respond = Duration(view.time_to_respond_ns);
    help.tag = view.tag.view();
    help.alarm_class = view.alarm_class.view();
    help.input = view.input.view();
    help.suppressed_by = view.suppressed_by.view();
    help.acknowledged_by = view.acknowledged_by.view();
    help.comment = view.comment.view();
    help.shelved_by = view.shelved_by.view();
    help.reason = view.reason.view();
    help.raised = utc_from_ns(view.raised_ns);
    help.acknowledged = utc_from_ns(view.acknowledged_ns);
    help.limit = value_of(view.limit).value_or(Value());
    help.steps = {view.steps, view.step_count};
    help.is_known = view.is_known != 0;
    help.is_old = view.is_old != 0;
    help.fault = view.fault.view();
    return help;
}

inline AlarmPast AlarmHelp::past(std::size_t step) const {
    const auto& view = steps[step];
    return {utc_from_ns(view.time_ns), static_cast<AlarmEvent>(view.event), static_cast<AlarmStateCode>(view.state),
            view.user.view(), view.comment.view()};
}

inline void Frame::act_on_alarms(const AlarmWish& wish) {
    host_->alarm_action({wish.alarms.data(), static_cast<std::uint32_t>(wish.alarms.size()),
                         static_cast<std::uint32_t>(wish.action), wish.shelve_for.count(), abi::text(wish.comment)});
}

inline ImVec2 Frame::position() const noexcept {
    float x = 0, y = 0, width = 0, height = 0;
    host_->rectangle(x, y, width, height);
    return {x, y};
}

inline ImVec2 Frame::size() const noexcept {
    float x = 0, y = 0, width = 0, height = 0;
    host_->rectangle(x, y, width, height);
    return {width, height};
}

inline void Frame::write(std::string_view binding, const Value& value) {
    std::string blob;
    host_->write(abi::text(binding), plain_view(value, blob));
}

}  // namespace penstock

namespace penstock::detail {

template <class T>
class WidgetAdapter final : public abi::WidgetGuest {
public:
    void draw(abi::WidgetFrame& host, abi::Fault& fault) noexcept override {
        guarded(fault, [&] {
            Frame frame(host);
            widget_.draw(frame);
        });
    }
    void release() noexcept override { delete this; }

private:
    T widget_;
};

struct WidgetType {
    std::string_view name, schema;
    abi::WidgetGuest* (*create)();
};

template <class... Types>
class WidgetLibraryAdapter final : public abi::WidgetLibraryGuest {
public:
    std::uint32_t type_count() noexcept override { return sizeof...(Types); }
    abi::Text type(std::uint32_t index) noexcept override {
        return index < kTypes.size() ? abi::text(kTypes[index].name) : abi::Text{};
    }
    abi::Text type_schema(std::uint32_t index) noexcept override {
        return index < kTypes.size() ? abi::text(kTypes[index].schema) : abi::Text{};
    }
    abi::WidgetGuest* create(abi::Text type, abi::Fault& fault) noexcept override {
        abi::WidgetGuest* widget = nullptr;
        guarded(fault, [&] {
            for (const auto& known : kTypes) {
                if (known.name == type.view()) widget = known.create();
            }
            if (widget == nullptr)
                throw LinkError(ErrorCode::not_found, "the library has no widget \"" + std::string(type.view()) + "\"");
        });
        return widget;
    }
    void release() noexcept override { delete this; }

private:
    static constexpr std::array<WidgetType, sizeof...(Types)> kTypes{
        WidgetType{Types::kType, Types::kSchema, []() -> abi::WidgetGuest* { return new WidgetAdapter<Types>(); }}...};
};

template <class... Types>
struct PluginTraits<WidgetSet<Types...>> {
    static_assert(sizeof...(Types) > 0, "a widget set without widgets");
    static_assert((std::is_base_of_v<Widget, Types> && ...), "every type of a widget set derives from penstock::Widget");
    static constexpr PluginKind kKind = PluginKind::widget;
    static constexpr std::uint32_t kInterface = abi::kWidgetInterface;
    static constexpr std::string_view kImguiVersion = IMGUI_VERSION;

    static void* make(const abi::Birth&) { return static_cast<abi::WidgetLibraryGuest*>(new WidgetLibraryAdapter<Types...>()); }
};

}  // namespace penstock::detail
