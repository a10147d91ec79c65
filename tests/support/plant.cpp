#include "tests/support/plant.hpp"

#include <signal.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace penstock::testing {

std::string program(const std::string& name) { return std::string(PENSTOCK_BIN_DIR) + '/' + name; }

ModbusPeer::ModbusPeer() : port_(free_port()) { restart(); }

void ModbusPeer::restart() {
    program_ = std::make_unique<Program>(std::vector<std::string>{
        "/usr/bin/python3", std::string(PENSTOCK_SOURCE_DIR) + "/tests/system/peers/modbus_server.py", std::to_string(port_)});
    program_->wait_for_line("ready");
}
void ModbusPeer::freeze() const { program_->signal(SIGSTOP); }
void ModbusPeer::go_on() const { program_->signal(SIGCONT); }
void ModbusPeer::kill() { program_.reset(); }

Plant::Plant(const std::vector<std::pair<std::string, std::string>>& files) {
    for (const auto& [path, content] : files) {
        const auto file = std::filesystem::path(site()) / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << content;
    }
}

std::unique_ptr<Plant> Plant::made_for(const std::string& endpoint) {
    std::unique_ptr<Plant> plant(new Plant);
    const auto made = run({program("penstock"), "new", "site", plant->site(), "--modbus", endpoint});
    EXPECT_EQ(made.code, 0) << made.err;
    return plant;
}

void Plant::start() {
    // No link to this server where the user's own tools would look.
    server_ = std::make_unique<Program>(
        std::vector<std::string>{program("penstock-server"), "--data", data(), "--site", site(), "--allow-root"},
        std::vector<std::string>{"XDG_RUNTIME_DIR=" + folder_.path()});
    server_->wait_for_line("ready");
}

int Plant::stop() { return server_->stop(); }

void Plant::kill() {
    server_->signal(SIGKILL);
    server_->wait();
}

RunResult Plant::cli(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {program("penstock"), "--server", url()});  // in front: a "--" may follow
    return run(std::move(arguments));
}

Json Plant::json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "--json");
    const auto result = cli(std::move(arguments));
    return Json::parse(result.out, nullptr, false).is_discarded() ? Json() : Json::parse(result.out);
}

Json Plant::read(const std::string& tag) const {
    auto values = json({"read", tag});
    return values.is_array() && !values.empty() ? values.front() : Json::object();
}

bool Plant::becomes(const std::string& tag, const std::string& quality, Seconds most) const {
    return eventually([&] { return read(tag).value("quality", "") == quality; }, most);
}

}  // namespace penstock::testing
