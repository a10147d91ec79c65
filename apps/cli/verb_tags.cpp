#include <algorithm>
#include <iterator>

#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

Result<std::vector<TagInfo>> browse_all(Session& session, const std::string& pattern) {
    std::vector<TagInfo> tags;
    BrowseRequest request;
    request.pattern = pattern;
    for (;;) {
        auto page = session.call_and_wait(request, kReplyTimeout);
        if (!page) return std::unexpected(page.error());
        std::ranges::move(page->tags, std::back_inserter(tags));
        if (page->next.empty()) return tags;
        request.after = page->next;
    }
}

std::string access_text(const TagInfo& tag) { return tag.writable ? "read/write" : "read"; }

}  // namespace

int run_tags(const GlobalOptions& global, const TagsOptions& options) {
    auto link = connect(global);
    if (!link) return report(link.error());
    const auto tags = browse_all((*link)->session(), options.pattern);
    if (!tags) return report(tags.error());

    if (global.json) {
        auto json = wire::Json::array();
        for (const auto& tag : *tags) json.push_back(wire::to_json(tag));
        print_line(wire::json_line(json));
        return kDone;
    }
    Table table;
    for (const auto& tag : *tags) {
        if (options.names)
            table.row({printable(tag.name)});
        else if (options.origin)
            table.row({printable(tag.name), printable(tag.origin)});
        else
            table.row({printable(tag.name), std::string(to_string(tag.type)), printable(tag.unit), access_text(tag),
                       printable(tag.device), printable(tag.address), printable(tag.area), printable(tag.description)});
    }
    print(table.text());
    if (tags->empty() && !options.names)
        return report(Error(ErrorCode::not_found, "no tag matches \"" + options.pattern + '"'));
    return kDone;
}

}  // namespace penstock::cli
