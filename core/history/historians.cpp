#include "core/history/historians.hpp"

#include <algorithm>
#include <utility>

#include "core/base/clock.hpp"

namespace penstock::history {

Historians::Historians(journal::Lane& lane, const base::Clock& clock, HistorianConsumer::OnEvent on_event)
    : lane_(lane), clock_(clock), on_event_(std::move(on_event)), keeper_(lane) {}

Historians::~Historians() { stop(10s); }

HistorianConsumer& Historians::add(WantedSeries wanted, guests::HistorianFactory factory, ConsumerOptions options,
                                   BufferLimits limits) {
    auto consumer = std::make_unique<HistorianConsumer>(lane_, std::move(wanted), std::move(factory), std::move(options),
                                                        clock_, on_event_);
    lane_.on_advance([woken = consumer.get()] { woken->wake(); });
    members_.push_back({.consumer = std::move(consumer), .limits = limits});
    return *members_.back().consumer;
}

void Historians::start() {
    for (const auto& member : members_) member.consumer->start();
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

std::vector<std::string> Historians::stop(Duration within) {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    std::vector<std::string> left;
    // One after the other would add up their times.
    std::vector<std::thread> stopping;
    std::mutex mutex;  // guards left
    for (const auto& member : members_) {
        stopping.emplace_back([&, consumer = member.consumer.get()] {
            if (consumer->stop(within)) return;
            const std::scoped_lock lock(mutex);
            left.push_back(consumer->name());
        });
    }
    for (auto& thread : stopping) thread.join();
    return left;
}

void Historians::run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, 1s, [this] { return is_stopping_; })) {
        lock.unlock();
        look_after();
        lock.lock();
    }
}

std::vector<HistorianConsumer*> Historians::all() const {
    std::vector<HistorianConsumer*> consumers;
    for (const auto& member : members_) consumers.push_back(member.consumer.get());
    return consumers;
}

void Historians::look_after() {
    for (const auto& member : members_) member.consumer->check();
    const auto now = clock_.now();
    std::unique_lock lock(mutex_);
    settle(now);
    const auto kept = keeper_.keep(positions(), snapshot_.load(), now);
    lock.unlock();
    // A disk that refuses says so in the lane's own state; the next look tries again, and meanwhile nothing is lost.
    if (!kept || !on_event_) return;
    for (const auto& name : kept->given_up) {
        Event event;
        event.time = now.utc;
        event.kind = EventKind::historian_state;
        event.object = name;
        event.text = "historian.behind";
        event.parameters = {"the journal held as much for it as it may; the oldest is given up"};
        on_event_(std::move(event));
    }
}

void Historians::settle(Now now) {
    if (now.monotonic < settle_at_) return;
    settle_at_ = now.monotonic + kGraceForQueries;
    for (auto& member : members_) {
        member.settled = member.settling;
        member.settling = member.consumer->persisted();
    }
}

std::vector<ConsumerPosition> Historians::positions() const {
    std::vector<ConsumerPosition> positions;
    for (const auto& member : members_) {
        const auto& consumer = *member.consumer;
        positions.push_back({consumer.name(), member.settled, member.limits, consumer.is_known()});
    }
    return positions;
}

HistorianConsumer* Historians::find(std::string_view name) const noexcept {
    for (const auto& member : members_) {
        if (name.empty() || member.consumer->name() == name) return member.consumer.get();
    }
    return nullptr;
}

std::vector<ConsumerInfo> Historians::status() const {
    std::vector<ConsumerInfo> infos;
    for (const auto& member : members_) {
        const auto& consumer = *member.consumer;
        infos.push_back(to_info(consumer.name(), consumer.status()));
        const std::scoped_lock lock(mutex_);
        infos.back().covers = keeper_.covers({consumer.name(), consumer.persisted(), member.limits});
    }
    return infos;
}

}  // namespace penstock::history
