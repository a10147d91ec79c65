// Where a value comes from: what the tag table knows, then what the device's link says, or what a calculated tag is made of.
#include <algorithm>

#include "core/expressions/expression.hpp"
#include "core/expressions/names.hpp"
#include "core/sessions/handlers.hpp"
#include "core/sessions/visible_tags.hpp"
#include "core/tags/area_path.hpp"

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

// Of a tag that the caller may see.
std::string input_text(const Call& call, tags::TagId id) {
    const auto& reader = call.plant.reader;
    const auto tag = tag_value(reader, reader.catalog().view(id), reader.snapshot(id));
    auto text = tag.tag + " = " + (tag.value.has_value() ? tag.value.text() : "nothing yet");
    if (!tag.unit.empty() && tag.value.has_value()) text += ' ' + tag.unit;
    text += " (" + std::string(to_string(tag.quality));
    if (!tag.cause.empty()) text += ": " + tag.cause;
    return text + ')';
}

// In one spelling, and without the names of tags that the caller may not see.
std::string expression_text(const Call& call, std::string_view expression) {
    auto text = expressions::canonical_text(expression);
    const auto names = expressions::tag_names(text);
    if (!names) return {};  // the site's check lets no such through
    const VisibleTags visible(call);
    std::string shown;
    std::size_t done = 0;
    for (const auto& name : *names) {
        if (visible.find(name.inner)) continue;
        shown.append(text, done, name.offset - done).append(tags::kHiddenName);
        done = name.offset + name.length;
    }
    return shown.append(text, done);
}

// "tank.level = 4.2 m (good), tank.area = 12 (uncertain: ...)": in the order in which they stand in the expression; last, and once,
// that there are others.
std::string inputs_text(const Call& call, std::string_view expression) {
    const auto names = expressions::tag_names(expression);
    if (!names) return {};  // the site's check lets no such through
    const VisibleTags visible(call);
    std::vector<tags::TagId> seen;
    std::string text;
    bool is_any_hidden = false;
    const auto add = [&text](std::string_view part) { text.append(text.empty() ? "" : ", ").append(part); };
    for (const auto& name : *names) {
        const auto id = visible.find(name.inner);
        if (!id) is_any_hidden = true;
        if (!id || std::ranges::find(seen, *id) != seen.end()) continue;
        seen.push_back(*id);
        add(input_text(call, *id));
    }
    if (is_any_hidden) add(std::string(tags::kHiddenName) + ": of areas that you may not see");
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
        reply.last_request = expression_text(call, tag.expression);
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
