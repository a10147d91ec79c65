#include "core/journal/event_record.hpp"

#include "core/journal/lane.hpp"
#include "core/wire/codec.hpp"

namespace penstock::journal {

void encode_event(const Event& event, wire::Buffer& body) {
    body.clear();
    if (event.position == 0 && event.time == UtcTime{}) return wire::encode(event, body);  // as most are: no copy
    auto stored = event;
    stored.position = 0;
    stored.time = {};
    wire::encode(stored, body);
}

Result<Event> decode_event(const Record& record) {
    auto event = wire::decode<Event>(record.body);
    if (!event) return event;
    event->position = record.sequence;
    event->time = record.time.utc;
    return event;
}

Result<Position> append_event(Lane& lane, const Event& event, Now now) {
    wire::Buffer body;
    encode_event(event, body);
    return lane.append(RecordType::event, body, now);
}

}  // namespace penstock::journal
