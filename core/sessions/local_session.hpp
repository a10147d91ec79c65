#pragma once

// The session in one process: what a single-user station, the server's own tools and most tests hold.

#include <memory>

#include <penstock/session.hpp>

#include "core/sessions/operation.hpp"

namespace penstock::sessions {

enum class LocalCodec {
    skipped,  // requests, replies and updates are handed over as they are
    through,  // each is encoded and decoded on its way, as if a server were between: for tests
};

// Always connected. Belongs to the thread that polls it; `plant` outlives it. unavailable beyond 1,000 requests under way
// and 64 subscriptions.
[[nodiscard]] std::unique_ptr<Session> make_local_session(Plant plant, Principal principal,
                                                          LocalCodec codec = LocalCodec::skipped);

}  // namespace penstock::sessions
