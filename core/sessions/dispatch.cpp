#include "core/sessions/dispatch.hpp"

#include "core/sessions/operation_table.hpp"

namespace penstock::sessions {

void dispatch(const Caller& caller, AnyRequest request, OnAnyReply reply) {
    std::visit(
        [&]<class Request>(Request& each) {
            const auto& row = std::get<Operation<Request>>(kOperations);
            AreaList areas;
            row.areas(caller.plant, each, areas);
            const auto grant = authorise(caller.principal, row.right(each), areas);
            if (!grant) return reply(std::unexpected(grant.error()));
            const Call call{caller.plant, *grant, caller.principal.name, caller.station, caller.session};
            row.handle(call, std::move(each), Answer<typename Request::Reply>(std::move(reply)));
        },
        request);
}

}  // namespace penstock::sessions
