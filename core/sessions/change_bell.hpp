#pragma once

// Tells sessions that values have changed: once per engine cycle and strand. Add it to the engine, once; who serves sessions
// registers here, at any time.

#include <mutex>
#include <vector>

#include "core/engine/waker.hpp"

namespace penstock::sessions {

class ChangeBell final : public engine::Waker {
public:
    class Listener {
    public:
        // Must not block, and must not add or remove listeners. [engine]
        virtual void on_changes() noexcept = 0;

    protected:
        ~Listener() = default;
    };

    // [any-thread]
    void add(Listener& listener);
    // Waits for a call of it that is under way. [any-thread]
    void remove(Listener& listener) noexcept;

    void wake() noexcept override;

private:
    // Guards the list, and is held while listeners are called: they only set a flag and wake their strand, and remove() must wait
    // for them.
    std::mutex mutex_;
    std::vector<Listener*> listeners_;
};

}  // namespace penstock::sessions
