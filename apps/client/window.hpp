#pragma once

// The station's window: GLFW, OpenGL 3 and one ImGui context. [ui], the thread that made it.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <penstock/result.hpp>

namespace penstock::station {

struct WindowOptions {
    std::string title;
    int width = 1280;
    int height = 960;
    bool is_visible = true;  // false for screenshots
};

class Window {
public:
    // Error unsupported: there is no display, or it has no OpenGL 3; the sentence says which.
    [[nodiscard]] static Result<std::unique_ptr<Window>> open(const WindowOptions& options);
    ~Window();

    // Waits for input, a wake() or the time; true if there was input since the last frame (or the window wants to be drawn).
    bool wait(std::chrono::milliseconds most);
    // Ends a wait() from another thread. [any-thread]
    static void wake() noexcept;
    [[nodiscard]] bool should_close() const noexcept;

    // Draws one frame: begin, build(), render. build() returns false where the frame was broken; it is then dropped and built again.
    void draw(const std::function<bool()>& build);
    [[nodiscard]] float width() const noexcept;
    [[nodiscard]] float height() const noexcept;

    // The last frame as a PNG file.
    [[nodiscard]] Result<void> save_screenshot(const std::string& file) const;

private:
    Window() = default;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace penstock::station
