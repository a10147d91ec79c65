#include "core/sessions/session_server.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include <pwd.h>

#include <penstock/transport.hpp>

#include "core/base/log.hpp"
#include "core/sessions/change_bell.hpp"
#include "core/sessions/server_session.hpp"

namespace penstock::sessions {

static_assert(wire::kMaxFrameBytes == penstock::kMaxFrameBytes);

namespace {

constexpr Duration kTick = std::chrono::milliseconds(250);
constexpr Duration kAcceptAgainAfter = std::chrono::milliseconds(100);
constexpr Duration kStopWithin = std::chrono::milliseconds(500);

// May ask a directory service, so it is called once, at the start.
std::string user_name(std::uint32_t user_id) {
    std::vector<char> buffer(16 * 1024);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user_id, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return found->pw_name;
    return "uid " + std::to_string(user_id);
}

Error to_error(const abi::Fault& fault) {
    return Error(static_cast<ErrorCode>(fault.code), std::string(fault.sentence()), {}, fault.retryable != 0);
}

}  // namespace

class SessionServer::Core final : public std::enable_shared_from_this<Core>, private ChangeBell::Listener {
public:
    Core(base::Strand& strand, abi::TransportGuest& transport, SessionServerOptions options)
        : transport_(&transport),
          common_{
              &strand, options, user_name(options.owner_user_id), LatestHub(options.plant.reader, LatestHub::Form::encoded), {},
              {},      {}},
          tick_(strand, [this] { tick(); }) {
        common_.on_gone = [this] { collect_later(); };
        options.plant.bell->add(*this);
    }
    ~Core() {
        common_.options.plant.bell->remove(*this);
        sessions_.clear();
        if (listener_ != nullptr) listener_->release();
    }

    void listen(std::string url, OnListening done) {
        on_listening_ = std::move(done);
        if (transport_->start_listen(abi::text(url), &listener_, fault_, listen_done_)) finish_listen();
        tick_.start(now() + kTick);
    }

    void stop(std::move_only_function<void()> stopped) {
        on_stopped_.push_back(std::move(stopped));
        if (std::exchange(is_stopping_, true)) return finish_stop();
        if (listener_ != nullptr) std::exchange(listener_, nullptr)->release();
        for (const auto& session : sessions_) session->leave(Error(ErrorCode::unavailable, "the server is stopping", {}, true));
        stop_by_ = now() + kStopWithin;
        tick_.start(now() + std::chrono::milliseconds(10));
    }

    [[nodiscard]] std::uint64_t session_count() const noexcept { return common_.open_sessions.load(); }

private:
    struct ListenDone final : abi::Completion {
        explicit ListenDone(Core& owner) noexcept : core(&owner) {}
        void complete(const abi::IoResult&) noexcept override { core->finish_listen(); }
        Core* core;
    };
    struct AcceptDone final : abi::Completion {
        explicit AcceptDone(Core& owner) noexcept : core(&owner) {}
        void complete(const abi::IoResult&) noexcept override {
            if (core->finish_accept()) core->accept();
        }
        Core* core;
    };

    [[nodiscard]] MonotonicTime now() const { return common_.strand->now().monotonic; }

    template <class Job>
    void post(Job job) {
        common_.strand->post([weak = weak_from_this(), job = std::move(job)] {
            if (const auto self = weak.lock()) job(*self);
        });
    }

    // ChangeBell [engine]
    void on_changes() noexcept override {
        if (common_.streams.load(std::memory_order_relaxed) == 0 || is_pumping_.exchange(true, std::memory_order_acq_rel))
            return;
        post([](Core& core) {
            core.is_pumping_.store(false, std::memory_order_release);
            core.common_.hub.pump();
        });
    }

    void finish_listen() {
        auto done = std::exchange(on_listening_, nullptr);
        if (fault_.failed()) return done(std::unexpected(to_error(fault_)));
        done(std::string(listener_->address().view()));
        accept();
    }

    void accept() {
        for (int n = 0; listener_ != nullptr; ++n) {
            if (n == 16) return post([](Core& core) { core.accept(); });
            fault_ = {};
            accepted_ = nullptr;
            if (!listener_->start_accept(&accepted_, fault_, accept_done_)) return;
            if (!finish_accept()) return;
        }
    }

    // False if accepting pauses or has ended.
    bool finish_accept() {
        if (is_stopping_) {
            if (accepted_ != nullptr) accepted_->release();
            return false;
        }
        if (!fault_.failed()) {
            admit(*accepted_);
            return true;
        }
        if (fault_.code == static_cast<std::int32_t>(ErrorCode::cancelled)) return false;
        base::log::warning("no connection accepted: {}", fault_.sentence());
        accept_again_ = now() + kAcceptAgainAfter;
        return false;
    }

    void admit(abi::ConnectionGuest& connection) {
        auto session = std::make_shared<ServerSession>(common_, connection);
        const auto& limits = common_.options.limits;
        const auto silent = std::ranges::count_if(sessions_, [](const auto& each) { return !each->has_said_hello(); });
        const auto same = std::ranges::count_if(sessions_, [&](const auto& each) { return each->peer() == session->peer(); });
        if (sessions_.size() >= limits.connections || static_cast<std::size_t>(same) >= limits.connections_per_user
            || static_cast<std::size_t>(silent) >= limits.connections_without_hello) {
            ++turned_away_;
            return;  // closed at once: no memory is spent on it
        }
        session->start();
        sessions_.push_back(std::move(session));
    }

    void tick() {
        const auto time = now();
        for (const auto& session : std::vector(sessions_)) session->tick(time);
        if (accept_again_ && time >= *accept_again_) {
            accept_again_.reset();
            accept();
        }
        if (turned_away_ > 0)
            base::log::warning("{} connections turned away: there are too many already", std::exchange(turned_away_, 0U));
        if (is_stopping_) return finish_stop();
        tick_.start(time + kTick);
    }

    void finish_stop() {
        if (!sessions_.empty() && now() < stop_by_) return tick_.start(now() + std::chrono::milliseconds(10));
        tick_.cancel();
        sessions_.clear();
        for (auto& stopped : std::exchange(on_stopped_, {})) stopped();
    }

    void collect_later() {
        if (std::exchange(is_collecting_, true)) return;
        post([](Core& core) {
            core.is_collecting_ = false;
            std::erase_if(core.sessions_, [](const auto& session) { return session->is_gone(); });
        });
    }

    abi::TransportGuest* transport_;
    ServerCommon common_;
    std::vector<std::shared_ptr<ServerSession>> sessions_;
    base::CallbackTimer tick_;

    abi::ListenerGuest* listener_ = nullptr;
    abi::ConnectionGuest* accepted_ = nullptr;
    abi::Fault fault_;
    ListenDone listen_done_{*this};
    AcceptDone accept_done_{*this};
    OnListening on_listening_;
    std::optional<MonotonicTime> accept_again_;
    unsigned turned_away_ = 0;

    std::atomic<bool> is_pumping_ = false;
    bool is_collecting_ = false;
    bool is_stopping_ = false;
    MonotonicTime stop_by_{};
    std::vector<std::move_only_function<void()>> on_stopped_;
};

SessionServer::SessionServer(base::Strand& strand, abi::TransportGuest& transport, SessionServerOptions options)
    : core_(std::make_shared<Core>(strand, transport, options)) {}
SessionServer::~SessionServer() = default;

void SessionServer::listen(std::string url, OnListening done) { core_->listen(std::move(url), std::move(done)); }
void SessionServer::stop(std::move_only_function<void()> stopped) { core_->stop(std::move(stopped)); }
std::uint64_t SessionServer::session_count() const noexcept { return core_->session_count(); }

}  // namespace penstock::sessions
