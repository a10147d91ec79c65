// F1, F2: what a server does with the frames of somebody it does not know yet, and of one that has said hello.
// The first byte is the frame limit in KiB; then frames, each a 2-byte length and its bytes.
#include "core/wire/codec.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/messages.hpp"

using namespace penstock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    wire::MessageAssembler assembler(std::size_t{data[0]} * 1024);
    auto rest = std::as_bytes(std::span(data + 1, size - 1));
    while (rest.size() >= 2) {
        const auto length =
            std::min(rest.size() - 2, std::to_integer<std::size_t>(rest[0]) | std::to_integer<std::size_t>(rest[1]) << 8U);
        const auto message = assembler.add(rest.subspan(2, length));
        rest = rest.subspan(2 + length);
        if (!message) return 0;
        if (!*message) continue;
        const auto& header = (*message)->header;
        if (header.kind == wire::FrameKind::credit) (void)wire::decode_credit((*message)->body);
        if (header.kind != wire::FrameKind::request) continue;
        const auto request = wire::decode_request(header.operation, (*message)->body);
        if (!request) continue;
        // What was understood is sent on and understood alike.
        wire::Buffer again;
        wire::encode_request(*request, again);
        if (!wire::decode_request(header.operation, again)) std::abort();
    }
    return 0;
}
