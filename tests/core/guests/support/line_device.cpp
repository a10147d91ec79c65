#include "tests/core/guests/support/line_device.hpp"

#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <penstock/driver.hpp>

#include "core/base/asio_io.hpp"
#include "core/base/settings_document.hpp"
#include "core/base/unique_fd.hpp"

namespace penstock::guests::test {
namespace {

using base::UniqueFd;

class LineDriver final : public PollingDriver<std::uint32_t> {
public:
    LineDriver(Settings settings, Io io)
        : PollingDriver(io), endpoint_(settings.text_or("endpoint", "")), timeout_(settings.duration_or("timeout_ms", 1s)) {}

    Result<ParsedAddress<std::uint32_t>> parse_address(std::string_view) const override {
        return ParsedAddress<std::uint32_t>(0, ValueType::int64, true);
    }
    Task<void> connect() override { stream_ = co_await io().connect(endpoint_, io().in(timeout_)); }

    Task<void> read(std::span<const ItemId> due, SampleBatch& out) override {
        std::string request = "R";
        for (const auto item : due) request += " " + std::to_string(item);
        const auto answer = co_await exchange(request);
        std::istringstream words(answer);
        for (const auto item : due) {
            std::int64_t value = 0;
            if (words >> value)
                out.add(item, value);
            else
                out.add_bad(item, QualityCode::bad_decoding, "the answer has no number for it");
        }
    }

    Task<WriteOutcome> write(const Item<std::uint32_t>& item, Value value) override {
        const auto request = "W " + std::to_string(item.id) + " " + value.text();
        const auto answer = co_await exchange(request);
        if (answer == "OK") co_return WriteOutcome::done();
        co_return WriteOutcome::refused(answer);
    }
    void disconnect() noexcept override { stream_.close(); }

private:
    Task<std::string> exchange(std::string request) {
        request += '\n';
        const auto deadline = io().in(timeout_);
        co_await stream_.write(std::string_view(request), deadline);
        const auto answer = co_await stream_.read_line('\n', 1000, deadline);
        co_return answer;
    }
    std::string endpoint_;
    Duration timeout_;
    Stream stream_;
};

// What PENSTOCK_PLUGIN would make of it, without a library.
class LineInstance final : public DriverInstance {
public:
    LineInstance(base::IoThread& thread, std::uint16_t port, Duration timeout);
    ~LineInstance() override { guest_->release(); }
    abi::DriverGuest& guest() noexcept override { return *guest_; }
    void stop_io() noexcept override { io_->stop(); }

private:
    std::unique_ptr<base::AsioIo> io_;
    abi::DriverGuest* guest_;
};

LineInstance::LineInstance(base::IoThread& thread, std::uint16_t port, Duration timeout)
    : io_(std::make_unique<base::AsioIo>(thread, "line")) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    const auto json =
        R"({"endpoint": "127.0.0.1:)" + std::to_string(port) + R"(", "timeout_ms": )" + std::to_string(milliseconds) + "}";
    const auto settings = base::SettingsDocument::parse(json);
    abi::Birth birth{};
    birth.io = io_.get();
    birth.settings = &settings->root();
    guest_ = static_cast<abi::DriverGuest*>(detail::PluginTraits<LineDriver>::make(birth));
}

}  // namespace

struct LineDevice::State {
    UniqueFd listener;
    mutable std::mutex mutex;  // guards what follows
    std::map<std::uint32_t, std::int64_t> values;
    int writes = 0;
    std::vector<int> connections;  // to be shut down at the end
    bool is_stopping = false;
    std::thread acceptor;
    std::vector<std::thread> servers;  // the acceptor's

    std::string answer(const std::string& request) {
        const std::lock_guard lock(mutex);
        std::istringstream words(request);
        std::string verb, reply;
        words >> verb;
        if (verb == "W") {
            std::uint32_t item = 0;
            words >> item >> values[item];
            ++writes;
            return "OK\n";
        }
        for (std::uint32_t item = 0; words >> item;) reply += std::to_string(values[item]) + " ";
        return reply + "\n";
    }
    void serve(UniqueFd connection) {
        std::string buffer;
        char bytes[1000];
        for (;;) {
            const auto count = ::recv(connection.get(), bytes, sizeof bytes, 0);
            if (count <= 0) break;
            buffer.append(bytes, static_cast<std::size_t>(count));
            for (auto end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n')) {
                const auto reply = answer(buffer.substr(0, end));
                buffer.erase(0, end + 1);
                (void)!::send(connection.get(), reply.data(), reply.size(), MSG_NOSIGNAL);
            }
        }
        const std::lock_guard lock(mutex);
        std::erase(connections, connection.get());
    }
    void accept_all() {
        for (;;) {
            UniqueFd connection(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!connection.is_open()) break;
            const std::lock_guard lock(mutex);
            if (is_stopping) break;
            connections.push_back(connection.get());
            servers.emplace_back([this, fd = connection.release()] { serve(UniqueFd(fd)); });
        }
        for (auto& server : servers) server.join();
    }
};

LineDevice::LineDevice() : state_(std::make_unique<State>()) {
    state_->listener = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool listens = ::bind(state_->listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0
                         && ::listen(state_->listener.get(), 64) == 0;
    if (!listens) throw std::system_error(errno, std::generic_category(), "the line device cannot listen");
    state_->acceptor = std::thread([state = state_.get()] { state->accept_all(); });
}

LineDevice::~LineDevice() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
        for (const int connection : state_->connections) ::shutdown(connection, SHUT_RDWR);
    }
    ::shutdown(state_->listener.get(), SHUT_RDWR);
    state_->acceptor.join();
}

std::uint16_t LineDevice::port() const noexcept {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(state_->listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

int LineDevice::writes() const {
    const std::lock_guard lock(state_->mutex);
    return state_->writes;
}

std::int64_t LineDevice::value(std::uint32_t item) const {
    const std::lock_guard lock(state_->mutex);
    return state_->values[item];
}

DriverFactory line_driver_factory(base::IoThread& thread, std::uint16_t port, Duration timeout) {
    return [&thread, port, timeout]() -> Result<std::unique_ptr<DriverInstance>> {
        return std::make_unique<LineInstance>(thread, port, timeout);
    };
}

}  // namespace penstock::guests::test
