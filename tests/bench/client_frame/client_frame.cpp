// What a frame of an operator station costs: 1,000 live values, each a widget of a plugin bound to a tag of a screen, against a
// loop of bare ImGui that writes the same letters. Every value changes before every frame. Draw lists are built, pixels are not.

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <string>
#include <vector>

#include <imgui.h>
#include <nlohmann/json.hpp>

#include "apps/client/fonts.hpp"
#include "apps/client/screen_view.hpp"
#include "core/guests/plugin_registry.hpp"
#include "raw_frame.hpp"
#include "tests/bench/bench_report.hpp"
#include "wall.hpp"

namespace {

using namespace penstock;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "client_frame: %s\n", why.c_str());
    std::exit(1);
}

class Context {
public:
    Context() : context_(ImGui::CreateContext()) {
        auto& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {bench::kWallWidth, bench::kWallHeight};
        io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
        station::load_fonts(1);
        if (io.Fonts->Fonts.Size < 3)
            give_up("Noto Sans or DejaVu Sans is missing: install fonts-noto-core and fonts-dejavu-core");
    }
    ~Context() { ImGui::DestroyContext(context_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    // One frame around `content`; how many corners it drew.
    template <class Content>
    static int frame(Content content) {
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
        ImGui::Begin("wall", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove);
        ImGui::PopStyleVar();
        content();
        ImGui::End();
        ImGui::Render();
        return ImGui::GetDrawData()->TotalVtxCount;
    }

private:
    ImGuiContext* context_;
};

std::string screen_text() {
    nlohmann::json widgets = nlohmann::json::array();
    for (std::size_t i = 0; i < bench::kValues; ++i) {
        const auto name = std::to_string(i);
        widgets.push_back({{"id", "v" + name},
                           {"type", "value"},
                           {"x", static_cast<float>(i % bench::kColumns) * bench::kWidth},
                           {"y", static_cast<float>(i / bench::kColumns) * bench::kHeight},
                           {"width", bench::kWidth},
                           {"height", bench::kHeight},
                           {"properties", {{"label", bench::label_of(i)}, {"decimals", 2}}},
                           {"bindings", {{"value", "plant.value" + name}}}});
    }
    const nlohmann::json screen = {{"title", "Wall"}, {"size", {bench::kWallWidth, bench::kWallHeight}}, {"widgets", widgets}};
    return screen.dump();
}

client::ScreenModel make_screen() {
    auto screen = client::ScreenModel::parse("wall", screen_text());
    if (!screen) give_up(screen.error().text());
    SubscribeReply reply;
    for (const auto& tag : screen->tags()) {
        auto& known = reply.tags.emplace_back();
        known.name = tag.name;
        known.found = true;
        known.type = ValueType::float64;
        known.unit = bench::kUnit;
    }
    screen->apply(reply);
    return *std::move(screen);
}

// The station's way: an update of the subscription, then widgets of a plugin.
class StationWall {
public:
    StationWall()
        : registry_(guests::PluginRegistry::scan({BASIC_PLUGIN})),
          widgets_(registry_),
          screen_(make_screen()),
          view_(widgets_, screen_) {
        update_.index.resize(bench::kValues);
        std::iota(update_.index.begin(), update_.index.end(), 0U);
        update_.value.resize(bench::kValues);
        update_.quality.resize(bench::kValues, QualityCode::good);
        update_.time.resize(bench::kValues);
        update_.cause.resize(bench::kValues);
    }
    int draw(std::size_t frame) {
        for (std::size_t i = 0; i < bench::kValues; ++i) update_.value[i] = Value(bench::value_at(i, frame));
        screen_.apply(update_, MonotonicTime());
        return Context::frame([&] {
            if (view_.draw(screen_, {0, 0, bench::kWallWidth, bench::kWallHeight}).is_frame_broken)
                give_up("a widget broke the frame");
        });
    }
    [[nodiscard]] const std::string& fault() const { return view_.shown().front().view.fault; }

private:
    guests::PluginRegistry registry_;
    station::WidgetHost widgets_;
    client::ScreenModel screen_;
    station::ScreenView view_;
    LatestUpdate update_;
};

class RawWall {
public:
    int draw(std::size_t frame) {
        for (std::size_t i = 0; i < bench::kValues; ++i) values_[i] = bench::value_at(i, frame);
        return Context::frame([&] { bench::draw_raw_wall(values_); });
    }

private:
    std::vector<double> values_ = std::vector<double>(bench::kValues);
};

template <class Wall>
double us_per_frame(Wall& wall, int frames) {
    for (std::size_t i = 0; i < 3; ++i) wall.draw(i);
    const auto seconds = bench::cpu_seconds_of([&] {
        for (int i = 0; i < frames; ++i) wall.draw(static_cast<std::size_t>(i));
    });
    return seconds / frames * 1e6;
}

int run(const bench::Options& options) {
    const int frames = options.smoke ? 5 : 60;
    const Context context;
    StationWall ours;
    RawWall raw;
    const int our_corners = ours.draw(1);
    const int raw_corners = raw.draw(1);
    if (!ours.fault().empty()) give_up(ours.fault());
    if (our_corners != raw_corners)
        give_up("the two draw different things: " + std::to_string(our_corners) + " against " + std::to_string(raw_corners)
                + " corners");
    const auto medians =
        bench::measure(options.runs, [&] { return us_per_frame(ours, frames); }, [&] { return us_per_frame(raw, frames); });
    bench::print({.bench = "client_frame", .metric = "cpu_us_per_frame", .unit = "us", .peer = "raw_imgui"}, medians,
                 options.runs);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(bench::parse_options(argc, argv, 15));
    } catch (const std::exception& error) {
        give_up(error.what());
    }
}
