// Where a value comes from: what the tag table knows, then what the device's link says, or what a calculated tag is made of.
#include <algorithm>

#include "core/expressions/expression.hpp"
#include "core/expressions/names.hpp"
#include "core/sessions/handlers.hpp"
#include "core/sessions/visible_tags.hpp"

namespace penstock::sessions {
namespace {

// "raw 0..27648 -> 0..6 m, clamped"
std::string scaling_text(const tags::TagView& tag) {
    if (tag.scaling == nullptr) return {};
    const auto& s = *tag.scaling;
    auto text = "raw " + Value(s.raw_low).text() + ".." + Value(s.raw_high).text() + " -> " + Value(s.eng_low).text() + ".."
                + Value(s.eng_high).text();
    if (!tag.unit.empty()) text += ' ' + std::string(tag.unit);
    if (s.clamp) text += ", clamped";
    return text;
}

std::string input_text(const Call& call, std::string_view name) {
    const auto id = VisibleTags(call).find(name);
    if (!id) return std::string(name) + ": of an area that you may not see";
    const auto& reader = call.plant.reader;
    const auto tag = tag_value(reader, reader.catalog().view(*id), reader.snapshot(*id));
    auto text = tag.tag + " = " + (tag.value.has_value() ? tag.value.text() : "nothing yet");
    if (!tag.unit.empty() && tag.value.has_value()) text += ' ' + tag.unit;
    text += " (" + std::string(to_string(tag.quality));
    if (!tag.cause.empty()) text += ": " + tag.cause;
    return text + ')';
}

// "tank.level = 4.2 m (good), tank.area = 12 (uncertain: ...)": in the order in which they stand in the expression.
std::string inputs_text(const Call& call, std::string_view expression) {
    const auto names = expressions::tag_names(expression);
    if (!names) return {};  // the site's check lets no such through
    std::vector<std::string_view> seen;
    std::string text;
    for (const auto& name : *names) {
        if (std::ranges::find(seen, name.inner) != seen.end()) continue;
        seen.push_back(name.inner);
        if (!text.empty()) text += ", ";
        text += input_text(call, name.inner);
    }
    return text;
}

}  // namespace

void handle_explain(const Call& call, ExplainRequest request, Answer<ExplainReply> answer) {
    VisibleTags visible(call);
    const auto id = visible.find(request.tag);
    if (!id) return answer(fail(ErrorCode::not_found, no_such_tag(request.tag, visible.hint(request.tag))));

    const auto& reader = call.plant.reader;
    const auto tag = reader.catalog().view(*id);
    const auto snapshot = reader.snapshot(*id);
    ExplainReply reply;
    reply.value = tag_value(reader, tag, snapshot);
    reply.info = tag_info(tag);
    reply.scaling = scaling_text(tag);
    reply.raw = snapshot.raw_value();
    reply.since = snapshot.since;
    reply.received = snapshot.received;
    if (tag.is_calculated()) {
        reply.last_request = expressions::canonical_text(tag.expression);
        reply.last_answer = inputs_text(call, tag.expression);
        return answer(std::move(reply));
    }
    call.plant.services->describe_origin(*id, [reply = std::move(reply), answer = std::move(answer)](TagOrigin origin) mutable {
        reply.endpoint = std::move(origin.endpoint);
        reply.link = std::move(origin.link);
        reply.last_request = std::move(origin.last_request);
        reply.last_answer = std::move(origin.last_answer);
        answer(std::move(reply));
    });
}

}  // namespace penstock::sessions
