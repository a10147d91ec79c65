#pragma once

// What system tests start: a Modbus server that we did not write, a site for it, our server, and the command line.

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace penstock::testing {

using Json = nlohmann::json;

// pymodbus on a free port (tests/system/peers/modbus_server.py says what it holds).
class ModbusPeer {
public:
    ModbusPeer();
    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
    void freeze() const;
    void go_on() const;
    void kill();
    void restart();  // on the same port

private:
    int port_;
    std::unique_ptr<Program> program_;
};

// A site in a scratch folder and a server that runs it.
class Plant {
public:
    // Files as {path below the site, content}.
    explicit Plant(const std::vector<std::pair<std::string, std::string>>& files);
    // A site made by `penstock new site --modbus ENDPOINT`.
    [[nodiscard]] static std::unique_ptr<Plant> made_for(const std::string& endpoint);

    void start();
    int stop();
    void kill();

    // `penstock ARGS... --server ...`
    [[nodiscard]] RunResult cli(std::vector<std::string> arguments) const;
    // `penstock ARGS... --json`: its document; null if it printed none.
    [[nodiscard]] Json json(std::vector<std::string> arguments) const;
    // {tag, value, quality, cause, time, unit} of one tag.
    [[nodiscard]] Json read(const std::string& tag) const;
    // Waits until the tag is so.
    [[nodiscard]] bool becomes(const std::string& tag, const std::string& quality, Seconds most = kPatience) const;

    [[nodiscard]] std::string url() const { return "unix:" + data() + "/penstock.sock"; }
    [[nodiscard]] std::string site() const { return folder_ / "site"; }
    [[nodiscard]] std::string data() const { return folder_ / "data"; }
    [[nodiscard]] Program& server() { return *server_; }

private:
    Plant() = default;
    ScratchFolder folder_;
    std::unique_ptr<Program> server_;
};

// The path of one of our programs.
[[nodiscard]] std::string program(const std::string& name);

}  // namespace penstock::testing
