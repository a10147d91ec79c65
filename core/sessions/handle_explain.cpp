// Where a value comes from: what the tag table knows, then what the device's link says.
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
    call.plant.services->describe_origin(*id, [reply = std::move(reply), answer = std::move(answer)](TagOrigin origin) mutable {
        reply.endpoint = std::move(origin.endpoint);
        reply.link = std::move(origin.link);
        reply.last_request = std::move(origin.last_request);
        reply.last_answer = std::move(origin.last_answer);
        answer(std::move(reply));
    });
}

}  // namespace penstock::sessions
