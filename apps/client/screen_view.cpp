#include "apps/client/screen_view.hpp"

#include <algorithm>

#include <imgui.h>
#include <imgui_internal.h>

#include "apps/client/theme.hpp"
#include "core/base/log.hpp"

namespace penstock::station {
namespace {

// The depth of everything that a widget could leave open.
struct Depth {
    Depth() {
        sizes.SetToCurrentState();
        window = ImGui::GetCurrentContext()->CurrentWindow;
    }
    [[nodiscard]] bool is_same() const {
        const Depth now;
        const auto& a = sizes;
        const auto& b = now.sizes;
        return window == now.window && a.SizeOfIDStack == b.SizeOfIDStack && a.SizeOfColorStack == b.SizeOfColorStack
               && a.SizeOfStyleVarStack == b.SizeOfStyleVarStack && a.SizeOfFontStack == b.SizeOfFontStack
               && a.SizeOfFocusScopeStack == b.SizeOfFocusScopeStack && a.SizeOfGroupStack == b.SizeOfGroupStack
               && a.SizeOfItemFlagsStack == b.SizeOfItemFlagsStack && a.SizeOfBeginPopupStack == b.SizeOfBeginPopupStack
               && a.SizeOfDisabledStack == b.SizeOfDisabledStack;
    }
    ImGuiStackSizes sizes;
    ImGuiWindow* window;
};

}  // namespace

ScreenView::ScreenView(const WidgetHost& widgets, const client::ScreenModel& screen) {
    for (const auto& placed : screen.widgets()) {
        auto& slot = slots_.emplace_back();
        auto made = widgets.create(placed.type);
        if (made)
            slot.widget = *std::move(made);
        else
            slot.fault = made.error().text();
    }
    shown_.resize(slots_.size());
}

ScreenView::Result ScreenView::draw(const client::ScreenModel& screen, WidgetFrame::Rectangle area,
                                    const FrameSources& sources) {
    const auto scale = std::min(area.width / screen.width(), area.height / screen.height());
    const auto left = area.x + (area.width - screen.width() * scale) / 2;
    const auto top = area.y + (area.height - screen.height() * scale) / 2;
    Result result;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto& widget = screen.widgets()[i];
        shown_[i].place = {left + widget.x * scale, top + widget.y * scale, widget.width * scale, widget.height * scale};
        if (!slots_[i].widget) {
            shown_[i].view = {{}, slots_[i].fault, {}};
            draw_placeholder(widget, shown_[i]);
        } else if (!draw_widget(screen, i, scale, sources, result)) {
            result.is_frame_broken = true;
            return result;
        }
    }
    return result;
}

bool ScreenView::draw_widget(const client::ScreenModel& screen, std::size_t index, float scale, const FrameSources& sources,
                             Result& result) {
    const auto& widget = screen.widgets()[index];
    auto& shown = shown_[index];
    const auto& place = shown.place;
    const ImVec2 from(place.x, place.y);
    const ImVec2 to(place.x + place.width, place.y + place.height);
    ImGui::PushID(widget.id.c_str());
    ImGui::PushClipRect(from, to, true);
    ImGui::SetCursorScreenPos(from);

    WidgetFrame frame(screen, widget, place, scale, sources, result.wishes, shown.view);
    const Depth inside;
    abi::Fault fault;
    slots_[index].widget->draw(frame, fault);
    std::string broken;
    if (fault.failed())
        broken = fault.sentence();
    else if (!inside.is_same())
        broken = "leaves ImGui's stacks open";
    if (!broken.empty()) {
        base::log::error("widget \"{}\" of type {}: {}; it is not drawn any more", widget.id, widget.type, broken);
        slots_[index].fault = broken;
        slots_[index].widget.reset();
        return false;
    }
    ImGui::PopClipRect();
    ImGui::PopID();
    if (const auto redraw = frame.wants_redraw_in())
        result.redraw_in = result.redraw_in ? std::min(*result.redraw_in, *redraw) : *redraw;
    return true;
}

// A crossed box with the reason: it cannot be mistaken for a widget that shows something.
void ScreenView::draw_placeholder(const client::ScreenWidget& widget, const Shown& shown) const {
    const auto& place = shown.place;
    const ImVec2 from(place.x, place.y);
    const ImVec2 to(place.x + place.width, place.y + place.height);
    auto& list = *ImGui::GetWindowDrawList();
    const auto ink = colour(ColourRole::bad);
    list.PushClipRect(from, to, true);
    list.AddRectFilled(from, to, colour(ColourRole::surface));
    list.AddRect(from, to, ink);
    list.AddLine(from, to, ink);
    list.AddLine(ImVec2(to.x, from.y), ImVec2(from.x, to.y), ink);
    const auto text = widget.type + ": " + shown.view.fault;
    list.AddText(nullptr, 0, ImVec2(from.x + 4, from.y + 4), colour(ColourRole::text), text.c_str(), nullptr,
                 std::max(20.0F, place.width - 8));
    list.PopClipRect();
}

}  // namespace penstock::station
