#include "tests/support/unix_relay.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>
#include <vector>

namespace penstock::testing {
namespace {

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::system_error(ENAMETOOLONG, std::generic_category(), path);
    path.copy(address.sun_path, path.size());
    return address;
}

int open_socket() {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "socket");
    return fd;
}

// Whatever is there now; false at the end of the connection.
bool pass(int from, int to) {
    std::array<char, 16 * 1024> bytes;
    const auto got = ::recv(from, bytes.data(), bytes.size(), 0);
    for (ssize_t sent = 0; sent < got;) {
        const auto now = ::send(to, bytes.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
        if (now <= 0) return false;
        sent += now;
    }
    return got > 0;
}

}  // namespace

struct UnixRelay::State {
    struct Pair {
        int client, server;
        int pieces_left;  // of the server, before it is cut; 0 = it is not
    };
    std::string there;
    int listener = -1, wake = -1;
    std::atomic<bool> is_cut{false}, is_stopping{false};
    std::atomic<int> cut_before{0}, cuts{0};
    std::vector<Pair> pairs;  // of the thread
    std::thread thread;

    void run() {
        while (!is_stopping) {
            std::vector<pollfd> fds{{wake, POLLIN, 0}, {listener, POLLIN, 0}};
            for (const auto& pair : pairs) {
                fds.push_back({pair.client, POLLIN, 0});
                fds.push_back({pair.server, POLLIN, 0});
            }
            ::poll(fds.data(), fds.size(), -1);
            if (fds[0].revents != 0) {
                eventfd_t ignored = 0;
                ::eventfd_read(wake, &ignored);
            }
            if (is_cut.exchange(false)) {
                cuts += static_cast<int>(pairs.size());
                close_all();
                continue;
            }
            for (std::size_t i = pairs.size(); i-- > 0;) serve(i, fds[2 + 2 * i].revents, fds[3 + 2 * i].revents);
            if (fds[1].revents != 0) take();
        }
        close_all();
    }
    void serve(std::size_t index, short client, short server) {
        auto& pair = pairs[index];
        const bool is_enough = server != 0 && pair.pieces_left > 0 && --pair.pieces_left == 0;
        const bool is_open =
            !is_enough && (client == 0 || pass(pair.client, pair.server)) && (server == 0 || pass(pair.server, pair.client));
        if (is_open) return;
        if (is_enough) ++cuts;
        close(pair);
        pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(index));
    }
    void take() {
        const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        const Pair pair{client, open_socket(), cut_before.exchange(0)};
        const auto address = address_of(there);
        if (::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return close(pair);
        pairs.push_back(pair);
    }
    static void close(const Pair& pair) {
        ::close(pair.client);
        ::close(pair.server);
    }
    void close_all() {
        for (const auto& pair : pairs) close(pair);
        pairs.clear();
    }
};

UnixRelay::UnixRelay(const std::string& here, std::string there) : state_(std::make_unique<State>()) {
    state_->there = std::move(there);
    state_->listener = open_socket();
    state_->wake = ::eventfd(0, EFD_CLOEXEC);
    const auto address = address_of(here);
    if (::bind(state_->listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0
        || ::listen(state_->listener, 8) != 0)
        throw std::system_error(errno, std::generic_category(), here);
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

UnixRelay::~UnixRelay() {
    state_->is_stopping = true;
    ::eventfd_write(state_->wake, 1);
    state_->thread.join();
    ::close(state_->listener);
    ::close(state_->wake);
}

void UnixRelay::cut() {
    state_->is_cut = true;
    ::eventfd_write(state_->wake, 1);
}

void UnixRelay::cut_before_piece(int n) { state_->cut_before = n; }
int UnixRelay::cuts() const noexcept { return state_->cuts; }

}  // namespace penstock::testing
