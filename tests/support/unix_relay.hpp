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
    // The next connection is closed in place of passing the n-th piece that the server sends on it (the first is 1): what was asked has
    // arrived, the answer has not. Holds once. [any-thread]
    void cut_before_piece(int n);
    // How many connections it has cut. [any-thread]
    [[nodiscard]] int cuts() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace penstock::testing
