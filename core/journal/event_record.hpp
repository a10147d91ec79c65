#pragma once

// An event as the body of a record of the events lane: the fields of penstock::Event in the wire's form, without what the record
// itself says, its sequence and its time. A later version adds fields at the end; an earlier one passes over them.

#include <penstock/history_operations.hpp>
#include <penstock/result.hpp>

#include "core/journal/record.hpp"
#include "core/wire/buffer.hpp"

namespace penstock::journal {

class Lane;

// Replaces `body`. `position` and `time` of the event are not used.
void encode_event(const Event& event, wire::Buffer& body);
// With position and time of the record. Error protocol: the body is no event; the sentence names byte and field.
[[nodiscard]] Result<Event> decode_event(const Record& record);

// Encodes and appends. Returns the position after it; errors as Lane::append. [any-thread]
[[nodiscard]] Result<Position> append_event(Lane& lane, const Event& event, Now now);

}  // namespace penstock::journal
