#pragma once

// A wish to change a tag, on its way to the device.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <penstock/operations.hpp>
#include <penstock/result.hpp>
#include <penstock/value.hpp>

#include "core/tags/tag_catalog.hpp"

namespace penstock::engine {

// What became of it. `code`: denied (the tag is read-only), invalid_argument (type, range, device's number), not_found,
// disconnected, unavailable (the server stops), unknown_outcome; 0 when done.
struct WriteAnswer {
    WriteResult outcome = WriteResult::unknown;
    ErrorCode code{};
    std::string reason;  // a sentence; "" when done
};

// `value` is in the tag's own unit; it is converted if nothing is lost, text is parsed. `done` is called exactly once: on
// the engine's thread for refusals, memory tags and wherever there is a journal, else on the device's; it must not block and must not
// call the engine back, except post().
struct WriteCommand {
    tags::TagId tag = tags::kNoTag;
    Value value;
    std::move_only_function<void(WriteAnswer)> done;
    std::string user{}, station{};  // who asks, and where: for the journal
    // What the client calls its request, and the place within it: the same again is answered as the first time, and not written
    // twice (executed_commands.hpp). 0: nothing is known of it.
    std::uint64_t command = 0;
    std::uint32_t item = 0;
};

}  // namespace penstock::engine
