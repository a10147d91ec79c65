// transport.unix: frames over Unix sockets, whose kernel vouches for the peer's uid. URLs: unix:/path/to/socket.
#include <penstock/plugin.hpp>

#include "framed_stream.hpp"

namespace penstock::unix_transport {
namespace {

class UnixListener final : public FrameListener {
public:
    UnixListener(Io io, Listener listener) noexcept : io_(io), listener_(std::move(listener)) {}

    Task<std::unique_ptr<Connection>> accept() override {
        while (true) {
            const auto deadline = io_.in(std::chrono::hours(1));  // every wait has one; nobody coming is no failure
            try {
                auto stream = co_await listener_.accept(deadline);
                co_return std::make_unique<FramedStream>(std::move(stream));
            } catch (const LinkError& error) {
                if (error.code() != ErrorCode::timeout) throw;
            }
        }
    }
    std::string address() const override { return listener_.address(); }

private:
    Io io_;
    Listener listener_;
};

class UnixTransport final : public Transport {
public:
    UnixTransport(Settings, Io io) noexcept : io_(io) {}

    Task<std::unique_ptr<FrameListener>> listen(std::string url) override {
        auto listener = co_await io_.listen(url);
        co_return std::make_unique<UnixListener>(io_, std::move(listener));
    }
    Task<std::unique_ptr<Connection>> connect(std::string url, Deadline deadline) override {
        auto stream = co_await io_.connect(url, deadline);
        co_return std::make_unique<FramedStream>(std::move(stream));
    }
    std::string_view scheme() const noexcept override { return "unix"; }

private:
    Io io_;
};

inline constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false})";

}  // namespace
}  // namespace penstock::unix_transport

PENSTOCK_PLUGIN(penstock::unix_transport::UnixTransport, "transport.unix", "1.0.0", penstock::unix_transport::kSchema);
