#include "core/engine/write_events.hpp"

#include <charconv>
#include <utility>

#include "core/engine/write_check.hpp"

namespace penstock::engine {
namespace {

std::string text_key(WriteResult outcome) { return "write." + std::string(to_string(outcome)); }

}  // namespace

Event asked_event(const tags::TagReader& reader, const WriteCommand& command) {
    const auto tag = reader.catalog().view(command.tag);
    auto wanted = in_tag_type(tag, command.value);
    Event event;
    event.kind = EventKind::write_asked;
    event.area = tag.area;
    event.user = command.user;
    event.station = command.station;
    event.object = tag.name;
    event.text = "write.asked";
    event.old_value = reader.snapshot(command.tag).value();
    event.new_value = wanted ? *std::move(wanted) : command.value;
    event.command = command.command;
    event.item = command.item;
    return event;
}

// Parameters: the reason, and the error's number for those who decode it again.
Event answered_event(const Event& asked, const WriteAnswer& answer) {
    auto event = asked;
    event.kind = EventKind::write_answered;
    event.text = text_key(answer.outcome);
    event.cause = asked.position + 1;
    event.parameters = {answer.reason, std::to_string(static_cast<int>(answer.code))};
    return event;
}

WriteAnswer answer_of(const Event& answered) {
    WriteAnswer answer;
    for (const auto outcome : {WriteResult::done, WriteResult::refused}) {
        if (answered.text == text_key(outcome)) answer.outcome = outcome;
    }
    if (!answered.parameters.empty()) answer.reason = answered.parameters[0];
    int code = answer.outcome == WriteResult::done ? 0 : static_cast<int>(ErrorCode::unknown_outcome);
    if (answered.parameters.size() > 1) {
        const auto& text = answered.parameters[1];
        std::from_chars(text.data(), text.data() + text.size(), code);
    }
    answer.code = static_cast<ErrorCode>(code);
    return answer;
}

WriteAnswer not_recorded(const WriteAnswer& answer, const Error& error) {
    const auto said = answer.outcome == WriteResult::done
                          ? std::string("the tag took the value")
                          : "whether the tag took the value is not known (" + answer.reason + ")";
    return {WriteResult::unknown, ErrorCode::unknown_outcome,
            said + ", but the journal could not write that down: " + error.text()};
}

}  // namespace penstock::engine
