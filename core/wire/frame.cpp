#include "core/wire/frame.hpp"

#include "core/wire/codec.hpp"

namespace penstock::wire {
namespace {

constexpr std::uint8_t kMoreFlag = 1;

struct ErrorBody {
    ErrorCode code = ErrorCode::internal;
    std::string sentence;
    std::string where;
    bool retryable = false;
    static constexpr auto fields() {
        return std::tuple(field("code", &ErrorBody::code), field("sentence", &ErrorBody::sentence),
                          field("where", &ErrorBody::where), field("retryable", &ErrorBody::retryable));
    }
};

struct CreditBody {
    std::uint64_t updates = 0;
    static constexpr auto fields() { return std::tuple(field("updates", &CreditBody::updates)); }
};

Result<std::optional<Frame>> broken(std::string sentence) { return fail(ErrorCode::protocol, std::move(sentence)); }

}  // namespace

HeaderBytes::HeaderBytes(const FrameHeader& header) noexcept {
    const auto put = [this](std::uint64_t value) { bytes_[size_++] = static_cast<std::byte>(value); };
    const auto put_varint = [&put](std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) put((value & 0x7FU) | 0x80U);
        put(value);
    };
    put(kFrameFormat);
    put(static_cast<std::uint8_t>(header.kind));
    put(header.more ? kMoreFlag : 0);
    put_varint(header.id);
    put_varint(static_cast<std::uint16_t>(header.operation));
}

Result<Frame> parse_frame(Bytes bytes) {
    Reader in(bytes);
    in.set_field("format");
    const auto format = in.byte();
    if (in.ok() && format != kFrameFormat)
        in.fail("frame format " + std::to_string(format) + " is unknown, wanted " + std::to_string(kFrameFormat));
    in.set_field("kind");
    const auto kind = in.byte();
    if (in.ok() && (kind < 1 || kind > static_cast<std::uint8_t>(FrameKind::pong)))
        in.fail("frame kind " + std::to_string(kind) + " is unknown");
    in.set_field("flags");
    const auto flags = in.byte();
    if (in.ok() && flags > kMoreFlag) in.fail("frame flags " + std::to_string(flags) + " are unknown");
    in.set_field("id");
    const auto id = in.varint();
    in.set_field("operation");
    const auto operation = in.varint(0xFFFF);
    if (!in.ok()) return std::unexpected(in.error());
    const FrameHeader header{static_cast<FrameKind>(kind), flags == kMoreFlag, id, static_cast<OperationId>(operation)};
    return Frame{header, in.rest()};
}

Result<std::optional<Frame>> MessageAssembler::add(Bytes bytes) {
    if (bytes.size() > kMaxFrameBytes)
        return broken("a frame of " + std::to_string(bytes.size()) + " bytes, wanted at most 1 MiB");
    auto frame = parse_frame(bytes);
    if (!frame) return std::unexpected(std::move(frame).error());
    const auto held = is_pending_ ? body_.size() : 0;
    if (held + frame->body.size() > most_bytes_)
        return broken("a message of more than " + std::to_string(most_bytes_) + " bytes");

    auto whole = frame->header;
    whole.more = false;
    if (!is_pending_ && !frame->header.more) return *frame;
    if (frame->header.more && frame->body.empty()) return broken("a frame that announces more is empty");
    if (is_pending_ && whole != pending_) return broken("a message begins before the one before it has ended");
    if (!is_pending_) body_.clear();
    body_.insert(body_.end(), frame->body.begin(), frame->body.end());
    is_pending_ = frame->header.more;
    pending_ = whole;
    if (is_pending_) return std::optional<Frame>();
    return Frame{whole, body_};
}

void encode_error(const Error& error, Buffer& out) {
    encode(ErrorBody{error.code(), error.sentence(), error.where(), error.retryable()}, out);
}

Result<Error> decode_error(Bytes bytes) {
    auto body = decode<ErrorBody>(bytes);
    if (!body) return std::unexpected(std::move(body).error());
    return Error(body->code, std::move(body->sentence), std::move(body->where), body->retryable);
}

void encode_credit(std::uint64_t updates, Buffer& out) { encode(CreditBody{updates}, out); }

Result<std::uint64_t> decode_credit(Bytes bytes) {
    const auto body = decode<CreditBody>(bytes);
    if (!body) return std::unexpected(body.error());
    return body->updates;
}

}  // namespace penstock::wire
