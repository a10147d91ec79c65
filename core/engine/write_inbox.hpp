#pragma once

// What other threads tell the engine about its writes: the journal that a record is durable, a device that it has answered. Bounded
// by the writes under way, of which each waits for one thing at a time.

#include <cstdint>
#include <mutex>
#include <variant>
#include <vector>

#include <penstock/result.hpp>

#include "core/engine/write_command.hpp"

namespace penstock::engine {

class Doorbell;

class WriteInbox final {
public:
    struct Note {
        std::uint64_t write = 0;  // its number
        std::variant<Result<void>, WriteAnswer> what;  // durable, or the journal's failure; the device's answer
    };

    explicit WriteInbox(Doorbell& bell) : bell_(&bell) {}

    void put(Note note);  // rings the bell [any-thread]
    // What came since, in order; `into` is replaced. [engine]
    void take(std::vector<Note>& into);
    // From now on nobody listens.
    void close();

private:
    std::mutex mutex_;  // guards what follows
    Doorbell* bell_;  // null: closed
    std::vector<Note> notes_;
};

}  // namespace penstock::engine
