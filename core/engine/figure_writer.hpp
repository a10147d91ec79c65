#pragma once

// The key figures of the alarms on their way into their tags: what changed, when they are due. All [engine].

#include <vector>

#include <penstock/time.hpp>

#include "core/alarms/key_figures.hpp"
#include "core/tags/tag_catalog.hpp"

namespace penstock::engine {

class Applier;

class FigureWriter final {
public:
    // Tags that the site does not have are left out. All must outlive it.
    FigureWriter(alarms::KeyFigures& figures, const tags::TagCatalog& tags, Applier& applier);

    // Before calculations and alarms, which may look at them.
    void run(Now now);
    [[nodiscard]] MonotonicTime due() const noexcept { return figures_.due(); }

private:
    alarms::KeyFigures& figures_;
    const tags::TagCatalog& catalog_;
    Applier& applier_;
    std::vector<tags::TagId> tags_;  // by figure; kNoTag: none
    std::vector<double> values_, written_;
};

}  // namespace penstock::engine
