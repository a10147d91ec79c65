#pragma once

namespace penstock::base {

// Where processors are scarce, the calling thread gets about a third of what other threads of this process get: for work that may be
// behind, beside work that must not. For good; whoever started it keeps its own.
void give_way() noexcept;

}  // namespace penstock::base
