#include <penstock/testing/scripted_network.hpp>

#include <array>
#include <memory>

namespace penstock::testing {
namespace {

constexpr auto kPatience = std::chrono::hours(24);

using AnswerLine = std::function<std::string(std::string)>;

Task<void> serve_lines(Stream stream, Io io, std::shared_ptr<AnswerLine> answer, char end) {
    constexpr std::size_t longest = 64 * 1024;
    while (true) {
        const auto deadline = io.in(kPatience);
        auto line = co_await stream.read_line(end, longest, deadline);
        auto reply = (*answer)(std::move(line));
        if (reply.empty()) continue;
        reply += end;
        co_await stream.write(std::string_view(reply), deadline);
    }
}

struct RequestProtocol {
    std::function<std::size_t(std::string_view)> size_of;
    std::function<std::string(std::string_view)> answer;
};

Task<void> serve_requests(Stream stream, Io io, std::shared_ptr<RequestProtocol> protocol) {
    std::string received;
    std::array<std::byte, 4096> chunk;
    while (true) {
        const auto deadline = io.in(kPatience);
        const auto size = protocol->size_of(received);
        if (size == 0 || received.size() < size) {
            const auto count = co_await stream.read_some(chunk, deadline);
            received.append(reinterpret_cast<const char*>(chunk.data()), count);
            continue;
        }
        const auto reply = protocol->answer(std::string_view(received).substr(0, size));
        received.erase(0, size);
        if (!reply.empty()) co_await stream.write(std::string_view(reply), deadline);
    }
}

}  // namespace

Device line_device(AnswerLine answer, char end) {
    auto shared = std::make_shared<AnswerLine>(std::move(answer));
    return [shared, end](Stream stream, Io io) { return serve_lines(std::move(stream), io, shared, end); };
}

Device request_device(std::function<std::size_t(std::string_view)> size_of,
                      std::function<std::string(std::string_view)> answer) {
    auto protocol = std::make_shared<RequestProtocol>(std::move(size_of), std::move(answer));
    return [protocol](Stream stream, Io io) { return serve_requests(std::move(stream), io, protocol); };
}

}  // namespace penstock::testing
