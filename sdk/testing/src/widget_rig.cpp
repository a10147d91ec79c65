#include <penstock/testing/widget_rig.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <stdexcept>

#include <imgui_internal.h>

#include <penstock/plain_value.hpp>
#include <penstock/testing/json_settings.hpp>

namespace penstock::testing {
namespace {

constexpr float kDisplay = 8'000;
constexpr int kMostSpare = 1;  // pixels: clip rectangles are whole

struct Rectangle {
    float x = 100, y = 100, width = 240, height = 80;
};

// Its tags and wishes, as the host would hold them.
class RigFrame final : public abi::WidgetFrame {
public:
    using Tags = std::map<std::string, BoundTag, std::less<>>;
    using Trends = std::map<std::string, BoundTrend, std::less<>>;
    using Alarms = std::map<std::uint32_t, BoundAlarms>;
    struct Plant {
        Tags tags;
        Trends trends;
        Alarms alarms;
        std::map<std::string, BoundAlarmHelp, std::less<>> help;
        std::map<std::uint32_t, ImU32> priority_colours;
    };
    RigFrame(const Plant& plant, const abi::SettingsNode* properties, Rectangle place, float scale, Drawing& drawing)
        : plant_(plant), properties_(properties), place_(place), scale_(scale), drawing_(drawing) {}

    void binding(abi::Text name, abi::BindingView& view) noexcept override {
        view = {};
        view.quality = static_cast<std::uint32_t>(QualityCode::bad_configuration);
        const auto found = plant_.tags.find(name.view());
        if (found == plant_.tags.end()) return;
        const auto& tag = found->second;
        view.value = plain_view(tag.value, blobs_.emplace_back());
        view.quality = static_cast<std::uint32_t>(tag.quality);
        view.found = tag.found ? 1 : 0;
        view.writable = tag.writable ? 1 : 0;
        view.write_state = static_cast<std::uint32_t>(tag.write_state);
        view.source_time_ns = to_ns(tag.source_time);
        view.range_low = tag.range_low;
        view.range_high = tag.range_high;
        view.tag = abi::text(tag.tag);
        view.unit = abi::text(tag.unit);
        view.cause = abi::text(tag.cause);
        view.write_reason = abi::text(tag.write_reason);
        view.asked = plain_view(tag.asked, blobs_.emplace_back());
    }
    abi::Text property(abi::Text name) noexcept override {
        return abi::text(blobs_.emplace_back(Settings(properties_).text_or(name.view(), "")));
    }
    const abi::SettingsNode* properties() noexcept override { return properties_; }
    void rectangle(float& x, float& y, float& width, float& height) noexcept override {
        x = place_.x;
        y = place_.y;
        width = place_.width;
        height = place_.height;
    }
    float scale() noexcept override { return scale_; }
    // Any colours will do, as long as each role has its own.
    std::uint32_t colour(std::uint32_t role) noexcept override { return IM_COL32(10 + role * 12, 40, 200 - role * 10, 255); }
    void write(abi::Text binding, const abi::PlainValue& value) noexcept override {
        drawing_.writes.emplace_back(binding.view(), value_of(value).value_or(Value()));
    }
    void navigate(abi::Text screen) noexcept override { drawing_.navigations.emplace_back(screen.view()); }
    void describe(abi::Text shown) noexcept override {
        drawing_.text = shown.view();
        drawing_.is_described = true;
    }
    void redraw_in(std::int64_t) noexcept override {}
    void trend(abi::Text binding, std::uint32_t columns, std::int64_t span_ns, abi::TrendView& view) noexcept override {
        view = {};
        drawing_.trends.push_back({std::string(binding.view()), columns, Duration(span_ns)});
        const auto found = plant_.trends.find(binding.view());
        if (found == plant_.trends.end()) return;
        const auto& trend = found->second;
        view.minimum = trend.minimum.data();
        view.maximum = trend.maximum.data();
        view.worst = reinterpret_cast<const std::uint16_t*>(trend.worst.data());
        view.columns = static_cast<std::uint32_t>(trend.minimum.size());
        view.from_ns = to_ns(trend.from);
        view.to_ns = to_ns(trend.to);
        view.durable_until_ns = to_ns(trend.durable_until);
        view.fault = abi::text(trend.fault);
    }
    void alarms(std::uint32_t list, abi::AlarmsView& view) noexcept override {
        view = {};
        const auto found = plant_.alarms.find(list);
        if (found == plant_.alarms.end()) return;
        const auto& alarms = found->second;
        alarm_views_.clear();
        for (const auto& alarm : alarms.alarms) alarm_views_.push_back(view_of(alarm));
        count_views_.clear();
        for (const auto& count : alarms.counts)
            count_views_.push_back({abi::text(count.area), count.priority, count.unacknowledged, count.standing, count.shelved,
                                    count.suppressed, count.out_of_service});
        view.alarms = alarm_views_.data();
        view.counts = count_views_.data();
        view.alarm_count = static_cast<std::uint32_t>(alarm_views_.size());
        view.count_count = static_cast<std::uint32_t>(count_views_.size());
        view.sounding = alarms.sounding;
        view.is_old = alarms.is_old ? 1 : 0;
        view.fault = abi::text(alarms.fault);
        view.notice = abi::text(alarms.notice);
    }
    void alarm_action(const abi::AlarmWishView& view) noexcept override {
        auto& asked = drawing_.alarm_actions.emplace_back();
        asked.action = static_cast<AlarmEvent>(view.event);
        asked.comment = view.comment.view();
        asked.shelve_for = Duration(view.shelve_for_ns);
        for (std::uint32_t i = 0; i < view.count; ++i) {
            asked.ids.push_back(view.alarms[i].id);
            asked.alarms.emplace_back(view.alarms[i].alarm.view());
        }
    }
    void alarm_help(abi::Text alarm, abi::AlarmHelpView& view) noexcept override {
        view = {};
        drawing_.explained.emplace_back(alarm.view());
        const auto found = plant_.help.find(alarm.view());
        if (found == plant_.help.end()) return;
        const auto& help = found->second;
        view.fault = abi::text(help.fault);
        if (!help.fault.empty()) return;
        view.is_known = 1;
        view.is_old = help.is_old ? 1 : 0;
        view.alarm = view_of(help.alarm);
        view.limit = plain_view(help.limit, blobs_.emplace_back());
        steps_.clear();
        for (const auto& step : help.steps)
            steps_.push_back({to_ns(step.time), static_cast<std::uint32_t>(step.event), static_cast<std::uint32_t>(step.state),
                              abi::text(step.user), abi::text(step.comment)});
        view.steps = steps_.data();
        view.step_count = static_cast<std::uint32_t>(steps_.size());
        view.tag = abi::text(help.tag);
        view.alarm_class = abi::text(help.alarm_class);
        view.input = abi::text(help.input);
        view.cause = abi::text(help.cause);
        view.consequence = abi::text(help.consequence);
        view.response = abi::text(help.response);
        view.suppressed_by = abi::text(help.suppressed_by);
        view.acknowledged_by = abi::text(help.acknowledged_by);
        view.comment = abi::text(help.comment);
        view.shelved_by = abi::text(help.shelved_by);
        view.reason = abi::text(help.reason);
        view.raised_ns = to_ns(help.raised);
        view.acknowledged_ns = to_ns(help.acknowledged);
        view.time_to_respond_ns = help.time_to_respond.count();
    }
    std::uint32_t priority_colour(std::uint32_t priority) noexcept override {
        const auto found = plant_.priority_colours.find(priority);
        return found != plant_.priority_colours.end() ? found->second : IM_COL32(200, 30 + priority * 20, 10, 255);
    }

private:
    abi::AlarmView view_of(const BoundAlarm& alarm) {
        abi::AlarmView view{};
        view.value = plain_view(alarm.value, blobs_.emplace_back());
        view.id = alarm.id;
        view.since_ns = to_ns(alarm.since);
        view.shelved_until_ns = to_ns(alarm.shelved_until);
        view.state = static_cast<std::uint32_t>(alarm.state);
        view.priority = alarm.priority;
        view.is_silenced = alarm.is_silenced ? 1 : 0;
        view.to_confirm = alarm.to_confirm ? 1 : 0;
        view.is_uncertain = alarm.is_uncertain ? 1 : 0;
        view.is_asked = alarm.is_asked ? 1 : 0;
        view.holds = alarm.holds ? 1 : 0;
        view.alarm = abi::text(alarm.alarm);
        view.area = abi::text(alarm.area);
        view.text = abi::text(alarm.text);
        view.unit = abi::text(alarm.unit);
        view.priority_name = abi::text(alarm.priority_name);
        view.note = abi::text(alarm.note);
        view.screen = abi::text(alarm.screen);
        return view;
    }

    const Plant& plant_;
    const abi::SettingsNode* properties_;
    Rectangle place_;
    float scale_;
    Drawing& drawing_;
    std::deque<std::string> blobs_;
    std::vector<abi::AlarmView> alarm_views_;
    std::vector<abi::AlarmCountView> count_views_;
    std::vector<abi::AlarmStepView> steps_;
};

// What a widget could leave open.
bool is_same_depth(const ImGuiStackSizes& a, const ImGuiStackSizes& b) {
    return a.SizeOfIDStack == b.SizeOfIDStack && a.SizeOfColorStack == b.SizeOfColorStack
           && a.SizeOfStyleVarStack == b.SizeOfStyleVarStack && a.SizeOfFontStack == b.SizeOfFontStack
           && a.SizeOfFocusScopeStack == b.SizeOfFocusScopeStack && a.SizeOfGroupStack == b.SizeOfGroupStack
           && a.SizeOfItemFlagsStack == b.SizeOfItemFlagsStack && a.SizeOfBeginPopupStack == b.SizeOfBeginPopupStack
           && a.SizeOfDisabledStack == b.SizeOfDisabledStack;
}

void take_command(const ImDrawList& list, const ImDrawCmd& command, const Rectangle& place, Drawing& drawing) {
    for (unsigned i = 0; i < command.ElemCount; ++i) {
        const auto& corner =
            list.VtxBuffer[static_cast<int>(command.VtxOffset + list.IdxBuffer[static_cast<int>(command.IdxOffset + i)])];
        drawing.points.push_back(corner.pos);
        drawing.points.push_back(corner.uv);
        drawing.colours.push_back(corner.col);
        const float x = std::clamp(corner.pos.x, command.ClipRect.x, std::max(command.ClipRect.x, command.ClipRect.z));
        const float y = std::clamp(corner.pos.y, command.ClipRect.y, std::max(command.ClipRect.y, command.ClipRect.w));
        const bool is_inside = x >= place.x - kMostSpare && x <= place.x + place.width + kMostSpare && y >= place.y - kMostSpare
                               && y <= place.y + place.height + kMostSpare;
        drawing.is_inside = drawing.is_inside && is_inside;
    }
}

}  // namespace

bool Drawing::has_same_shape(const Drawing& other) const noexcept {
    return std::ranges::equal(points, other.points, [](ImVec2 a, ImVec2 b) { return a.x == b.x && a.y == b.y; });
}

struct WidgetRig::State {
    explicit State(const WidgetKit& kit) : properties(kit.properties) {
        const JsonSettings none("{}");
        abi::Fault fault;
        abi::Birth birth{};
        birth.interface_version = abi::kWidgetInterface;
        birth.settings = none.node();
        birth.instance = abi::text("rig");
        library = static_cast<abi::WidgetLibraryGuest*>(kit.factory(birth, fault));
        if (library == nullptr) throw std::invalid_argument("no widget library: " + std::string(fault.sentence()));
        widget = library->create(abi::text(kit.type), fault);
        if (widget == nullptr) {
            library->release();
            throw std::invalid_argument("no widget: " + std::string(fault.sentence()));
        }
        context = ImGui::CreateContext();
        auto& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {kDisplay, kDisplay};
        io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
        for (int key = 0; key < ImGuiKey_COUNT; ++key) io.KeyMap[key] = key;
        unsigned char* pixels = nullptr;
        int width = 0;
        int height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    }
    ~State() {
        widget->release();
        library->release();
        ImGui::DestroyContext(context);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void draw_widget(Drawing& drawing) {
        const ImVec2 from(place.x, place.y);
        ImGui::PushID("widget");
        ImGui::PushClipRect(from, {place.x + place.width, place.y + place.height}, true);
        ImGui::SetCursorScreenPos(from);
        ImGuiStackSizes before;
        before.SetToCurrentState();
        auto* const window = ImGui::GetCurrentContext()->CurrentWindow;
        const int clips = window->DrawList->_ClipRectStack.Size;
        RigFrame frame(plant, properties.node(), place, scale, drawing);
        abi::Fault fault;
        widget->draw(frame, fault);
        drawing.fault = fault.sentence();
        ImGuiStackSizes after;
        after.SetToCurrentState();
        drawing.is_balanced = is_same_depth(before, after) && window == ImGui::GetCurrentContext()->CurrentWindow
                              && clips == window->DrawList->_ClipRectStack.Size;
        if (!drawing.is_balanced) return;
        ImGui::PopClipRect();
        ImGui::PopID();
    }

    Drawing draw() {
        Drawing drawing;
        auto& io = ImGui::GetIO();
        io.DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(io.DisplaySize);
        ImGui::Begin("rig", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove
                         | ImGuiWindowFlags_NoSavedSettings);
        draw_widget(drawing);
        if (drawing.is_balanced)
            ImGui::End();
        else
            ImGui::ErrorCheckEndFrameRecover(nullptr);
        ImGui::Render();
        const auto& data = *ImGui::GetDrawData();
        for (int i = 0; i < data.CmdListsCount; ++i)
            for (const auto& command : data.CmdLists[i]->CmdBuffer) take_command(*data.CmdLists[i], command, place, drawing);
        return drawing;
    }

    JsonSettings properties;
    abi::WidgetLibraryGuest* library = nullptr;
    abi::WidgetGuest* widget = nullptr;
    ImGuiContext* context = nullptr;
    RigFrame::Plant plant;
    Rectangle place;
    float scale = 1;
};

WidgetRig::WidgetRig(WidgetKit kit) : state_(std::make_unique<State>(kit)) {
    draw();
}  // a window's first frame is not like the others
WidgetRig::~WidgetRig() = default;

void WidgetRig::bind(std::string name, BoundTag tag) { state_->plant.tags.insert_or_assign(std::move(name), std::move(tag)); }
void WidgetRig::set_trend(std::string binding, BoundTrend trend) {
    state_->plant.trends.insert_or_assign(std::move(binding), std::move(trend));
}
void WidgetRig::set_alarms(BoundAlarms alarms, std::uint32_t list) {
    state_->plant.alarms.insert_or_assign(list, std::move(alarms));
}

void WidgetRig::set_alarm_help(BoundAlarmHelp help) {
    auto name = help.alarm.alarm;
    state_->plant.help.insert_or_assign(std::move(name), std::move(help));
}
void WidgetRig::set_priority_colour(std::uint32_t priority, ImU32 colour) { state_->plant.priority_colours[priority] = colour; }

void WidgetRig::turn_wheel(float by) { ImGui::GetIO().MouseWheel = by; }

void WidgetRig::unbind(std::string_view name) {
    if (const auto found = state_->plant.tags.find(name); found != state_->plant.tags.end()) state_->plant.tags.erase(found);
}
void WidgetRig::place(float x, float y, float width, float height, float scale) {
    state_->place = {x, y, width, height};
    state_->scale = scale;
}

void WidgetRig::move_mouse(float x, float y) { ImGui::GetIO().MousePos = {x, y}; }
void WidgetRig::press_mouse(bool is_down) { ImGui::GetIO().MouseDown[0] = is_down; }
void WidgetRig::press_key(ImGuiKey key, bool is_down) { ImGui::GetIO().KeysDown[key] = is_down; }
void WidgetRig::hold(bool ctrl, bool shift) {
    ImGui::GetIO().KeyCtrl = ctrl;
    ImGui::GetIO().KeyShift = shift;
}
void WidgetRig::enable_keyboard() { ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard; }
void WidgetRig::type_text(std::string_view text) { ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str()); }

Drawing WidgetRig::draw() { return state_->draw(); }

namespace {

// The last drawing with the wishes of those before.
Drawing joined(Drawing before, Drawing last) {
    before.writes.insert(before.writes.end(), last.writes.begin(), last.writes.end());
    before.navigations.insert(before.navigations.end(), last.navigations.begin(), last.navigations.end());
    last.writes = std::move(before.writes);
    last.navigations = std::move(before.navigations);
    before.alarm_actions.insert(before.alarm_actions.end(), last.alarm_actions.begin(), last.alarm_actions.end());
    last.alarm_actions = std::move(before.alarm_actions);
    return last;
}

}  // namespace

Drawing WidgetRig::click() {
    const auto& place = state_->place;
    move_mouse(place.x + place.width / 2, place.y + place.height * 0.6F);
    auto drawing = draw();
    press_mouse(true);
    drawing = joined(std::move(drawing), draw());
    press_mouse(false);
    drawing = joined(std::move(drawing), draw());
    return joined(std::move(drawing), draw());
}

Drawing WidgetRig::strike(ImGuiKey key) {
    press_key(key, true);
    auto drawing = draw();
    press_key(key, false);
    drawing = joined(std::move(drawing), draw());
    return joined(std::move(drawing), draw());
}

}  // namespace penstock::testing
