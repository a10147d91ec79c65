#pragma once

#include <future>
#include <type_traits>
#include <utility>

#include "core/base/strand.hpp"

namespace penstock::server {

// Runs `work` on the strand and waits for its result. Not from a strand: it would wait for itself.
template <class Work>
auto on_strand(base::Strand& strand, Work work) -> std::invoke_result_t<Work&> {
    std::packaged_task<std::invoke_result_t<Work&>()> task(std::move(work));
    auto result = task.get_future();
    strand.post(std::move(task));
    return result.get();
}

}  // namespace penstock::server
