#pragma once

namespace penstock::station {

// Fills the font atlas, in several sizes (16 pixels times `scale` is the default): Noto Sans with Latin, Greek and Cyrillic, DejaVu
// Sans for arrows, boxes and shapes. Without them (a small machine) ImGui's own font, and a word in the log. After the context
// was made.
void load_fonts(float scale);

}  // namespace penstock::station
