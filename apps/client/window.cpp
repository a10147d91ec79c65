#include "apps/client/window.hpp"

#include <vector>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "apps/client/fonts.hpp"
#include "apps/client/framebuffer.hpp"
#include "apps/client/png.hpp"
#include "apps/client/theme.hpp"
#include "core/base/log.hpp"

namespace penstock::station {
namespace {

std::string& last_glfw_error() {
    static std::string text;
    return text;
}

// What happened since the last frame; GLFW tells it by callbacks that know only their window.
struct Seen {
    bool input = true;
};

void note(GLFWwindow* of) { static_cast<Seen*>(glfwGetWindowUserPointer(of))->input = true; }

}  // namespace

struct Window::Parts {
    GLFWwindow* window = nullptr;
    ImGuiContext* context = nullptr;
    Seen seen;

    ~Parts() {
        if (context != nullptr) {
            ImGui_ImplOpenGL3_Shutdown();
            ImGui_ImplGlfw_Shutdown();
            ImGui::DestroyContext(context);
        }
        if (window != nullptr) glfwDestroyWindow(window);
        glfwTerminate();
    }
    void listen_for_input();
};

// Before ImGui's backend, which chains to these.
void Window::Parts::listen_for_input() {
    glfwSetWindowUserPointer(window, &seen);
    glfwSetCursorPosCallback(window, [](GLFWwindow* of, double, double) { note(of); });
    glfwSetMouseButtonCallback(window, [](GLFWwindow* of, int, int, int) { note(of); });
    glfwSetScrollCallback(window, [](GLFWwindow* of, double, double) { note(of); });
    glfwSetKeyCallback(window, [](GLFWwindow* of, int, int, int, int) { note(of); });
    glfwSetCharCallback(window, [](GLFWwindow* of, unsigned) { note(of); });
    glfwSetWindowFocusCallback(window, [](GLFWwindow* of, int) { note(of); });
    glfwSetCursorEnterCallback(window, [](GLFWwindow* of, int) { note(of); });
    glfwSetFramebufferSizeCallback(window, [](GLFWwindow* of, int, int) { note(of); });
    glfwSetWindowRefreshCallback(window, [](GLFWwindow* of) { note(of); });
}

Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
    glfwSetErrorCallback([](int, const char* text) { last_glfw_error() = text; });
    if (glfwInit() != GLFW_TRUE) return fail(ErrorCode::unsupported, "there is no display: " + last_glfw_error());
    std::unique_ptr<Window> window(new Window);
    window->parts_ = std::make_unique<Parts>();
    auto& parts = *window->parts_;

    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, options.is_visible ? GLFW_TRUE : GLFW_FALSE);
    parts.window = glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
    if (parts.window == nullptr) return fail(ErrorCode::unsupported, "the display has no OpenGL 3.3: " + last_glfw_error());
    glfwMakeContextCurrent(parts.window);
    glfwSwapInterval(1);
    parts.listen_for_input();

    parts.context = ImGui::CreateContext();
    auto& io = ImGui::GetIO();
    io.IniFilename = nullptr;  // everything a station looks like comes from the server
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    float scale = 1.0F;
    glfwGetWindowContentScale(parts.window, &scale, nullptr);
    load_fonts(scale);
    apply_theme(scale);
    ImGui_ImplGlfw_InitForOpenGL(parts.window, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    return window;
}

Window::~Window() = default;

bool Window::wait(std::chrono::milliseconds most) {
    glfwWaitEventsTimeout(std::chrono::duration<double>(most).count());
    return parts_->seen.input;
}

void Window::wake() noexcept { glfwPostEmptyEvent(); }

bool Window::should_close() const noexcept { return glfwWindowShouldClose(parts_->window) == GLFW_TRUE; }

float Window::width() const noexcept { return ImGui::GetIO().DisplaySize.x; }
float Window::height() const noexcept { return ImGui::GetIO().DisplaySize.y; }

void Window::draw(const std::function<bool()>& build) {
    // Input wants one more frame after it, in which ImGui shows what came of it.
    parts_->seen.input = false;
    constexpr int kMostAttempts = 100;  // each broken frame has made a widget a placeholder
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplGlfw_NewFrame();
        auto& io = ImGui::GetIO();
        if (io.DeltaTime <= 0.0F) io.DeltaTime = 1.0F / 1000.0F;  // two frames on one tick of the clock
        ImGui::NewFrame();
        const bool is_whole = build();
        if (!is_whole) ImGui::ErrorCheckEndFrameRecover(nullptr);
        ImGui::Render();
        if (is_whole) break;
    }
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(parts_->window, &width, &height);
    clear_framebuffer(width, height);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(parts_->window);
}

Result<void> Window::save_screenshot(const std::string& file) const {
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(parts_->window, &width, &height);
    clear_framebuffer(width, height);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());  // the back buffer is undefined after a swap
    return write_png(file, read_framebuffer(width, height), width, height);
}

}  // namespace penstock::station
