#pragma once

namespace penstock::guests {

// Makes libpenstock-imgui known to the process, once, before a widget library is loaded: the private copy that is loaded has no
// neighbours, and finds it by its name because it is there already. In a station the program itself has brought it. Where it
// cannot be found, loading the widgets will say so. [worker]
void share_imgui();

}  // namespace penstock::guests
