#include "apps/client/station_window.hpp"

#include <algorithm>

#include <imgui.h>
#include <nlohmann/json.hpp>

#include "apps/client/theme.hpp"
#include "core/base/log.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::station {
namespace {

ImVec4 vec(ColourRole role) { return ImGui::ColorConvertU32ToFloat4(colour(role)); }

std::string_view word_of(abi::WriteState state) {
    switch (state) {
        case abi::WriteState::asked: return "asked";
        case abi::WriteState::refused: return "refused";
        case abi::WriteState::unknown: return "unknown";
        case abi::WriteState::none: break;
    }
    return "";
}

// Of the tag that stands for the widget.
void add_value(const client::ScreenModel& screen, const WidgetView& view, wire::Json& json) {
    json["value"] = nullptr;
    json["quality"] = nullptr;
    json["state"] = "";
    if (!view.tag) return;
    const auto& tag = screen.tags()[*view.tag];
    json["value"] = wire::to_json(tag.value);
    json["quality"] = wire::to_json(tag.quality);
    json["state"] = word_of(tag.write.state);
}

// Any key or button of the mouse: somebody is there.
bool was_touched() {
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) || ImGui::IsMouseClicked(ImGuiMouseButton_Right)) return true;
    return std::ranges::any_of(ImGui::GetIO().KeysDownDuration, [](float since) { return since == 0.0F; });
}

}  // namespace

StationWindow::StationWindow(client::Station& station, const WidgetHost& widgets, std::string where, std::string caution)
    : station_(station),
      widgets_(widgets),
      where_(std::move(where)),
      header_(station, caution.empty() ? where_ : caution, !caution.empty()) {}

void StationWindow::set_horn(client::AlarmHorn* horn, std::string note) {
    horn_ = horn;
    header_.set_sound_note(std::move(note));
}

void StationWindow::follow_screen() {
    if (station_.screen() == shown_screen_) return;
    shown_screen_ = station_.screen();
    view_ = shown_screen_ == nullptr ? nullptr : std::make_unique<ScreenView>(widgets_, *shown_screen_);
    if (shown_screen_ != nullptr) base::log::info("shows the screen {}", shown_screen_->name());
}

bool StationWindow::build(float width, float height, MonotonicTime now) {
    follow_screen();
    redraw_in_.reset();
    ImGui::SetNextWindowPos(ImVec2(0, 0));
    ImGui::SetNextWindowSize(ImVec2(width, height));
    constexpr auto kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus
                            | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoScrollWithMouse;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::Begin("##station", nullptr, kFlags);
    ImGui::PopStyleVar();

    const auto header = header_.height();
    header_.draw(width, shown_screen_);
    const WidgetFrame::Rectangle area{0, header, width, height - header};
    const bool is_lost = station_.link().state != LinkState::connected;
    ImGui::BeginDisabled(is_lost);  // nothing under the veil takes a click
    if (!station_.notice().empty())
        draw_notice(area);
    else if (view_ && !draw_screen(area, now))
        return false;
    ImGui::EndDisabled();
    if (is_lost) {
        if (horn_ != nullptr && was_touched()) horn_->note_loss();
        draw_veil(width, height);
    }
    ImGui::End();
    return true;
}

bool StationWindow::draw_screen(WidgetFrame::Rectangle area, MonotonicTime now) {
    const auto trends = [&](std::size_t tag, std::uint32_t columns, Duration span) {
        return station_.look_at_trend(tag, columns, span, now);
    };
    auto result = view_->draw(*shown_screen_, area, {trends, &station_.alarms(), now});
    if (result.is_frame_broken) return false;
    redraw_in_ = result.redraw_in;
    if (station_.link().state != LinkState::connected) return true;  // a key that the veil did not stop
    for (auto& wish : result.wishes) {
        if (wish.tag)
            station_.write(*wish.tag, std::move(wish.value), now);
        else if (!wish.act.alarms.empty())
            station_.alarms().act(std::move(wish.act));
        else
            station_.navigate(std::move(wish.screen));
    }
    return true;
}

void StationWindow::draw_notice(WidgetFrame::Rectangle area) const {
    const auto& text = station_.notice();
    const auto size = ImGui::CalcTextSize(text.c_str(), nullptr, false, area.width * 0.8F);
    ImGui::SetCursorScreenPos(ImVec2(area.x + (area.width - size.x) / 2, area.y + (area.height - size.y) / 2));
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + area.width * 0.8F);
    ImGui::TextColored(vec(ColourRole::text_dim), "%s", text.c_str());
    ImGui::PopTextWrapPos();
}

// Nothing under it may look live: the whole screen is dimmed, and the sentence stands in the middle.
void StationWindow::draw_veil(float width, float height) const {
    auto& list = *ImGui::GetForegroundDrawList();
    const auto& link = station_.link();
    list.AddRectFilled(ImVec2(0, 0), ImVec2(width, height), IM_COL32(0xC8, 0xCB, 0xCD, 200));
    const std::string head = link.state == LinkState::connecting ? "Connecting" : "No connection to the server";
    std::string body = link.state == LinkState::connecting ? where_ : link.sentence + "\nThe values below are not live.";
    if (horn_ != nullptr && horn_->tells_loss()) body += "\nA click or a key ends the sound.";
    const auto font = ImGui::GetFontSize();
    const auto head_size = ImGui::GetFont()->CalcTextSizeA(font * 1.6F, width, 0, head.c_str());
    const auto body_size = ImGui::GetFont()->CalcTextSizeA(font, width * 0.8F, width * 0.8F, body.c_str());
    const auto box_width = std::max(head_size.x, body_size.x) + font * 3;
    const auto box_height = head_size.y + body_size.y + font * 2.5F;
    const ImVec2 from((width - box_width) / 2, (height - box_height) / 2);
    list.AddRectFilled(from, ImVec2(from.x + box_width, from.y + box_height), colour(ColourRole::equipment_running));
    list.AddRect(from, ImVec2(from.x + box_width, from.y + box_height), colour(ColourRole::bad), 0, 0, 3.0F);
    list.AddText(nullptr, font * 1.6F, ImVec2((width - head_size.x) / 2, from.y + font), colour(ColourRole::text),
                 head.c_str());
    list.AddText(ImGui::GetFont(), font, ImVec2((width - body_size.x) / 2, from.y + font * 1.5F + head_size.y),
                 colour(ColourRole::text), body.c_str(), nullptr, width * 0.8F);
}

std::string StationWindow::view_json() const {
    wire::Json list = wire::Json::array();
    if (shown_screen_ != nullptr && view_) {
        for (std::size_t i = 0; i < view_->shown().size(); ++i) {
            const auto& widget = shown_screen_->widgets()[i];
            const auto& shown = view_->shown()[i];
            wire::Json json;
            json["id"] = widget.id;
            json["type"] = widget.type;
            json["x"] = shown.place.x;
            json["y"] = shown.place.y;
            json["width"] = shown.place.width;
            json["height"] = shown.place.height;
            json["text"] = shown.view.text;
            add_value(*shown_screen_, shown.view, json);
            json["fault"] = shown.view.fault;
            list.push_back(std::move(json));
        }
    }
    return list.dump(2, ' ', false, wire::Json::error_handler_t::replace);
}

}  // namespace penstock::station
