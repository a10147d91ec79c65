#pragma once

// What the journal keeps of a write, for people and for recovery.

#include <penstock/history_operations.hpp>

#include "core/engine/write_command.hpp"
#include "core/tags/tag_reader.hpp"

namespace penstock::engine {

// Who wants what, and what the tag is now. The value is given in the tag's own type if it fits.
[[nodiscard]] Event asked_event(const tags::TagReader& reader, const WriteCommand& command);
// What became of the event `asked`, whose position is known.
[[nodiscard]] Event answered_event(const Event& asked, const WriteAnswer& answer);
// And back. `answered` is of kind write_answered.
[[nodiscard]] WriteAnswer answer_of(const Event& answered);

// What the one who asked is told if the device's answer could not be written down.
[[nodiscard]] WriteAnswer not_recorded(const WriteAnswer& answer, const Error& error);

}  // namespace penstock::engine
