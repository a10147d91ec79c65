#pragma once

namespace penstock::engine {

// One per thread that serves readers (never one per client): told once per cycle that something changed.
class Waker {
public:
    virtual ~Waker() = default;
    // The head has moved. Must not block; several calls may be answered by one look at the changes. [engine]
    virtual void wake() noexcept = 0;
};

}  // namespace penstock::engine
