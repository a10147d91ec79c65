#include <penstock/testing/scripted_network.hpp>

#include <penstock/detail/host_call.hpp>

#include "scripted_end.hpp"

namespace penstock::testing {
namespace {

constexpr std::int64_t kUtcAtStart = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z
constexpr auto kYear = std::chrono::hours(24 * 365);

}  // namespace

// Accepts at one endpoint and runs a device for each connection.
class ScriptedNetwork::Server final {
public:
    Server(ScriptedIo& io, std::string endpoint, Device device)
        : io_(io), endpoint_(std::move(endpoint)), device_(std::move(device)) {
        accepting_.start([this] { return accept(); });
    }

private:
    // A coroutine that nobody waits for.
    class Detached final : public abi::Completion {
    public:
        template <class MakeTask>
        void start(MakeTask make_task) {
            has_ended_ = call_.start(fault_, *this, std::move(make_task));
        }
        void complete(const abi::IoResult&) noexcept override { has_ended_ = true; }
        [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

    private:
        abi::Fault fault_;
        detail::HostCall call_;
        bool has_ended_ = false;
    };

    Task<void> accept() {
        auto listener = co_await io_.listen(endpoint_);
        while (true) {
            auto stream = co_await listener.accept(io_.in(kYear));
            std::erase_if(sessions_, [](const auto& session) { return session->has_ended(); });
            auto& session = *sessions_.emplace_back(std::make_unique<Detached>());
            session.start([&] { return device_(std::move(stream), io_); });
        }
    }

    Io io_;
    std::string endpoint_;
    Device device_;
    std::list<std::unique_ptr<Detached>> sessions_;
    Detached accepting_;
};

ScriptedNetwork::ScriptedNetwork(std::uint64_t seed) : random_state_(seed), device_io_(std::make_unique<ScriptedIo>(*this)) {}

ScriptedNetwork::~ScriptedNetwork() { servers_.clear(); }

void ScriptedNetwork::serve(std::string endpoint, Device device) {
    servers_.push_back(std::make_unique<Server>(*device_io_, endpoint, std::move(device)));
    run_until([&] { return listening_.contains(endpoint); }, std::chrono::seconds(1));
}

void ScriptedNetwork::set_faults(LinkFaults faults) {
    faults_ = std::move(faults);
    request_bytes_ = reply_bytes_ = connects_ = 0;
}

void ScriptedNetwork::cut_all() {
    const auto ends = ends_;
    for (const auto& weak : ends) {
        if (const auto end = weak.lock()) break_link(end);
    }
}

bool ScriptedNetwork::step(MonotonicTime until) {
    const auto next = events_.begin();
    if (next == events_.end() || next->first.first > to_ns(until)) return false;
    now_ns_ = std::max(now_ns_, next->first.first);
    auto action = std::move(next->second);
    events_.erase(next);
    action();
    return true;
}

void ScriptedNetwork::run_for(Duration time) {
    const auto until = now() + time;
    while (step(until)) {
    }
    now_ns_ = to_ns(until);
}

UtcTime ScriptedNetwork::utc_now() const noexcept { return utc_from_ns(kUtcAtStart + now_ns_); }

// SplitMix64.
std::uint64_t ScriptedNetwork::random() noexcept {
    auto z = random_state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

ScriptedNetwork::EventKey ScriptedNetwork::at(std::int64_t time_ns, std::move_only_function<void()> action) {
    const EventKey key{std::max(time_ns, now_ns_), next_event_++};
    events_.emplace(key, std::move(action));
    return key;
}

void ScriptedNetwork::cancel(EventKey& key) noexcept {
    events_.erase(key);
    key = kNoEvent;
}

// Bytes leave `from` for the other end, unless a fault takes them.
void ScriptedNetwork::transfer(const std::shared_ptr<End>& from, std::string bytes, bool& is_cut) {
    const auto to = from->other.lock();
    auto& passed = from->is_client ? request_bytes_ : reply_bytes_;
    const auto limit = from->is_client ? faults_.cut_request_after : faults_.cut_reply_after;
    if (!from->is_client && faults_.garble_reply) bytes = faults_.garble_reply(std::move(bytes));
    const auto rest = limit - std::min(limit, passed);
    const bool ends_here = limit != kNever && bytes.size() >= rest;
    is_cut = ends_here && bytes.size() > rest;
    if (is_cut) bytes.resize(rest);
    passed += bytes.size();
    const auto delay = from->is_client ? Duration{} : faults_.reply_delay;
    const bool is_swallowed = from->is_client && faults_.swallow_requests;
    const auto piece = faults_.split == 0 ? bytes.size() : faults_.split;
    for (std::size_t start = 0; start < bytes.size() && !is_swallowed; start += piece) {
        at(now_ns_ + delay.count(), [this, to, part = bytes.substr(start, piece)]() mutable {
            if (to) arrive(to, std::move(part));
        });
    }
    if (ends_here) at(now_ns_ + delay.count(), [from] { break_link(from); });
}

void ScriptedNetwork::arrive(const std::shared_ptr<End>& end, std::string bytes) {
    if (end->is_ended) return;
    end->incoming += bytes;
    if (end->owner != nullptr) end->owner->deliver(*end);
}

// Both sides see the end of the stream; what has arrived can still be read.
void ScriptedNetwork::break_link(const std::shared_ptr<End>& end) {
    for (const auto& side : {end, end->other.lock()}) {
        if (!side) continue;
        side->is_ended = side->is_broken = true;
        if (side->owner != nullptr) side->owner->deliver(*side);
    }
}

}  // namespace penstock::testing
