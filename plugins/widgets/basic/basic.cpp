// widget.basic: what the screens of a site without plugins of its own are made of.
#include <penstock/plugin.hpp>
#include <penstock/widget.hpp>

#include "alarm_banner.hpp"
#include "alarm_list.hpp"
#include "button.hpp"
#include "input.hpp"
#include "line.hpp"
#include "panel.hpp"
#include "pump.hpp"
#include "tank.hpp"
#include "text.hpp"
#include "trend.hpp"
#include "value.hpp"

namespace {
using Widgets = penstock::WidgetSet<penstock::basic::ValueWidget, penstock::basic::TextWidget, penstock::basic::LineWidget,
                                    penstock::basic::PanelWidget, penstock::basic::TankWidget, penstock::basic::PumpWidget,
                                    penstock::basic::ButtonWidget, penstock::basic::InputWidget, penstock::basic::TrendWidget,
                                    penstock::basic::AlarmListWidget, penstock::basic::AlarmBannerWidget>;
}

PENSTOCK_PLUGIN(Widgets, "widget.basic", "1.0.0", R"({"type": "object", "additionalProperties": false})");
