#pragma once

// One widget in one frame: what it may see and ask for. Lives for one draw.

#include <forward_list>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <penstock/abi/widget.hpp>
#include <penstock/time.hpp>

#include "core/client/alarm_model.hpp"
#include "core/client/screen_model.hpp"
#include "core/client/trend_watch.hpp"

namespace penstock::station {

// What a widget asked for while it was drawn; done after the frame, when nobody looks at the model any more.
struct WidgetWish {
    std::optional<std::size_t> tag;  // write `value` to this tag of the screen ...
    Value value;
    std::string screen;  // ... or show this screen ...
    client::AlarmAct act = {};  // ... or do this to alarms
};

// What it showed, for --view.
struct WidgetView {
    std::string text;
    std::string fault;
    std::optional<std::size_t> tag;  // of the screen's tags, the first that it looked at: it stands for the widget
};

// What a tag of the screen was: Station::look_at_trend(). Null where nothing is known.
using TrendSource = std::function<const client::ScreenTrend*(std::size_t tag, std::uint32_t columns, Duration span)>;

// What widgets see beside tags; each may be empty: then no widget shows any.
struct FrameSources {
    TrendSource trends = {};
    client::AlarmModel* alarms = nullptr;
    MonotonicTime now = {};
};

class WidgetFrame final : public abi::WidgetFrame {
public:
    struct Rectangle {
        float x, y, width, height;
    };
    WidgetFrame(const client::ScreenModel& screen, const client::ScreenWidget& widget, Rectangle place, float scale,
                const FrameSources& sources, std::vector<WidgetWish>& wishes, WidgetView& view) noexcept
        : screen_(screen), widget_(widget), place_(place), scale_(scale), sources_(sources), wishes_(wishes), view_(view) {}

    // When it wants to be drawn again without a change; nothing for never.
    [[nodiscard]] std::optional<Duration> wants_redraw_in() const noexcept { return redraw_in_; }

    void binding(abi::Text name, abi::BindingView& view) noexcept override;
    abi::Text property(abi::Text name) noexcept override;
    const abi::SettingsNode* properties() noexcept override;
    void rectangle(float& x, float& y, float& width, float& height) noexcept override;
    float scale() noexcept override { return scale_; }
    std::uint32_t colour(std::uint32_t role) noexcept override;
    void write(abi::Text binding, const abi::PlainValue& value) noexcept override;
    void navigate(abi::Text screen) noexcept override;
    void describe(abi::Text shown) noexcept override;
    void redraw_in(std::int64_t ns) noexcept override;
    void trend(abi::Text binding, std::uint32_t columns, std::int64_t span_ns, abi::TrendView& view) noexcept override;
    void alarms(std::uint32_t list, abi::AlarmsView& view) noexcept override;
    void alarm_action(const abi::AlarmWishView& view) noexcept override;
    void alarm_help(abi::Text alarm, abi::AlarmHelpView& view) noexcept override;
    std::uint32_t priority_colour(std::uint32_t priority) noexcept override;

private:
    abi::PlainValue plain(const Value& value);
    abi::AlarmView alarm_view(const AlarmInfo& info);

    const client::ScreenModel& screen_;
    const client::ScreenWidget& widget_;
    Rectangle place_;
    float scale_;
    const FrameSources& sources_;
    std::vector<WidgetWish>& wishes_;
    WidgetView& view_;

    std::forward_list<std::string> texts_;  // what views point into
    std::vector<abi::AlarmView> alarms_;    // the same, of the list asked for last
    std::vector<abi::AlarmCountView> counts_;
    std::vector<abi::AlarmStepView> steps_;
    std::optional<Duration> redraw_in_;
};

}  // namespace penstock::station
