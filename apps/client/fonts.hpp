#pragma once

namespace penstock::station {

// Fills the font atlas: Noto Sans with Latin, Greek and Cyrillic, DejaVu Sans for arrows, boxes and shapes. Without them (a small
// machine) ImGui's own font, and a word in the log. After the context was made.
void load_fonts(float pixels);

}  // namespace penstock::station
