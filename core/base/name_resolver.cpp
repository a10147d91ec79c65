#include "core/base/name_resolver.hpp"

#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>

namespace penstock::base {
namespace {

using Addresses = std::vector<SocketAddress>;

struct AddressList {
    addrinfo* head = nullptr;
    AddressList() = default;
    AddressList(const AddressList&) = delete;
    AddressList& operator=(const AddressList&) = delete;
    ~AddressList() {
        if (head != nullptr) freeaddrinfo(head);
    }
};

// 0, or the error of getaddrinfo(3).
int look_up(const std::string& host, std::uint16_t port, int flags, Addresses& found) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    AddressList list;
    const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list.head);
    if (error != 0) return error;
    for (const auto* entry = list.head; entry != nullptr; entry = entry->ai_next) {
        SocketAddress address;
        address.size = entry->ai_addrlen;
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        found.push_back(address);
    }
    return 0;
}

Result<Addresses> resolve_blocking(const std::string& host, std::uint16_t port) {
    Addresses found;
    const int error = look_up(host, port, 0, found);
    if (error == 0 && !found.empty()) return found;
    const char* reason = error == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(error);
    return fail(ErrorCode::not_found, "the name \"" + host + "\" cannot be resolved: " + reason, {}, true);
}

}  // namespace

const sockaddr* SocketAddress::get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }

Addresses numeric_address(const std::string& host, std::uint16_t port) {
    Addresses found;
    look_up(host, port, AI_NUMERICHOST, found);
    return found;
}

struct NameResolver::Lookup::Shared {
    std::string host;
    std::uint16_t port = 0;
    std::mutex mutex;  // guards `strand`: held while posting, so that cancel() means "not any more"
    Strand* strand = nullptr;
    Done done;  // touched by the strand only, once posted

    static void deliver(const std::shared_ptr<Shared>& self, Result<Addresses> result) {
        const std::lock_guard lock(self->mutex);
        if (self->strand == nullptr) return;
        self->strand->post([self, result = std::move(result)]() mutable {
            if (self->is_cancelled()) return;
            auto call = std::move(self->done);
            call(std::move(result));
        });
    }
    bool is_cancelled() {
        const std::lock_guard lock(mutex);
        return strand == nullptr;
    }
};

NameResolver::Lookup::Lookup(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}

NameResolver::Lookup& NameResolver::Lookup::operator=(Lookup&& other) noexcept {
    if (this == &other) return *this;
    cancel();
    shared_ = std::move(other.shared_);
    return *this;
}

void NameResolver::Lookup::cancel() noexcept {
    const auto shared = std::exchange(shared_, nullptr);
    if (!shared) return;
    const std::lock_guard lock(shared->mutex);
    shared->strand = nullptr;
}

struct NameResolver::Pool {
    std::mutex mutex;  // guards what follows
    std::deque<std::shared_ptr<Lookup::Shared>> waiting;
    std::size_t threads = 0;

    static void work(const std::shared_ptr<Pool>& pool) {
        while (const auto lookup = pool->next()) Lookup::Shared::deliver(lookup, resolve_blocking(lookup->host, lookup->port));
    }
    // Null: nothing to do, and this thread is no longer counted.
    std::shared_ptr<Lookup::Shared> next() {
        const std::lock_guard lock(mutex);
        if (waiting.empty()) {
            --threads;
            return nullptr;
        }
        auto lookup = std::move(waiting.front());
        waiting.pop_front();
        return lookup;
    }
};

NameResolver::NameResolver() : pool_(std::make_shared<Pool>()) {}
NameResolver::~NameResolver() = default;

NameResolver::Lookup NameResolver::resolve(std::string host, std::uint16_t port, Strand& strand, Done done) {
    auto shared = std::make_shared<Lookup::Shared>();
    shared->host = std::move(host);
    shared->port = port;
    shared->strand = &strand;
    shared->done = std::move(done);
    std::unique_lock lock(pool_->mutex);
    if (pool_->waiting.size() >= kMaxWaiting) {
        lock.unlock();
        Lookup::Shared::deliver(shared, fail(ErrorCode::unavailable, "too many names wait to be resolved", {}, true));
        return Lookup(std::move(shared));
    }
    pool_->waiting.push_back(shared);
    if (pool_->threads >= kMaxThreads) return Lookup(std::move(shared));
    try {
        std::thread([pool = pool_] { Pool::work(pool); }).detach();
        ++pool_->threads;
    } catch (const std::system_error& error) {
        if (pool_->threads > 0) return Lookup(std::move(shared));  // another thread will come to it
        pool_->waiting.pop_back();
        lock.unlock();
        Lookup::Shared::deliver(shared, fail(ErrorCode::unavailable, error.what(), {}, true));
    }
    return Lookup(std::move(shared));
}

}  // namespace penstock::base
