// Where commands come from: lines on standard input, and lines on a Unix socket that only this user can open
// (`plantsim fault leak` in another terminal). Each line is answered with one line or more, and "ok" or "refused".
#pragma once

#include <poll.h>

#include <expected>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "apps/plantsim/command.hpp"
#include "apps/plantsim/file_handle.hpp"

namespace penstock::plantsim {

class Control {
public:
    using Run = std::function<Reply(std::string_view line)>;

    static constexpr std::size_t kLongestLine = 1024;
    static constexpr std::size_t kMostClients = 16;

    // Where the control socket of a plantsim on `port` is, if nobody says otherwise:
    // $XDG_RUNTIME_DIR/plantsim-PORT.sock, or /tmp/plantsim-UID-PORT.sock.
    static std::string default_path(std::uint16_t port);

    // Listens at `path`; a socket that nobody answers any more is replaced. The error is a sentence.
    static std::expected<Control, std::string> open(const std::string& path);
    Control(Control&&) = default;
    Control& operator=(Control&&) = delete;
    // Removes the socket.
    ~Control();

    void add_descriptors(std::vector<pollfd>& descriptors) const;
    void serve(std::span<const pollfd> ready, const Run& run);

private:
    struct Client {
        FileHandle in;
        std::string pending;
        bool is_terminal = false;  // standard input: answers go to standard output
    };

    Control(std::string path, FileHandle listener);
    void accept_all();
    bool serve_one(Client& client, const Run& run);
    void answer(const Client& client, const Reply& reply) const;

    std::string path_;
    FileHandle listener_;
    std::vector<Client> clients_;
};

// The other end, for `plantsim fault ...`: sends one line, answers the reply; the error is a sentence.
std::expected<Reply, std::string> send_command(const std::string& path, const std::string& line);

}  // namespace penstock::plantsim
