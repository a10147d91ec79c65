// penstock-client: an operator station. Reads its command line, opens a session and a window, and draws when something changed.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>

#include <CLI/CLI.hpp>

#include <penstock/settings.hpp>

#include "apps/client/plant_source.hpp"
#include "apps/client/session_waker.hpp"
#include "apps/client/speaker.hpp"
#include "apps/client/station_window.hpp"
#include "apps/client/window.hpp"
#include "core/base/clock.hpp"
#include "core/client/alarm_horn.hpp"
#include "core/client/language.hpp"
#include "core/guests/plugin_registry.hpp"

namespace penstock::station {
namespace {

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr std::chrono::milliseconds kLongestWait{1000};

struct Options {
    std::string url;
    LocalPlantOptions local;
    std::string station;
    std::string screen;
    std::string language;
    bool is_mute = false;
    std::string screenshot;
    std::string view;
    Duration after = 3s;
    int width = 1280;
    int height = 960;
    [[nodiscard]] bool only_looks() const { return !screenshot.empty() || !view.empty(); }
};

volatile std::sig_atomic_t interrupted = 0;

void check(const Options& options) {
    if (options.url.empty() == options.local.site.empty())
        throw CLI::ValidationError("penstock-client",
                                   "give either the URL of a server, as unix:/path/penstock.sock, or --site FOLDER");
    if (!options.local.data.empty() && options.local.site.empty()) throw CLI::ValidationError("--data", "goes with --site");
}

std::optional<int> read_command_line(int argc, char** argv, Options& into) {
    CLI::App app{"An operator station of Penstock", "penstock-client"};
    std::vector<std::string> settings;
    std::string after;
    std::string size;
    app.add_option("URL", into.url, "the server, as unix:/path/penstock.sock");
    app.add_option("--site", into.local.site, "run this site in the station itself, without a server");
    app.add_option("--data", into.local.data, "data folder for --site; without it a scratch folder that is removed at the end");
    app.add_option("--set", settings, "NAME=VALUE for a parameter of the site")->allow_extra_args(false);
    app.add_option("--station", into.station, "the station's name");
    app.add_option("--screen", into.screen, "the first screen; default: the site's start screen");
    app.add_option("--language", into.language,
                   "the language of texts, as de; default: what fits LC_MESSAGES, else the site's first");
    app.add_flag("--mute", into.is_mute, "alarms are not heard at this station");
    app.add_option("--screenshot", into.screenshot, "draw for --after, write this PNG file, end");
    app.add_option("--view", into.view, "draw for --after, write what every widget shows to this JSON file, end");
    app.add_option("--after", after, "how long to draw before that, as 3s");
    app.add_option("--window", size, "the window's size, as 1280x960");
    app.set_version_flag("--version", PENSTOCK_VERSION);
    try {
        app.parse(argc, argv);
        check(into);
        for (const auto& text : settings)
            if (const auto added = into.local.params.add(text); !added)
                throw CLI::ValidationError("--set", added.error().text());
        if (!after.empty()) {
            const auto time = parse_duration(after);
            if (!time) throw CLI::ValidationError("--after", time.error().text());
            into.after = *time;
        }
        if (!size.empty()
            && (std::sscanf(size.c_str(), "%dx%d", &into.width, &into.height) != 2 || into.width < 200 || into.height < 150))
            throw CLI::ValidationError("--window", '"' + size + "\" is no size; wanted for example 1280x960");
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "penstock-client: %s\npenstock-client: see penstock-client --help\n", error.what());
        return kUsage;
    }
    return std::nullopt;
}

int report(const Error& error) {
    std::fprintf(stderr, "penstock-client: %s\n", error.text().c_str());
    return kRefused;
}

// What the station is heard by. A station that only looks, for a picture, makes no noise.
class Sound {
public:
    explicit Sound(client::Station& station) : station_(station), horn_(station.alarms(), speaker_) {}

    std::optional<MonotonicTime> poll(MonotonicTime now) { return horn_.poll(station_.link().state, now); }
    void show_in(StationWindow& window) {
        window.set_horn(&horn_, speaker_.fault().empty() ? "" : "no sound: " + speaker_.fault());
    }

private:
    client::Station& station_;
    Speaker speaker_;
    client::AlarmHorn horn_;
};

// Draws when something changed, when a widget asked for it, and after input; otherwise it sleeps.
class DrawLoop {
public:
    // `sound` is null where nothing is to be heard.
    DrawLoop(Window& window, client::Station& station, StationWindow& content, SessionWaker& waker, Sound* sound)
        : window_(window), station_(station), content_(content), waker_(waker), sound_(sound) {}

    void run(std::optional<Duration> most) {
        const auto end = most ? std::optional(now() + *most) : std::nullopt;
        while (interrupted == 0 && !window_.should_close() && (!end || now() < *end)) turn(end);
        draw();  // a picture shows the newest
    }
    // Frames since the start: few, if little happens.
    [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }

private:
    [[nodiscard]] MonotonicTime now() { return clock_.now().monotonic; }

    void turn(std::optional<MonotonicTime> end) {
        const bool has_input = window_.wait(time_to_wait(end));
        station_.poll(now());
        waker_.polled();
        if (sound_ != nullptr) next_sound_ = sound_->poll(now());
        if (has_input) frames_after_input_ = 3;
        const bool is_due = next_redraw_ && now() >= *next_redraw_;
        if (frames_after_input_ > 0 || is_due || station_.version() != drawn_version_) draw();
    }

    std::chrono::milliseconds time_to_wait(std::optional<MonotonicTime> end) {
        if (frames_after_input_ > 0) return std::chrono::milliseconds(0);
        auto until = now() + kLongestWait;
        for (const auto& limit : {end, next_redraw_, next_sound_, station_.next_tick()})
            if (limit) until = std::min(until, *limit);
        return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(until - now()));
    }

    void draw() {
        const auto time = now();
        drawn_version_ = station_.version();
        ++frames_;
        if (sound_ != nullptr) sound_->show_in(content_);
        window_.draw([&] { return content_.build(window_.width(), window_.height(), time); });
        frames_after_input_ = std::max(0, frames_after_input_ - 1);
        next_redraw_ = content_.redraw_in() ? std::optional(time + *content_.redraw_in()) : std::nullopt;
    }

    Window& window_;
    client::Station& station_;
    StationWindow& content_;
    SessionWaker& waker_;
    Sound* sound_;
    base::SystemClock clock_;
    std::uint64_t drawn_version_ = 0;
    std::uint64_t frames_ = 0;
    int frames_after_input_ = 3;  // ImGui shows new windows from their second frame on
    std::optional<MonotonicTime> next_redraw_, next_sound_;
};

int write_results(const Options& options, const Window& window, const StationWindow& content) {
    if (!options.view.empty()) {
        std::ofstream file(options.view);
        file << content.view_json() << '\n';
        if (!file.flush()) return report(Error(ErrorCode::internal, "the view cannot be written", options.view));
    }
    if (options.screenshot.empty()) return kDone;
    const auto saved = window.save_screenshot(options.screenshot);
    return saved ? kDone : report(saved.error());
}

std::string why_nothing(const client::Station& station) {
    const auto& link = station.link();
    return link.state == LinkState::connected || link.sentence.empty() ? station.notice() : link.sentence;
}

int run(const Options& options) {
    const auto plugins = guests::PluginRegistry::scan(guests::default_search_paths());
    auto plant =
        options.url.empty() ? local_plant(plugins, options.local) : remote_plant(plugins, options.url, options.station);
    if (!plant) return report(plant.error());

    WindowOptions window_options;
    window_options.title = "Penstock";
    window_options.width = options.width;
    window_options.height = options.height;
    window_options.is_visible = !options.only_looks();
    auto window = Window::open(window_options);
    if (!window) return report(window.error());

    const WidgetHost widgets(plugins);
    client::Station station((*plant)->session(), {options.screen, {options.language, {}, client::locale_of_environment()}});
    StationWindow content(station, widgets, (*plant)->where(), (*plant)->caution());
    SessionWaker waker((*plant)->session());
    std::optional<Sound> sound;
    if (!options.is_mute && !options.only_looks()) sound.emplace(station);
    if (options.is_mute) content.set_horn(nullptr, "muted");
    DrawLoop loop(**window, station, content, waker, sound ? &*sound : nullptr);
    loop.run(options.only_looks() ? std::optional(options.after) : std::nullopt);
    if (!options.only_looks()) return kDone;
    std::fprintf(stderr, "penstock-client: drew %llu frames\n", static_cast<unsigned long long>(loop.frames()));
    if (station.screen() == nullptr)
        std::fprintf(stderr, "penstock-client: no screen has come: %s\n", why_nothing(station).c_str());
    return write_results(options, **window, content);
}

}  // namespace
}  // namespace penstock::station

int main(int argc, char** argv) {
    try {
        std::signal(SIGINT, [](int) { penstock::station::interrupted = 1; });
        std::signal(SIGTERM, [](int) { penstock::station::interrupted = 1; });
        penstock::station::Options options;
        if (const auto code = penstock::station::read_command_line(argc, argv, options)) return *code;
        return penstock::station::run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "penstock-client: %s\n", error.what());
        return 1;
    }
}
