// Handlers that answer at once from the server's memory.
#include "core/sessions/handlers.hpp"

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/engine/engine.hpp"
#include "core/sessions/visible_tags.hpp"
#include "core/wire/frame.hpp"

namespace penstock::sessions {
namespace {

constexpr std::size_t kMaxStationBytes = 255;

std::unexpected<Error> too_many(std::string_view what, std::size_t found, std::size_t most) {
    return fail(ErrorCode::invalid_argument,
                std::to_string(found) + " " + std::string(what) + ", at most " + std::to_string(most));
}

// The visible tags after `after`, in order of name, of those that match the pattern.
std::vector<tags::TagId> visible_matches(const Call& call, std::string_view pattern) {
    auto matches = call.plant.reader.catalog().matching(pattern);
    const VisibleTags visible(call);
    std::erase_if(matches, [&](tags::TagId tag) { return !visible.covers(tag); });
    return matches;
}

SubscribedTag subscribed_tag(const tags::TagView& tag) {
    SubscribedTag found;
    found.name = tag.name;
    found.found = true;
    found.type = tag.type;
    found.writable = tag.access == tags::Access::read_write;
    found.unit = tag.unit;
    found.range_low = tag.range_low;
    found.range_high = tag.range_high;
    return found;
}

// What the caller wants to watch, by name or by pattern.
struct Wanted {
    std::vector<tags::TagId> tags;
    std::vector<SubscribedTag> found;
};
Wanted find_wanted(const Call& call, const SubscribeRequest& request) {
    const auto& catalog = call.plant.reader.catalog();
    Wanted wanted;
    if (!request.pattern.empty()) {
        wanted.tags = visible_matches(call, request.pattern);
        for (const auto tag : wanted.tags) wanted.found.push_back(subscribed_tag(catalog.view(tag)));
        return wanted;
    }
    VisibleTags visible(call);
    for (const auto& name : request.tags) {
        const auto tag = visible.find(name);
        wanted.tags.push_back(tag.value_or(tags::kNoTag));
        if (tag) {
            wanted.found.push_back(subscribed_tag(catalog.view(*tag)));
        } else {
            auto& missing = wanted.found.emplace_back();
            missing.name = name;
            missing.hint = visible.hint(name);
        }
    }
    return wanted;
}

}  // namespace

void handle_hello(const Call& call, HelloRequest request, Answer<HelloReply> answer) {
    if (request.protocol != wire::kProtocolVersion)
        return answer(fail(ErrorCode::unsupported, "the client speaks protocol " + std::to_string(request.protocol)
                                                       + ", this server speaks " + std::to_string(wire::kProtocolVersion)));
    if (request.station.size() > kMaxStationBytes)
        return answer(too_many("bytes of a station's name", request.station.size(), kMaxStationBytes));
    call.session->set_station(std::move(request.station));
    auto reply = call.plant.services->identity();
    reply.user = call.user;
    answer(std::move(reply));
}

void handle_browse(const Call& call, BrowseRequest request, Answer<BrowseReply> answer) {
    const auto& catalog = call.plant.reader.catalog();
    const auto matches = visible_matches(call, request.pattern);
    BrowseReply reply;
    reply.total = matches.size();
    auto next = std::ranges::upper_bound(matches, std::string_view(request.after), {},
                                         [&](tags::TagId tag) { return catalog.name(tag); });
    if (request.after.empty()) next = matches.begin();
    const auto limit = std::clamp<std::size_t>(request.limit, 1, kMaxBrowseTags);
    for (; next != matches.end() && reply.tags.size() < limit; ++next) reply.tags.push_back(tag_info(catalog.view(*next)));
    if (next != matches.end()) reply.next = reply.tags.back().name;
    answer(std::move(reply));
}

void handle_read(const Call& call, ReadRequest request, Answer<ReadReply> answer) {
    if (request.tags.size() > kMaxReadTags) return answer(too_many("tags to read", request.tags.size(), kMaxReadTags));
    const auto& reader = call.plant.reader;
    VisibleTags visible(call);
    tags::TagSnapshot snapshot;
    ReadReply reply;
    reply.items.reserve(request.tags.size());
    for (auto& name : request.tags) {
        auto& item = reply.items.emplace_back();
        if (const auto tag = visible.find(name)) {
            reader.snapshot(*tag, snapshot);
            item.value = tag_value(reader, reader.catalog().view(*tag), snapshot);
        } else {
            item.code = ErrorCode::not_found;
            item.hint = visible.hint(name);
            item.value.quality = QualityCode::bad_not_found;
            item.value.cause = no_such_tag(name, item.hint);
            item.value.tag = std::move(name);
        }
    }
    answer(std::move(reply));
}

void handle_status(const Call& call, StatusRequest, Answer<StatusReply> answer) {
    StatusReply reply;
    call.plant.services->describe_status(reply);
    reply.server = call.plant.services->identity();
    reply.server.user = call.user;
    reply.now = call.plant.clock->now().utc;
    reply.tags = call.plant.reader.catalog().size();
    reply.tags_bad = call.plant.engine->counters().tags_bad;
    reply.sessions = call.session->session_count();
    answer(std::move(reply));
}

void handle_definition(const Call& call, DefinitionRequest request, Answer<DefinitionReply> answer) {
    const auto& services = *call.plant.services;
    DefinitionReply reply;
    if (const auto document = request.name.empty() ? nullptr : services.document(request.kind, request.name);
        document && call.grant.covers(document->area)) {
        reply.name = document->name;
        reply.hash = document->hash;
        reply.unchanged = request.hash == document->hash;
        if (!reply.unchanged) reply.content = document->content;
        return answer(std::move(reply));
    }
    for (const auto& each : services.documents(request.kind)) {
        if (call.grant.covers(each->area)) reply.names.push_back(each->name);
    }
    if (request.name.empty()) return answer(std::move(reply));
    auto sentence = "there is no definition \"" + request.name + '"';
    const auto suggestion = base::did_you_mean(request.name, reply.names);
    if (!suggestion.empty()) sentence += "; " + suggestion;
    answer(fail(ErrorCode::not_found, std::move(sentence)));
}

void handle_subscribe(const Call& call, SubscribeRequest request, Answer<SubscribeReply> answer) {
    if (request.tags.size() > kMaxSubscribedTags)
        return answer(too_many("tags to watch", request.tags.size(), kMaxSubscribedTags));
    auto wanted = find_wanted(call, request);
    if (wanted.tags.size() > kMaxSubscribedTags)
        return answer(too_many("tags match the pattern", wanted.tags.size(), kMaxSubscribedTags));
    const auto stream = call.session->open_latest(std::move(wanted.tags));
    if (!stream) return answer(std::unexpected(stream.error()));
    SubscribeReply reply;
    reply.stream = *stream;
    reply.tags = std::move(wanted.found);
    answer(std::move(reply));
}

void handle_unsubscribe(const Call& call, UnsubscribeRequest request, Answer<UnsubscribeReply> answer) {
    if (call.session->close_stream(request.stream)) return answer(UnsubscribeReply());
    answer(fail(ErrorCode::not_found, "this session has no stream " + std::to_string(request.stream)));
}

}  // namespace penstock::sessions
