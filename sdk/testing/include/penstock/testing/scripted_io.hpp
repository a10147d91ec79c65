#pragma once

// The Io of one plugin instance on a scripted network.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <penstock/abi/io.hpp>
#include <penstock/testing/scripted_network.hpp>

namespace penstock::testing {

// Who is at the other end of a scripted Unix socket.
inline constexpr std::int64_t kScriptedUser = 1000;
inline constexpr std::int64_t kScriptedProcess = 4711;

class ScriptedIo final : public abi::HostIo {
public:
    explicit ScriptedIo(ScriptedNetwork& network) : network_(&network) {}
    ScriptedIo(const ScriptedIo&) = delete;
    ScriptedIo& operator=(const ScriptedIo&) = delete;
    ~ScriptedIo();

    // As the host does it: every wait completes with `cancelled`, further ones are parked for ever.
    void stop();

    [[nodiscard]] std::size_t open_handles() const noexcept { return ends_.size() + listeners_.size(); }
    [[nodiscard]] std::size_t pending_waits() const noexcept { return waits_.size(); }
    // How many waits were ever started: a driver that spins shows here.
    [[nodiscard]] std::uint64_t started_waits() const noexcept { return started_waits_; }
    // What the plugin logged, oldest first, at most 1,000 lines.
    [[nodiscard]] const std::vector<std::string>& log_lines() const noexcept { return log_lines_; }

    void open(abi::Text endpoint, std::int64_t deadline_ns, abi::Completion&) noexcept override;
    void listen(abi::Text endpoint, abi::Completion&) noexcept override;
    void accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion&) noexcept override;
    void read(abi::Handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion&) noexcept override;
    void write(abi::Handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
               abi::Completion&) noexcept override;
    void sleep_until(std::int64_t monotonic_ns, abi::Completion&) noexcept override;
    void withdraw(abi::Completion&) noexcept override;
    void close(abi::Handle) noexcept override;
    bool peer(abi::Handle, abi::PeerInfo&) noexcept override;
    abi::Text address(abi::Handle) noexcept override;
    std::int64_t monotonic_ns() noexcept override;
    std::int64_t utc_ns() noexcept override;
    std::uint64_t random() noexcept override;
    void log(std::uint32_t severity, abi::Text message) noexcept override;

private:
    friend class ScriptedNetwork;
    using End = ScriptedNetwork::End;
    using Listening = ScriptedNetwork::Listening;
    struct Wait {
        ScriptedNetwork::EventKey event = ScriptedNetwork::kNoEvent;  // its deadline, or its completion once that is certain
        abi::Handle handle = 0;
        abi::Handle accepted = 0;  // of an accept whose completion is under way
        std::uint64_t most = 0;    // of a read
        bool is_write = false;
    };

    Wait* begin(abi::Completion& completion, abi::Handle handle, std::int64_t deadline_ns);
    void finish_later(abi::Completion& completion, abi::IoResult result, Duration delay = {});
    void finish(abi::Completion& completion, const abi::IoResult& result);
    Wait forget(std::map<abi::Completion*, Wait>::iterator wait);
    void deliver(End& end);
    [[nodiscard]] std::shared_ptr<End> find(abi::Handle handle) const;
    abi::Handle adopt(const std::shared_ptr<End>& end);
    void connect_to(const std::shared_ptr<Listening>& listening, abi::Completion& completion);
    void hand_out(Listening& listening);

    ScriptedNetwork* network_;
    std::map<abi::Completion*, Wait> waits_;
    std::map<abi::Handle, std::shared_ptr<End>> ends_;
    std::map<abi::Handle, std::shared_ptr<Listening>> listeners_;
    std::vector<std::string> log_lines_;
    std::uint64_t started_waits_ = 0;
    abi::Handle next_handle_ = 1;
    bool is_stopped_ = false;
};

}  // namespace penstock::testing
