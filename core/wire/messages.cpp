#include "core/wire/messages.hpp"

#include "core/wire/codec.hpp"

namespace penstock::wire {
namespace {

// Tries each alternative of AnyRequest in turn; Decode<Request>() does the work for the one whose number it is.
template <std::size_t I = 0, class Visit>
bool with_request_type(OperationId operation, Visit&& visit) {
    if constexpr (I < std::variant_size_v<AnyRequest>) {
        using Request = std::variant_alternative_t<I, AnyRequest>;
        if (Request::kId != operation) return with_request_type<I + 1>(operation, visit);
        visit(std::type_identity<Request>());
        return true;
    } else {
        return false;
    }
}

std::unexpected<Error> unknown(OperationId operation) {
    return fail(ErrorCode::unsupported, "operation number " + std::to_string(static_cast<unsigned>(operation)) + " is unknown");
}

}  // namespace

OperationId operation_of(const AnyRequest& request) noexcept {
    return std::visit([]<class Request>(const Request&) { return Request::kId; }, request);
}

std::string_view name_of(OperationId operation) noexcept {
    std::string_view name;
    with_request_type(operation, [&]<class Request>(std::type_identity<Request>) { name = Request::kName; });
    return name;
}

void encode_request(const AnyRequest& request, Buffer& out) {
    std::visit([&](const auto& each) { encode(each, out); }, request);
}

void encode_reply(const AnyReply& reply, Buffer& out) {
    std::visit([&](const auto& each) { encode(each, out); }, reply);
}

Result<AnyRequest> decode_request(OperationId operation, Bytes bytes) {
    Result<AnyRequest> request = unknown(operation);
    with_request_type(operation, [&]<class Request>(std::type_identity<Request>) { request = decode<Request>(bytes); });
    return request;
}

Result<AnyReply> decode_reply(OperationId operation, Bytes bytes) {
    Result<AnyReply> reply = unknown(operation);
    with_request_type(operation,
                      [&]<class Request>(std::type_identity<Request>) { reply = decode<typename Request::Reply>(bytes); });
    return reply;
}

}  // namespace penstock::wire
