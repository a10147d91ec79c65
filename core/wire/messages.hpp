#pragma once

// Requests and replies of every operation, by number. Compiled once, in messages.cpp.

#include <penstock/operations.hpp>

#include "core/wire/buffer.hpp"

namespace penstock::wire {

[[nodiscard]] OperationId operation_of(const AnyRequest& request) noexcept;
// "read", "write" ...; "" for a number that no operation has.
[[nodiscard]] std::string_view name_of(OperationId operation) noexcept;

void encode_request(const AnyRequest& request, Buffer& out);
void encode_reply(const AnyReply& reply, Buffer& out);

// Error unsupported: no such operation. Error protocol: bytes that are no such message.
[[nodiscard]] Result<AnyRequest> decode_request(OperationId operation, Bytes bytes);
[[nodiscard]] Result<AnyReply> decode_reply(OperationId operation, Bytes bytes);

}  // namespace penstock::wire
