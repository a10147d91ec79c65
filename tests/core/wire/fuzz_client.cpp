// F3: what a client does with a server's frame.
#include "core/wire/codec.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/latest_update.hpp"
#include "core/wire/messages.hpp"

using namespace penstock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    wire::MessageAssembler assembler;
    const auto message = assembler.add(std::as_bytes(std::span(data, size)));
    if (!message || !*message) return 0;
    const auto& [header, body] = **message;
    if (header.kind == wire::FrameKind::error || header.kind == wire::FrameKind::stream_end) (void)wire::decode_error(body);
    if (header.kind == wire::FrameKind::reply) {
        const auto reply = wire::decode_reply(header.operation, body);
        wire::Buffer again;
        if (reply) wire::encode_reply(*reply, again);
        if (reply && !wire::decode_reply(header.operation, again)) std::abort();
    }
    if (header.kind == wire::FrameKind::update) {
        LatestUpdate update;
        if (!wire::decode_update(body, update)) return 0;
        wire::Buffer again;
        wire::encode_update(update, again);
        if (!wire::decode_update(again, update)) std::abort();
    }
    return 0;
}
