#include "apps/cli/text.hpp"
#include "apps/cli/verbs.hpp"
#include "core/wire/json_text.hpp"

namespace penstock::cli {
namespace {

Error not_found(const ReadItem& item) {
    std::string sentence = "there is no tag \"" + item.value.tag + '"';
    if (!item.hint.empty()) sentence += "; did you mean \"" + item.hint + "\"?";
    return Error(item.code, std::move(sentence));
}

}  // namespace

int run_read(Session& session, const GlobalOptions& global, const ReadOptions& options) {
    ReadRequest request;
    request.tags = options.tags;
    const auto reply = session.call_and_wait(std::move(request), kReplyTimeout);
    if (!reply) return report(reply.error());

    int code = kDone;
    Table table;
    auto json = wire::Json::array();
    for (const auto& item : reply->items) {
        if (item.code != ErrorCode{}) {
            code = report(not_found(item));
            continue;
        }
        const auto& value = item.value;
        if (global.json)
            json.push_back(wire::to_json(value));
        else
            table.row({printable(value.tag), value_text(value.value, value.unit), quality_text(value.quality, value.cause),
                       time_text(value.time)});
    }
    if (global.json)
        print_line(wire::json_line(json));
    else
        print(table.text());
    return code;
}

int run_read(const GlobalOptions& global, const ReadOptions& options) {
    return with_session(global, [&](Session& session) { return run_read(session, global, options); });
}

}  // namespace penstock::cli
