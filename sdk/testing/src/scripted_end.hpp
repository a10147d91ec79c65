#pragma once

// What scripted_network.cpp and scripted_io.cpp share.

#include <deque>
#include <memory>
#include <string>

#include <penstock/testing/scripted_io.hpp>
#include <penstock/testing/scripted_network.hpp>

namespace penstock::testing {

struct ScriptedNetwork::End {
    std::weak_ptr<End> other;
    ScriptedIo* owner = nullptr;         // null until it is accepted
    abi::Completion* reader = nullptr;   // waits for bytes
    std::string incoming;
    std::string address;                 // of the other side
    bool is_client = false;
    bool is_unix = false;  // the kernel vouches for the peer
    bool is_ended = false;               // nothing more will come
    bool is_broken = false;              // writes fail
};

struct ScriptedNetwork::Listening {
    std::string endpoint;
    ScriptedIo* owner = nullptr;
    abi::Completion* acceptor = nullptr;
    std::deque<std::shared_ptr<End>> backlog;
};

[[nodiscard]] inline abi::IoResult result_of(ErrorCode code, std::int32_t system_error = 0) {
    abi::IoResult result;
    result.code = static_cast<std::int32_t>(code);
    result.system_error = system_error;
    return result;
}

}  // namespace penstock::testing
