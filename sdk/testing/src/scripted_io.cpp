#include <penstock/testing/scripted_io.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "scripted_end.hpp"

namespace penstock::testing {

ScriptedIo::~ScriptedIo() {
    for (auto& [completion, wait] : waits_) network_->cancel(wait.event);
    for (const auto& [handle, end] : ends_) {
        end->owner = nullptr;
        ScriptedNetwork::break_link(end);
    }
    for (const auto& [handle, listening] : listeners_) network_->listening_.erase(listening->endpoint);
}

void ScriptedIo::stop() {
    is_stopped_ = true;
    std::vector<abi::Completion*> all;
    for (const auto& [completion, wait] : waits_) all.push_back(completion);
    for (auto* const completion : all) finish_later(*completion, result_of(ErrorCode::cancelled));
}

// Registers a wait with its deadline. Null after stop(): the wait is parked.
ScriptedIo::Wait* ScriptedIo::begin(abi::Completion& completion, abi::Handle handle, std::int64_t deadline_ns) {
    ++started_waits_;
    auto& wait = waits_[&completion];
    wait.handle = handle;
    if (is_stopped_) return nullptr;
    wait.event = network_->at(deadline_ns, [this, &completion] { finish(completion, result_of(ErrorCode::timeout, 0)); });
    return &wait;
}

// Its result is certain; it is told in an event of its own, never from inside the call.
void ScriptedIo::finish_later(abi::Completion& completion, abi::IoResult result, Duration delay) {
    auto& wait = waits_[&completion];
    network_->cancel(wait.event);
    wait.event = network_->at(network_->now_ns_ + delay.count(), [this, &completion, result] { finish(completion, result); });
}

void ScriptedIo::finish(abi::Completion& completion, const abi::IoResult& result) {
    const auto wait = waits_.find(&completion);
    if (wait == waits_.end()) return;
    forget(wait);
    completion.complete(result);
}

ScriptedIo::Wait ScriptedIo::forget(std::map<abi::Completion*, Wait>::iterator wait) {
    auto forgotten = wait->second;
    network_->cancel(forgotten.event);
    if (const auto end = find(forgotten.handle); end && end->reader == wait->first) end->reader = nullptr;
    for (const auto& [handle, listening] : listeners_) {
        if (listening->acceptor == wait->first) listening->acceptor = nullptr;
    }
    waits_.erase(wait);
    return forgotten;
}

std::shared_ptr<ScriptedNetwork::End> ScriptedIo::find(abi::Handle handle) const {
    const auto found = ends_.find(handle);
    return found == ends_.end() ? nullptr : found->second;
}

abi::Handle ScriptedIo::adopt(const std::shared_ptr<End>& end) {
    end->owner = this;
    ends_.emplace(next_handle_, end);
    return next_handle_++;
}

void ScriptedIo::open(abi::Text endpoint, std::int64_t deadline_ns, abi::Completion& completion) noexcept {
    if (begin(completion, 0, deadline_ns) == nullptr) return;
    const auto& faults = network_->faults_;
    if (faults.black_hole) return;
    const auto found = network_->listening_.find(endpoint.view());
    auto listening = found == network_->listening_.end() ? nullptr : found->second.lock();
    if (faults.refuse || !listening) return finish_later(completion, result_of(ErrorCode::disconnected, ECONNREFUSED));
    const auto when = network_->now_ns_ + faults.connect_delay.count();
    if (when > deadline_ns) return;
    network_->cancel(waits_[&completion].event);
    waits_[&completion].event = network_->at(when, [this, listening, &completion] { connect_to(listening, completion); });
}

void ScriptedIo::connect_to(const std::shared_ptr<Listening>& listening, abi::Completion& completion) {
    auto client = std::make_shared<End>();
    auto server = std::make_shared<End>();
    client->is_client = true;
    client->is_unix = server->is_unix = listening->endpoint.starts_with("unix:");
    client->other = server;
    server->other = client;
    client->address = listening->endpoint;
    server->address = "scripted:" + std::to_string(++network_->connects_);
    std::erase_if(network_->ends_, [](const auto& end) { return end.expired(); });
    network_->ends_.push_back(client);
    listening->backlog.push_back(server);
    if (listening->owner != nullptr) listening->owner->hand_out(*listening);
    abi::IoResult result;
    result.value = adopt(client);
    finish(completion, result);
}

void ScriptedIo::listen(abi::Text endpoint, abi::Completion& completion) noexcept {
    if (begin(completion, 0, network_->now_ns_ + 1) == nullptr) return;
    const std::string name(endpoint.view());
    if (const auto found = network_->listening_.find(name); found != network_->listening_.end() && !found->second.expired()) {
        return finish_later(completion, result_of(ErrorCode::unavailable, EADDRINUSE));
    }
    auto listening = std::make_shared<Listening>();
    listening->endpoint = name;
    listening->owner = this;
    network_->listening_[name] = listening;
    abi::IoResult result;
    result.value = next_handle_++;
    listeners_.emplace(static_cast<abi::Handle>(result.value), std::move(listening));
    finish_later(completion, result);
}

void ScriptedIo::accept(abi::Handle listener, std::int64_t deadline_ns, abi::Completion& completion) noexcept {
    if (begin(completion, 0, deadline_ns) == nullptr) return;
    const auto found = listeners_.find(listener);
    if (found == listeners_.end()) return finish_later(completion, result_of(ErrorCode::disconnected, EBADF));
    found->second->acceptor = &completion;
    hand_out(*found->second);
}

void ScriptedIo::hand_out(Listening& listening) {
    if (listening.acceptor == nullptr || listening.backlog.empty()) return;
    abi::IoResult result;
    result.value = adopt(listening.backlog.front());
    listening.backlog.pop_front();
    auto& acceptor = *std::exchange(listening.acceptor, nullptr);
    waits_[&acceptor].accepted = static_cast<abi::Handle>(result.value);
    finish_later(acceptor, result);
}

void ScriptedIo::read(abi::Handle handle, std::uint64_t most, std::int64_t deadline_ns, abi::Completion& completion) noexcept {
    auto* const wait = begin(completion, handle, deadline_ns);
    if (wait == nullptr) return;
    wait->most = std::min<std::uint64_t>(most, 64 * 1024);
    const auto end = find(handle);
    if (!end) return finish_later(completion, result_of(ErrorCode::disconnected, EBADF));
    end->reader = &completion;
    if (end->incoming.empty() && !end->is_ended) return;
    network_->at(network_->now_ns_, [this, end] {
        if (end->owner == this) deliver(*end);
    });
}

// Tells a waiting reader what there is. Only called from events.
void ScriptedIo::deliver(End& end) {
    if (end.reader == nullptr || (end.incoming.empty() && !end.is_ended)) return;
    auto& completion = *end.reader;
    if (end.incoming.empty()) return finish(completion, result_of(ErrorCode::disconnected));
    const auto size = std::min<std::size_t>(end.incoming.size(), waits_[&completion].most);
    // A copy of the right size, so that the address sanitizer sees a reader that goes beyond it.
    const std::vector<char> bytes(end.incoming.begin(), end.incoming.begin() + static_cast<std::ptrdiff_t>(size));
    end.incoming.erase(0, size);
    abi::IoResult result;
    result.value = size;
    result.data = {reinterpret_cast<const std::byte*>(bytes.data()), size};
    finish(completion, result);
}

void ScriptedIo::write(abi::Handle handle, const abi::Bytes* parts, std::uint32_t part_count, std::int64_t deadline_ns,
                       abi::Completion& completion) noexcept {
    auto* const wait = begin(completion, handle, deadline_ns);
    if (wait == nullptr) return;
    wait->is_write = true;
    const auto end = find(handle);
    if (!end || end->is_broken) return finish_later(completion, result_of(ErrorCode::disconnected, EPIPE));
    if (network_->faults_.stall_writes) return;
    std::string bytes;
    for (std::uint32_t i = 0; i < part_count; ++i) {
        bytes.append(reinterpret_cast<const char*>(parts[i].data), static_cast<std::size_t>(parts[i].size));
    }
    abi::IoResult result;
    result.value = bytes.size();
    bool is_cut = false;
    network_->transfer(end, std::move(bytes), is_cut);
    finish_later(completion, is_cut ? result_of(ErrorCode::disconnected, ECONNRESET) : result);
}

void ScriptedIo::sleep_until(std::int64_t monotonic_ns, abi::Completion& completion) noexcept {
    auto* const wait = begin(completion, 0, monotonic_ns);
    if (wait == nullptr) return;
    network_->cancel(wait->event);
    wait->event = network_->at(monotonic_ns, [this, &completion] { finish(completion, abi::IoResult()); });
}

void ScriptedIo::withdraw(abi::Completion& completion) noexcept {
    const auto wait = waits_.find(&completion);
    if (wait == waits_.end()) return;
    const auto forgotten = forget(wait);
    if (forgotten.accepted != 0) close(forgotten.accepted);
    // Nobody can know what went out.
    const auto end = find(forgotten.handle);
    if (forgotten.is_write && end) network_->at(network_->now_ns_, [end] { ScriptedNetwork::break_link(end); });
}

void ScriptedIo::close(abi::Handle handle) noexcept {
    if (const auto listener = listeners_.find(handle); listener != listeners_.end()) {
        auto* const acceptor = listener->second->acceptor;
        network_->listening_.erase(listener->second->endpoint);
        listeners_.erase(listener);
        if (acceptor != nullptr) finish_later(*acceptor, result_of(ErrorCode::cancelled));
        return;
    }
    const auto found = ends_.find(handle);
    if (found == ends_.end()) return;
    const auto end = found->second;
    for (auto& [completion, wait] : waits_) {
        if (wait.handle == handle) finish_later(*completion, result_of(ErrorCode::cancelled));
    }
    end->owner = nullptr;
    end->reader = nullptr;
    ends_.erase(found);
    const auto delay = end->is_client ? Duration{} : network_->faults_.reply_delay;  // behind what is still under way
    network_->at(network_->now_ns_ + delay.count(), [end] { ScriptedNetwork::break_link(end); });
}

bool ScriptedIo::peer(abi::Handle handle, abi::PeerInfo& info) noexcept {
    const auto end = find(handle);
    if (!end) return false;
    info = abi::PeerInfo();
    info.user_id = end->is_unix ? kScriptedUser : -1;
    info.process_id = end->is_unix ? kScriptedProcess : -1;
    info.address_size = static_cast<std::uint32_t>(std::min(end->address.size(), sizeof info.address));
    std::memcpy(info.address, end->address.data(), info.address_size);
    return true;
}

abi::Text ScriptedIo::address(abi::Handle handle) noexcept {
    const auto found = listeners_.find(handle);
    return found == listeners_.end() ? abi::Text{} : abi::text(found->second->endpoint);
}

std::int64_t ScriptedIo::monotonic_ns() noexcept { return network_->now_ns_; }
std::int64_t ScriptedIo::utc_ns() noexcept { return to_ns(network_->utc_now()); }
std::uint64_t ScriptedIo::random() noexcept { return network_->random(); }

void ScriptedIo::log(std::uint32_t, abi::Text message) noexcept {
    constexpr std::size_t most = 1000;
    if (log_lines_.size() < most) log_lines_.emplace_back(message.view());
}

}  // namespace penstock::testing
