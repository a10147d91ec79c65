#include "apps/client/framebuffer.hpp"

#include <algorithm>

#include <GL/gl.h>
#include <imgui.h>

#include "apps/client/theme.hpp"

namespace penstock::station {

void clear_framebuffer(int width, int height) {
    const auto background = ImGui::ColorConvertU32ToFloat4(colour(ColourRole::background));
    glViewport(0, 0, width, height);
    glClearColor(background.x, background.y, background.z, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
}

std::vector<std::uint8_t> read_framebuffer(int width, int height) {
    const auto row = static_cast<std::size_t>(width) * 3;
    std::vector<std::uint8_t> pixels(row * static_cast<std::size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
    // OpenGL counts rows from the bottom.
    for (std::size_t top = 0, bottom = static_cast<std::size_t>(height); top + 1 < bottom; ++top)
        std::swap_ranges(pixels.begin() + static_cast<std::ptrdiff_t>(top * row),
                         pixels.begin() + static_cast<std::ptrdiff_t>((top + 1) * row),
                         pixels.begin() + static_cast<std::ptrdiff_t>(--bottom * row));
    return pixels;
}

}  // namespace penstock::station
