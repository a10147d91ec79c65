#pragma once

// One peer of a SessionServer. Internal to it. All [strand].
//
// Life: greeting (only hello is answered) -> open -> leaving (a last frame is on its way out) -> gone (to be destroyed by
// the server, later: never from inside one of its own calls).

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/sessions/history_services.hpp"
#include "core/sessions/latest_hub.hpp"
#include "core/sessions/reminders.hpp"
#include "core/sessions/session_server.hpp"
#include "core/wire/frame_link.hpp"

namespace penstock::sessions {

// What the sessions of one server share.
struct ServerCommon {
    base::Strand* strand;
    SessionServerOptions options;
    std::string owner_name;  // of the data folder
    LatestHub hub;
    std::atomic<std::size_t> streams{0};
    std::atomic<std::uint64_t> open_sessions{0};
    std::function<void()> on_gone;  // a session is gone: destroy it soon
};

class ServerSession final : public std::enable_shared_from_this<ServerSession>,
                            private wire::FrameLink::Handler,
                            private SessionHost {
public:
    // Owns the connection; `common` outlives it.
    ServerSession(ServerCommon& common, abi::ConnectionGuest& connection);
    ~ServerSession();

    void start() { link_.start(); }
    // Deadlines, pings, reminders: a few times a second.
    void tick(MonotonicTime now);
    // Says why, and leaves.
    void leave(const Error& reason);

    [[nodiscard]] bool is_gone() const noexcept { return phase_ == Phase::gone; }
    [[nodiscard]] bool has_said_hello() const noexcept { return has_said_hello_; }
    // Whose connections are counted together: the uid, or the address.
    [[nodiscard]] const std::string& peer() const noexcept { return peer_; }

private:
    enum class Phase { greeting, open, leaving, gone };
    class Stream;
    class LatestStream;
    class FedStream;
    template <class Update, OperationId kOperation>
    class FeedStream;

    void on_message(const wire::Frame& message) override;
    void on_sent() override;
    void on_garbage(const Error& error) override;
    void on_broken(const Error& error) override;

    Result<std::uint64_t> open_latest(std::vector<tags::TagId> tags) override;
    Result<std::uint64_t> open_series(std::vector<tags::TagId> tags, std::vector<SeriesPlace> places) override;
    Result<std::uint64_t> open_events(SubscribeEventsRequest request, Grant grant) override;
    bool close_stream(std::uint64_t stream) override;
    std::uint64_t number() const override { return reinterpret_cast<std::uintptr_t>(this); }  // no two live ones are equal
    void set_station(std::string station) override { station_ = std::move(station); }
    std::uint64_t session_count() const override { return common_->open_sessions.load(); }
    void remind(MonotonicTime due, base::Job job) override { reminders_.add(due, std::move(job)); }

    void handle_request(const wire::Frame& message);
    void handle_credit(const wire::Frame& message);
    void reply_later(const wire::FrameHeader& request, Result<AnyReply> reply);
    void send_reply(wire::FrameHeader header, const Result<AnyReply>& reply);
    void finish_hello(const Result<AnyReply>& reply);
    [[nodiscard]] bool can_send_updates() const noexcept;
    [[nodiscard]] Result<void> check_stream_count() const;
    // What a feed calls when it has something.
    [[nodiscard]] std::function<void()> pumping(std::uint64_t stream);
    template <OperationId kOperation, class Update>
    Result<std::uint64_t> add_stream(std::uint64_t number, Result<std::unique_ptr<Feed<Update>>> feed);
    void pump(std::uint64_t stream);
    void end_stream(std::uint64_t stream, const Error& why);
    void send_error(std::uint64_t id, OperationId operation, const Error& error);
    [[nodiscard]] Error explained(const Error& denied) const;
    void go(const std::string& why);

    ServerCommon* common_;
    wire::FrameLink link_;
    abi::PeerInfo peer_info_;
    std::string peer_;
    Principal principal_;
    std::string station_;
    Phase phase_ = Phase::greeting;
    bool has_said_hello_ = false;
    MonotonicTime phase_since_;
    MonotonicTime last_ping_;
    std::size_t under_way_ = 0;
    Reminders reminders_;
    std::map<std::uint64_t, std::unique_ptr<Stream>> streams_;
    std::uint64_t last_stream_ = 0;
};

}  // namespace penstock::sessions
