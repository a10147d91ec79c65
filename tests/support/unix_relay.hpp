#pragma once

// Passes the bytes of a local socket on to another, and cuts them when the test says so: what FaultProxy is to TCP, in little.

#include <memory>
#include <string>

namespace penstock::testing {

class UnixRelay {
public:
    // Listens at `here` (a path that is free) and passes on to the socket at `there`, which may come later. Throws std::system_error.
    UnixRelay(const std::string& here, std::string there);
    ~UnixRelay();  // cuts everything
    UnixRelay(const UnixRelay&) = delete;
    UnixRelay& operator=(const UnixRelay&) = delete;

    // Closes all connections, wherever in a frame they are; new ones are taken. [any-thread]
    void cut();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::testing
