#include "connection.hpp"

#include <cstring>

namespace penstock::modbus {
namespace {

std::uint16_t transaction_of(const Frame& frame) {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(frame.bytes[0]) << 8U
                                      | std::to_integer<unsigned>(frame.bytes[1]));
}

Answer implausible(std::string sentence) {
    Answer answer;
    answer.kind = Answer::Kind::implausible;
    answer.sentence = std::move(sentence);
    return answer;
}

Answer judge(const Frame& request, const Header& header, std::span<const std::byte> pdu) {
    const auto asked_unit = std::to_integer<std::uint8_t>(request.bytes[6]);
    if (header.unit != asked_unit)
        return implausible("the reply comes from unit " + std::to_string(header.unit) + " where unit "
                           + std::to_string(asked_unit) + " was asked");
    const auto reply = parse_reply(request, pdu);
    if (!reply) return implausible(reply.error().sentence());
    Answer answer;
    answer.kind = reply->exception != 0 ? Answer::Kind::exception : Answer::Kind::data;
    answer.exception = reply->exception;
    answer.data = reply->data;
    return answer;
}

}  // namespace

Task<void> Connection::open(Deadline deadline) {
    close();
    stream_ = co_await io_.connect(endpoint_, deadline);
}

void Connection::close() noexcept {
    stream_.close();
    received_size_ = 0;
    front_size_ = 0;
}

Task<Answer> Connection::exchange(Frame request, Deadline deadline) {
    const auto bytes = request.view();
    co_await stream_.write(bytes, deadline);
    const auto wanted = transaction_of(request);
    for (;;) {
        drop_front();
        co_await fill(kHeaderBytes, deadline);
        const auto header = parse_header(std::span(received_).first<kHeaderBytes>());
        if (!header) throw LinkError(header.error());
        const auto frame_size = kHeaderBytes + header->pdu_bytes;
        co_await fill(frame_size, deadline);
        front_size_ = frame_size;
        if (header->transaction == wanted) {
            const auto pdu = std::span<const std::byte>(received_).subspan(kHeaderBytes, header->pdu_bytes);
            Answer answer = judge(request, *header, pdu);
            co_return answer;
        }
        ++stale_replies_;
    }
}

Task<void> Connection::fill(std::size_t wanted, Deadline deadline) {
    while (received_size_ < wanted) {
        const auto room = std::span(received_).subspan(received_size_);
        const auto got = co_await stream_.read_some(room, deadline);
        received_size_ += got;
    }
}

void Connection::drop_front() noexcept {
    received_size_ -= front_size_;
    std::memmove(received_.data(), received_.data() + front_size_, received_size_);
    front_size_ = 0;
}

}  // namespace penstock::modbus
